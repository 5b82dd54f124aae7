/*
 * Lets Node use the code cache that was made when the image was built (`../compile-cache`), so that a start compiles nothing.
 *
 * Node looks for its cache in a folder named after its version, the processor's features and the user. The content depends
 * on the version alone: the folder is a symbolic link, in the temporary directory, to the one in the image. Where there is no
 * writable temporary directory, or the cache is in use or switched off by NODE_COMPILE_CACHE or NODE_DISABLE_COMPILE_CACHE,
 * nothing happens. An image without this file: `compileCache: false`.
 */
"use strict";

const { mkdtempSync, readdirSync, rmSync, rmdirSync, symlinkSync } = require("node:fs");
const { enableCompileCache, constants } = require("node:module");

let dir;
try {
  if (enableCompileCache && !process.env.NODE_COMPILE_CACHE && !process.env.NODE_DISABLE_COMPILE_CACHE) {
    dir = mkdtempSync(`${process.env.TMPDIR || "/tmp"}/knbuild-`);
    if (enableCompileCache(dir).status === constants.compileCacheStatus.ENABLED) {
      const [name] = readdirSync(dir);
      rmdirSync(`${dir}/${name}`);
      symlinkSync(`${__dirname}/compile-cache`, `${dir}/${name}`);
    }
    // Also keeps Node from writing what else it compiled.
    process.once("exit", remove);
  }
} catch {
  remove();
}

function remove() {
  try {
    if (dir) rmSync(dir, { recursive: true, force: true });
  } catch {
    // It is the temporary directory's to lose.
  }
}
