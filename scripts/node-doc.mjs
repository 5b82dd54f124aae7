// Writes docs/node.md from the detection tests.
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build } from "esbuild";
import "./generate.mjs";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const require = `import { createRequire } from "node:module"; const require = createRequire(${JSON.stringify(pathToFileURL(`${root}/`).href)});`;
const { outputFiles } = await build({
  absWorkingDir: root,
  entryPoints: ["test/buildpacks/node-doc.ts"],
  bundle: true,
  write: false,
  format: "esm",
  platform: "node",
  target: "node20.19",
  banner: { js: require },
});
const { nodeDoc } = await import(
  `data:text/javascript;base64,${Buffer.from(outputFiles[0].contents).toString("base64")}`
);
mkdirSync(join(root, "docs"), { recursive: true });
writeFileSync(join(root, "docs/node.md"), await nodeDoc());
