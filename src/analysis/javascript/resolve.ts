/** Which file an import names, within the project: relative paths, tsconfig paths, `#` imports, workspace packages. */
import { blankComments } from "../comments.ts";

const EXTENSIONS = [
  "",
  ".ts",
  ".tsx",
  ".mts",
  ".cts",
  ".js",
  ".mjs",
  ".cjs",
  ".jsx",
  ".json",
  "/index.ts",
  "/index.tsx",
  "/index.js",
  "/index.mjs",
  "/index.cjs",
];

interface Manifest {
  name?: string;
  main?: string;
  module?: string;
  source?: string;
  exports?: unknown;
  imports?: Record<string, unknown>;
  scripts?: Record<string, string>;
  bin?: unknown;
  dependencies?: Record<string, string>;
  devDependencies?: Record<string, string>;
}

export interface PathMap {
  /** Folder of the tsconfig. */
  folder: string;
  baseUrl: string | undefined;
  paths: [string, string[]][];
}

/** JSON as tsconfig has it: comments, trailing commas. Undefined when it is not even that. */
export function parseLooseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    const bare = blankComments(text.replace(/^\uFEFF/, "")).replace(/,(\s*[}\]])/g, "$1");
    try {
      return JSON.parse(bare);
    } catch {
      return undefined;
    }
  }
}

export function joinPath(folder: string, path: string): string {
  const out: string[] = [];
  for (const part of `${folder}/${path}`.split("/")) {
    if (part === "" || part === ".") continue;
    if (part === "..") out.pop();
    else out.push(part);
  }
  return out.join("/");
}

export const dirname = (path: string): string => (path.includes("/") ? path.slice(0, path.lastIndexOf("/")) : "");

export interface Resolver {
  resolve(specifier: string, from: string): string | undefined;
  manifests: Map<string, Manifest>;
  /** Files of the program that start it, as far as its manifests tell. */
  entryOf(folder: string, command: string): string | undefined;
}

