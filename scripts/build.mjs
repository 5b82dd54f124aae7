// Builds dist/: the CLI and the library as one set of ES module chunks (commands load lazily), and the type declarations.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import "./generate.mjs";
import { LATE, writePacked } from "./pack.mjs";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const manifest = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
const flag = process.argv.indexOf("--out");
const outdir = flag > 0 ? process.argv[flag + 1] : "dist";

const options = {
  absWorkingDir: root,
  outdir,
  bundle: true,
  splitting: true,
  format: "esm",
  platform: "node",
  target: "node20.19",
  minifySyntax: true,
  minifyWhitespace: true,
  legalComments: "none",
  chunkNames: "chunks/[name]-[hash]",
  // Packages with native code, wasm or files of their own, or that look for their own place, stay packages; the rest is inside.
  external: [
    "@cyclonedx/cyclonedx-library",
    "esbuild",
    "web-tree-sitter",
    "@vscode/tree-sitter-wasm",
    "@bokuweb/zstd-wasm",
    "pacote",
  ],
  plugins: [oxcParser()],
  // What knbuild remembers of other programs holds for the very code that found it out.
  define: {
    __KNBUILD_VERSION__: JSON.stringify(manifest.version),
    __KNBUILD_SOURCES__: JSON.stringify(sourcesDigest()),
  },
  logLevel: "warning",
};
const entryPoints = {
  main: "src/cli/main.ts",
  copy: "src/cli/plain-copy.ts",
  edited: "src/cli/edited.ts",
  index: "src/index.ts",
  sdk: "src/sdk.ts",
  ...Object.fromEntries(LATE.map((path) => [basename(path, ".ts"), path])),
};
await writePacked(await build({ ...options, entryPoints, write: false, metafile: true }), {
  outdir: join(root, outdir),
  define: options.define,
});
if (!process.argv.includes("--no-types")) {
  const tsc = spawnSync(
    process.execPath,
    [join(root, "node_modules/typescript/bin/tsc"), "-p", "tsconfig.build.json", "--outDir", join(outdir, "types")],
    { cwd: root, stdio: "inherit" },
  );
  if (tsc.status !== 0) process.exit(tsc.status ?? 1);
  // They describe ES modules, whatever dist/package.json says of the program.
  writeFileSync(join(root, outdir, "types/package.json"), '{ "type": "module" }\n');
}

/**
 * oxc-parser is an ES module around native code, and ES modules cannot be required on every Node: its few lines ride along,
 * and look for the native part from where the package lies.
 */
function oxcParser() {
  const place = join(root, "scripts/package-place.mjs");
  return {
    name: "oxc-parser",
    setup({ onLoad }) {
      onLoad({ filter: /[\\/]oxc-parser[\\/]src-js[\\/].*\.js$/ }, ({ path }) => ({
        contents: `import { packagePlace } from ${JSON.stringify(place)};\n${readFileSync(path, "utf8").replaceAll(
          "createRequire(import.meta.url)",
          'createRequire(packagePlace("oxc-parser", import.meta.url))',
        )}`,
        loader: "js",
      }));
    },
  };
}

/** Of all code that goes into dist/. */
function sourcesDigest() {
  const hash = createHash("sha256");
  for (const folder of ["src", "buildpacks"])
    for (const name of readdirSync(join(root, folder), { recursive: true }).sort())
      if (name.endsWith(".ts")) hash.update(`${name}\0`).update(readFileSync(join(root, folder, name)));
  return hash
    .update(readFileSync(join(root, "package.json")))
    .digest("hex")
    .slice(0, 32);
}
