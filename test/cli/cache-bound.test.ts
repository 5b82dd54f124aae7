/** The cache is held to its bound beside real builds. */
import { appendFileSync, mkdirSync, mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { copy } from "../../src/oci/copy.ts";
import type { BuildReport } from "../../src/pipeline/build-types.ts";
import { openLayout } from "../../src/store/layout.ts";
import { randomImage } from "../registry/random-image.ts";
import { buildKnbuild, type Knbuild } from "../support/knbuild.ts";

let knbuild: Knbuild;
let scratch: string;
const cache = () => join(scratch, "cache");

beforeAll(async () => {
  knbuild = buildKnbuild();
  scratch = mkdtempSync(join(tmpdir(), "knbuild-bound-"));
  const { target, descriptor } = await randomImage([1000]);
  const base = openLayout(join(scratch, "base"), { create: true });
  await copy(target, base, { reference: descriptor.digest, tags: ["1"] });
  mkdirSync(join(scratch, "app"));
  writeFileSync(join(scratch, "app/package.json"), '{ "name": "bound", "scripts": { "start": "node server.js" } }');
  writeFileSync(join(scratch, "app/knbuild.yaml"), `base: "oci:${join(scratch, "base")}:1"\n`);
});
afterAll(() => {
  rmSync(scratch, { recursive: true, force: true });
  knbuild.remove();
});

const run = (words: string[], cwd = "app") =>
  knbuild.run(words, { cwd: join(scratch, cwd), env: { KNBUILD_CACHE_DIR: cache() } });

async function built(greeting: string, output: string[] = [], dir = ".", cwd = "app"): Promise<BuildReport> {
  writeFileSync(
    join(scratch, "app/server.js"),
    `require("http").createServer((q, a) => a.end("${greeting}")).listen(process.env.PORT || 8080);\n`,
  );
  const { code, stdout, stderr } = await run(["build", dir, "--json", ...output], cwd);
  expect(code, stderr).toBe(0);
  return JSON.parse(stdout) as BuildReport;
}

const blobs = () => readdirSync(join(cache(), "store/blobs/sha256"));
const appLayer = (report: BuildReport) =>
  report.layers.find(({ kind }) => kind === "app")?.digest.slice("sha256:".length);

function age(): void {
  const long = new Date(Date.now() - 10 * 24 * 3600_000);
  for (const entry of readdirSync(cache(), { recursive: true, withFileTypes: true }))
    utimesSync(join(entry.parentPath, entry.name), long, long);
}

test("prune takes what was not used for long; images stay whole, and the next builds are what they were", async () => {
  const named = await built("named", ["-t", "bound:1"]);
  const elsewhere = await built("elsewhere", ["-o", `type=oci,dest=${join(scratch, "a.tar")}`]);
  expect(blobs()).toEqual(expect.arrayContaining([appLayer(named), appLayer(elsewhere)]));
  const words = ["cache", "prune", "--older-than", "7d", "--max-size", "1kB", "--json"];
  // All of it was used just now.
  const { stdout, stderr } = await run(words);
  expect(JSON.parse(stdout)).toMatchObject({
    bytes: 0,
    files: 0,
    held: expect.any(Number),
    spared: expect.any(Number),
  });
  expect(stderr).toMatch(/the cache still holds [\d.]+ [kM]?B: [\d.]+ [kM]?B was used too lately to go/);
  age();
  // Beside one another, and beside a build that notes its use.
  const [one, two, again] = await Promise.all([
    run(words),
    run(words),
    built("named", ["-t", "bound:2", "--label", "other=1"]),
  ]);
  expect([one.code, two.code]).toEqual([0, 0]);
  expect(blobs()).toContain(appLayer(named));
  expect(blobs()).not.toContain(appLayer(elsewhere));
  expect(appLayer(again)).toBe(appLayer(named));
  expect((await run(["cache", "verify"])).code).toBe(0);
  expect((await built("elsewhere", ["-o", `type=oci,dest=${join(scratch, "b.tar")}`])).digest).toBe(elsewhere.digest);
});

test("a build has the cache held to the bound of what it builds once a day, and does not wait for it", async () => {
  const left = appLayer(await built("left", ["-o", `type=oci,dest=${join(scratch, "c.tar")}`])) as string;
  age();
  appendFileSync(join(scratch, "app/knbuild.yaml"), "cacheMaxSize: 1kB\n");
  // From another directory, whose configuration says nothing.
  await built("next", ["-t", "bound:3"], "app", ".");
  while (blobs().includes(left)) await pause(20);
  expect((await run(["cache", "verify"])).code).toBe(0);
  expect(JSON.parse((await run(["cache", "info", "--json"])).stdout)).toMatchObject({ maxBytes: 1000 });
  writeFileSync(join(scratch, "app/knbuild.yaml"), "cacheMaxSize: much\n");
  const { code, stdout, stderr } = await run(["cache", "info"]);
  expect([code, stdout, stderr]).toEqual([
    0,
    expect.stringMatching(/bound +unknown\n/),
    expect.stringContaining("the bound is unknown: cacheMaxSize: must be a size"),
  ]);
});
