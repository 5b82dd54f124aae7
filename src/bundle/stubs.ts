/**
 * What the app's bundle finds where it asks for a package that lies in the third-party chunk: a file of one line that takes the
 * module out of the chunk when it is first asked for. Stubs depend on nothing but the module's place, so all builds share them.
 */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { replaceFile } from "../base/replace-file.ts";

/** Where the third-party chunk lies below the image's node_modules; found by Node's own search from any folder of the app. */
export const VENDOR_MODULE = "@knbuild/vendor/index.cjs";

export function stubsDir(cacheDir: string): string {
  return join(cacheDir, "bundle", "stubs-1");
}

/**
 * @param key the module's name in the chunk (its path relative to the modules' root)
 * @param module required: `require` asks for it, and it may say itself what `require` gets
 * @returns absolute path of the stub
 */
export function writeStub(
  cacheDir: string,
  key: string,
  module: { esm: boolean; hasDefault: boolean; required: boolean },
): string {
  const base = join(stubsDir(cacheDir), key.replace(/^node_modules\//, "").replaceAll("node_modules/", "+/"));
  const inChunk = `require("${VENDOR_MODULE}")[${JSON.stringify(key)}]`;
  if (module.required) {
    const required = `${base}.required.cjs`;
    write(required, requiredText(inChunk));
    return required;
  }
  const commonjs = `${base}.cjs`;
  write(commonjs, `module.exports = ${inChunk};\n`);
  if (!module.esm) return commonjs;
  // Outside of any `type: module` scope (see the package.json below), so that `default` means the module's own default export.
  const name = JSON.stringify(`./${base.slice(base.lastIndexOf("/") + 1)}.cjs`);
  const esm = `${base}${module.hasDefault ? "" : ".named"}.js`;
  write(esm, `export * from ${name};\n${module.hasDefault ? `export { default } from ${name};\n` : ""}`);
  return esm;
}

/** Text of a CommonJS module that gives what Node's `require` gives of an ES module. @param namespace expression for its names */
export function requiredText(namespace: string): string {
  return `const names = ${namespace};\nmodule.exports = "module.exports" in names ? names["module.exports"] : names;\n`;
}

/**
 * A module that knows where the app's root lies, seen from the bundle; `__kn_root` in rewritten files is taken from it.
 * @param up from the bundle's folder to the root: `.`, `..`, `../..`
 */
export function writeRootModule(cacheDir: string, format: "esm" | "cjs", up: string): string {
  const path = join(stubsDir(cacheDir), "knbuild-root", format, `${up.replaceAll("/", "_").replaceAll(".", "-")}.js`);
  const here = format === "esm" ? 'fileURLToPath(new URL(".", import.meta.url))' : "__dirname";
  write(
    path,
    `import { resolve } from "node:path";\nimport { fileURLToPath, pathToFileURL } from "node:url";\n` +
      `export const __kn_root = resolve(${here}, ${JSON.stringify(up)});\n` +
      `export const __kn_url = (path) => pathToFileURL(__kn_root + path).href;\n` +
      (format === "cjs" ? "void fileURLToPath;\n" : ""),
  );
  return path;
}

function write(path: string, content: string): void {
  if (existsSync(path)) return;
  const scope = path.slice(0, path.indexOf("stubs-1") + "stubs-1".length);
  if (!existsSync(join(scope, "package.json"))) replaceFile(join(scope, "package.json"), '{ "sideEffects": true }\n');
  replaceFile(path, content);
}
