/** What the local store holds. */
import { type Dirent, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import type { Digest } from "../base/digest.ts";
import { errnoCode, usageError } from "../base/errors.ts";
import { drain } from "../base/streams.ts";
import { Annotation, type Descriptor, isIndexType } from "../oci/descriptor.ts";
import type { Index, Manifest } from "../oci/manifest.ts";
import { storeName } from "../store/names.ts";
import { openStore, removeStaleTemporaries, type Store } from "../store/store.ts";

export interface StoredImage {
  name: string;
  digest: Digest;
  /** Bytes of all its blobs, compressed. */
  size: number;
  base?: string;
}

export async function listImages(store: Store = openStore()): Promise<StoredImage[]> {
  return store
    .index()
    .manifests.map((descriptor) => describe(store, descriptor))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

function describe(store: Store, descriptor: Descriptor): StoredImage {
  const name = descriptor.annotations?.[Annotation.refName] ?? "<none>";
  let size = descriptor.size;
  let base: string | undefined;
  for (const document of documents(store, descriptor)) {
    if (!("layers" in document)) continue;
    size += document.config.size + document.layers.reduce((sum, layer) => sum + layer.size, 0);
    base ??= document.annotations?.[Annotation.baseName];
  }
  return { name, digest: descriptor.digest, size, ...(base && { base }) };
}

/** A manifest, or an index and all below it; what is missing is passed over. */
function* documents(store: Store, descriptor: Descriptor): Generator<Manifest | Index> {
  let document: Manifest | Index;
  try {
    document = JSON.parse(readFileSync(store.blobPath(descriptor.digest), "utf8"));
  } catch {
    return;
  }
  yield document;
  if (isIndexType(descriptor.mediaType) && "manifests" in document)
    for (const child of document.manifests) yield* documents(store, child);
}

/** @throws IMAGE_UNKNOWN */
export async function removeImage(name: string, store: Store = openStore()): Promise<void> {
  if (!(await store.untag(storeName(name))))
    throw usageError("IMAGE_UNKNOWN", `the store has no image ${name}`, "knbuild images lists what it has.");
}

export interface CacheInfo {
  dir: string;
  images: number;
  blobs: { count: number; bytes: number };
  /** Blobs that no image and no cached layer names. */
  unused: { count: number; bytes: number };
  /** Other directories of the cache by name, bytes. */
  other: Record<string, number>;
}

export async function cacheInfo(store: Store = openStore()): Promise<CacheInfo> {
  const blobs = listBlobs(store);
  const used = usedDigests(store, true);
  const unused = blobs.filter(({ digest }) => !used.has(digest));
  const other: Record<string, number> = {};
  for (const entry of readdirSync(store.cacheDir, { withFileTypes: true })) {
    if (entry.isDirectory() && entry.name !== "store")
      other[entry.name] = directoryBytes(join(store.cacheDir, entry.name));
  }
  return {
    dir: store.cacheDir,
    images: store.index().manifests.length,
    blobs: total(blobs),
    unused: total(unused),
    other,
  };
}

/**
 * Frees space: blobs that no image names and what killed processes left; with `all`, everything that can be made again
 * (cached layers, records, installs), so that only named images stay.
 */
export async function pruneCache(all: boolean, store: Store = openStore()): Promise<{ bytes: number; files: number }> {
  const used = usedDigests(store, !all);
  let [bytes, files] = [0, removeStaleTemporaries(store)];
  for (const { digest, size, changedMs } of listBlobs(store)) {
    // A build that runs now has written blobs that nothing names yet.
    if (used.has(digest) || Date.now() - changedMs < 3600_000) continue;
    rmSync(store.blobPath(digest), { force: true });
    bytes += size;
    files++;
  }
  if (all) {
    for (const entry of readdirSync(store.cacheDir, { withFileTypes: true })) {
      if (!entry.isDirectory() || entry.name === "store") continue;
      const path = join(store.cacheDir, entry.name);
      bytes += directoryBytes(path);
      rmSync(path, { recursive: true, force: true });
      files++;
    }
  }
  return { bytes, files };
}

/** Reads every blob; what is not what its name says is removed (it is made or fetched again when it is needed). */
export async function verifyCache(
  store: Store = openStore(),
): Promise<{ checked: number; damaged: Digest[]; incomplete: string[] }> {
  const damaged: Digest[] = [];
  const blobs = listBlobs(store);
  for (const { digest, size } of blobs) {
    try {
      await drain(store.openBlob({ digest, size }));
    } catch {
      damaged.push(digest);
      rmSync(store.blobPath(digest), { force: true });
    }
  }
  const there = new Set(listBlobs(store).map(({ digest }) => digest));
  const incomplete = store
    .index()
    .manifests.filter((descriptor) => [...closure(store, descriptor)].some((digest) => !there.has(digest)))
    .map((descriptor) => descriptor.annotations?.[Annotation.refName] ?? descriptor.digest);
  return { checked: blobs.length, damaged, incomplete };
}

interface StoredBlob {
  digest: Digest;
  size: number;
  changedMs: number;
}

export function listBlobs(store: Store): StoredBlob[] {
  const root = join(store.dir, "blobs");
  return readdirSync(root).flatMap((algorithm) =>
    readdirSync(join(root, algorithm)).flatMap((hex) => {
      const stats = statSync(join(root, algorithm, hex), { throwIfNoEntry: false });
      return stats ? [{ digest: `${algorithm}:${hex}`, size: stats.size, changedMs: stats.mtimeMs }] : [];
    }),
  );
}

export function usedDigests(store: Store, withCachedLayers: boolean): Set<Digest> {
  const used = new Set<Digest>();
  for (const descriptor of store.index().manifests) for (const digest of closure(store, descriptor)) used.add(digest);
  if (withCachedLayers) for (const digest of cachedLayers(store)) used.add(digest);
  return used;
}

function* closure(store: Store, descriptor: Descriptor): Generator<Digest> {
  yield descriptor.digest;
  for (const document of documents(store, descriptor)) {
    if ("layers" in document) {
      yield document.config.digest;
      for (const layer of document.layers) yield layer.digest;
    } else for (const child of document.manifests) yield child.digest;
  }
}

function* cachedLayers(store: Store): Generator<Digest> {
  const dir = join(store.cacheDir, "records", "layers");
  let names: string[] = [];
  try {
    names = readdirSync(dir);
  } catch {
    return;
  }
  for (const name of names) {
    const record = store.readRecord("layers", name.replace(/\.json$/, "")) as { descriptor?: Descriptor } | undefined;
    if (record?.descriptor) yield record.descriptor.digest;
  }
}

/** A file counts once, however many names it has: a container's root links to what the layers hold. */
export function directoryBytes(dir: string, counted = new Set<number>()): number {
  let bytes = 0;
  for (const entry of entriesIn(dir)) {
    const path = join(dir, entry.name);
    if (entry.isDirectory()) bytes += directoryBytes(path, counted);
    else if (entry.isFile()) {
      const { ino, nlink, size } = statSync(path, { throwIfNoEntry: false }) ?? { ino: 0, nlink: 1, size: 0 };
      if (nlink > 1 && counted.has(ino)) continue;
      counted.add(ino);
      bytes += size;
    }
  }
  return bytes;
}

/** None where a build has removed the directory meanwhile. */
function entriesIn(dir: string): Dirent[] {
  try {
    return readdirSync(dir, { withFileTypes: true });
  } catch (error) {
    if (errnoCode(error) === "ENOENT") return [];
    throw error;
  }
}

function total(blobs: readonly StoredBlob[]): { count: number; bytes: number } {
  return { count: blobs.length, bytes: blobs.reduce((sum, { size }) => sum + size, 0) };
}
