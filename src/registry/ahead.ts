/**
 * Questions asked before their time: while an image is being made, its registry says what it has of it, and opens uploads for
 * what will be new, so that the push finds connections open, the login done and the answers there. Each answer serves once;
 * where there is none, or it was an error, the question is asked again when its time has come.
 */
import type { Digest } from "../base/digest.ts";
import type { Descriptor } from "../oci/descriptor.ts";
import type { Expected } from "../oci/target.ts";
import type { OpenedUpload } from "./upload-requests.ts";

export interface Ahead {
  expect(what: Expected): void;
  /** Is the blob there? Undefined: not asked, or not known. */
  blob(digest: Digest): Promise<boolean | undefined>;
  /** What the tag names; null: nothing. Undefined: not asked, or not known. */
  tag(tag: string): Promise<Descriptor | null | undefined>;
  /** One that was opened ahead. Undefined: there is none left. */
  upload(): Promise<OpenedUpload | undefined>;
  /** Opens no more uploads, and closes those that nobody has taken, within a moment; undefined: there are none. Never fails. */
  giveUp(): Promise<unknown> | undefined;
}

/** A registry that does not answer by then forgets its uploads by itself. */
const PARTING_MS = 1_000;

export interface Questions {
  startUpload(): Promise<OpenedUpload>;
  endUpload(location: URL): Promise<void>;
  hasBlob(descriptor: Descriptor): Promise<boolean | undefined>;
  hasImage(digest: Digest): Promise<boolean>;
  resolveTag(tag: string): Promise<Descriptor | null>;
}

export function createAhead({ hasBlob, hasImage, resolveTag, startUpload, endUpload }: Questions): Ahead {
  const blobs = new Map<Digest, Promise<boolean | undefined>>();
  const tags = new Map<string, Promise<Descriptor | null | undefined>>();
  const uploads: Promise<OpenedUpload | undefined>[] = [];
  let over = false;

  /** An image that is there has all its blobs with it (distribution-spec "Pushing Manifests"): one question for many. */
  async function isThere(image: Digest, named: Promise<Descriptor | null | undefined>[]): Promise<boolean> {
    const found = await Promise.all(named);
    return found.some((one) => one?.digest === image) || hasImage(image);
  }

  return {
    expect(what) {
      const named = what.tags.map((tag) => {
        const known = what.named?.get(tag);
        const answer = known ? Promise.resolve(known) : resolveTag(tag).catch(() => undefined);
        tags.set(tag, answer);
        return answer;
      });
      const whole = what.image === undefined ? undefined : isThere(what.image, named).catch(() => false);
      for (const blob of what.blobs) {
        const answer = async () => (await whole) || hasBlob(blob);
        blobs.set(
          blob.digest,
          answer().catch(() => undefined),
        );
      }
      // Where it has to be found out how the registry is spoken to, a question does it best. Who answers none is asked no more.
      const answers = Promise.all(named).then((found) => !over && !found.includes(undefined));
      const upload = async () => ((await answers) ? startUpload() : undefined);
      for (let i = 0; i < (what.newBlobs ?? 0); i++) uploads.push(upload().catch(() => undefined));
    },
    blob: (digest) => take(blobs, digest),
    tag: (tag) => take(tags, tag),
    upload: async () => uploads.shift(),
    giveUp() {
      over = true;
      if (uploads.length === 0) return undefined;
      const left = uploads.splice(0).map(async (upload) => {
        const opened = await upload;
        if (opened) await endUpload(opened.location);
      });
      return within(PARTING_MS, Promise.allSettled(left));
    },
  };
}

async function take<K, V>(answers: Map<K, Promise<V>>, key: K): Promise<V | undefined> {
  const answer = answers.get(key);
  answers.delete(key);
  return answer;
}

async function within(ms: number, task: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise((resolve) => {
    timer = setTimeout(resolve, ms);
  });
  await Promise.race([task, late]);
  clearTimeout(timer);
}
