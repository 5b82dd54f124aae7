// Precision and recall of KS001, KS002, KS010 and KS020 over real servers that were read by hand.
//   node bench/source-precision.mjs --mirror FOLDER
// FOLDER holds bare snapshots as OWNER+NAME/repo; programs whose snapshot is absent are left out, and said so.
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build } from "esbuild";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const flag = process.argv.indexOf("--mirror");
const mirror = flag > 0 ? process.argv[flag + 1] : process.env["KNBUILD_MIRROR"];
if (!mirror) {
  console.error("say where the snapshots are: --mirror FOLDER");
  process.exit(2);
}

const bundle = join(root, "dist-bench/source-lint.js");
await build({
  absWorkingDir: root,
  entryPoints: ["src/pipeline/source-lint.ts"],
  outfile: bundle,
  bundle: true,
  format: "esm",
  platform: "node",
  external: ["oxc-parser", "web-tree-sitter", "@vscode/tree-sitter-wasm"],
  banner: { js: 'import { createRequire as r } from "node:module"; const require = r(import.meta.url);' },
  logLevel: "error",
});
const { lintSource } = await import(pathToFileURL(bundle).href);

/** The files below a path of a commit, all read with one `git cat-file`. */
function programOf(git, commit, path) {
  const prefix = path === "." ? "" : `${path}/`;
  const listing = execFileSync("git", ["--git-dir", git, "ls-tree", "-r", "-z", commit, ...(prefix ? [prefix] : [])], {
    maxBuffer: 1 << 28,
  });
  const ids = new Map();
  for (const row of listing.toString().split("\0")) {
    const m = /^100\d+ blob (\S+)\t(.*)$/s.exec(row);
    if (m) ids.set(m[2].slice(prefix.length), m[1]);
  }
  const wanted = [...ids].filter(([p]) => !/\.(png|jpe?g|gif|svg|woff2?|ttf|ico|mp4|webp|pdf|lock|map)$/i.test(p));
  const out = execFileSync("git", ["--git-dir", git, "cat-file", "--batch"], {
    input: wanted.map(([, id]) => id).join("\n"),
    maxBuffer: 1 << 30,
  });
  const bytes = new Map();
  let at = 0;
  for (const [name] of wanted) {
    const end = out.indexOf(10, at);
    const size = Number(out.subarray(at, end).toString().split(" ")[2]);
    if (Number.isNaN(size)) {
      at = end + 1;
      continue;
    }
    bytes.set(name, out.subarray(end + 1, end + 1 + size));
    at = end + 1 + size + 1;
  }
  return { root: path, files: () => bytes.keys(), read: async (p) => bytes.get(p) };
}

const RULES = ["KS001", "KS002", "KS010", "KS020"];
const count = Object.fromEntries(RULES.map((r) => [r, { tp: 0, fp: 0, fn: 0 }]));
let judged = 0;
for (const line of readFileSync(join(root, "test/source-rules/real-servers.jsonl"), "utf8")
  .split("\n")
  .filter(Boolean)) {
  const { repo, commit, path, expect, unsure = [] } = JSON.parse(line);
  const folder = join(mirror, repo.replace("/", "+"), "repo");
  const git = existsSync(join(folder, ".git")) ? join(folder, ".git") : folder;
  if (!existsSync(git)) {
    console.log(`absent   ${repo}`);
    continue;
  }
  const findings = await lintSource(programOf(git, commit, path));
  const said = new Set(findings.filter((f) => f.severity !== "info").map((f) => f.rule));
  judged++;
  for (const rule of RULES) {
    // Its readers could not tell.
    if (unsure.includes(rule)) continue;
    const truth = expect.includes(rule);
    if (truth && said.has(rule)) count[rule].tp++;
    else if (truth) count[rule].fn++;
    else if (said.has(rule)) count[rule].fp++;
    if (truth !== said.has(rule)) console.log(`${truth ? "missed  " : "wrong   "} ${rule} ${repo} ${path}`);
  }
}
console.log(`${judged} programs`);
for (const rule of RULES) {
  const { tp, fp, fn } = count[rule];
  const ratio = (n, d) => (d === 0 ? "  –  " : (n / d).toFixed(3));
  console.log(
    `${rule}  precision ${ratio(tp, tp + fp)}  recall ${ratio(tp, tp + fn)}  (${tp} right, ${fp} wrong, ${fn} missed)`,
  );
}
