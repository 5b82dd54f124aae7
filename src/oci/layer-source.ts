/** What a layer is made of, before it is one. `layer/` turns it into a Layer in one pass; nothing here is a blob yet. */
import type { ByteStream } from "../base/streams.ts";
import type { LayerKind } from "../plan/types.ts";

interface TarEntryBase {
  /** Relative to the image's root, `/` as separator, no leading slash, no `..`. Directories without a trailing slash. */
  path: string;
  /** Permission bits, setuid/setgid/sticky included (07777). */
  mode: number;
  uid: number;
  gid: number;
  /** Seconds since the epoch; default SOURCE_DATE_EPOCH or 0. */
  mtime?: number;
}

export interface FileEntry extends TarEntryBase {
  type: "file";
  /** Bytes; the stream must give exactly so many. */
  size: number;
  open(): ByteStream;
  /** sha256 of the content where it is known already: keys the layer cache. */
  digest?: string;
  /** File capabilities: the bytes of the extended attribute security.capability, one character each. */
  capability?: string;
  /** Where the bytes lie on this disk, uncompressed: for readers that need random access. */
  at?: { path: string; offset: number };
}

export interface DirectoryEntry extends TarEntryBase {
  type: "directory";
}

export interface SymlinkEntry extends TarEntryBase {
  type: "symlink";
  /** As readlink gives it. */
  target: string;
}

export interface HardlinkEntry extends TarEntryBase {
  type: "hardlink";
  /** Path of an earlier entry of the same layer. */
  target: string;
}

export type TarEntry = FileEntry | DirectoryEntry | SymlinkEntry | HardlinkEntry;

export interface LayerSource {
  kind: LayerKind;
  /** `created_by` of the history entry. */
  comment: string;
  /** In any order: `layer/` sorts, adds missing parent directories and refuses duplicates that differ. */
  entries(): AsyncIterable<TarEntry> | Iterable<TarEntry>;
  /**
   * Names the content: equal keys promise equal entries. With it a layer that was made before is not made again, and
   * `entries` is not even called.
   */
  cacheKey?: string;
}
