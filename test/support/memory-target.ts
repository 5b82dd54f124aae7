/** A Target in memory, for tests that look at every byte; it checks what is put and counts nothing. */
import { digestAlgorithm, verifyStream } from "../../src/base/digest.ts";
import { KnbuildError } from "../../src/base/errors.ts";
import { readAll, streamOf } from "../../src/base/streams.ts";
import type { Descriptor } from "../../src/oci/descriptor.ts";
import type { Target } from "../../src/oci/target.ts";

export interface MemoryTarget extends Target {
  blobs: Map<string, { descriptor: Descriptor; bytes: Uint8Array }>;
  tags: Map<string, Descriptor>;
}

export function createMemoryTarget(name = "memory"): MemoryTarget {
  const blobs: MemoryTarget["blobs"] = new Map();
  const tags: MemoryTarget["tags"] = new Map();
  return {
    name,
    blobs,
    tags,
    resolve: async (tagOrDigest) => tags.get(tagOrDigest) ?? blobs.get(tagOrDigest)?.descriptor ?? null,
    has: async (descriptor) => blobs.has(descriptor.digest),
    open(descriptor) {
      const found = blobs.get(descriptor.digest);
      if (!found) throw new KnbuildError({ code: "BLOB_UNKNOWN", message: `${name} has no ${descriptor.digest}` });
      return verifyStream(streamOf(found.bytes), descriptor, name);
    },
    async put(blob) {
      if (blobs.has(blob.descriptor.digest)) return { action: "exists", bytes: 0 };
      digestAlgorithm(blob.descriptor.digest);
      const bytes = await readAll(verifyStream(blob.open(), blob.descriptor, name), 1 << 30, name);
      blobs.set(blob.descriptor.digest, { descriptor: blob.descriptor, bytes });
      return { action: "copied", bytes: bytes.byteLength };
    },
    async tag(descriptor, tag) {
      tags.set(tag, descriptor);
    },
  };
}
