/** The secret guard where the layers come from a Dockerfile: made here, and taken over from another builder. */
import { randomBytes } from "node:crypto";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { importImage } from "../../src/engines/dockerfile/import-image.ts";
import type { DockerfileContext } from "../../src/engines/types.ts";
import { createSecretScanner } from "../../src/layer/secrets.ts";
import { build } from "../../src/pipeline/build.ts";
import { openStore } from "../../src/store/store.ts";
import { file, testImage } from "../support/test-image.ts";

const token = `ghp_${randomBytes(18).toString("hex")}`;
let dir: string;
beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), "knbuild-dockerfile-secrets-"));
});
afterAll(() => rmSync(dir, { recursive: true, force: true }));

let count = 0;
function buildDockerfile(Dockerfile: string, allowSecrets: { path: string; reason: string }[] = []) {
  const context = join(dir, `context${++count}`);
  mkdirSync(context);
  writeFileSync(join(context, "Dockerfile"), Dockerfile);
  writeFileSync(join(context, "config.js"), `export const token = "${token}";\n`);
  writeFileSync(join(context, "server.js"), "1;\n");
  return build({
    dir: context,
    cacheDir: join(dir, "cache"),
    lint: false,
    overrides: { buildpack: "dockerfile", allowSecrets },
  });
}

describe("layers made here", () => {
  test("a token in the image is refused with its path; allowed with a reason it passes", async () => {
    const text = "FROM scratch\nCOPY . /srv/\n";
    await expect(buildDockerfile(text)).rejects.toMatchObject({
      code: "SECRETS_FOUND",
      message: expect.stringContaining("github-token"),
    });
    const allowed = await buildDockerfile(text, [{ path: "srv/config.js", reason: "a token of the tests" }]);
    expect(allowed.digest).toMatch(/^sha256:/);
  });

  test("what lies in a stage that is only copied from is in no image", async () => {
    const copied = "FROM scratch AS all\nCOPY . /srv/\nFROM scratch\nCOPY --from=all /srv/server.js /srv/\n";
    expect((await buildDockerfile(copied)).digest).toMatch(/^sha256:/);
    await expect(buildDockerfile("FROM scratch AS all\nCOPY . /srv/\nFROM all\nUSER 1000\n")).rejects.toMatchObject({
      code: "SECRETS_FOUND",
    });
  });
});

test("layers of another builder: the base's own are not looked at, nothing of a refused one is kept", async () => {
  const store = openStore(join(dir, "imported"));
  const other = openStore(join(dir, "other"));
  const secret = file("srv/config.js", `export const token = "${token}";\n`);
  const base = await testImage({ store: other, layers: [[file("etc/base.pem", `token=${token}\n`)]], config: {} });
  const built = await testImage({
    store: other,
    layers: [[file("etc/base.pem", `token=${token}\n`)], [file("srv/server.js", "1;\n")], [secret]],
    config: {},
  });
  const context = (allow: { path: string; reason: string }[]): DockerfileContext => ({
    sourceDir: dir,
    env: {},
    cacheDir: dir,
    layering: {
      store,
      inspect: { key: createSecretScanner({ allow }).cacheKey, create: () => createSecretScanner({ allow }) },
    },
    openImage: () => Promise.reject(new Error("no other image")),
    fetchLayer: async (layer) => layer,
    importArchive: () => Promise.reject(new Error("no archive")),
    annotations: {},
    labels: {},
    fresh: false,
    signal: new AbortController().signal,
    emit: () => {},
  });
  const from = { ref: "registry.example/base", image: base };
  const refused = await importImage(built, from, context([])).catch((error) => error);
  expect(refused).toMatchObject({ code: "SECRETS_FOUND", where: "/srv/config.js:1" });
  // A second time too: what was refused is not remembered as done.
  await expect(importImage(built, from, context([]))).rejects.toMatchObject({ code: "SECRETS_FOUND" });
  const allowed = await importImage(built, from, context([{ path: "srv/config.js", reason: "the tests' own" }]));
  expect(allowed.layers.map(({ layer }) => layer.diffId)).toEqual((await built.layers()).map(({ diffId }) => diffId));
});
