/** The library as a program sees it: the types of the public API, and the program of examples/embed. */
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { afterAll, beforeAll, describe, expect, expectTypeOf, test } from "vitest";
import { packageRoot } from "../../src/base/package-root.ts";
import type { BuildOptions, BuildReport, Emit, KnbuildEvent } from "../../src/index.ts";
import { build, isKnbuildError, KnbuildError, signImage, verifySignature } from "../../src/index.ts";
import { imageBlobs } from "../../src/oci/image.ts";
import { openLayout } from "../../src/store/layout.ts";
import { openStore } from "../../src/store/store.ts";
import { nodeEntries, testImage } from "../support/test-image.ts";

test("the public types are what a program relies on", () => {
  expectTypeOf(build).toEqualTypeOf<(options: BuildOptions) => Promise<BuildReport>>();
  expectTypeOf<BuildOptions>().toExtend<{ dir: string }>();
  expectTypeOf<{ dir: string }>().toExtend<BuildOptions>();
  expectTypeOf<BuildOptions["emit"]>().toEqualTypeOf<Emit | undefined>();
  expectTypeOf<BuildReport["digest"]>().toEqualTypeOf<string>();
  expectTypeOf<BuildReport["unchanged"]>().toEqualTypeOf<boolean>();
  // An event's type says which fields it has.
  expectTypeOf<Extract<KnbuildEvent, { type: "step-end" }>["durationMs"]>().toEqualTypeOf<number>();
  expectTypeOf<KnbuildError["exitCode"]>().toEqualTypeOf<1 | 2 | 130>();
  const error: unknown = new KnbuildError({ code: "X", message: "y" });
  if (isKnbuildError(error)) expectTypeOf(error).toEqualTypeOf<KnbuildError>();
  expectTypeOf(signImage).returns.resolves.toHaveProperty("digest");
  expectTypeOf(verifySignature).returns.resolves.toHaveProperty("verified");
  // @ts-expect-error a directory is needed
  const missing: BuildOptions = { tags: [] };
  expect(missing.dir).toBeUndefined();
});

describe("examples/embed", () => {
  let dir: string;
  let dist: string;
  const root = packageRoot();
  beforeAll(async () => {
    dir = mkdtempSync(join(tmpdir(), "knbuild-embed-"));
    dist = mkdtempSync(join(root, "dist-test-"));
    const built = spawnSync(process.execPath, ["scripts/build.mjs", "--no-types", "--out", basename(dist)], {
      cwd: root,
      encoding: "utf8",
    });
    if (built.status !== 0) throw new Error(built.stderr);
    // The package as `npm install knbuild` would leave it: its exports lead to this build.
    const installed = join(dir, "node_modules/knbuild");
    mkdirSync(installed, { recursive: true });
    symlinkSync(dist, join(installed, "dist"));
    writeFileSync(join(installed, "package.json"), readFileSync(join(root, "package.json")));
    writeFileSync(join(dir, "build.js"), readFileSync(join(root, "examples/embed/build.js")));
    writeFileSync(join(dir, "package.json"), readFileSync(join(root, "examples/embed/package.json")));
    const image = await testImage({
      store: openStore(join(dir, "store")),
      layers: [nodeEntries()],
      config: { Entrypoint: ["/usr/local/bin/node"] },
    });
    const layout = openLayout(join(dir, "base"), { create: true });
    const { layers, config, manifest } = await imageBlobs(image);
    for (const blob of [...layers, config, manifest]) await layout.put(blob);
    await layout.tag(image.descriptor, "v1");
    mkdirSync(join(dir, "app"));
    writeFileSync(join(dir, "app/package.json"), JSON.stringify({ name: "embedded", main: "index.js" }));
    writeFileSync(
      join(dir, "app/index.js"),
      `require("http").createServer((q, s) => s.end("x")).listen(process.env.PORT);`,
    );
    writeFileSync(join(dir, "app/knbuild.yaml"), `base: "oci:${dir}/base:v1"\n`);
  });
  afterAll(() => {
    if (dist) rmSync(dist, { recursive: true, force: true });
    if (dir) rmSync(dir, { recursive: true, force: true });
  });
  const run = (...args: string[]) =>
    spawnSync(process.execPath, ["build.js", ...args], {
      cwd: dir,
      encoding: "utf8",
      env: { ...process.env, KNBUILD_CACHE_DIR: join(dir, "cache") },
    });

  test("builds, shows events, answers with the report; the second time nothing is done", () => {
    const first = run("app");
    expect(first.status, first.stderr).toBe(0);
    expect(JSON.parse(first.stdout)).toMatchObject({
      name: expect.stringContaining("embedded"),
      digest: expect.stringMatching(/^sha256:/),
      unchanged: false,
    });
    expect(first.stderr).toContain("✓ layers");
    expect(JSON.parse(run("app").stdout)).toMatchObject({ unchanged: true });
  });

  test("a failure is a code and an exit code, not a stack", () => {
    const result = run("nowhere");
    expect(result.status).toBe(2);
    expect(result.stderr).toMatch(/^SOURCE_MISSING: /);
  });
});