export function createResolver(texts: ReadonlyMap<string, string>): Resolver {
  const manifests = new Map<string, Manifest>();
  const maps: PathMap[] = [];
  const packages = new Map<string, string>();
  for (const [path, text] of texts) {
    const name = path.slice(path.lastIndexOf("/") + 1);
    if (name === "package.json") {
      const manifest = parseLooseJson(text) as Manifest | undefined;
      if (!manifest || typeof manifest !== "object") continue;
      manifests.set(dirname(path), manifest);
      if (typeof manifest.name === "string") packages.set(manifest.name, dirname(path));
    } else if (/^[jt]sconfig(\.[a-z]+)?\.json$/.test(name)) {
      const options = (
        parseLooseJson(text) as { compilerOptions?: { baseUrl?: string; paths?: Record<string, string[]> } } | undefined
      )?.compilerOptions;
      if (options?.paths || options?.baseUrl)
        maps.push({
          folder: dirname(path),
          baseUrl: options.baseUrl,
          paths: Object.entries(options.paths ?? {}).filter(([, v]) => Array.isArray(v)),
        });
    }
  }
  maps.sort((a, b) => b.folder.length - a.folder.length);

  const file = (path: string): string | undefined => {
    for (const e of EXTENSIONS) if (texts.has(path + e)) return path + e;
    // `./x.js` written for `./x.ts`.
    const swapped = path.replace(/\.([mc]?)jsx?$/, ".$1ts");
    if (swapped !== path) {
      if (texts.has(swapped)) return swapped;
      if (texts.has(`${swapped}x`)) return `${swapped}x`;
    }
    return undefined;
  };

  const source = (folder: string, path: string): string | undefined => {
    const direct = file(joinPath(folder, path));
    if (direct && !/(^|\/)(dist|build|out|lib)\//.test(direct.slice(folder.length))) return direct;
    // The built file is named: the source it is made from.
    const inner = path.replace(/^\.?\//, "");
    const stem = inner.replace(/\.(js|mjs|cjs|jsx)$/, "");
    const without = stem.replace(/^[^/]+\//, "");
    const candidates = [
      `src/${without}`,
      without,
      `src/${without.replace(/^src\//, "")}`,
      stem.replace(/^(dist|build|out|lib)\//, "src/"),
    ];
    const bare = without.replace(/^.*\//, "");
    // `node build`, `node .`: the folder's index.
    if (/^(dist|build|out|lib)?$/.test(stem.replace(/\/$/, ""))) candidates.push("src/index", "index");
    for (const c of [...candidates, `src/${bare}`, bare]) {
      const found = file(joinPath(folder, c));
      if (found && !found.endsWith(".json")) return found;
    }
    return direct;
  };

  /** `require("../dist/cli")`, which is not built yet: what it is made from. */
  const unbuilt = (path: string): string | undefined => {
    const at = path.search(/(?:^|\/)(?:dist|build|out)\//);
    const folder = path[at] === "/" ? path.slice(0, at) : "";
    if (at < 0 || !manifests.has(folder)) return undefined;
    return source(folder, path.slice(folder === "" ? 0 : folder.length + 1));
  };

  /** `require("./config")`, which everybody copies from `config.template.js` first. */
  const template = (path: string): string | undefined => {
    const [, stem = "", ext = ""] = /^(.*?)(\.[mc]?[jt]s|\.json)?$/.exec(path) ?? [];
    for (const word of TEMPLATES)
      for (const sign of [".", "-", "_"]) {
        const found = file(`${stem}${sign}${word}${ext}`);
        if (found) return found;
      }
    return undefined;
  };

  const find = (specifier: string, within: string): string | undefined => {
    if (specifier.startsWith("/")) return undefined;
    if (specifier.startsWith(".")) {
      const path = joinPath(within, specifier);
      // `require("..")`: a folder, by what its manifest calls its main file.
      const main = manifests.get(path)?.main;
      const found = typeof main === "string" ? source(path, main) : undefined;
      return found ?? file(path === "" ? "index" : path) ?? unbuilt(path) ?? template(path);
    }
    for (const map of maps) {
      if (map.folder && !`${within}/`.startsWith(`${map.folder}/`)) continue;
      const base = joinPath(map.folder, map.baseUrl ?? ".");
      for (const [pattern, targets] of map.paths) {
        const star = pattern.indexOf("*");
        const head = star < 0 ? pattern : pattern.slice(0, star);
        if (star < 0 ? specifier !== pattern : !specifier.startsWith(head)) continue;
        for (const target of targets) {
          const found = file(joinPath(base, target.replace("*", specifier.slice(head.length))));
          if (found) return found;
        }
      }
      if (map.baseUrl !== undefined) {
        const found = file(joinPath(base, specifier));
        if (found && !found.endsWith("package.json")) return found;
      }
    }
    if (/^[@~#]\//.test(specifier)) {
      for (const root of ["src", "", "app", "server"]) {
        const found = file(joinPath(root, specifier.slice(2)));
        if (found) return found;
      }
    }
    if (specifier.startsWith("#")) {
      const own = [...manifests]
        .filter(([folder]) => !folder || `${within}/`.startsWith(`${folder}/`))
        .sort((a, b) => b[0].length - a[0].length);
      for (const [folder, manifest] of own)
        for (const [pattern, target] of Object.entries(manifest.imports ?? {})) {
          const to =
            typeof target === "string"
              ? target
              : Object.values((target ?? {}) as object).find((t) => typeof t === "string");
          const head = pattern.replace(/\*$/, "");
          if (
            typeof to === "string" &&
            (pattern === specifier || (pattern.endsWith("*") && specifier.startsWith(head)))
          ) {
            const found = source(folder, to.replace("*", specifier.slice(head.length)));
            if (found) return found;
          }
        }
      return undefined;
    }
    const parts = specifier.split("/");
    const name = parts.slice(0, specifier.startsWith("@") ? 2 : 1).join("/");
    const folder = packages.get(name);
    if (folder === undefined) return undefined;
    const rest = specifier.slice(name.length + 1);
    if (rest) return file(joinPath(folder, rest)) ?? file(joinPath(folder, `src/${rest}`));
    const manifest = manifests.get(folder);
    return (
      source(folder, manifest?.source ?? manifest?.main ?? "index") ??
      file(joinPath(folder, "src/index")) ??
      file(joinPath(folder, "index"))
    );
  };

  // Many files import the same thing, and a name is asked for once for each use.
  const known = new Map<string, string | undefined>();
  return {
    manifests,
    entryOf: source,
    resolve(specifier, from) {
      const folder = dirname(from);
      const key = `${folder}\n${specifier}`;
      if (!known.has(key)) known.set(key, find(specifier, folder));
      return known.get(key);
    },
  };
}

const TEMPLATES = ["template", "example", "sample", "default", "dist"];

const SPECIFIER =
  /(?:\bfrom\s*|\bimport\s*\(?\s*|\brequire\s*\(\s*|\bimport\(\s*(?:\/\*[^*]*\*\/\s*)?)["'`]([^"'`\n]+)["'`]/g;

/** `require(path.join(config.root, "/include/system.js"))`: a folder that is the file's own, or else the program's. */
const JOINED =
  /\b(?:require|import|fork|new Worker)\s*\(\s*(?:path\.)?(?:join|resolve)\(\s*([\w.$]+(?:\(\))?)\s*,\s*["'`]([^"'`$\n]+)["'`]\s*\)/g;

const TYPES_ONLY = /\b(?:import|export)\s+type\s+(?:[\w$]+|\*\s*as\s+\w+|\{[^{}]*\})\s*$/;

/** Files reached from the entries by imports that the text shows. */
export function reachable(
  entries: Iterable<string>,
  texts: ReadonlyMap<string, string>,
  resolver: Resolver,
): Set<string> {
  const seen = new Set<string>();
  const queue = [...entries];
  for (let path = queue.pop(); path !== undefined; path = queue.pop()) {
    if (seen.has(path)) continue;
    seen.add(path);
    const text = texts.get(path);
    if (!text || path.endsWith(".json")) continue;
    for (const m of text.matchAll(SPECIFIER)) {
      // What only its types are taken from is not loaded.
      if (TYPES_ONLY.test(text.slice(Math.max(0, m.index - 300), m.index))) continue;
      const found = resolver.resolve(m[1] as string, path);
      if (found && !seen.has(found)) queue.push(found);
    }
    for (const [, base = "", tail = ""] of text.matchAll(JOINED)) {
      const found = resolver.resolve(`./${tail}`, /dirname/.test(base) ? path : "package.json");
      if (found && !seen.has(found)) queue.push(found);
    }
  }
  return seen;
}
