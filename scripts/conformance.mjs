// Runs the cases of a folder (*.jsonl) through the real parser, expander and linter: `npm run conformance -- DIR`.
// Prints for each file how many passed and what failed; exit 1 below the rates in test/conformance/judge.ts.
import { mkdirSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build } from "esbuild";
import "./generate.mjs";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const dir = process.argv[2];
if (!dir) {
  console.error("usage: npm run conformance -- DIR");
  process.exit(2);
}
const cache = join(root, "node_modules/.cache/knbuild");
mkdirSync(cache, { recursive: true });
const outfile = join(cache, `conformance-${process.pid}.mjs`);
await build({
  absWorkingDir: root,
  entryPoints: ["test/conformance/run.ts"],
  outfile,
  bundle: true,
  format: "esm",
  platform: "node",
  target: "node20.19",
  packages: "external",
  logLevel: "warning",
});
const { runFolder } = await import(pathToFileURL(outfile).href);
process.exit(await runFolder(resolve(dir), (line) => console.log(line)));
