/** Where an import leads: another file of the source, or a package. tsconfig paths and package.json `imports` included. */
import { posix } from "node:path";
import type { Source } from "./open.ts";
import { readTsconfig } from "./tsconfig.ts";

export interface Resolved {
  /** Relative to the source's root. */
  file?: string;
  packageName?: string;
}

export type Resolver = (specifier: string, fromFile: string) => Resolved;

const EXTENSIONS = ["", ".js", ".ts", ".mjs", ".cjs", ".mts", ".cts", ".tsx", ".jsx", ".json"];

/** @param local packages that lie in the source tree, by name: directory relative to the root (it may start with `..`) */
export function createResolver(source: Source, local: ReadonlyMap<string, string> = new Map()): Resolver {
  const tsconfig = readTsconfig(source);
  const manifest = source.readJson("package.json") as { name?: string; imports?: Record<string, unknown> } | undefined;

  return (specifier, fromFile) => {
    if (specifier.startsWith(".")) {
      const file = resolveFile(source, posix.join(posix.dirname(fromFile), specifier));
      return file ? { file } : {};
    }
    if (specifier.startsWith("/")) return {};
    if (specifier.startsWith("#")) {
      const target = importTarget(manifest?.imports, specifier);
      const file = target?.startsWith(".") ? resolveFile(source, target) : undefined;
      return file ? { file } : {};
    }
    for (const candidate of tsconfig?.candidates(specifier) ?? []) {
      const file = resolveFile(source, candidate);
      if (file) return { file };
    }
    if (specifier.startsWith("node:")) return {};
    const name = packageNameOf(specifier);
    if (BUILTINS.has(name)) return {};
    const directory = local.get(name);
    const file =
      directory === undefined ? undefined : resolveLocal(source, directory, specifier.slice(name.length + 1));
    if (file) return { file };
    return NO_NAME.test(name) ? {} : { packageName: name };
  };
}

/** What stands between the quotes of two texts looks like a specifier: `cannot load "a" from "b"`. An alias has none of these. */
const NO_NAME = /^:|[\s"'`()[\]{}<>,;*=+%!?|&^\\]/;

const BUILTINS = new Set(
  `assert async_hooks buffer child_process cluster console constants crypto dgram diagnostics_channel dns domain events fs http http2
  https inspector module net os path perf_hooks process punycode querystring readline repl stream string_decoder timers tls
  trace_events tty url util v8 vm wasi worker_threads zlib`.split(/\s+/),
);

/** A package of the tree: its source where it has one, since what its build makes may not be there yet. */
function resolveLocal(source: Source, directory: string, deep: string): string | undefined {
  if (deep !== "")
    return resolveFile(source, posix.join(directory, deep)) ?? resolveFile(source, posix.join(directory, "src", deep));
  const manifest = (source.readJson(posix.join(directory, "package.json")) ?? {}) as Record<string, unknown>;
  const exported = conditional(
    (manifest["exports"] as Record<string, unknown> | undefined)?.["."] ?? manifest["exports"],
  );
  const named = [exported, manifest["module"], manifest["main"]].filter((path) => typeof path === "string");
  // What `dist/server.js` is made of, before the build.
  const sources = named.map((path) => path.replace(/^(?:\.\/)?(?:dist|build|out|lib)\//, "src/"));
  for (const path of [...named, ...sources, "src/index", "index", "lib/index"]) {
    const file = resolveFile(source, posix.join(directory, path));
    if (file) return file;
  }
  return undefined;
}

/** `@scope/name/deep/file` → `@scope/name`. */
export function packageNameOf(specifier: string): string {
  const parts = specifier.split("/");
  return specifier.startsWith("@") ? parts.slice(0, 2).join("/") : (parts[0] as string);
}

/** A file for a path that may lack its extension, name a directory, or say `.js` where the source is `.ts`. */
export function resolveFile(source: Source, path: string): string | undefined {
  const clean = posix.normalize(path).replace(/\/$/, "") || ".";
  for (const extension of EXTENSIONS) if (source.isFile(clean + extension)) return clean + extension;
  const written = /^(.*)\.([mc]?)js(x?)$/.exec(clean);
  if (written) {
    for (const extension of [`.${written[2]}ts`, ".tsx"]) {
      if (source.isFile(`${written[1]}${extension}`)) return `${written[1]}${extension}`;
    }
  }
  if (!source.isDirectory(clean)) return undefined;
  const main =
    clean === "." ? undefined : (source.readJson(`${clean}/package.json`) as { main?: unknown } | undefined)?.main;
  // `"main": "."`: the folder itself, whose index it is.
  if (typeof main === "string" && posix.join(clean, main, ".") !== clean) {
    const file = resolveFile(source, posix.join(clean, main));
    if (file) return file;
  }
  for (const extension of EXTENSIONS.slice(1)) {
    const file = posix.join(clean, `index${extension}`);
    if (source.isFile(file)) return file;
  }
  return undefined;
}

function importTarget(imports: Record<string, unknown> | undefined, specifier: string): string | undefined {
  for (const [key, value] of Object.entries(imports ?? {})) {
    const star = key.indexOf("*");
    const target = conditional(value);
    if (target === undefined) continue;
    if (star < 0 && key === specifier) return target;
    if (star >= 0 && specifier.startsWith(key.slice(0, star)) && specifier.endsWith(key.slice(star + 1))) {
      return target.replace("*", specifier.slice(star, specifier.length - (key.length - star - 1)));
    }
  }
  return undefined;
}

/** The target of an `exports`/`imports` value under Node's conditions. */
export function conditional(value: unknown): string | undefined {
  if (typeof value === "string") return value;
  if (Array.isArray(value)) return value.map(conditional).find((found) => found !== undefined);
  if (value === null || typeof value !== "object") return undefined;
  for (const [condition, inner] of Object.entries(value)) {
    if (!["node", "import", "require", "default", "module-sync", "production"].includes(condition)) continue;
    const found = conditional(inner);
    if (found !== undefined) return found;
  }
  return undefined;
}
