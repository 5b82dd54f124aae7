/** Changes that files of the app need before they are bundled: places, and decorators that carry type information. */
import { relative } from "node:path";
import type { Loader } from "esbuild";
import type { AnalyzedFile } from "./analysis-cache.ts";
import { loaderOf } from "./own-build.ts";
import { type PlaceContext, rewritePlaces, wrongPlaces } from "./places.ts";

export interface RewriteInput {
  root: string;
  entries: string[];
  format: "esm" | "cjs";
  files: Map<string, AnalyzedFile>;
}

export interface Rewrites {
  /** Absolute paths of the files that change. */
  files: Set<string>;
  apply(path: string, text: string): { contents: string; loader: Loader } | undefined;
  /** From the bundle's folder up to the root. */
  up: string;
}

export function planRewrites(input: RewriteInput): Rewrites {
  const first = input.entries[0] as string;
  const outDir = first.includes("/") ? first.slice(0, first.lastIndexOf("/")) : "";
  const files = new Set<string>();
  const several = new Set(input.entries.map((entry) => entry.slice(0, Math.max(0, entry.lastIndexOf("/"))))).size > 1;
  const context = (path: string): PlaceContext => ({
    file: relative(input.root, path),
    outDir,
    format: input.format,
    isEntry: input.entries.includes(relative(input.root, path)) && !several,
  });
  for (const [path, { analysis }] of input.files)
    if (wrongPlaces(analysis.places, context(path)).length > 0) files.add(path);
  return {
    files,
    up: relative(`/${outDir}`, "/") || ".",
    apply(path, text) {
      const analysis = input.files.get(path)?.analysis;
      if (!analysis || !files.has(path)) return undefined;
      const at = context(path);
      return { contents: rewritePlaces(text, wrongPlaces(analysis.places, at), at), loader: loaderOf(path) };
    },
  };
}
