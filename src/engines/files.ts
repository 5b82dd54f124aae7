/** Files on disk → entries of a layer: modes, owner and content digests made the same on every machine. */
import { createReadStream, lstatSync, readdirSync, readlinkSync, type Stats } from "node:fs";
import { join } from "node:path";
import { sha256 } from "../base/digest.ts";
import { streamOf } from "../base/streams.ts";
import type { TarEntry } from "../oci/layer-source.ts";

/** sha256 (hex) of a file whose stats are at hand: a stat cache as a rule. */
export type FileDigest = (path: string, stats: Stats) => string;

/** Root owns what the app must not change; whoever runs it may read it all. */
const OWNER = { uid: 0, gid: 0 };

/** Execute bits survive, everything else of the mode is this machine's umask. */
export function normalMode(mode: number): number {
  return mode & 0o111 ? 0o755 : 0o644;
}

/** A file or symbolic link on disk at `path` in the image. */
export function diskEntry(path: string, file: string, digest: FileDigest, mode?: number): TarEntry {
  const stats = lstatSync(file);
  if (stats.isSymbolicLink()) return { type: "symlink", path, target: readlinkSync(file), mode: 0o777, ...OWNER };
  if (stats.isDirectory()) return { type: "directory", path, mode: 0o755, ...OWNER };
  return {
    type: "file",
    path,
    mode: mode ?? normalMode(stats.mode),
    ...OWNER,
    size: stats.size,
    digest: `sha256:${digest(file, stats)}`,
    at: { path: file, offset: 0 },
    open: () => (stats.size === 0 ? streamOf() : createReadStream(file, { highWaterMark: 256 * 1024 })),
  };
}

/** A file that is made here. */
export function textEntry(path: string, content: Uint8Array | string, mode = 0o644): TarEntry {
  const bytes = typeof content === "string" ? Buffer.from(content) : content;
  return {
    type: "file",
    path,
    mode,
    ...OWNER,
    size: bytes.byteLength,
    digest: sha256(bytes),
    open: () => streamOf(bytes),
  };
}

export function linkEntry(path: string, target: string): TarEntry {
  return { type: "symlink", path, target, mode: 0o777, ...OWNER };
}

/** All files below a directory that `wanted` lets through, by paths relative to it. Symbolic links are not followed. */
export function listFiles(
  root: string,
  wanted: (path: string) => boolean,
  prunes: (path: string) => boolean = () => false,
): string[] {
  const found: string[] = [];
  const visit = (prefix: string): void => {
    for (const entry of readdirSync(join(root, prefix), { withFileTypes: true })) {
      const path = prefix ? `${prefix}/${entry.name}` : entry.name;
      if (entry.isDirectory()) {
        if (!prunes(path)) visit(path);
      } else if (wanted(path)) found.push(path);
    }
  };
  visit("");
  return found.sort();
}
