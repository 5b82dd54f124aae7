/**
 * A place that holds content: memory, the disk store, an OCI layout, an archive, a registry repository, a daemon.
 * Push, pull, save and load are all `copy(source, destination)` between two of these.
 */
import type { ByteStream } from "../base/streams.ts";
import type { Blob } from "./blob.ts";
import type { Descriptor } from "./descriptor.ts";

/** What became of a blob at the destination. */
export type BlobAction = "exists" | "mounted" | "uploaded" | "downloaded" | "copied";

export interface PutResult {
  action: BlobAction;
  /** Bytes that went over the wire or to the disk. */
  bytes: number;
  /** Where it was mounted from, or which mirror or source served it. */
  from?: string;
}

export interface ReadTarget {
  /** For messages: `docker://host/repo`, `oci:dir`, …; never holds a credential. */
  readonly name: string;
  /** A tag or digest to a descriptor; null when there is no such thing. */
  resolve(tagOrDigest: string): Promise<Descriptor | null>;
  has(descriptor: Descriptor): Promise<boolean>;
  /** Streams a blob, manifest or index, verified at its end. @throws BLOB_UNKNOWN, BLOB_DIGEST_MISMATCH, … */
  open(descriptor: Descriptor): ByteStream;
}

export interface PutHints {
  /** Repositories of the same registry that are known to hold the blob: mounted from instead of sent. */
  mountFrom?: readonly string[];
}

export interface Target extends ReadTarget {
  /** Stores a blob or manifest (by media type). Does nothing when it is there already. */
  put(blob: Blob, hints?: PutHints): Promise<PutResult>;
  /** Names a manifest that is already stored. */
  tag(descriptor: Descriptor, tag: string): Promise<void>;
}

/** Optional: targets that can list their tags. */
export interface TagLister {
  tags(): AsyncIterable<string>;
}

/** Optional: targets that must be closed (an archive is complete only then); `close(error)` throws away what was written. */
export interface Closable {
  close(error?: unknown): Promise<void>;
}
