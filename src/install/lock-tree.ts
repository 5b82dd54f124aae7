/**
 * package-lock.json (version 2 or 3) as the list of what `npm ci` would lay out for linux-x64-glibc. Where the answer is
 * not plain — install scripts, git dependencies, bundled packages, a lock that does not fit package.json — it says why, and npm
 * itself has to do it.
 */
import { posix } from "node:path";
import satisfies from "semver/functions/satisfies.js";
import validRange from "semver/ranges/valid.js";

export interface LockEntry {
  name?: string;
  version?: string;
  resolved?: string;
  integrity?: string;
  link?: boolean;
  dev?: boolean;
  optional?: boolean;
  devOptional?: boolean;
  peer?: boolean;
  extraneous?: boolean;
  inBundle?: boolean;
  hasInstallScript?: boolean;
  bin?: Record<string, string> | string;
  os?: string[];
  cpu?: string[];
  libc?: string[] | string;
  dependencies?: Record<string, string>;
  devDependencies?: Record<string, string>;
  optionalDependencies?: Record<string, string>;
  peerDependencies?: Record<string, string>;
  peerDependenciesMeta?: Record<string, { optional?: boolean }>;
  workspaces?: unknown;
}

export interface PackageLock {
  name?: string;
  version?: string;
  lockfileVersion?: number;
  packages?: Record<string, LockEntry>;
}

export interface LockTree {
  /** Location (`node_modules/a/node_modules/b`) → entry, sorted by location. Links among them. */
  entries: [location: string, entry: LockEntry][];
}

export interface LockTreeOptions {
  dev: boolean;
  ignoreScripts: boolean;
  /** package.json of the root and of linked members, by location (`` for the root). */
  manifest(location: string): LockEntry | undefined;
}

/** The machine that the image runs on. */
const TARGET = { os: "linux", cpu: "x64", libc: "glibc" };

/** @returns the tree, or why npm has to do it */
export function readLockTree(lock: PackageLock, options: LockTreeOptions): LockTree | { reason: string } {
  const { packages } = lock;
  if (!packages || (lock.lockfileVersion ?? 1) < 2) return { reason: "an old form of lock file" };
  const graph = createGraph(packages);
  const outOfSync = rootsDiffer(packages, options, graph);
  if (outOfSync) return { reason: outOfSync };

  const wanted = new Map<string, LockEntry>();
  for (const [location, entry] of Object.entries(packages)) {
    if (!location.includes("node_modules/") || entry.extraneous || (entry.dev && !options.dev)) continue;
    wanted.set(location, entry);
  }
  const failing = failingOptionals(wanted, graph);
  if (typeof failing === "string") return { reason: failing };
  if (failing.size > 0) dropUnreachable(wanted, failing, packages, graph, options.dev);
  for (const [location, entry] of wanted) {
    const reason = notPlain(location, entry, options) ?? brokenPeer(location, entry, graph, wanted);
    if (reason) return { reason };
  }
  return { entries: [...wanted].sort(([a], [b]) => (a < b ? -1 : 1)) };
}

/** The name that a location ends with. */
export function nameAt(location: string): string {
  return location.slice(location.lastIndexOf("node_modules/") + "node_modules/".length);
}

interface Graph {
  /** Location that `name` resolves to from `location`, by Node's rule. */
  resolve(location: string, name: string): string | undefined;
  entry(location: string): LockEntry | undefined;
}

function createGraph(packages: Record<string, LockEntry>): Graph {
  return {
    entry: (location) => packages[location],
    resolve(location, name) {
      for (let at = location; ; ) {
        const candidate = at === "" ? `node_modules/${name}` : `${at}/node_modules/${name}`;
        if (packages[candidate]) return candidate;
        if (at === "") return undefined;
        const parent = at.lastIndexOf("/node_modules/");
        at = parent >= 0 ? at.slice(0, parent) : at.includes("node_modules/") ? "" : parentFolder(at);
      }
    },
  };
}

function parentFolder(path: string): string {
  const parent = posix.dirname(path);
  return parent === "." ? "" : parent;
}

function rootsDiffer(packages: Record<string, LockEntry>, options: LockTreeOptions, graph: Graph): string | undefined {
  const roots = Object.keys(packages).filter((location) => !location.includes("node_modules/"));
  for (const location of roots) {
    const manifest = options.manifest(location);
    const locked = packages[location] as LockEntry;
    if (!manifest) return `no package.json in ${location || "the root"}`;
    for (const table of ["dependencies", "devDependencies", "optionalDependencies", "peerDependencies"] as const) {
      if (!sameTable(manifest[table], locked[table])) return `package.json and the lock file differ in ${table}`;
    }
    for (const [name, spec] of [
      ...Object.entries(locked.dependencies ?? {}),
      ...Object.entries(options.dev ? (locked.devDependencies ?? {}) : {}),
    ]) {
      const found = graph.resolve(location, name);
      if (!found) return `the lock file lacks ${name}`;
      const entry = packages[found] as LockEntry;
      if (!entry.link && validRange(spec) !== null && !satisfies(entry.version ?? "", spec, { loose: true }))
        return `${name}@${entry.version} is not ${spec}`;
    }
  }
  return undefined;
}

