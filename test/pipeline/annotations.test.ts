/** The manifest's annotations: from package.json and a real git repository, the same for the same commit. */
import { execFileSync } from "node:child_process";
import { cpSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { gitState, imageAnnotations, sourceFacts } from "../../src/pipeline/source-facts.ts";

const root = mkdtempSync(join(tmpdir(), "knbuild-annotations-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const git = (dir: string, ...args: string[]) =>
  execFileSync("git", ["-c", "user.name=a", "-c", "user.email=a@b.test", ...args], {
    cwd: dir,
    encoding: "utf8",
  }).trim();

const annotations = async (dir: string, epoch?: number) =>
  imageAnnotations(sourceFacts(dir, {}), { mine: "1" }, await gitState(dir, { PATH: process.env["PATH"] }), epoch);

test("package.json, the commit of a clean tree, the remote without its login, a time only with SOURCE_DATE_EPOCH", async () => {
  const dir = join(root, "repository");
  execFileSync("git", ["init", "-q", "-b", "main", dir]);
  git(dir, "remote", "add", "origin", "https://user:secret@git.example.test/team/app.git");
  writeFileSync(join(dir, "package.json"), '{"name":"app","version":"1.2.3","license":"MIT","description":"An app"}');
  git(dir, "add", "-A");
  git(dir, "commit", "-qm", "one");
  const clean = await annotations(dir);
  expect(clean).toEqual({
    "org.opencontainers.image.title": "app",
    "org.opencontainers.image.version": "1.2.3",
    "org.opencontainers.image.licenses": "MIT",
    "org.opencontainers.image.description": "An app",
    "org.opencontainers.image.source": "https://git.example.test/team/app",
    "org.opencontainers.image.revision": git(dir, "rev-parse", "HEAD"),
    mine: "1",
  });
  const copy = join(root, "copy");
  cpSync(dir, copy, { recursive: true });
  writeFileSync(join(copy, "knbuild.lock"), "{}"); // The first build's own.
  expect(await annotations(copy)).toEqual(clean);
  expect(await annotations(dir, 86400)).toMatchObject({ "org.opencontainers.image.created": "1970-01-02T00:00:00Z" });
  writeFileSync(join(dir, "new.js"), "");
  const dirty = await annotations(dir);
  expect(dirty["org.opencontainers.image.revision"]).toBeUndefined();
  expect(dirty["org.opencontainers.image.source"]).toBe(clean["org.opencontainers.image.source"]);
});

test.each([
  ['"owner/name"', "https://github.com/owner/name"],
  ['"gitlab:owner/name"', "https://gitlab.com/owner/name"],
  ['{"type":"git","url":"git+https://token@host.test/a/b.git"}', "https://host.test/a/b"],
  ['{"url":"git+ssh://git@host.test/a/b.git"}', "https://host.test/a/b"],
  ['{"url":"file:///home/me/app"}', undefined],
  ["3", undefined],
])("repository %s", (repository, source) => {
  const dir = mkdtempSync(join(root, "app-"));
  writeFileSync(join(dir, "package.json"), `{"repository":${repository}}`);
  expect(imageAnnotations(sourceFacts(dir, {}), {}, undefined, undefined)["org.opencontainers.image.source"]).toBe(
    source,
  );
});
