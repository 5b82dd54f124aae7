/** An addon that a program loads when it starts and that is there for other systems alone is an error that names it. */
import { copyFileSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { bundle, removeTemporaryDirs, temporaryDir, writeFiles } from "./place.ts";

afterAll(removeTemporaryDirs);

const SERVER = 'require("http").createServer((q, r) => r.end("x")).listen(process.env.PORT);\n';
const FINDER = { "package.json": '{"name":"node-gyp-build"}', "index.js": "module.exports = (dir) => require(dir);" };

function app(entry: string, packages: Record<string, Record<string, string>>): string {
  const dir = join(temporaryDir(), "app");
  writeFiles(dir, { "package.json": '{"name":"app"}', "index.js": `${entry}\n${SERVER}` });
  for (const [name, files] of Object.entries(packages)) writeFiles(join(dir, "node_modules", name), files);
  return dir;
}

const PREBUILT = {
  "package.json": '{"name":"prebuilt","version":"1.0.0"}',
  "index.js": 'module.exports = require("node-gyp-build")(__dirname);',
  "prebuilds/win32-x64/addon.node": "MZ",
};
/** As napi-rs writes it. */
const LOADER = {
  "package.json": JSON.stringify({
    name: "loader",
    version: "2.0.0",
    optionalDependencies: {
      "loader-darwin-arm64": "2.0.0",
      "loader-linux-x64-gnu": "2.0.0",
      "loader-linux-x64-musl": "2.0.0",
    },
  }),
  "index.js": `let binding;
switch (process.platform) {
  case "darwin": try { binding = require("loader-darwin-arm64"); } catch {} break;
  case "linux": try { binding = require("loader-linux-x64-gnu"); } catch {} break;
}
if (!binding) { throw new Error("Failed to load native binding"); }
module.exports = binding;`,
};
const MAC = { "package.json": '{"name":"loader-darwin-arm64","main":"a.node","os":["darwin"]}', "a.node": "\xcf\xfa" };

describe("loaded for sure when the program starts", () => {
  test("an addon that was compiled for another system alone", async () => {
    const dir = app('const p = require("prebuilt");', { prebuilt: PREBUILT, "node-gyp-build": FINDER });
    await expect(bundle(dir, "index.js")).rejects.toMatchObject({
      code: "ADDON_NOT_FOR_TARGET",
      message: expect.stringMatching(/prebuilt .*linux-x64.*prebuilds\/win32-x64\/addon\.node/),
      where: "index.js → node_modules/prebuilt/index.js",
    });
  });

  test("one that was never compiled", async () => {
    const files = { ...PREBUILT, "binding.gyp": "{}" };
    const { "prebuilds/win32-x64/addon.node": _, ...plain } = files;
    const dir = app('const p = require("prebuilt");', { prebuilt: plain, "node-gyp-build": FINDER });
    await expect(bundle(dir, "index.js")).rejects.toMatchObject({ message: expect.stringContaining("not compiled") });
  });

  test("the package of another system alone, by way of a package", async () => {
    const way = { "package.json": '{"name":"way"}', "index.js": 'exports.x = require("loader");' };
    const dir = app('require("way");', { way, loader: LOADER, "loader-darwin-arm64": MAC });
    await expect(bundle(dir, "index.js")).rejects.toMatchObject({
      code: "ADDON_NOT_FOR_TARGET",
      message: expect.stringContaining("loader-linux-x64-gnu is not installed"),
      where: expect.stringContaining("node_modules/way/index.js → node_modules/loader/index.js"),
    });
  });
});

describe("not an error", () => {
  const packages = { prebuilt: PREBUILT, "node-gyp-build": FINDER };

  test.each([
    ["in a try", 'try { require("prebuilt"); } catch {}'],
    ["in a branch", 'if (process.platform === "win32") require("prebuilt");'],
    ["in a function", 'exports.later = () => require("prebuilt");'],
  ])("what is loaded %s", async (_where, entry) => {
    await expect(bundle(app(entry, packages), "index.js")).resolves.toBeDefined();
  });

  test("where the image's own system has one too", async () => {
    const own = { "package.json": '{"name":"loader-linux-x64-gnu","main":"a.node","os":["linux"],"cpu":["x64"]}' };
    const dir = app('require("loader");', { loader: LOADER, "loader-linux-x64-gnu": own });
    copyFileSync(process.execPath, join(dir, "node_modules/loader-linux-x64-gnu/a.node"));
    await expect(bundle(dir, "index.js")).resolves.toBeDefined();
    const prebuilt = app('require("prebuilt");', packages);
    mkdirSync(join(prebuilt, "node_modules/prebuilt/prebuilds/linux-x64"));
    copyFileSync(process.execPath, join(prebuilt, "node_modules/prebuilt/prebuilds/linux-x64/addon.node"));
    await expect(bundle(prebuilt, "index.js")).resolves.toBeDefined();
  });

  test("where a package that names no machine has it", async () => {
    const plain = LOADER["package.json"].replace("linux-x64-gnu", "linux-64");
    const own = { "package.json": '{"name":"loader-linux-64","main":"a.node"}' };
    const loader = { "package.json": plain, "index.js": LOADER["index.js"].replace("linux-x64-gnu", "linux-64") };
    const dir = app('require("loader");', { loader, "loader-linux-64": own });
    copyFileSync(process.execPath, join(dir, "node_modules/loader-linux-64/a.node"));
    await expect(bundle(dir, "index.js")).resolves.toBeDefined();
  });

  test("a package that throws for something else, and asks for its addon later", async () => {
    const index = `if (process.version === "v1") throw new Error("too old");
exports.slash = process.platform === "win32" ? "\\\\" : "/";
exports.fast = () => require("./fast.js");`;
    const loader = { ...LOADER, "index.js": index, "fast.js": LOADER["index.js"] };
    const dir = app('require("loader");', { loader, "loader-darwin-arm64": MAC });
    await expect(bundle(dir, "index.js")).resolves.toBeDefined();
  });
});
