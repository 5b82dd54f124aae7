/**
 * The app's code as files of their own, for apps that load their modules by computed names, and where bundling is off.
 * JavaScript stays as it is; TypeScript and JSX become JavaScript file by file, with imports that name what Node will find.
 */
import { readFile } from "node:fs/promises";
import { dirname, join, relative } from "node:path";
import type { Plugin } from "esbuild";
import type { AnalysisCache } from "./analysis-cache.ts";
import { build } from "./esbuild.ts";
import { bundleError, isBuildFailure } from "./esbuild-error.ts";
import { loaderOf, type OwnBuildHooks } from "./own-build.ts";
import { apiOptions } from "./own-options.ts";
import { normalizeOutputs, type OwnOutput } from "./own-output.ts";
import type { FileFacts } from "./package-scope.ts";

export interface OwnFilesInput {
  root: string;
  /** Code files, absolute. */
  files: string[];
  /** Format of a `.ts` file outside of any `type: module` scope. */
  format: "esm" | "cjs";
  nodeTarget: string;
  sourcemap: boolean;
  facts: FileFacts;
  analyses: AnalysisCache;
  group: string;
  stubs: string;
  transform: OwnBuildHooks["transform"] | undefined;
  /** Whether a file is compiled. */
  compiles(path: string): boolean;
}

export interface OwnFiles {
  compiled: OwnOutput[];
  /** Name of a file in the image, relative to the root. */
  nameOf(path: string): string;
  /** Shipped as they are, absolute. */
  asIs: string[];
}

const NEEDS_COMPILING = /\.(?:[cm]?ts|tsx|jsx)$/;

/**
 * Name of a file after compilation.
 * @param asModule the file becomes an ES module in a scope that says nothing, or says CommonJS
 */
export function compiledName(path: string, asModule: boolean): string {
  if (asModule) return path.replace(/\.(?:m?ts|[jt]sx|js)$/, ".mjs");
  return path.replace(/\.([cm]?)ts$/, ".$1js").replace(/\.[jt]sx$/, ".js");
}

export async function compileOwnFiles(request: Omit<OwnFilesInput, "compiles">): Promise<OwnFiles> {
  const input: OwnFilesInput = { ...request, compiles: (path) => needsCompiling(path, input) };
  const compile = new Map<"esm" | "cjs", string[]>([
    ["esm", []],
    ["cjs", []],
  ]);
  const asIs: string[] = [];
  for (const path of input.files) {
    if (!needsCompiling(path, input)) asIs.push(path);
    else compile.get(formatOf(path, input))?.push(path);
  }
  const compiled: OwnOutput[] = [];
  for (const [format, entries] of compile)
    if (entries.length > 0) compiled.push(...(await compileFormat(input, format, entries)));
  return { compiled, asIs, nameOf: (path) => relative(input.root, nameOf(path, input)) };
}

function nameOf(path: string, input: OwnFilesInput): string {
  if (!input.compiles(path)) return path;
  const asModule =
    input.format === "esm" && /\.(?:tsx?|jsx?)$/.test(path) && input.facts.scope(dirname(path))?.json.type !== "module";
  return compiledName(path, asModule);
}

function formatOf(path: string, input: OwnFilesInput): "esm" | "cjs" {
  if (/\.m[jt]s$/.test(path)) return "esm";
  if (/\.c[jt]s$/.test(path)) return "cjs";
  if (input.facts.scope(dirname(path))?.json.type === "module") return "esm";
  return input.format;
}

function needsCompiling(path: string, input: OwnFilesInput): boolean {
  return NEEDS_COMPILING.test(path) || namesTypeScript(path, input);
}

/** JavaScript that imports `./x.ts` (Node strips types itself; the image gets JavaScript). */
function namesTypeScript(path: string, input: OwnFilesInput): boolean {
  if (!/\.[cm]?js$/.test(path)) return false;
  const moduleScope = input.facts.scope(dirname(path))?.json.type === "module";
  const { analysis } = input.analyses.analyze(input.group, relative(input.root, path), path, {
    moduleScope,
    own: true,
  });
  return analysis.requests.some((request) => /^\.{1,2}\/.*\.(?:[cm]?ts|tsx)$/.test(request.specifier));
}

async function compileFormat(input: OwnFilesInput, format: "esm" | "cjs", files: string[]): Promise<OwnOutput[]> {
  const { root } = input;
  const outdir = join(root, "out");
  // One run an extension: esbuild writes all outputs of a run with the same one.
  const outputs: OwnOutput[] = [];
  for (const ext of [".js", ".mjs", ".cjs"] as const) {
    const entries = files.filter((path) => nameOf(path, input).endsWith(ext)).map((path) => relative(root, path));
    if (entries.length === 0) continue;
    const { banner: _banner, ...options } = apiOptions({
      root,
      entries,
      format,
      outExtension: ext,
      nodeTarget: input.nodeTarget,
      minify: false,
      sourcemap: input.sourcemap,
      outdir,
    });
    try {
      const result = await build({
        ...options,
        keepNames: false,
        write: false,
        metafile: true,
        plugins: [leaveImports(input)],
      });
      const raw = result.outputFiles.map((file) => ({ path: relative(outdir, file.path), bytes: file.contents }));
      outputs.push(...normalizeOutputs(raw, root, outdir, input.stubs));
    } catch (error) {
      if (!isBuildFailure(error)) throw error;
      throw bundleError(error.errors);
    }
  }
  return outputs;
}

/** Nothing is bundled (JSON is, which an ES module could import only with an attribute); own imports get their final names. */
function leaveImports(input: OwnFilesInput): Plugin {
  const skip = Symbol("resolved by esbuild itself");
  return {
    name: "knbuild-files",
    setup(api) {
      api.onResolve({ filter: /.*/ }, async (args) => {
        if (args.pluginData === skip || args.kind === "entry-point") return undefined;
        const { importer, kind, resolveDir } = args;
        const found = await api.resolve(args.path, { importer, kind, resolveDir, pluginData: skip });
        const own =
          found.errors.length === 0 &&
          !found.external &&
          found.namespace === "file" &&
          !/[\\/]node_modules[\\/]/.test(found.path);
        // A workspace member that is asked for by its name keeps it: the link in node_modules is shipped.
        if (!own || (!/^[./#]/.test(args.path) && input.facts.packageOf(found.path)?.json.name === args.path))
          return { path: args.path, external: true };
        if (found.path.endsWith(".json")) return { path: found.path };
        const path = relative(dirname(importer), nameOf(found.path, input));
        return { path: path.startsWith(".") ? path : `./${path}`, external: true };
      });
      api.onLoad({ filter: /\.(?:[cm]?[jt]s|[jt]sx)$/ }, async (args) => {
        const text = opaque(args.path, await readFile(args.path, "utf8"), input);
        return input.transform?.(args.path, text) ?? { contents: text, loader: loaderOf(args.path) };
      });
    },
  };
}

/** A computed name stays computed: esbuild would make a table of all files that `./routes/${name}` may mean now. */
function opaque(path: string, text: string, input: OwnFilesInput): string {
  const moduleScope = input.facts.scope(dirname(path))?.json.type === "module";
  const { analysis } = input.analyses.analyze(input.group, relative(input.root, path), path, {
    moduleScope,
    own: true,
  });
  let out = text;
  const outer = analysis.computed.filter(
    (one) => !analysis.computed.some((o) => o.start < one.start && one.end <= o.end),
  );
  for (const { start, end } of outer.sort((a, b) => b.start - a.start)) {
    out = `${out.slice(0, start)}String(${out.slice(start, end)})${out.slice(end)}`;
  }
  return out;
}
