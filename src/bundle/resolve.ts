/**
 * Node's module resolution (nodejs.org/api/modules.html#all-together, esm.html#resolution-algorithm) for a target version:
 * conditions, `exports`, `imports`, self-reference, realpath. Bundlers add conditions and main fields of their own; what is
 * judged and shipped here has to be what Node itself would load.
 */
import { builtinModules } from "node:module";
import { dirname, join, resolve as resolvePath } from "node:path";
import { type FileFacts, packageNameOf } from "./package-scope.ts";

export type RequestKind = "require" | "import";

export type Resolution =
  | { type: "builtin" }
  /** `path` is real; `seen` is the path before symbolic links, where a package was found. */
  | { type: "file"; path: string; seen: string }
  | { type: "missing"; reason: string };

const BUILTINS = new Set(builtinModules);

export function isBuiltinName(specifier: string): boolean {
  return specifier.startsWith("node:") || BUILTINS.has(specifier);
}

export interface Resolver {
  resolve(specifier: string, fromFile: string, kind: RequestKind): Resolution;
  /** The folder of a package as seen from a directory, before symbolic links. */
  findPackage(name: string, fromDir: string): string | undefined;
}

export function createResolver(facts: FileFacts, nodeTarget: string): Resolver {
  const conditions: Record<RequestKind, Set<string>> = {
    require: new Set(["node", "require", "node-addons", ...(moduleSync(nodeTarget) ? ["module-sync"] : [])]),
    import: new Set(["node", "import", "node-addons", ...(moduleSync(nodeTarget) ? ["module-sync"] : [])]),
  };
  const found = new Map<string, Resolution>();

  function resolve(specifier: string, fromFile: string, kind: RequestKind): Resolution {
    if (isBuiltinName(specifier)) return { type: "builtin" };
    const dir = dirname(fromFile);
    const key = `${kind}\0${dir}\0${specifier}`;
    let result = found.get(key);
    if (!result) {
      result = resolveUncached(specifier, dir, kind);
      found.set(key, result);
    }
    return result;
  }

  function resolveUncached(specifier: string, dir: string, kind: RequestKind): Resolution {
    const clean =
      kind === "import" ? specifier.replace(/[?#].*$/, (tail) => (specifier.startsWith("#") ? tail : "")) : specifier;
    if (/^(?:\.\.?(?:\/|$)|\/)/.test(clean)) {
      const path = resolvePath(dir, clean);
      return file(
        kind === "require" || !/\.[cm]?js$/.test(path) ? asFileOrDirectory(path, clean.endsWith("/")) : exact(path),
        clean,
      );
    }
    if (clean.startsWith("#")) {
      const scope = facts.scope(dir);
      const target = scope?.json.imports && matchMap(scope.json.imports, clean, conditions[kind]);
      if (!target || !scope) return missing(`${clean} is not in the "imports" of the package`);
      if (target.startsWith("./")) return file(exact(join(scope.dir, target)), clean);
      return resolve(target, join(scope.dir, "package.json"), kind);
    }
    const name = packageNameOf(clean);
    if (!name) return missing(`${JSON.stringify(clean)} is not a module name`);
    const subpath = `.${clean.slice(name.length)}`;
    const self = facts.scope(dir);
    if (self?.json.name === name && self.json.exports !== undefined && self.json.exports !== null) {
      return fromPackage(self.dir, subpath, kind, clean);
    }
    let last: Resolution | undefined;
    for (const packageDir of candidates(name, dir)) {
      last = fromPackage(packageDir, subpath, kind, clean);
      // A folder without package.json does not stop Node's search; one that has `exports` does.
      if (last.type === "file" || facts.packageJson(packageDir)?.exports !== undefined) return last;
    }
    return last ?? missing(`no package ${name} in any node_modules`);
  }

  function* candidates(name: string, fromDir: string): Generator<string> {
    for (let dir = fromDir; ; dir = dirname(dir)) {
      if (!dir.endsWith("node_modules")) {
        const packageDir = join(dir, "node_modules", name);
        if (facts.kind(packageDir) === "dir") yield packageDir;
      }
      if (dirname(dir) === dir) return;
    }
  }

  function fromPackage(packageDir: string, subpath: string, kind: RequestKind, specifier: string): Resolution {
    const json = facts.packageJson(packageDir);
    if (json?.exports !== undefined && json.exports !== null) {
      const exportsMap = normalizeExports(json.exports);
      const target = exportsMap && matchMap(exportsMap, subpath, conditions[kind]);
      if (!target) return missing(`${subpath} is not in the "exports" of ${packageDir.split("node_modules/").at(-1)}`);
      return file(exact(join(packageDir, target)), specifier);
    }
    if (subpath !== ".") return file(asFileOrDirectory(join(packageDir, subpath), subpath.endsWith("/")), specifier);
    return file(asDirectory(packageDir), specifier);
  }

  function exact(path: string): string | undefined {
    return facts.kind(path) === "file" ? path : undefined;
  }

  function asFile(path: string): string | undefined {
    return exact(path) ?? exact(`${path}.js`) ?? exact(`${path}.json`) ?? exact(`${path}.node`);
  }

  function asDirectory(path: string): string | undefined {
    if (facts.kind(path) !== "dir") return undefined;
    const main = facts.packageJson(path)?.main;
    if (typeof main === "string" && main) {
      const at = join(path, main);
      const hit = asFile(at) ?? asIndex(at);
      if (hit) return hit;
    }
    return asIndex(path);
  }

  function asIndex(path: string): string | undefined {
    return exact(join(path, "index.js")) ?? exact(join(path, "index.json")) ?? exact(join(path, "index.node"));
  }

  function asFileOrDirectory(path: string, directoryOnly: boolean): string | undefined {
    return (directoryOnly ? undefined : asFile(path)) ?? asDirectory(path);
  }

  function file(path: string | undefined, specifier: string): Resolution {
    if (path === undefined) return missing(`no file for ${specifier}`);
    return { type: "file", path: facts.realpath(path), seen: path };
  }

  return {
    resolve,
    findPackage: (name, fromDir) => candidates(name, fromDir).next().value ?? undefined,
  };
}

function missing(reason: string): Resolution {
  return { type: "missing", reason };
}

/** Node ≥ 22.10 knows the condition `module-sync`. */
function moduleSync(nodeTarget: string): boolean {
  const [major = 0, minor] = nodeTarget.split(".").map(Number);
  return major > 22 || (major === 22 && (minor === undefined || minor >= 10));
}

/** `exports` as a map of subpaths. */
function normalizeExports(value: unknown): Record<string, unknown> | undefined {
  if (value === null || value === undefined) return undefined;
  if (typeof value === "object" && !Array.isArray(value)) {
    const map = value as Record<string, unknown>;
    if (Object.keys(map).some((key) => key.startsWith("."))) return map;
  }
  return { ".": value };
}

/** PACKAGE_IMPORTS_EXPORTS_RESOLVE: exact key, else the pattern with the longest prefix. */
function matchMap(map: Record<string, unknown>, subpath: string, conditions: Set<string>): string | undefined {
  if (subpath in map && !subpath.includes("*") && !subpath.endsWith("/"))
    return pickTarget(map[subpath], "", conditions);
  let best: string | undefined;
  for (const key of Object.keys(map)) {
    const star = key.indexOf("*");
    const prefix = star < 0 ? (key.endsWith("/") ? key : undefined) : key.slice(0, star);
    if (prefix === undefined || !subpath.startsWith(prefix) || subpath === prefix) continue;
    if (star >= 0 && !(subpath.length >= key.length && subpath.endsWith(key.slice(star + 1)))) continue;
    if (best === undefined || prefix.length > (best.indexOf("*") < 0 ? best.length : best.indexOf("*"))) best = key;
  }
  if (best === undefined) return undefined;
  const star = best.indexOf("*");
  if (star < 0) {
    const target = pickTarget(map[best], "", conditions);
    return target && target + subpath.slice(best.length);
  }
  return pickTarget(map[best], subpath.slice(star, subpath.length - (best.length - star - 1)), conditions);
}

function pickTarget(target: unknown, match: string, conditions: Set<string>): string | undefined {
  if (typeof target === "string") return target.replaceAll("*", match);
  if (Array.isArray(target)) {
    for (const one of target) {
      const hit = pickTarget(one, match, conditions);
      if (hit !== undefined) return hit;
    }
    return undefined;
  }
  if (target === null || typeof target !== "object") return undefined;
  for (const [condition, value] of Object.entries(target)) {
    if (condition !== "default" && !conditions.has(condition)) continue;
    const hit = pickTarget(value, match, conditions);
    if (hit !== undefined) return hit;
    if (value === null) return undefined;
  }
  return undefined;
}
