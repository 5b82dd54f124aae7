/**
 * What earlier runs learned: which repositories of a registry hold a blob, so that it can be mounted instead of sent. One
 * small file a blob in the cache directory, a line a place; losing it costs nothing but a mount. Read and written at once: a
 * few bytes are there before a thread could be asked for them, and a line more is much cheaper than a file anew.
 */
import { appendFileSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { type Digest, digestAlgorithm, digestHex } from "../base/digest.ts";
import { errnoCode } from "../base/errors.ts";
import { makeDirectory } from "../base/make-directory.ts";
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

  const same = (a: ContentLocation, b: ContentLocation) => a.registry === b.registry && a.repository === b.repository;

  async function load(digest: Digest): Promise<ContentLocation[]> {
    const cached = memory.get(digest);
    if (cached) return cached;
    const places = read(digest);
    memory.set(digest, places);
    return places;
  }

  function read(digest: Digest): ContentLocation[] {
    if (cacheDir === undefined) return memory.get(digest) ?? [];
    const places: ContentLocation[] = [];
    try {
      for (const line of readFileSync(fileOf(digest), "utf8").split("\n").reverse()) {
        const place = placeOf(line);
        if (place && !places.some((known) => same(known, place))) places.push(place);
      }
    } catch {
      // Never seen.
    }
    return places.slice(0, LIMIT);
  }

  function save(digest: Digest, places: ContentLocation[], write: (file: string) => void): void {
    memory.set(digest, places);
    if (cacheDir === undefined) return;
    try {
      write(fileOf(digest));
    } catch {
      // A cache that cannot be written is no reason to fail a push.
    }
  }

  return {
    async find(digest, registry) {
      return (await load(digest)).filter((place) => place.registry === registry).map((place) => place.repository);
    },
    holds: (digest, place) => read(digest).some((known) => same(known, place)),
    async remember(digest, place) {
      const places = await load(digest);
      if (places.some((known) => same(known, place))) return;
      const all = [place, ...places].slice(0, LIMIT);
      save(digest, all, (file) => (places.length < LIMIT ? append(file, lineOf(place)) : rewrite(file, all)));
    },
    async forget(digest, place) {
      const places = await load(digest);
      const rest = places.filter((known) => !same(known, place));
      if (rest.length < places.length) save(digest, rest, (file) => rewrite(file, rest));
    },
  };
}

function append(file: string, line: string): void {
  try {
    appendFileSync(file, line);
  } catch (error) {
    if (errnoCode(error) !== "ENOENT") throw error;
    makeDirectory(dirname(file));
    appendFileSync(file, line);
  }
}

function rewrite(file: string, places: readonly ContentLocation[]): void {
  replaceFile(file, places.map(lineOf).reverse().join(""));
}

const lineOf = (place: ContentLocation) => `${JSON.stringify(place)}\n`;

/** Undefined for what a crash left behind half written. */
function placeOf(line: string): ContentLocation | undefined {
  try {
    const place = JSON.parse(line) as ContentLocation | null;
    return typeof place?.registry === "string" && typeof place.repository === "string" ? place : undefined;
  } catch {
    return undefined;
  }
}
