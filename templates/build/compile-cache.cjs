/*
 * Makes V8's code cache of an app's files, run by the node that will run the app. Nothing of the app is executed: its
 * files are only compiled, every function of them, under the names that they bear in the image.
 *
 * stdin: {"dir": directory for the cache, "files": [{"path": in the image, "file": on this machine, "esm": boolean}]}
 *
 * Node keeps one file a module, named by a checksum of the module's name. The flag that has V8 compile everything at once
 * shows in each of these files; `PROBE`, compiled without it, tells how they read where the flag is not set.
 */
"use strict";

const { readFileSync } = require("node:fs");
const Module = require("node:module");
const { pathToFileURL } = require("node:url");
const { setFlagsFromString } = require("node:v8");

const PROBE = "/knbuild/probe.cjs";
const ROOT = "knbuild:root";
const NOTHING = "knbuild:nothing";

const { dir, files } = JSON.parse(readFileSync(0, "utf8"));
const { compileCacheStatus } = Module.constants;
const { status, message } = Module.enableCompileCache(dir);
if (status !== compileCacheStatus.ENABLED) throw new Error(message ?? `the cache could not be enabled (${status})`);

compileCommonJs(PROBE, "module.exports = function probe() {};");
// Called a second time, with `check`: Node says which entries it takes (NODE_DEBUG_NATIVE).
const making = process.argv[2] !== "check";
if (making) setFlagsFromString("--no-lazy");
for (const { path, file, esm } of files) {
  if (!esm) compileCommonJs(path, readFileSync(file, "utf8").replace(/^\uFEFF/, ""));
}
compileModules(files.filter(({ esm }) => esm)).then(() => {
  if (making) setFlagsFromString("--lazy");
  process.exit(0);
});

/** Node compiles a module, then asks it for its `exports` to run it: this one has none to give. */
function compileCommonJs(path, text) {
  const stop = new Error("compiled");
  const module = new Module(path);
  module.filename = path;
  module.paths = [];
  Object.defineProperty(module, "exports", {
    get() {
      throw stop;
    },
  });
  try {
    module._compile(text, path, "commonjs");
  } catch (error) {
    // A file that does not compile has no cache; the app finds out when it loads it.
    if (error !== stop && !(error instanceof SyntaxError)) throw error;
  }
}

/** ES modules are all compiled before the first runs; none runs, since the root asks for an export that none has. */
async function compileModules(modules) {
  if (modules.length === 0 || Module.registerHooks === undefined) return;
  const texts = new Map(modules.map(({ path, file }) => [pathToFileURL(path).href, file]));
  const wish = [...texts.keys()].map((url, i) => `import { knbuildNever as _${i} } from ${JSON.stringify(url)};`);
  const found = (url) => ({ url, format: "module", shortCircuit: true });
  const source = (text) => ({ format: "module", source: text, shortCircuit: true });
  Module.registerHooks({
    resolve: (specifier) => found(specifier === ROOT || texts.has(specifier) ? specifier : NOTHING),
    load(url) {
      const file = texts.get(url);
      return source(url === ROOT ? wish.join("\n") : file ? readFileSync(file, "utf8") : "export {};");
    },
  });
  await import(ROOT).catch((error) => {
    if (!(error instanceof SyntaxError)) throw error;
  });
}
