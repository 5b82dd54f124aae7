/**
 * Bundles the app's own code through esbuild's JavaScript API. What to do with a bare import is the caller's decision; the
 * first run only looks, the last one writes.
 */
import { readFile } from "node:fs/promises";
import { extname, isAbsolute, join, relative } from "node:path";
import type { Loader, Metafile, OnResolveResult, Plugin } from "esbuild";
import { build } from "./esbuild.ts";
import { bundleError, isBuildFailure } from "./esbuild-error.ts";
import { apiOptions, type OwnOptions } from "./own-options.ts";
import { normalizeOutputs, type OwnOutput } from "./own-output.ts";
import { isBuiltinName } from "./resolve.ts";
import type { BundleSession, OwnBuildOptions } from "./session.ts";

export interface BareRequest {
  specifier: string;
  /** Absolute. */
  importer: string;
  kind: "import-statement" | "require-call" | "dynamic-import" | "require-resolve";
}

export type BareDecision =
  | { to: "file"; path: string }
  | { to: "external"; specifier: string }
  /** Let esbuild say that it is not there (a warning where the code copes with that). */
  | { to: "missing" };

export interface OwnBuildHooks {
  onBare(request: BareRequest): BareDecision;
  /** tsconfig paths or package imports may turn a bare name into one of the app's own files. */
  mayAlias: boolean;
  /** Told of each such name. */
  onAlias?(specifier: string): void;
  /** New text of a file of the app, where it has to change before it is bundled. */
  transform?(path: string, text: string): { contents: string; loader: Loader } | undefined;
  /** Nothing of it is used: an addon among the files is only noted. */
  looking?: boolean;
  /** Modules with which every file is bundled (esbuild's `inject`). */
  inject?: string[];
  /** Turns esbuild's complaint into a better one. */
  explain?(error: { text: string; location: { file: string } | null }): string | undefined;
}

export interface OwnBuild {
  outputs: OwnOutput[];
  /** The app's files that take part, absolute. */
  files: string[];
  /** Files that another file of the app imports (an entry among them is wrapped by esbuild). */
  imported: Set<string>;
  /** What the entries lead to by imports that are written out: not what esbuild adds for `require("./stores/" + name)`. Absolute. */
  reached: Set<string>;
  warnings: { text: string; where: string | undefined }[];
}

const SKIP = Symbol("resolved by esbuild itself");

/** @param session keeps esbuild's context for the next build of the same app */
export async function buildOwn(
  options: OwnOptions,
  stubs: string,
  hooks: OwnBuildHooks,
  session?: BundleSession,
): Promise<OwnBuild> {
  try {
    const make = (current: () => OwnBuildHooks): OwnBuildOptions => ({
      ...apiOptions(options),
      write: false,
      metafile: true,
      plugins: [appPlugin(stubs, current)],
      ...(hooks.inject ? { inject: hooks.inject } : {}),
    });
    const key = JSON.stringify([options, stubs, hooks.inject, hooks.transform !== undefined]);
    const result = session ? await session.build(key, hooks, make) : await build(make(() => hooks));
    const inputs = Object.entries(result.metafile.inputs);
    const raw = result.outputFiles.map((file) => ({ path: relative(options.outdir, file.path), bytes: file.contents }));
    return {
      outputs: normalizeOutputs(raw, options.root, options.outdir, stubs),
      files: inputs.map(([path]) => `${options.root}/${path}`).filter((path) => !path.includes("/stubs-1/")),
      imported: new Set(
        inputs.flatMap(([, input]) => input.imports.filter((i) => !i.external).map((i) => `${options.root}/${i.path}`)),
      ),
      reached: reachedFrom(options.entries, result.metafile.inputs, options.root),
      warnings: result.warnings.map((w) => ({
        text: w.text,
        where: w.location ? `${w.location.file}:${w.location.line}` : undefined,
      })),
    };
  } catch (error) {
    if (!isBuildFailure(error)) throw error;
    const first = error.errors[0];
    throw bundleError(error.errors, first && hooks.explain?.(first));
  }
}

function reachedFrom(entries: string[], inputs: Metafile["inputs"], root: string): Set<string> {
  const reached = new Set(entries);
  for (const path of reached)
    for (const { path: to, external } of inputs[path]?.imports ?? []) if (!external) reached.add(to);
  return new Set([...reached].map((path) => `${root}/${path}`));
}

/** @param current the hooks of the build that runs: a kept context outlives the build that made it */
function appPlugin(stubs: string, current: () => OwnBuildHooks): Plugin {
  return {
    name: "knbuild-app",
    setup(api) {
      api.onResolve({ filter: /^[^./]|^\.[^./]/ }, async (args): Promise<OnResolveResult | undefined> => {
        if (args.pluginData === SKIP || args.kind === "entry-point" || isAbsolute(args.path)) return undefined;
        if (isBuiltinName(args.path)) return { path: args.path, external: true };
        const hooks = current();
        if (hooks.mayAlias || args.path.startsWith("#")) {
          const { importer, kind, resolveDir } = args;
          const own = await api.resolve(args.path, { importer, kind, resolveDir, pluginData: SKIP });
          if (own.errors.length === 0 && !own.external && !/[\\/]node_modules[\\/]/.test(own.path)) {
            hooks.onAlias?.(args.path);
            // esbuild finds it again by itself: what a plugin resolves loses its tsconfig (JSX, decorators).
            return undefined;
          }
        }
        const decision = hooks.onBare({
          specifier: args.path,
          importer: args.importer,
          kind: args.kind as BareRequest["kind"],
        });
        if (decision.to === "file") return { path: decision.path };
        if (decision.to === "external") return { path: decision.specifier, external: true };
        return undefined;
      });
      // A stub names the one beside it. Written while the build runs, it is missing from esbuild's own list of the folder
      // where that was read before: for a package's module in a folder below.
      api.onResolve({ filter: /^\.\/[^/]+\.cjs$/ }, ({ importer, path, resolveDir }) =>
        importer.startsWith(stubs) ? { path: join(resolveDir, path) } : undefined,
      );
      if (current().looking) api.onLoad({ filter: /\.node$/ }, () => ({ contents: "", loader: "empty" }));
      if (!current().transform) return;
      api.onLoad({ filter: /\.[cm]?[jt]sx?$/ }, async (args) => {
        if (args.path.startsWith(stubs)) return undefined;
        return current().transform?.(args.path, await readFile(args.path, "utf8"));
      });
    },
  };
}

export function loaderOf(path: string): Loader {
  const ext = extname(path);
  if (/^\.[cm]?ts$/.test(ext)) return "ts";
  if (ext === ".tsx") return "tsx";
  return "jsx";
}
