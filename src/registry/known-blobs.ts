/**
 * What earlier runs learned: which repositories of a registry hold a blob, so that it can be mounted instead of sent. One
 * small file a blob in the cache directory; losing it costs nothing but a mount. Read and written at once: a few bytes are
 * there before a thread could be asked for them.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type Digest, digestAlgorithm, digestHex } from "../base/digest.ts";
import { replaceFile } from "../base/replace-file.ts";
import type { ContentLocation } from "../oci/blob.ts";

export interface KnownBlobs {
  /** Repositories of this registry that held the blob when last seen, newest first. */
  find(digest: Digest, registry: string): Promise<string[]>;
  /** Asks the file, not this process's memory: another process may have brought the blob a moment ago. */
  holds(digest: Digest, place: ContentLocation): boolean;
  remember(digest: Digest, place: ContentLocation): Promise<void>;
  forget(digest: Digest, place: ContentLocation): Promise<void>;
}

const LIMIT = 16;

export function createKnownBlobs(cacheDir: string | undefined): KnownBlobs {
  const memory = new Map<Digest, ContentLocation[]>();

  const fileOf = (digest: Digest) =>
    join(cacheDir ?? "", "registry/known", digestAlgorithm(digest), digestHex(digest).slice(0, 2), digestHex(digest));

  async function load(digest: Digest): Promise<ContentLocation[]> {
    const cached = memory.get(digest);
    if (cached) return cached;
    const places = read(digest);
    memory.set(digest, places);
    return places;
  }

  function read(digest: Digest): ContentLocation[] {
    if (cacheDir === undefined) return memory.get(digest) ?? [];
    try {
      const parsed = JSON.parse(readFileSync(fileOf(digest), "utf8")) as unknown;
      return Array.isArray(parsed) ? parsed.filter(isPlace) : [];
    } catch {
      // Never seen, or a file that a crash left behind: both mean that nothing is known.
      return [];
    }
  }

  async function save(digest: Digest, places: ContentLocation[]): Promise<void> {
    memory.set(digest, places);
    if (cacheDir === undefined) return;
    try {
      replaceFile(fileOf(digest), JSON.stringify(places));
    } catch {
      // A cache that cannot be written is no reason to fail a push.
    }
  }

  const same = (a: ContentLocation, b: ContentLocation) => a.registry === b.registry && a.repository === b.repository;

  return {
    async find(digest, registry) {
      return (await load(digest)).filter((place) => place.registry === registry).map((place) => place.repository);
    },
    holds: (digest, place) => read(digest).some((known) => same(known, place)),
    async remember(digest, place) {
      const places = await load(digest);
      if (places.some((known) => same(known, place))) return;
      await save(digest, [place, ...places].slice(0, LIMIT));
    },
    async forget(digest, place) {
      const places = await load(digest);
      if (places.some((known) => same(known, place))) {
        await save(
          digest,
          places.filter((known) => !same(known, place)),
        );
      }
    },
  };
}

function isPlace(value: unknown): value is ContentLocation {
  const place = value as ContentLocation | null;
  return typeof place?.registry === "string" && typeof place.repository === "string";
}
