/** Blobs and layers: replayable streams with a descriptor. */
import { type Digest, sha256 } from "../base/digest.ts";
import { type ByteStream, streamOf } from "../base/streams.ts";
import type { Descriptor } from "./descriptor.ts";

export interface Blob {
  readonly descriptor: Descriptor;
  /** Opens the bytes from the start; may be called again; checked against the descriptor at the end; never held in memory. */
  open(): ByteStream;
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
