/** The same bytes from anywhere and by either way; an edit leaves the third-party chunk alone. */
import { cpSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { bundle, digestOf, installedPackages, removeTemporaryDirs, temporaryDir, writeFiles } from "./place.ts";

let packages: string;
const FILES = {
  "package.json": '{"name":"edited","dependencies":{"express":"*","cors":"*"}}',
  "server.js":
    'const express = require("express");\nconst { hi } = require("./lib/hi");\nexpress().use(require("cors")()).get("/", (q, r) => r.json(hi())).listen(process.env.PORT);\n',
  "lib/hi.js": 'exports.hi = () => ({ message: "one" });\n',
};

beforeAll(() => {
  packages = installedPackages();
}, 300_000);
afterAll(removeTemporaryDirs);

function app(name: string): string {
  const dir = join(packages, "apps", name);
  mkdirSync(dir, { recursive: true });
  return writeFiles(dir, FILES);
}

test("an edit bundles the app alone, with the bytes that a full build gives", async () => {
  const dir = app("edited");
  const cacheDir = temporaryDir();
  const build = (fresh = false) => bundle(dir, "server.js", { modulesRoot: packages, cacheDir }, { fresh });
  const first = await build();
  expect(first.incremental).toBe(false);
  expect(await build().then((r) => [r.incremental, digestOf(r)])).toEqual([true, digestOf(first)]);

  writeFileSync(join(dir, "lib/hi.js"), 'exports.hi = () => ({ message: "two", more: "lines" });\n\n');
  const edited = await build();
  expect(edited.incremental).toBe(true);
  expect(digestOf(edited)).not.toBe(digestOf(first));
  expect(digestOf(edited)).toBe(digestOf(await build(true)));
  const vendor = (result: typeof first) => {
    const source = result.files.vendor?.[0]?.source;
    return source && "file" in source ? readFileSync(source.file) : undefined;
  };
  expect(vendor(edited)?.equals(vendor(first) as Buffer)).toBe(true);

  // A new module, a SIGTERM handler, a file that is read: each is noticed.
  writeFileSync(
    join(dir, "lib/hi.js"),
    'const { v4 } = require("uuid");\nprocess.on("SIGTERM", () => process.exit(0));\nexports.hi = () => ({ id: v4() });\n',
  );
  const more = await build();
  expect(more).toMatchObject({
    incremental: false,
    handlesSigterm: true,
    sigtermEvidence: ["apps/edited/lib/hi.js:2 adds a SIGTERM listener"],
  });
  expect(more.bundled.some((name) => name.startsWith("uuid@"))).toBe(true);
  expect(more.files.runtime).toBeUndefined();

  writeFileSync(join(dir, "lib/hi.js"), "exports.hi = (;\n");
  await expect(build()).rejects.toMatchObject({
    code: "BUNDLE_SYNTAX",
    where: expect.stringMatching(/lib\/hi\.js:1:\d+$/),
  });
});

test("an edit where a file has to be changed on its way into the bundle", async () => {
  const dir = app("moved");
  writeFiles(dir, {
    "lib/hi.js":
      'const path = require("node:path");\nexports.hi = () => ({ at: path.basename(__dirname), file: path.basename(__filename) });\n',
  });
  const cacheDir = temporaryDir();
  const build = (fresh = false) => bundle(dir, "server.js", { modulesRoot: packages, cacheDir }, { fresh });
  const first = await build();
  const text = (result: typeof first) => {
    const source = result.files.app?.find((file) => file.path.endsWith("server.js"))?.source;
    return source && "bytes" in source ? Buffer.from(source.bytes).toString() : "";
  };
  expect(text(first)).toContain("/apps/moved/lib");
  writeFileSync(join(dir, "server.js"), FILES["server.js"].replace("r.json(", "r.status(203).json("));
  const edited = await build();
  expect(edited.incremental).toBe(true);
  expect(text(edited)).toContain("203");
  expect(digestOf(edited)).toBe(digestOf(await build(true)));
});

test("two places, two caches: the same bytes, and no path of the machine in them", async () => {
  const make = async () => {
    const dir = join(temporaryDir(), "deep".repeat(Math.ceil(Math.random() * 9)), "app");
    mkdirSync(dir, { recursive: true });
    writeFiles(dir, {
      ...FILES,
      "src/esm.mjs":
        'import _ from "lodash-es";\nimport { dirname } from "node:path";\nconsole.log(_.chunk([1], 1), dirname(import.meta.url));\n',
      "package.json": '{"name":"twice","dependencies":{"lodash-es":"*"}}',
    });
    cpSync(join(packages, "node_modules/lodash-es"), join(dir, "node_modules/lodash-es"), { recursive: true });
    const cacheDir = temporaryDir();
    return { dir, cacheDir, result: await bundle(dir, "src/esm.mjs", { cacheDir, minify: false }) };
  };
  const [one, two] = [await make(), await make()];
  expect(digestOf(one.result)).toBe(digestOf(two.result));
  for (const { dir, cacheDir, result } of [one, two]) {
    for (const file of Object.values(result.files).flat()) {
      const bytes =
        "bytes" in file.source
          ? Buffer.from(file.source.bytes)
          : "file" in file.source
            ? readFileSync(file.source.file)
            : Buffer.alloc(0);
      expect(bytes.includes(dir), file.path).toBe(false);
      expect(bytes.includes(cacheDir), file.path).toBe(false);
    }
  }
});
