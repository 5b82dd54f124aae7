// Makes dist/ out of the bundler's chunks so that a short run of the CLI stays short. As ES modules every chunk costs several
// turns of the event loop and is compiled anew each time; here chunks become functions in CommonJS form. Those that an
// ordinary build needs lie together in packs, which V8 reads back compiled from a code cache (scripts/pack-loader.mjs); all
// others are files of their own. `cli.js`, `index.mjs`, `sdk.mjs` are small scripts on top.
import { createHash } from "node:crypto";
import { chmodSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build, transform } from "esbuild";

const here = dirname(fileURLToPath(import.meta.url));

/**
 * Each with the modules whose static imports it holds. A build opens packs one `after` the other, and what an earlier one holds
 * is not repeated: so what a build compiles is there for the first edit too. A pack that stands alone holds all that its kind of
 * run needs. Where a chunk lies in several and none of them is open, the first counts.
 */
const PACKS = {
  // A copy between registries needs no more than this.
  copy: { entries: ["src/cli/plain-copy.ts"] },
  // An edited app whose edit is plain.
  edit: {
    after: ["copy"],
    entries: ["src/cli/edited.ts"],
  },
  // The judgement of an edit, in another thread.
  judge: {
    entries: [
      "src/pipeline/judge-edit.ts",
      // What it asks for later, by these names.
      "src/pipeline/source-lint.ts",
      "src/generated/sourceRules.ts",
      "src/analysis/analyze.ts",
      "src/analysis/project.ts",
    ],
  },
  // An app that is as it was, and a push.
  start: {
    after: ["copy", "edit", "judge"],
    entries: ["src/cli/main.ts", "src/cli/commands/build.ts", "src/cli/commands/copy.ts"],
  },
  // A Node app that is built.
  work: {
    after: ["copy", "edit", "judge", "start"],
    entries: [
      "src/pipeline/make-image.ts",
      "src/pipeline/source-lint.ts",
      "src/analysis/analyze.ts",
      "src/bases/resolve.ts",
      "src/bundle/bundle.ts",
      "src/bundle/analyze.ts",
      "src/bundle/full-build.ts",
      "src/bundle/own-replay.ts",
    ],
  },
  // Dockerfiles that are judged.
  lint: { entries: ["src/cli/main.ts", "src/cli/commands/lint.ts"] },
  // What many import and few runs use is loaded when something of it is first asked for.
  toml: { late: true, entries: ["src/base/toml.ts"] },
  yaml: { late: true, entries: ["src/base/yaml.ts"] },
};

/** Modules that have to be chunks of their own. */
export const LATE = Object.values(PACKS).flatMap(({ late, entries }) => (late ? entries : []));

/** What may follow a run of a command, by the name that such a run gives its kind; and the packs that it opens. */
const NEXT_KINDS = { build: ["edit"] };
const PACKS_OF_KIND = { edit: ["copy", "edit", "judge"] };

/**
 * @param {import("esbuild").BuildResult} result chunks as ES modules, not written; with metafile
 * @param {{ outdir: string, define: Record<string, string> }} options outdir absolute
 */
