/** From what the user wrote to what an image stands on: `resolveBase`. */
import { statSync } from "node:fs";
import { join } from "node:path";
import { canonicalJson } from "../base/canonical-json.ts";
import { type Digest, sha256 } from "../base/digest.ts";
import { type KnbuildError, usageError } from "../base/errors.ts";
import type { LayerSource } from "../oci/layer-source.ts";
import type { RuntimeConfig } from "../oci/manifest.ts";
import { readBaseRequest } from "./catalogue.ts";
import { type BaseContext, type BaseOptions, createBaseContext } from "./context.ts";
import { debianLayer } from "./debian-layer.ts";
import type { BaseDefinition } from "./definition.ts";
import {
  emptyLock,
  keepLock,
  type LockedBase,
  type LockedNode,
  type LockFile,
  type LockMode,
  lockKey,
  lockOutdated,
  parseLockKey,
  readLock,
  writeLock,
} from "./lock.ts";
import { NODE_PATH, nodeBinary, nodeLayer } from "./node-layer.ts";
import { type OpenReference, type ReferenceBase, resolveReference } from "./reference-base.ts";
import { type BaseWish, wishDigest } from "./wish.ts";

export interface ResolveBaseOptions extends BaseOptions {
  /** Debian packages besides the base's own, in a layer of their own. */
  packages?: readonly string[];
  /** knbuild.lock of the project. Absent: pins of this machine's cache, good for a day, serve. */
  lockFile?: string | undefined;
  /**
   * `write` (default): the lock file is written where it is missing or out of date; `try`: the same, with a warning where it may
   * not be written; `frozen`: LOCK_OUTDATED instead.
   */
  lockMode?: LockMode;
  /** Opens what a reference names; needed for bases by reference, and for the fallback. */
  openReference?: OpenReference;
}

export interface AssembledBase {
  kind: "assembled";
  id: string;
  /** As the user wrote it. */
  ref: string;
  /** Names what the base is made of; equal on every machine. */
  digest: Digest;
  /** Bottom first. Nothing is fetched before their entries are read. */
  layers: LayerSource[];
  config: Pick<RuntimeConfig, "User" | "Env" | "WorkingDir">;
  node?: {
    version: string;
    major: number;
    path: string;
    /** The same binary on this machine; fetched where it is not in the cache. */
    binary: () => Promise<string>;
  };
  /** glibc's upstream version, where the base has it. */
  glibc?: string;
  definition: BaseDefinition;
  locked: LockedBase;
  /** The lock file was written by this call. */
  lockChanged: boolean;
}

export type ResolvedBase = AssembledBase | ReferenceBase;

/** How long a pin of the cache serves projects that have no lock file. */
const PIN_LIFETIME_MS = 24 * 3600 * 1000;

/**
 * Resolves an id of the catalogue, a definition file or a reference. With a lock that is up to date neither the network nor
 * apt's or npm's configuration is touched. Where no Debian mirror is known, the definition's fallback image stands in.
 * @throws BASE_UNKNOWN, BASE_NO_MIRROR, LOCK_OUTDATED, BASE_LOCK_INVALID, BASE_SIGNATURE_INVALID, BASE_RELEASE_EXPIRED,
 *   BASE_HASH_MISMATCH, BASE_PACKAGE_MISSING, BASE_REFERENCE_UNKNOWN, …
 */
export async function resolveBase(ref: string, options: ResolveBaseOptions = {}): Promise<ResolvedBase> {
  const context = createBaseContext(options);
  const request = await readBaseRequest(ref, context.cwd);
  const packages = options.packages ?? [];
  if (request.kind === "reference") {
    if (packages.length > 0) throw packagesNeedAssembly(ref);
    return resolveReference(request.ref, options);
  }
  const wish: BaseWish = { ref, definition: request.definition, packages, nodeVersion: request.nodeVersion };
  const { definition } = wish;
  const lock = options.lockFile === undefined ? null : readLock(options.lockFile);
  const found = findLocked(wish, lock, options, context);
  if (found) return assemble(ref, wish, found.locked, found.saved, context);
  const fallback = packages.length === 0 && options.openReference ? definition.fallback : undefined;
  const frozen = options.lockMode === "frozen";
  // Locked where no mirror was known: elsewhere, with a frozen lock, the same image is meant.
  if (fallback && (context.mirrors.length === 0 || (frozen && lock?.references[fallback]))) {
    context.emit({
      type: "warning",
      code: "BASE_FALLBACK",
      message: `no Debian mirror is known here to assemble ${definition.id} from: taking ${fallback}`,
      hint: "To assemble it, configure the address of a Debian mirror.",
    });
    return { ...(await resolveReference(fallback, options)), fallbackFor: definition.id };
  }
  if (frozen) {
    const key = lockKey(wish.ref, wish.packages);
    const why = lock?.bases[key] ? `${key} is made in another way now` : `it has no base ${key}`;
    throw lockOutdated(options.lockFile, lock ? why : "there is none");
  }
  const { lockBase } = await import("./lock-base.ts");
  const locked = await lockBase(wish, context, nodeToKeep(wish, lock));
  const saved = save(wish, locked, options, context);
  return assemble(ref, wish, locked, saved, context);
}

/**
 * Chooses everything anew, writes the lock file (if one is named) and says what there was before.
 * @throws as `resolveBase`
 */
