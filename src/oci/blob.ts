/** Blobs and layers: replayable streams with a descriptor. */
import { type Digest, sha256 } from "../base/digest.ts";
import { type ByteStream, type Reading, streamOf } from "../base/streams.ts";
import type { Descriptor } from "./descriptor.ts";

/** A repository of a registry that is known to hold some content. */
export interface ContentLocation {
  /** Host and port as in a reference: `docker.io`, `localhost:5000`. */
  registry: string;
  repository: string;
}

export interface Blob {
  readonly descriptor: Descriptor;
  /** Places that are known to hold it: a registry among them mounts it instead of asking for its bytes. */
  readonly origin?: readonly ContentLocation[];
  /** Made a moment ago out of something new: nobody else can hold it. */
  readonly fresh?: boolean;
  /** Its streams compare themselves with the descriptor and fail at their end: nobody need hash the bytes once more. */
  readonly checked?: boolean;
  /** Opens the bytes from the start; may be called again; checked against the descriptor at the end; never held in memory. */
  open(reading?: Reading): ByteStream;
  /** The bytes from `start` on, where that is cheaper than reading all; not checked. Used to go on with an upload. */
  openRange?(start: number, reading?: Reading): ByteStream;
}

export interface Layer extends Blob {
  /** The digest of the uncompressed tar (config.md "rootfs.diff_ids"). */
  readonly diffId: Digest;
  openUncompressed(): ByteStream;
}

/** A small blob (a manifest, a config, a signature bundle) from bytes. */
export function blobOf(bytes: Uint8Array | string, mediaType: string): Blob {
  const buffer = typeof bytes === "string" ? Buffer.from(bytes) : bytes;
  return {
    descriptor: { mediaType, digest: sha256(buffer), size: buffer.byteLength },
    open: () => streamOf(buffer),
  };
}
