/** The manifest's annotations: from package.json and a real git repository, the same for the same commit. */
import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
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

test("a repository that git does not read is told, one without a commit and none are not", async () => {
  const told = async (dir: string, env: NodeJS.ProcessEnv) => {
    const codes: string[] = [];
    await gitState(dir, env, (event) => event.type === "warning" && codes.push(event.code));
    return codes;
  };
  const dir = join(root, "refused");
  const env = { PATH: process.env["PATH"] };
  execFileSync("git", ["init", "-q", "-b", "main", dir]);
  expect(await told(dir, { PATH: "/nowhere" })).toEqual([]);
  git(dir, "commit", "-qm", "one", "--allow-empty");
  expect(await told(dir, env)).toEqual([]);
  // git's own switch for trying what it says of somebody else's repository.
  expect(await told(dir, { ...env, GIT_TEST_ASSUME_DIFFERENT_OWNER: "1", HOME: root })).toEqual(["GIT_UNREADABLE"]);
  expect(await told(dir, { PATH: "/nowhere" })).toEqual(["GIT_UNREADABLE"]);
  expect(await told(root, { PATH: "/nowhere" })).toEqual([]);
});

test("{tag} is the highest release of the tags that name the commit: loose or packed, annotated or not, in a worktree too", () => {
  const dir = join(root, "tagged");
  execFileSync("git", ["init", "-q", "-b", "main", dir]);
  const commit = () => git(dir, "commit", "-qm", "one", "--allow-empty");
  const tag = (at = dir) => sourceFacts(at, {}).variables["tag"];
  commit();
  expect(tag()).toBeUndefined();
  git(dir, "tag", "v1.9.0");
  expect(tag()).toBe("v1.9.0");
  git(dir, "tag", "-am", "ten", "v1.10.0");
  git(dir, "tag", "v2.0.0-rc.1");
  expect(tag()).toBe("v1.10.0");
  git(dir, "worktree", "add", "-q", join(root, "beside"));
  git(dir, "gc", "-q");
  expect([tag(), tag(join(root, "beside"))]).toEqual(["v1.10.0", "v1.10.0"]);
  commit();
  expect(tag()).toBeUndefined();
  // A loose tag stands over a packed one of the same name.
  git(dir, "tag", "-fam", "moved", "v1.9.0");
  expect([tag(), tag(join(root, "beside"))]).toEqual(["v1.9.0", "v1.10.0"]);
  git(dir, "tag", "-f", "v1.10.0");
  expect([tag(), tag(join(root, "beside"))]).toEqual(["v1.10.0", "v2.0.0-rc.1"]);
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

test("a member that is built from the workspace's root is what the image names", () => {
  const dir = mkdtempSync(join(root, "workspace-"));
  mkdirSync(join(dir, "apps/api"), { recursive: true });
  writeFileSync(join(dir, "package.json"), '{"name":"root"}');
  writeFileSync(join(dir, "apps/api/package.json"), '{"name":"api","version":"1.2.3"}');
  expect(sourceFacts(dir, {}, "apps/api")).toMatchObject({ title: "api", version: "1.2.3" });
});
