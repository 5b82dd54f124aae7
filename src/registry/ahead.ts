/**
 * Questions asked before their time: while an image is being made, its registry says what it has of it, so that the push
 * finds the connection open, the login done and the answers there. Each answer serves once; where there is none, or it was
 * an error, the question is asked again when its time has come.
 */
import type { Digest } from "../base/digest.ts";
import type { Descriptor } from "../oci/descriptor.ts";

export interface Ahead {
  expect(what: { tags: readonly string[]; blobs: readonly Descriptor[] }): void;
  /** Is the blob there? Undefined: not asked, or not known. */
  blob(digest: Digest): Promise<boolean | undefined>;
  /** What the tag names; null: nothing. Undefined: not asked, or not known. */
  tag(tag: string): Promise<Descriptor | null | undefined>;
}

export interface Questions {
  hasBlob(descriptor: Descriptor): Promise<boolean>;
  resolveTag(tag: string): Promise<Descriptor | null>;
}

export function createAhead({ hasBlob, resolveTag }: Questions): Ahead {
  const blobs = new Map<Digest, Promise<boolean | undefined>>();
  const tags = new Map<string, Promise<Descriptor | null | undefined>>();
  return {
    expect(what) {
      for (const tag of what.tags)
        tags.set(
          tag,
          resolveTag(tag).catch(() => undefined),
        );
      for (const blob of what.blobs)
        blobs.set(
          blob.digest,
          hasBlob(blob).catch(() => undefined),
        );
    },
    blob: (digest) => take(blobs, digest),
    tag: (tag) => take(tags, tag),
  };
}

async function take<K, V>(answers: Map<K, Promise<V>>, key: K): Promise<V | undefined> {
  const answer = answers.get(key);
  answers.delete(key);
  return answer;
}