export async function writePacked(result, { outdir, define }) {
  const chunks = await Promise.all(result.outputFiles.map((file) => toFunction(file)));
  const outputs = new Map(Object.entries(result.metafile.outputs).map(([path, output]) => [nameOf(path), output]));
  const entryNames = new Map(
    [...outputs].flatMap(([name, { entryPoint }]) => (entryPoint ? [[entryPoint, name]] : [])),
  );
  const chunkOf = (path) => [...outputs].find(([, { inputs }]) => path in inputs)[0];
  const lateChunks = LATE.map(chunkOf);
  rmSync(outdir, { recursive: true, force: true });
  mkdirSync(join(outdir, "chunks"), { recursive: true });

  const packsOf = {};
  const stamps = {};
  for (const [pack, { entries, after = [], late }] of Object.entries(PACKS)) {
    const held = new Set();
    for (const entry of entries) {
      if (!entryNames.has(entry)) throw new Error(`scripts/pack.mjs: ${entry} is no entry of a chunk`);
      const names = late ? [chunkOf(entry)] : staticClosure(entryNames.get(entry), outputs);
      for (const name of names)
        if (lateChunks.includes(name) === Boolean(late) && !after.some((earlier) => packsOf[name]?.includes(earlier)))
          held.add(name);
    }
    for (const name of held) (packsOf[name] ??= []).push(pack);
    const inside = chunks.filter(({ name }) => held.has(name));
    const text = `({${inside.map(({ name, code }) => `${JSON.stringify(name)}:${code}`).join(",\n")}})`;
    stamps[pack] = createHash("sha256").update(text).digest("hex").slice(0, 16);
    writeFileSync(join(outdir, "chunks", `${pack}.pack`), text);
  }
  for (const { name, code } of chunks)
    if (!(name in packsOf) && !LATE.includes(outputs.get(name).entryPoint))
      writeFileSync(join(outdir, "chunks", `${name}.cjs`), `(${code})`);

  const entry = (path) => JSON.stringify(entryNames.get(path));
  await writeScript("pack-loader.mjs", join(outdir, "load.cjs"), {
    define: {
      PACKS_OF: JSON.stringify(packsOf),
      STAMPS: JSON.stringify(stamps),
      LATE_CHUNKS: JSON.stringify(lateChunks),
      NEXT_KINDS: JSON.stringify(NEXT_KINDS),
      PACKS_OF_KIND: JSON.stringify(PACKS_OF_KIND),
    },
  });
  await writeScript("judge-thread.mjs", join(outdir, "judge.cjs"), {
    external: ["./load.cjs"],
    define: { JUDGE: entry("src/pipeline/judge-edit.ts") },
  });
  await writeScript("start.mjs", join(outdir, "cli.js"), {
    external: ["./load.cjs"],
    banner: { js: "#!/usr/bin/env node" },
    define: {
      ...define,
      MAIN: entry("src/cli/main.ts"),
      COPY: entry("src/cli/plain-copy.ts"),
      EDITED: entry("src/cli/edited.ts"),
    },
  });
  chmodSync(join(outdir, "cli.js"), 0o755);
  for (const [name, { entryPoint, exports }] of outputs)
    if (entryPoint === "src/index.ts" || entryPoint === "src/sdk.ts")
      writeLibrary(join(outdir, `${basename(entryPoint, ".ts")}.mjs`), name, exports);
  // Node takes cli.js for CommonJS: starting an ES module costs as much again as half of node's own start.
  writeFileSync(join(outdir, "package.json"), '{ "type": "commonjs" }\n');
}

/** A script of this folder as one file in CommonJS form. */
function writeScript(name, outfile, options) {
  return build({
    entryPoints: [join(here, name)],
    outfile,
    bundle: true,
    format: "cjs",
    platform: "node",
    target: "node20.19",
    supported: { "dynamic-import": false },
    minifyWhitespace: true,
    minifySyntax: true,
    ...options,
  });
}

function writeLibrary(path, name, exports) {
  writeFileSync(
    path,
    `import { createRequire } from "node:module";
const { load } = createRequire(import.meta.url)("./load.cjs");
export const { ${exports.join(", ")} } = load(${JSON.stringify(name)});
`,
  );
}

const nameOf = (path) => basename(path, ".js");

async function toFunction({ path, text }) {
  const { code, warnings } = await transform(text, {
    format: "cjs",
    target: "node20.19",
    // Everything outside can be required: one way to load is enough, and the fast one.
    supported: { "dynamic-import": false },
    define: { "import.meta.url": "__kn_url" },
    minifyWhitespace: true,
    minifySyntax: true,
    legalComments: "none",
  });
  if (warnings.length > 0) throw new Error(`${path}: ${warnings[0].text}`);
  return { name: nameOf(path), code: `function(exports,require,module,__kn_url){${ascii(code, path)}\n}` };
}

/** Chunks are read byte by byte (latin1), which is fast, and right for ASCII alone. The bundler leaves others in regular expressions. */
function ascii(code, path) {
  if (/raw`[^`]*[^\0-\x7f]/.test(code)) throw new Error(`${path}: a raw template with letters beyond ASCII`);
  return code.replace(/[^\0-\x7f]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`);
}

function staticClosure(name, outputs, seen = new Set()) {
  if (seen.has(name)) return seen;
  seen.add(name);
  for (const { path, kind, external } of outputs.get(name).imports)
    if (kind === "import-statement" && !external) staticClosure(nameOf(path), outputs, seen);
  return seen;
}
