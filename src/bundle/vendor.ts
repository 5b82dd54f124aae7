/**
 * The third-party chunk: one CommonJS file with a getter for each module that the app asks for. Getters keep the order in
 * which modules run: nothing runs before it is asked for. All exports of a module stay (which of them the app uses is not
 * looked at), so an edit of the app that asks for no new module leaves the chunk's bytes alone.
 */
import { existsSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import type { OnLoadResult, OnResolveResult, Plugin } from "esbuild";
import { canonicalJson } from "../base/canonical-json.ts";
import { replaceFile } from "../base/replace-file.ts";
import { contentHash } from "./analysis-cache.ts";
import { build } from "./esbuild.ts";
import { bundleError, isBuildFailure } from "./esbuild-error.ts";
import type { Judgement } from "./judge.ts";
import { bundlerVersion } from "./record.ts";
import { isBuiltinName, type Resolver } from "./resolve.ts";
import { requiredText } from "./stubs.ts";

const VENDOR_VERSION = 4;

export interface VendorInput {
  /** Real path of the modules' root. */
  root: string;
  /** Modules that the app asks for, real paths. */
  modules: string[];
  judgement: Judgement;
  resolver: Resolver;
  nodeTarget: string;
  minify: boolean;
  sourcemap: boolean;
  cacheDir: string;
}

export interface Vendor {
  /** In the cache, named by content key. */
  file: string;
  map: string | undefined;
  /** Real paths of the files of which something is in the chunk. */
  files: string[];
}

/** A package that esbuild cannot bundle after all; the caller ships it as files and tries again. */
export interface VendorRefusal {
  refused: string;
  reason: string;
}

export async function buildVendor(input: VendorInput): Promise<Vendor | VendorRefusal> {
  const { root, judgement } = input;
  const modules = [...input.modules].sort();
  const key = vendorKey(input, modules);
  const dir = join(input.cacheDir, "bundle", "vendor", key);
  const file = join(dir, "index.cjs");
  const list = join(dir, "files.json");
  const map = input.sourcemap ? `${file}.map` : undefined;
  if (existsSync(list))
    return { file, map, files: (JSON.parse(readFileSync(list, "utf8")) as string[]).map((path) => join(root, path)) };
  // A name that no machine chooses: sources in the map are counted from where the chunk lies in the image.
  const outfile = join(root, "node_modules/@knbuild/vendor/index.cjs");
  try {
    const result = await build({
      absWorkingDir: root,
      entryPoints: ["third-party"],
      bundle: true,
      platform: "node",
      target: `node${input.nodeTarget}`,
      format: "cjs",
      outfile,
      write: false,
      metafile: true,
      keepNames: true,
      minify: input.minify,
      charset: "utf8",
      legalComments: "eof",
      ignoreAnnotations: true,
      logLevel: "silent",
      // A package's own tsconfig.json (some publish one) must not change how its JavaScript is read.
      tsconfigRaw: "{}",
      ...(map ? { sourcemap: "linked" as const, sourcesContent: false } : {}),
      plugins: [resolveAsJudged(input, modules, outfile)],
    });
    for (const output of result.outputFiles) {
      replaceFile(output.path.endsWith(".map") ? (map ?? `${file}.map`) : file, output.contents);
    }
    // A module of which not one byte came out (nothing of it is used) is not inside.
    const outputs = Object.values(result.metafile.outputs);
    const files = Object.keys(result.metafile.inputs)
      .filter((path) => !path.startsWith("knbuild-"))
      .filter((path) => outputs.some((output) => (output.inputs[path]?.bytesInOutput ?? 0) > 0));
    replaceFile(list, JSON.stringify(files.sort()));
    return { file, map, files: files.map((path) => resolve(root, path)) };
  } catch (error) {
    if (!isBuildFailure(error)) throw error;
    const at = error.errors.find((e) => e.location)?.location;
    const owner = at ? judgement.files.get(resolve(root, at.file))?.packageDir : undefined;
    if (!at || !owner) throw bundleError(error.errors);
    return {
      refused: owner,
      reason: `${relative(owner, resolve(root, at.file))}:${at.line} cannot be bundled: ${error.errors[0]?.text}`,
    };
  }
}

/** Name of a module in the chunk. */
export function vendorKeyOf(root: string, path: string): string {
  return relative(root, path);
}

function entryText(modules: string[], root: string): string {
  const getters = modules.map(
    (path) =>
      `  get ${JSON.stringify(vendorKeyOf(root, path))}() { return require(${JSON.stringify(`./${relative(root, path)}`)}); },`,
  );
  return `module.exports = {\n${getters.join("\n")}\n};\n`;
}

function vendorKey(input: VendorInput, modules: string[]): string {
  const { judgement, root, resolver } = input;
  const files: unknown[] = [];
  for (const file of [...judgement.files.values()].sort((a, b) => (a.path < b.path ? -1 : 1))) {
    if (judgement.isExternalFile(file.path)) continue;
    const edges = (file.analysis?.requests ?? []).map((request) => {
      const kind = request.kind === "import" || request.kind === "dynamic" ? "import" : "require";
      const target = resolver.resolve(request.specifier, file.path, kind);
      return [
        request.specifier,
        kind,
        target.type === "file" ? [relative(root, target.path), judgement.isExternalFile(target.path)] : target.type,
      ];
    });
    files.push([
      relative(root, file.path),
      file.sha || contentHash(readFileSync(file.path)),
      file.analysis?.syntax ?? "json",
      edges,
    ]);
  }
  const names = modules.map((path) => relative(root, path));
  return contentHash(
    canonicalJson([VENDOR_VERSION, bundlerVersion(), input.nodeTarget, input.minify, input.sourcemap, names, files]),
  ).slice(0, 40);
}

/** Characters of JSON from which on V8 reads it faster as text than as an object of the program, even from its code cache. */
const MUCH_DATA = 8 * 1024;

/** Tables (of media types, of character sets) are read when somebody asks for them, not when the chunk is loaded. */
function dataModule(json: string): OnLoadResult | undefined {
  if (json.length < MUCH_DATA) return undefined;
  try {
    return {
      contents: `module.exports = JSON.parse(${JSON.stringify(JSON.stringify(JSON.parse(json)))});`,
      loader: "js",
    };
  } catch {
    // esbuild says where it is no JSON.
    return undefined;
  }
}

/** esbuild follows the resolutions that were judged, whatever it would have chosen itself. */
function resolveAsJudged(input: VendorInput, modules: string[], outfile: string): Plugin {
  const { judgement, resolver, root } = input;

  /** What `require` has to be told so that Node, from the chunk's place, loads exactly this file. */
  function emit(specifier: string, target: string): string {
    const natural = resolver.resolve(specifier, join(root, "package.json"), "require");
    if (natural.type === "file" && natural.path === target && !specifier.startsWith(".") && !specifier.startsWith("#"))
      return specifier;
    return relative(dirname(outfile), target);
  }

  return {
    name: "knbuild-third-party",
    setup(api) {
      api.onResolve({ filter: /.*/ }, (args): OnResolveResult => {
        if (args.kind === "entry-point") return { path: args.path, namespace: "knbuild-entry" };
        if (args.namespace === "knbuild-esm" || isBuiltinName(args.path)) return { path: args.path, external: true };
        const kind = args.kind === "import-statement" || args.kind === "dynamic-import" ? "import" : "require";
        const target =
          args.namespace === "knbuild-entry" || args.namespace === "knbuild-required"
            ? ({ type: "file", path: join(root, args.path) } as const)
            : resolver.resolve(args.path, args.importer, kind);
        if (target.type !== "file") return { path: args.path, external: true };
        const judged = judgement.files.get(target.path);
        if (!judged) return { errors: [{ text: `${args.path} was not foreseen` }] };
        if (!judgement.isExternalFile(target.path)) {
          const asks = kind === "require" && judged.analysis?.maySayWhatRequireGets && args.namespace === "file";
          return asks
            ? { path: `${relative(root, target.path)}.cjs`, namespace: "knbuild-required", pluginData: target.path }
            : { path: target.path, sideEffects: true };
        }
        const specifier = emit(args.path, target.path);
        // import() stays import() in the output: Node resolves it by the import conditions.
        if (args.kind === "dynamic-import") {
          const natural = resolver.resolve(args.path, join(root, "package.json"), "import");
          return {
            path:
              natural.type === "file" && natural.path === target.path
                ? args.path
                : relative(dirname(outfile), target.path),
            external: true,
          };
        }
        // An ES module that came through require() keeps its `default` only outside of node's own interop.
        if (kind === "import" && judged.analysis?.syntax === "esm") {
          return { path: specifier, namespace: "knbuild-esm", pluginData: judged.analysis.hasDefaultExport };
        }
        return { path: specifier, external: true };
      });
      api.onLoad({ filter: /\.json$/, namespace: "file" }, ({ path }) => dataModule(readFileSync(path, "utf8")));
      api.onLoad({ filter: /.*/, namespace: "knbuild-entry" }, () => ({
        contents: entryText(modules, root),
        resolveDir: root,
        loader: "js",
      }));
      // esbuild gives `require` the namespace; Node what the module names "module.exports".
      api.onLoad({ filter: /.*/, namespace: "knbuild-required" }, (args) => ({
        contents: requiredText(`require(${JSON.stringify(`./${relative(root, args.pluginData)}`)})`),
        resolveDir: root,
        loader: "js",
      }));
      api.onLoad({ filter: /.*/, namespace: "knbuild-esm" }, (args) => {
        const name = JSON.stringify(args.path);
        return {
          contents: `export * from ${name};\n${args.pluginData ? `export { default } from ${name};\n` : ""}`,
          loader: "js",
        };
      });
    },
  };
}
