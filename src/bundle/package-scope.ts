/** package.json files as Node reads them: one read each, kept for a run. */
import { readFileSync, realpathSync, statSync } from "node:fs";
import { dirname, join, sep } from "node:path";

export interface PackageJson {
  name?: string;
  version?: string;
  type?: string;
  main?: unknown;
  exports?: unknown;
  imports?: Record<string, unknown>;
  dependencies?: Record<string, string>;
  devDependencies?: Record<string, string>;
  optionalDependencies?: Record<string, string>;
  peerDependencies?: Record<string, string>;
  peerDependenciesMeta?: Record<string, { optional?: boolean }>;
  bundleDependencies?: string[] | boolean;
  os?: string[] | string;
  cpu?: string[] | string;
  libc?: string[] | string;
}

export interface PackageScope {
  dir: string;
  json: PackageJson;
}

/** File system questions, each asked once. A resolver lives as long as one build: files do not change under it. */
export class FileFacts {
  readonly #kinds = new Map<string, "file" | "dir" | "none">();
  readonly #real = new Map<string, string>();
  readonly #json = new Map<string, PackageJson | undefined>();
  readonly #scopes = new Map<string, PackageScope | undefined>();
  /** Every package.json that was read. */
  readonly read = new Set<string>();

  kind(path: string): "file" | "dir" | "none" {
    let kind = this.#kinds.get(path);
    if (!kind) {
      const stat = statSync(path, { throwIfNoEntry: false });
      kind = stat?.isFile() ? "file" : stat?.isDirectory() ? "dir" : "none";
      this.#kinds.set(path, kind);
    }
    return kind;
  }

  realpath(path: string): string {
    let real = this.#real.get(path);
    if (!real) {
      real = realpathSync(path);
      this.#real.set(path, real);
    }
    return real;
  }

  /** The package.json of a directory; undefined when there is none or it is not JSON. */
  packageJson(dir: string): PackageJson | undefined {
    if (this.#json.has(dir)) return this.#json.get(dir);
    let json: PackageJson | undefined;
    const path = join(dir, "package.json");
    try {
      const parsed: unknown = JSON.parse(readFileSync(path, "utf8"));
      if (parsed !== null && typeof parsed === "object") json = parsed as PackageJson;
      this.read.add(path);
    } catch {
      json = undefined;
    }
    this.#json.set(dir, json);
    return json;
  }

  /** Nearest package.json at or above a directory, without leaving a node_modules folder. */
  scope(dir: string): PackageScope | undefined {
    if (this.#scopes.has(dir)) return this.#scopes.get(dir);
    let scope: PackageScope | undefined;
    const json = this.packageJson(dir);
    if (json) scope = { dir, json };
    else if (dirname(dir) !== dir && !dir.endsWith(`${sep}node_modules`)) scope = this.scope(dirname(dir));
    this.#scopes.set(dir, scope);
    return scope;
  }

  /**
   * The package that a file belongs to: for one below node_modules the folder that carries the package's name (packages have
   * package.json files of their own in subfolders, which name nothing); else the nearest package.json with a name.
   */
  packageOf(file: string): PackageScope | undefined {
    const dir = packageDirOf(file);
    if (dir) {
      const json = this.packageJson(dir);
      return { dir, json: json ?? {} };
    }
    for (let at = dirname(file); ; at = dirname(at)) {
      const json = this.packageJson(at);
      if (json?.name) return { dir: at, json };
      if (dirname(at) === at) return undefined;
    }
  }
}

/** Declared by many, of no use at run time in the image: type declarations, and platform packages for musl (most say so only in their name). */
export function isUseless(name: string, json: PackageJson | undefined): boolean {
  if (name.startsWith("@types/")) return true;
  if (json?.os === undefined && json?.cpu === undefined && json?.libc === undefined) return false;
  const libc = [json.libc ?? []].flat();
  return libc.length > 0 ? !libc.includes("glibc") : /[-_]musl$/.test(name);
}

const MODULES = `${sep}node_modules${sep}`;

/** `/x/node_modules/@a/b` of `/x/node_modules/@a/b/lib/c.js`; undefined outside of node_modules. */
export function packageDirOf(file: string): string | undefined {
  const at = file.lastIndexOf(MODULES);
  if (at < 0) return undefined;
  const start = at + MODULES.length;
  const parts = file.slice(start).split(sep);
  const count = parts[0]?.startsWith("@") ? 2 : 1;
  return file.slice(0, start) + parts.slice(0, count).join(sep);
}

/** `@a/b` of `@a/b/c`, `a` of `a/b`, `.prisma` of `.prisma/client`; undefined for relative, absolute, `#x` and empty specifiers. */
export function packageNameOf(specifier: string): string | undefined {
  const found = /^(?!\.{1,2}(?:\/|$))(?:@[^/\\%]+\/)?[^/\\%#@][^/\\%]*/.exec(specifier)?.[0];
  return found && (specifier.length === found.length || specifier[found.length] === "/") ? found : undefined;
}