export async function updateBase(
  ref: string,
  options: ResolveBaseOptions = {},
): Promise<{ base: ResolvedBase; before: LockedBase | undefined }> {
  const context = createBaseContext(options);
  const request = await readBaseRequest(ref, context.cwd);
  if (request.kind === "reference") {
    return { base: await resolveReference(request.ref, options, true), before: undefined };
  }
  const wish: BaseWish = {
    ref,
    definition: request.definition,
    packages: options.packages ?? [],
    nodeVersion: request.nodeVersion,
  };
  const before = options.lockFile ? readLock(options.lockFile)?.bases[lockKey(wish.ref, wish.packages)] : undefined;
  const { lockBase } = await import("./lock-base.ts");
  const locked = await lockBase(wish, context);
  const saved = save(wish, locked, options, context);
  return { base: assemble(ref, wish, locked, saved, context), before };
}

/** The project's lock; else, where that may be written, a fresh pin of the cache: then there is nothing to fetch. */
function findLocked(
  wish: BaseWish,
  lock: LockFile | null,
  options: ResolveBaseOptions,
  context: BaseContext,
): { locked: LockedBase; saved: boolean } | undefined {
  const key = lockKey(wish.ref, wish.packages);
  const locked = lock?.bases[key];
  if (locked?.request === wishDigest(wish)) return { locked, saved: false };
  if (options.lockMode === "frozen" || locked) return undefined;
  const pinned = readPin(wish, context);
  return pinned && { locked: pinned, saved: addToLock(key, pinned, options, context) };
}

/** Writes the project's lock file, if there is to be one, and the pin of the cache. */
function save(wish: BaseWish, locked: LockedBase, options: ResolveBaseOptions, context: BaseContext): boolean {
  const key = lockKey(wish.ref, wish.packages);
  writeLock(pinFile(wish, context), { ...emptyLock(), bases: { [key]: locked } });
  return addToLock(key, locked, options, context);
}

/** @returns whether the project has a lock file, and it was written */
function addToLock(
  key: string,
  locked: LockedBase,
  { lockFile, lockMode }: ResolveBaseOptions,
  { emit }: BaseContext,
): boolean {
  if (lockFile === undefined) return false;
  const lock = readLock(lockFile) ?? emptyLock();
  if (canonicalJson(lock.bases[key]) === canonicalJson(locked)) return false;
  return keepLock(lockFile, { ...lock, bases: { ...lock.bases, [key]: locked } }, lockMode, emit);
}

function readPin(wish: BaseWish, context: BaseContext): LockedBase | undefined {
  const path = pinFile(wish, context);
  try {
    const ageMs = context.now.getTime() - statSync(path).mtimeMs;
    const pinned = readLock(path)?.bases[lockKey(wish.ref, wish.packages)];
    return pinned?.request === wishDigest(wish) && ageMs < PIN_LIFETIME_MS ? pinned : undefined;
  } catch {
    // No pin, or a damaged one: it is made anew.
    return undefined;
  }
}

function pinFile(wish: BaseWish, context: BaseContext): string {
  return join(context.dir, "pins", `${sha256(lockKey(wish.ref, wish.packages) + wishDigest(wish)).slice(7, 39)}.json`);
}

/** Whoever adds a package does not ask for another runtime: the locked version of the same base stays. */
function nodeToKeep(wish: BaseWish, lock: LockFile | null): LockedNode | undefined {
  const bases = lock?.bases ?? {};
  const key = Object.keys(bases).find((other) => parseLockKey(other).ref === wish.ref);
  const node = key === undefined ? undefined : bases[key]?.node;
  return node && Number.parseInt(node.version, 10) === wish.definition.runtime?.major ? node : undefined;
}

function assemble(
  ref: string,
  wish: BaseWish,
  locked: LockedBase,
  lockChanged: boolean,
  context: BaseContext,
): AssembledBase {
  const { definition } = wish;
  const { runtime } = definition;
  const layers = locked.layers
    .filter(({ packages }) => packages.length > 0)
    .map(({ id, packages }, i) => debianLayer(id, packages, context, i === 0));
  if (runtime && locked.node) layers.push(nodeLayer(runtime, locked.node, context));
  const node = runtime && locked.node;
  const glibc = locked.layers.flatMap(({ packages }) => packages).find(({ name }) => name === "libc6")?.version;
  return {
    kind: "assembled",
    id: definition.id,
    ref,
    digest: sha256(canonicalJson(layers.map(({ cacheKey }) => cacheKey))),
    layers,
    config: {
      User: definition.user,
      Env: Object.entries(definition.env).map(([name, value]) => `${name}=${value}`),
      WorkingDir: definition.workdir,
    },
    ...(node && {
      node: {
        version: node.version,
        major: runtime.major,
        path: NODE_PATH,
        binary: () => nodeBinary(runtime, node, context),
      },
    }),
    ...(glibc && { glibc: glibc.replace(/^\d+:/, "").replace(/[-+~].*$/, "") }),
    definition,
    locked,
    lockChanged,
  };
}

function packagesNeedAssembly(ref: string): KnbuildError {
  return usageError(
    "BASE_PACKAGES_NEED_ASSEMBLY",
    `Debian packages cannot be added to the image ${ref}`,
    "Take an assembled base (debian13-…), or an image that has the packages.",
  );
}
