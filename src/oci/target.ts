/**
 * A place that holds content: memory, the disk store, an OCI layout, an archive, a registry repository, a daemon.
 * Push, pull, save and load are all `copy(source, destination)` between two of these.
 */
import type { Digest } from "../base/digest.ts";
import type { ByteStream, Reading } from "../base/streams.ts";
import type { Blob, ContentLocation } from "./blob.ts";
import type { Descriptor } from "./descriptor.ts";

/** What became of a blob at the destination. */
export type BlobAction = "exists" | "mounted" | "uploaded" | "downloaded" | "copied";

export interface PutResult {
  action: BlobAction;
  /** Bytes that went over the wire or to the disk. */
  bytes: number;
  /** Where it was mounted from, or which mirror or source served it. */
  from?: string;
  /** Why it moved or did not, in a few words for people. */
  reason?: string;
}

/** What went over the network so far; the numbers only grow. */
export interface TransferStats {
  /** HTTP requests, retries and token requests included. */
  requests: number;
  /** Requests that were sent again after a failure. */
  retries: number;
  /** Bytes of blobs received and sent, those of failed attempts included; manifests and API answers are not counted. */
  bytesDownloaded: number;
  bytesUploaded: number;
}

export interface ReadTarget {
  /** For messages: `docker://host/repo`, `oci:dir`, …; never holds a credential. */
  readonly name: string;
  /** A registry repository says here which one it is; undefined for everything on this machine. */
  readonly location?: ContentLocation;
  /** Live counters; targets of one client share one object. */
  readonly stats?: Readonly<TransferStats>;
  /**
   * A tag or digest to a descriptor; null when there is no such thing.
   * @param options with `read`: what it names is opened next; a place that can brings it along. With `toWrite`: it is written
   * next; null as well where reading is refused, which the writing need not be
   */
  resolve(tagOrDigest: string, options?: { read?: boolean; toWrite?: boolean }): Promise<Descriptor | null>;
  has(descriptor: Descriptor): Promise<boolean>;
  /** Streams a blob, manifest or index, verified at its end. @throws BLOB_UNKNOWN, BLOB_DIGEST_MISMATCH, … */
  open(descriptor: Descriptor, reading?: Reading): ByteStream;
  /** The bytes from `start` on, not checked. */
  openRange?(descriptor: Descriptor, start: number, reading?: Reading): ByteStream;
  /** The blob as its maker knows it: with the places that hold it. */
  blob?(digest: Digest): Blob | undefined;
  /** Who really served this content when it was not the place itself (a mirror); for reports. */
  servedBy?(digest: Digest): string | undefined;
}

export interface PutHints {
  /** Repositories of the same registry that are known to hold the blob: mounted from instead of sent. */
  mountFrom?: readonly string[];
  /** Send it though the destination says that it has it (it was refused as missing). */
  force?: boolean;
  /** It has just been asked for and was not there: it need not be asked for again. */
  absent?: boolean;
  /** The tag that `tag` will be called with next: a place that stores and names in one step does both now. */
  tag?: string;
}

/** What a coming copy will ask for. */
export interface Expected {
  tags: readonly string[];
  blobs: readonly Descriptor[];
  /** An image that went there before, perhaps: where it is, so are these blobs. */
  image?: Digest | undefined;
  /** What tags name, where that is known by now. */
  named?: ReadonlyMap<string, Descriptor>;
  /** So many blobs will come that have never been anywhere. */
  newBlobs?: number;
}

export interface Target extends ReadTarget {
  /** Says what a coming copy will ask for, so that the answers are there when it does. Never fails. */
  expect?(what: Expected): void;
  /** A manifest is only ever here together with all that it names (registries see to that): nothing below it need be asked for. */
  readonly holdsWholeImages?: boolean;
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