function sameTable(a: Record<string, string> = {}, b: Record<string, string> = {}): boolean {
  const names = Object.keys(a);
  return names.length === Object.keys(b).length && names.every((name) => a[name] === b[name]);
}

/** Optional packages that are not for the target, and those that cannot be without them. */
function failingOptionals(wanted: Map<string, LockEntry>, graph: Graph): Set<string> | string {
  const failing = new Set<string>();
  for (const [location, entry] of wanted) {
    if (fitsTarget(entry)) continue;
    if (!entry.optional) return `${nameAt(location)} is not for ${TARGET.os}-${TARGET.cpu}`;
    failing.add(location);
  }
  for (let grown = failing.size > 0; grown; ) {
    grown = false;
    for (const [location, entry] of wanted) {
      if (!entry.optional || failing.has(location)) continue;
      for (const name of Object.keys(entry.dependencies ?? {})) {
        const target = graph.resolve(location, name);
        if (target === undefined || !failing.has(target) || entry.optionalDependencies?.[name] !== undefined) continue;
        failing.add(location);
        grown = true;
        break;
      }
    }
  }
  return failing;
}

export function namesPlatform({ os, cpu, libc }: Pick<LockEntry, "os" | "cpu" | "libc">): boolean {
  return os !== undefined || cpu !== undefined || libc !== undefined;
}

export function fitsTarget(entry: Pick<LockEntry, "os" | "cpu" | "libc">): boolean {
  return allows(entry.os, TARGET.os) && allows(entry.cpu, TARGET.cpu) && allows([entry.libc ?? []].flat(), TARGET.libc);
}

function allows(list: string[] | string | undefined, value: string): boolean {
  const values = [list ?? []].flat();
  if (values.length === 0 || values.includes("any")) return true;
  if (values.includes(`!${value}`)) return false;
  const positive = values.filter((item) => !item.startsWith("!"));
  return positive.length === 0 || positive.includes(value);
}

/** Takes away the failing ones and every optional package that only they needed. */
function dropUnreachable(
  wanted: Map<string, LockEntry>,
  failing: Set<string>,
  packages: Record<string, LockEntry>,
  graph: Graph,
  dev: boolean,
): void {
  for (const location of failing) wanted.delete(location);
  const reached = new Set<string>();
  const queue = Object.keys(packages).filter((location) => !location.includes("node_modules/"));
  for (let location = queue.pop(); location !== undefined; location = queue.pop()) {
    const entry = packages[location] as LockEntry;
    const isRoot = !location.includes("node_modules/");
    const names = [
      ...Object.keys(entry.dependencies ?? {}),
      ...Object.keys(entry.optionalDependencies ?? {}),
      ...Object.keys(entry.peerDependencies ?? {}),
      ...(isRoot && dev ? Object.keys(entry.devDependencies ?? {}) : []),
    ];
    for (const name of names) {
      const target = graph.resolve(location, name);
      if (target === undefined || failing.has(target) || reached.has(target)) continue;
      reached.add(target);
      queue.push(target);
    }
  }
  for (const [location, entry] of wanted) if (entry.optional && !reached.has(location)) wanted.delete(location);
}

function notPlain(location: string, entry: LockEntry, options: LockTreeOptions): string | undefined {
  const name = nameAt(location);
  if (entry.inBundle) return `${name} is bundled in another package`;
  if (entry.hasInstallScript && !options.ignoreScripts) return `${name} has install scripts`;
  if (entry.link) {
    const target = options.manifest(entry.resolved ?? "") as
      | (LockEntry & { scripts?: Record<string, unknown> })
      | undefined;
    if (!target || (entry.resolved ?? "").startsWith("..")) return `${name} is linked from outside`;
    const lifecycle = ["preinstall", "install", "postinstall", "prepare"].find(
      (script) => target.scripts?.[script] !== undefined,
    );
    return lifecycle && !options.ignoreScripts ? `${name} has install scripts` : undefined;
  }
  if (!entry.version || !entry.integrity) return `${name} has no integrity in the lock file`;
  if (entry.resolved !== undefined && !/^https?:\/\/.*\.tgz(?:$|[?#])/.test(entry.resolved))
    return `${name} does not come from a registry`;
  return undefined;
}

/** npm refuses a tree whose peers do not fit; it is npm that should say so. */
function brokenPeer(
  location: string,
  entry: LockEntry,
  graph: Graph,
  wanted: Map<string, LockEntry>,
): string | undefined {
  for (const [name, range] of Object.entries(entry.peerDependencies ?? {})) {
    if (entry.peerDependenciesMeta?.[name]?.optional) continue;
    const target =
      graph.resolve(posix.dirname(posix.dirname(location)).replace(/^\.$/, ""), name) ?? graph.resolve(location, name);
    if (target === undefined) return `${nameAt(location)} lacks its peer ${name}`;
    const peer = wanted.get(target) ?? graph.entry(target);
    if (peer?.link || validRange(range) === null) continue;
    if (!satisfies(peer?.version ?? "", range, { loose: true }))
      return `${nameAt(location)} does not accept its peer ${name}@${peer?.version}`;
  }
  return undefined;
}
