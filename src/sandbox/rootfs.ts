/**
 * An image's layers as a directory, kept in the cache by the chain of their diffIDs (image-spec config.md "Layer ChainID").
 * A cached root is never written to again: a run lays an overlay over it, or takes a copy.
 */
import { randomBytes } from "node:crypto";
import {
  chmodSync,
  lchownSync,
  linkSync,
  lstatSync,
  lutimesSync,
  mkdirSync,
  readdirSync,
  readlinkSync,
  symlinkSync,
} from "node:fs";
import { constants, copyFile, mkdir, readdir, rename, rm, stat, utimes } from "node:fs/promises";
import { join } from "node:path";
import { type Digest, digestHex, sha256 } from "../base/digest.ts";
import { errnoCode, throwIfAborted } from "../base/errors.ts";
import { type Emit, step } from "../base/events.ts";
import type { Image } from "../oci/image.ts";
import { applyLayer } from "./apply-layer.ts";

/** After so many bytes of files the state so far is kept as a root of its own, for other images on the same layers. */
const SNAPSHOT_BYTES = 8 * 1024 * 1024;
/** Unpacked images that stay; the one that was used longest ago goes first, and none of the last hour (it may be running). */
const KEPT_ROOTS = 24;
const KEPT_MS = 3_600_000;

/** ChainID(L1..Ln) = sha256(ChainID(L1..Ln-1) + " " + DiffID(Ln)). */
export function chainIds(diffIds: readonly Digest[]): Digest[] {
  const chain: Digest[] = [];
  for (const diffId of diffIds) {
    const below = chain.at(-1);
    chain.push(below === undefined ? diffId : sha256(`${below} ${diffId}`));
  }
  return chain;
}

export const runsAsRoot = (): boolean => process.getuid?.() === 0;

export interface UnpackOptions {
  cacheDir: string;
  signal: AbortSignal;
  emit: Emit;
  /** Files get the owners that the image gives them, which only root can do; else all belong to who runs this. */
  owners: boolean;
}

/** Unpacks what is not unpacked yet. @returns the directory, which must not be changed. */
export async function unpackImage(image: Image, options: UnpackOptions): Promise<string> {
  const roots = join(options.cacheDir, "sandbox", options.owners ? "roots" : "roots-own");
  const layers = await image.layers();
  const chain = chainIds(layers.map((layer) => layer.diffId));
  const directory = (index: number) => join(roots, digestHex(chain[index] ?? sha256("")));
  const whole = directory(chain.length - 1);
  if (await markUsed(whole)) return whole;
  return step(options.emit, "unpack", "Unpack the image", async (progress) => {
    await mkdir(roots, { recursive: true });
    await removeOld(roots);
    let from = layers.length - 1;
    while (from > 0 && !(await markUsed(directory(from - 1)))) from--;
    const work = join(roots, `.new-${process.pid}-${randomBytes(4).toString("hex")}`);
    try {
      if (from > 0) linkTree(directory(from - 1), work);
      else mkdirSync(work, { mode: 0o755 });
      let unsaved = 0;
      for (let index = from; index < layers.length; index++) {
        throwIfAborted(options.signal);
        const layer = layers[index]!;
        progress(`layer ${index + 1} of ${layers.length}`);
        unsaved += await applyLayer(layer.openUncompressed(), work, {
          owners: options.owners,
          where: layer.descriptor.digest,
          signal: options.signal,
        });
        if (unsaved >= SNAPSHOT_BYTES && index + 1 < layers.length) {
          const snapshot = `${work}-below`;
          linkTree(work, snapshot);
          await putInPlace(snapshot, directory(index));
          unsaved = 0;
        }
      }
      await putInPlace(work, whole);
    } catch (error) {
      await rm(work, { recursive: true, force: true });
      throw error;
    }
    return whole;
  });
}

/** Another process may have been first: its result is as good. */
async function putInPlace(work: string, place: string): Promise<void> {
  try {
    await rename(work, place);
  } catch (error) {
    if (errnoCode(error) !== "ENOTEMPTY" && errnoCode(error) !== "EEXIST") throw error;
    await rm(work, { recursive: true, force: true });
  }
  await markUsed(place);
}

async function markUsed(directory: string): Promise<boolean> {
  const now = new Date();
  // The root's own mtime belongs to the image; its atime says when it was used.
  const found = await stat(directory).catch(() => undefined);
  if (!found) return false;
  await utimes(directory, now, found.mtime).catch(() => {});
  return true;
}

async function removeOld(roots: string): Promise<void> {
  const found: { path: string; used: number }[] = [];
  for (const name of await readdir(roots)) {
    const path = join(roots, name);
    if (name.startsWith(".new-")) {
      if (!processExists(Number(name.split("-")[1]))) await rm(path, { recursive: true, force: true });
      continue;
    }
    found.push({ path, used: (await stat(path)).atimeMs });
  }
  found.sort((a, b) => b.used - a.used);
  for (const { path, used } of found.slice(KEPT_ROOTS)) {
    if (Date.now() - used > KEPT_MS) await rm(path, { recursive: true, force: true });
  }
}

export function processExists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return errnoCode(error) === "EPERM";
  }
}

/** A second tree of the same files: `applyLayer` removes before it writes, so the files themselves are never changed. */
function linkTree(from: string, to: string): void {
  copyDirectory(from, to, (source, target) => linkSync(source, target));
}

function copyDirectory(from: string, to: string, file: (source: string, target: string) => void): void {
  const directory = lstatSync(from);
  mkdirSync(to, { mode: 0o700 });
  for (const entry of readdirSync(from, { withFileTypes: true })) {
    const [source, target] = [join(from, entry.name), join(to, entry.name)];
    if (entry.isDirectory()) copyDirectory(source, target, file);
    else if (entry.isSymbolicLink()) {
      const link = lstatSync(source);
      symlinkSync(readlinkSync(source), target);
      if (runsAsRoot()) lchownSync(target, link.uid, link.gid);
    } else file(source, target);
  }
  if (runsAsRoot()) lchownSync(to, directory.uid, directory.gid);
  chmodSync(to, directory.mode & 0o7777);
  lutimesSync(to, directory.atime, directory.mtime);
}

/** A copy that a container may write to; shares blocks where the file system can (reflink). */
export async function copyTree(from: string, to: string): Promise<void> {
  const files: [string, string][] = [];
  copyDirectory(from, to, (source, target) => files.push([source, target]));
  for (const [source, target] of files) {
    const { mode, uid, gid } = lstatSync(source);
    await copyFile(source, target, constants.COPYFILE_FICLONE);
    if (runsAsRoot()) lchownSync(target, uid, gid);
    chmodSync(target, mode & 0o7777);
  }
}
