/** `lint` again: the same answer while everything is as it was, and never an old one. */
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { buildKnbuild, type Knbuild } from "../support/knbuild.ts";

let knbuild: Knbuild;
let top: string;
let dir: string;
let cache: string;
beforeAll(() => {
  knbuild = buildKnbuild();
});
afterAll(() => knbuild.remove());
beforeEach(() => {
  top = mkdtempSync(join(tmpdir(), "knbuild-same-lint-"));
  dir = join(top, "app");
  cache = join(top, "cache");
  put("Dockerfile", "FROM debian:13\nRUN cd /x\nUSER 10001\nCMD exec x\n");
  put("index.js", 'require("http").createServer().listen(3000);\n');
  put("package.json", '{ "main": "index.js" }');
});
afterEach(() => rmSync(top, { recursive: true, force: true }));

function put(path: string, text: string): void {
  mkdirSync(join(dir, path, ".."), { recursive: true });
  writeFileSync(join(dir, path), text);
}
const lint = (...words: string[]) => knbuild.run(["lint", dir, ...words], { env: { KNBUILD_CACHE_DIR: cache } });
const kept = () => (existsSync(join(cache, "records/lints")) ? readdirSync(join(cache, "records/lints")).length : 0);
/** Kept answers are told by another word in them: who says it has not judged anew. */
async function isFromRecord(...words: string[]): Promise<boolean> {
  const records = join(cache, "records/lints");
  for (const name of readdirSync(records)) {
    const path = join(records, name);
    const record = JSON.parse(readFileSync(path, "utf8"));
    writeFileSync(path, JSON.stringify({ ...record, result: { ...record.result, printed: ["from the record"] } }));
  }
  return (await lint(...words)).stdout === "from the record\n";
}

test("says the same with the same exit code, without judging", async () => {
  const first = await lint();
  expect(first.code).toBe(1);
  expect(first.stdout).toContain("DL3003");
  expect(first.stdout).toContain("KS001");
  const again = await lint();
  expect([again.code, again.stdout, again.stderr]).toEqual([first.code, first.stdout, first.stderr]);
  expect(await isFromRecord()).toBe(true);
});

test.each<[string, () => void]>([
  ["a file is changed", () => put("Dockerfile", "FROM debian:13\nRUN cd /y\nUSER 10001\nCMD exec x\n")],
  ["a file is added", () => put("new/Dockerfile", "FROM debian:13\n")],
  ["a file is gone", () => rmSync(join(dir, "index.js"))],
  ["a configuration appears above", () => writeFileSync(join(top, ".hadolint.yaml"), "ignored: [DL3003]\n")],
  ["a .dockerignore appears", () => put(".dockerignore", "*\n")],
])("judges again where %s", async (_, change) => {
  await lint();
  expect(kept()).toBe(1);
  change();
  expect(await isFromRecord()).toBe(false);
});

test("another form of the output, a baseline that changed: another answer", async () => {
  await lint();
  expect(await isFromRecord("--format", "json")).toBe(false);
  const baseline = join(top, "base.json");
  rmSync(join(cache, "records/lints"), { recursive: true });
  expect((await lint("--baseline", baseline)).stderr).toContain("baseline written");
  // What writes a file is done each time.
  expect(kept()).toBe(0);
  // Times so young are not trusted.
  await setTimeout(200);
  expect((await lint("--baseline", baseline)).stdout).toContain("clean");
  expect(kept()).toBe(1);
  rmSync(baseline);
  expect((await lint("--baseline", baseline)).stderr).toContain("baseline written");
});

test("fixes, single files and links out of the tree are judged each time", async () => {
  await lint("--fix-dry-run");
  await knbuild.run(["lint", join(dir, "Dockerfile")], { env: { KNBUILD_CACHE_DIR: cache } });
  expect(kept()).toBe(0);
  writeFileSync(join(top, "shared.js"), "");
  symlinkSync("../shared.js", join(dir, "link.js"));
  await lint();
  expect(kept()).toBe(0);
});

test("a link within the tree leads to what is looked at", async () => {
  symlinkSync("index.js", join(dir, "server.js"));
  const first = await lint();
  expect(kept()).toBe(1);
  expect(await lint()).toEqual(first);
  put("index.js", 'require("http").createServer().listen(process.env.PORT, "127.0.0.1");\n');
  expect((await lint()).stdout).toContain("KS002");
});

test.each(["../../shared.js", "sub/../../shared.js", "node_modules/shared.js", "/etc/hostname"])(
  "a link to %s is followed each time",
  async (target) => {
    symlinkSync(target, join(dir, "link.js"));
    await lint();
    expect(kept()).toBe(0);
  },
);
