/** A target in memory: for tests, and for images that are small (artifacts, signatures). Layers belong on disk. */
import type { Digest } from "../base/digest.ts";
import { verifyStream } from "../base/digest.ts";
import { KnbuildError } from "../base/errors.ts";
import { streamOf } from "../base/streams.ts";
import type { Descriptor } from "./descriptor.ts";
import type { TagLister, Target } from "./target.ts";

export interface MemoryTarget extends Target, TagLister {
  /** What is stored, by digest. */
  readonly content: Map<Digest, Uint8Array>;
}

export function createMemoryTarget(name = "memory:"): MemoryTarget {
  const content = new Map<Digest, Uint8Array>();
  const types = new Map<Digest, string>();
  const named = new Map<string, Descriptor>();

  return {
    name,
    content,
    async resolve(reference) {
      const tagged = named.get(reference);
      if (tagged) return tagged;
      const bytes = content.get(reference);
      if (!bytes) return null;
      const mediaType = types.get(reference) ?? "application/octet-stream";
      return { mediaType, digest: reference, size: bytes.byteLength };
    },
    has: async (descriptor) => content.has(descriptor.digest),
    async *open(descriptor) {
      const bytes = content.get(descriptor.digest);
      if (!bytes) {
        throw new KnbuildError({ code: "BLOB_UNKNOWN", message: `there is no ${descriptor.digest}`, where: name });
      }
      yield* verifyStream(streamOf(bytes), descriptor, name);
    },
    async put(blob) {
      const { descriptor } = blob;
      if (content.has(descriptor.digest)) return { action: "exists", bytes: 0 };
      const chunks: Uint8Array[] = [];
      for await (const chunk of verifyStream(blob.open(), descriptor, name)) chunks.push(chunk);
      content.set(descriptor.digest, Buffer.concat(chunks));
      types.set(descriptor.digest, descriptor.mediaType);
      return { action: "copied", bytes: descriptor.size };
    },
    async tag(descriptor, tag) {
      if (!content.has(descriptor.digest)) {
        throw new KnbuildError({ code: "MANIFEST_UNKNOWN", message: `there is no ${descriptor.digest}`, where: name });
      }
      const { mediaType, digest, size } = descriptor;
      named.set(tag, { mediaType, digest, size });
    },
    async *tags() {
      yield* [...named.keys()].sort();
    },
  };
}
