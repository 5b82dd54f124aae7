/** What of a package's files is shipped when it is not bundled, and when the app's files come along for it. */
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { externalFiles } from "../../src/bundle/external-files.ts";
import { bundle, paths, removeTemporaryDirs, temporaryDir, writeFiles } from "./place.ts";

afterAll(removeTemporaryDirs);

const MACH_O = "\xcf\xfa\xed\xfe";

/** An ELF header up to its machine: 62 is x86-64, 183 AArch64. */
function elf(machine: number): string {
  return `\x7fELF\x02\x01\x01${"\0".repeat(9)}\x03\0${String.fromCharCode(machine)}\0`;
}

/** Paths below the package, of a package with these files. */
function shipped(files: Record<string, string>, reached: string[] = []): string[] {
  const root = temporaryDir();
  const dir = join(root, "node_modules/addon");
  const bytes = Object.entries(files).map(([name, text]) => [name, Buffer.from(text, "latin1")]);
  writeFiles(dir, Object.fromEntries(bytes));
  const input = {
    root,
    imageRoot: "app",
    packages: [dir],
    seen: [dir],
    reached: new Set(reached.map((name) => join(dir, name))),
  };
  return externalFiles(input).map(({ path }) => path.replace("app/node_modules/addon/", ""));
}

test("of addons side by side only those for linux-x64 with glibc, though the code names all", () => {
  const files = {
    "index.js": "",
    "prebuilds/darwin-arm64.node": MACH_O,
    "prebuilds/linux-arm64.node": elf(183),
    "prebuilds/linux-x64.node": elf(62),
    "prebuilds/linuxmusl-x64.node": elf(62),
    "prebuilds/win32-x64.node": "MZ",
  };
  expect(shipped(files, Object.keys(files))).toEqual(["index.js", "prebuilds/linux-x64.node"]);
});

test("where none fits all stay: whoever looks at the image says so", () => {
  expect(shipped({ "a.darwin.node": MACH_O, "b.win32.node": "MZ" })).toEqual(["a.darwin.node", "b.win32.node"]);
  expect(shipped({ "build/Release/only.node": MACH_O })).toEqual(["build/Release/only.node"]);
});

test("not what an addon was compiled from", () => {
  const files = {
    "binding.gyp": "{}",
    "build/Makefile": "",
    "build/config.gypi": "",
    "build/Release/addon.node": elf(62),
    "build/Release/obj.target/addon.node": elf(62),
    "build/Release/obj.target/addon/a.o": "",
    "deps/sqlite3.c": "",
    "lib/index.js": "",
    "src/a.cpp": "",
    "src/a.hpp": "",
    "src/worker.js": "",
  };
  expect(shipped(files)).toEqual(["build/Makefile", "build/Release/addon.node", "lib/index.js", "src/worker.js"]);
});

test("a package without an addon keeps files of such names: some are templates", () => {
  expect(shipped({ "index.js": "", "templates/main.c": "" })).toEqual(["index.js", "templates/main.c"]);
});

const SCANS =
  'const fs = require("node:fs"), path = require("node:path"); const at = path.join(process.cwd(), "controllers"); exports.run = () => fs.readdirSync(at).map((name) => require(path.join(at, name)));';

test.each([
  ["a framework that loads what it finds below the working directory", SCANS, ["app/controllers/home.js"]],
  ["a package that only asks for that directory", "exports.run = () => process.cwd();", []],
])("%s", async (_name, code, assets) => {
  const dir = writeFiles(temporaryDir(), {
    "package.json": '{"dependencies":{"frame":"1.0.0"}}',
    "index.js": 'require("frame").run();',
    "controllers/home.js": "exports.home = 1;",
    "node_modules/frame/package.json": '{"name":"frame","version":"1.0.0"}',
    "node_modules/frame/index.js": code,
  });
  expect(paths(await bundle(dir, "index.js"), "assets")).toEqual(assets);
});
