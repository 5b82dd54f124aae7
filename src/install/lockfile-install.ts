/**
 * `npm ci` without npm: unpacks what package-lock.json names, straight from npm's cache, side by side, in this process. Only
 * where the lock file says it all (lock-tree.ts); the result is file by file what npm lays out.
 */
import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { createGunzip, gunzip } from "node:zlib";
import { mapConcurrent } from "../base/concurrency.ts";
import { KnbuildError, throwIfAborted } from "../base/errors.ts";
import { binsOf, linkBins } from "./bin-links.ts";
import { type LockEntry, nameAt, type PackageLock, readLockTree } from "./lock-tree.ts";
import { cachedTarball, fetchTarball, npmCacheDir, type Tarball } from "./npm-cache.ts";
import { linkFrom } from "./sync-modules.ts";
import { createUnpacker } from "./untar.ts";

export interface LockfileInstallRequest {
  /** Directory with package.json (and members' ones); node_modules is made in it. */
  tree: string;
  lock: PackageLock;
  dev: boolean;
  ignoreScripts: boolean;
  manifest(location: string): LockEntry | undefined;
  /** An installation from another lock file of the same project. */
  earlier?: string | undefined;
  env: NodeJS.ProcessEnv;
  npmConfig?: (() => Promise<Record<string, unknown>>) | undefined;
  signal?: AbortSignal | undefined;
  progress?(note: string): void;
}

/** As many as Node has threads to inflate with; more would only wait, with their bytes in memory. */
const PARALLEL = 4;
/** Tarballs up to this size are unpacked in memory, which is faster. */
const WHOLE_BYTES = 128 * 1024;
const PIECE_LIMIT_BYTES = 4 * 1024 * 1024;

/** @returns the number of packages, or why npm itself has to do it (then nothing was written) */
export async function installFromLock(
  request: LockfileInstallRequest,
): Promise<{ packages: number } | { reason: string }> {
  const { tree, lock } = request;
  const found = readLockTree(lock, request);
  if ("reason" in found) return found;
  const npmCache = npmCacheDir(request.env);
  const packages = found.entries.filter(([, entry]) => !entry.link);
  if (!request.npmConfig && packages.some(([, entry]) => !cachedTarball(npmCache, entry.integrity as string))) {
    return { reason: "npm's cache lacks a package" };
  }
  let options: Promise<Record<string, unknown>> | undefined;
  let done = 0;
  mkdirSync(join(tree, "node_modules"), { recursive: true });
  const link = request.earlier === undefined ? () => false : linkFrom(request.earlier, tree);
  await mapConcurrent(packages, PARALLEL, async ([location, entry]) => {
    throwIfAborted(request.signal);
    if (!link(location, entry)) await fetchAndUnpack(location, entry);
    request.progress?.(`${++done}/${packages.length} packages`);
  });

  async function fetchAndUnpack(location: string, entry: LockEntry): Promise<void> {
    const name = entry.name ?? nameAt(location);
    const integrity = entry.integrity as string;
    let tarball = cachedTarball(npmCache, integrity);
    if (!tarball) {
      options ??= request.npmConfig?.() ?? Promise.resolve({});
      tarball = await fetchTarball(name, entry.version as string, entry.resolved, integrity, await options);
    }
    await unpack(tarball, join(tree, location), name, entry);
  }

  for (const [location, entry] of found.entries) {
    if (!entry.link) continue;
    const link = join(tree, location);
    mkdirSync(dirname(link), { recursive: true });
    symlinkSync(relative(dirname(link), join(tree, entry.resolved as string)), link);
  }
  for (const [location, entry] of byDepth(found.entries)) {
    linkBins(tree, location, entry.link ? request.manifest(entry.resolved as string)?.bin : entry.bin);
  }
  writeFileSync(join(tree, "node_modules/.package-lock.json"), hiddenLock(lock, found.entries));
  return { packages: packages.length };
}

async function unpack(tarball: Tarball, destination: string, name: string, entry: LockEntry): Promise<void> {
  const bins = new Set(Object.values(binsOf(name, entry.bin)));
  const unpacker = createUnpacker(destination, `${name}@${entry.version}`, (path) => bins.has(path));
  try {
    if (tarball.sizeBytes <= WHOLE_BYTES) {
      for await (const bytes of tarball.chunks()) unpacker.write(await inflate(bytes));
    } else {
      const inflater = createGunzip({ chunkSize: 64 * 1024 });
      const feeding = (async () => {
        for await (const chunk of tarball.chunks()) {
          if (!inflater.write(chunk)) await new Promise((resolve) => inflater.once("drain", resolve));
        }
        inflater.end();
      })();
      feeding.catch((error) => inflater.destroy(error));
      for await (const chunk of inflater) unpacker.write(chunk as Buffer);
      await feeding;
    }
  } catch (error) {
    if (error instanceof KnbuildError) throw error;
    throw new KnbuildError({
      code: "PACKAGE_DAMAGED",
      message: `cannot unpack ${name}@${entry.version}: ${(error as Error).message}`,
      where: destination,
      hint: "Clear npm's cache (npm cache verify) and try again.",
      cause: error,
    });
  }
  unpacker.end();
}

/** In one piece: the last four bytes say how long it is (RFC 1952, ISIZE); small pieces would litter the heap. */
function inflate(bytes: Buffer): Promise<Buffer> {
  const announced = bytes.length >= 18 ? bytes.readUInt32LE(bytes.length - 4) : 0;
  const chunkSize = Math.min(Math.max(announced + 64, 16 * 1024), PIECE_LIMIT_BYTES);
  return new Promise((resolve, reject) => {
    gunzip(bytes, { chunkSize }, (error, result) => (error ? reject(error) : resolve(result)));
  });
}

/**
 * npm links the programs of shallow packages first: they keep a name that two packages have. Otherwise in the order of the
 * lock file, which is npm's own; to sort by a language, node would load the tables of all.
 */
function byDepth(entries: readonly [string, LockEntry][]): [string, LockEntry][] {
  return [...entries].sort(([a], [b]) => a.split("/node_modules/").length - b.split("/node_modules/").length);
}

/** What npm writes beside the packages to know them again. */
function hiddenLock(lock: PackageLock, entries: readonly [string, LockEntry][]): string {
  const packages: Record<string, LockEntry> = Object.fromEntries(entries);
  for (const [, entry] of entries) {
    const target = entry.link ? lock.packages?.[entry.resolved as string] : undefined;
    if (target) packages[entry.resolved as string] = target;
  }
  return `${JSON.stringify({ ...(lock.name && { name: lock.name }), ...(lock.version && { version: lock.version }), lockfileVersion: 3, requires: true, packages }, null, 2)}\n`;
}
