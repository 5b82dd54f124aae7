/** What of tsconfig.json decides where a program's source is: outDir, rootDir, paths, and decorators. */
import { posix } from "node:path";
import type { Source } from "./open.ts";

export interface Tsconfig {
  /** Relative to the source's root, normalized. */
  outDir: string | undefined;
  rootDir: string | undefined;
  emitDecoratorMetadata: boolean;
  /** `import * as f` of a CommonJS function can be called: what TypeScript emits without `esModuleInterop`, and nobody else. */
  callableNamespaces: boolean;
  /** Paths (without extension perhaps) that a bare specifier may stand for, by `paths` and `baseUrl`. */
  candidates(specifier: string): string[];
}

interface CompilerOptions {
  outDir?: string;
  rootDir?: string;
  baseUrl?: string;
  paths?: Record<string, string[]>;
  emitDecoratorMetadata?: boolean;
  esModuleInterop?: boolean;
  module?: string;
}

/** Reads `tsconfig.json`, or the file given, with what it extends (inside the source). Undefined where none is. */
export function readTsconfig(source: Source, file = "tsconfig.json"): Tsconfig | undefined {
  const merged: CompilerOptions & { pathsBase?: string } = {};
  if (!merge(source, file, merged, 0)) return undefined;
  const { paths = {}, baseUrl } = merged;
  return {
    outDir: merged.outDir,
    rootDir: merged.rootDir,
    emitDecoratorMetadata: merged.emitDecoratorMetadata ?? false,
    callableNamespaces: merged.esModuleInterop !== true && /^commonjs$/i.test(merged.module ?? "commonjs"),
    candidates(specifier) {
      const found: string[] = [];
      for (const [pattern, targets] of Object.entries(paths)) {
        const star = pattern.indexOf("*");
        if (
          star < 0
            ? pattern !== specifier
            : !(specifier.startsWith(pattern.slice(0, star)) && specifier.endsWith(pattern.slice(star + 1)))
        )
          continue;
        const middle = star < 0 ? "" : specifier.slice(star, specifier.length - (pattern.length - star - 1));
        for (const target of targets) found.push(posix.join(merged.pathsBase ?? ".", target.replace("*", middle)));
      }
      if (baseUrl !== undefined) found.push(posix.join(baseUrl, specifier));
      return found;
    },
  };
}

function merge(source: Source, file: string, into: CompilerOptions & { pathsBase?: string }, depth: number): boolean {
  // An empty one is one of defaults, for TypeScript too.
  if (source.isFile(file) && source.read(file)?.trim() === "") return true;
  const json = source.readJson(file, { comments: true }) as
    | { extends?: string | string[]; compilerOptions?: CompilerOptions }
    | undefined;
  if (json === undefined || json === null || typeof json !== "object") return false;
  const here = posix.dirname(file);
  if (depth < 8) {
    for (const base of [json.extends ?? []].flat()) {
      if (typeof base !== "string" || !base.startsWith(".")) continue;
      const target = posix.join(here, base);
      if (!merge(source, target, into, depth + 1)) merge(source, `${target}.json`, into, depth + 1);
    }
  }
  const options = json.compilerOptions ?? {};
  if (typeof options.outDir === "string") into.outDir = posix.join(here, options.outDir);
  if (typeof options.rootDir === "string") into.rootDir = posix.join(here, options.rootDir);
  if (typeof options.baseUrl === "string") into.baseUrl = posix.join(here, options.baseUrl);
  if (options.paths && typeof options.paths === "object") {
    into.paths = options.paths;
    into.pathsBase = into.baseUrl ?? here;
  }
  if (typeof options.esModuleInterop === "boolean") into.esModuleInterop = options.esModuleInterop;
  if (typeof options.module === "string") into.module = options.module;
  if (typeof options.emitDecoratorMetadata === "boolean") into.emitDecoratorMetadata = options.emitDecoratorMetadata;
  return true;
}
