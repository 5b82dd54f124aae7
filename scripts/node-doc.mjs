// Writes docs/node.md from the detection tests.
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build } from "esbuild";
import "./generate.mjs";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
// Below the root, so that it finds the packages, which stay where they are.
const outfile = join(root, `node_modules/.node-doc-${process.pid}.mjs`);
try {
  await build({
    absWorkingDir: root,
    entryPoints: ["test/buildpacks/node-doc.ts"],
    outfile,
    bundle: true,
    packages: "external",
    format: "esm",
    platform: "node",
    target: "node20.19",
  });
  const { nodeDoc } = await import(pathToFileURL(outfile).href);
  mkdirSync(join(root, "docs"), { recursive: true });
  writeFileSync(join(root, "docs/node.md"), await nodeDoc());
} finally {
  rmSync(outfile, { force: true });
}
