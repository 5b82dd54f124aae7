/**
 * Referrers: artifacts (signatures, SBOMs, provenance) that name another manifest as their `subject`; distribution-spec 1.1
 * "Listing Referrers". A place without that API keeps them in an index under the tag `sha256-HEX` ("Referrers Tag Schema").
 */
import { canonicalJson } from "../base/canonical-json.ts";
import type { Digest } from "../base/digest.ts";
import { KnbuildError } from "../base/errors.ts";
import { readAll } from "../base/streams.ts";
import { type Blob, blobOf } from "./blob.ts";
import { type Descriptor, MediaType } from "./descriptor.ts";
import type { Index, Manifest } from "./manifest.ts";
import type { PutResult, Target } from "./target.ts";

/** Optional: targets that list referrers by themselves (a registry with the API of distribution-spec 1.1). */
export interface Referrers {
  /**
   * Descriptors of the manifests whose `subject` is this digest, with `artifactType` and `annotations` set; only those of
   * `artifactType` when it is given. Empty when there are none, also when the subject itself is not there.
   */
  referrers(subject: Digest, artifactType?: string): Promise<Descriptor[]>;
  /** Stores a manifest that has a `subject` (its blobs are there already) and sees to it that `referrers` lists it. */
  attach(manifest: Blob): Promise<PutResult>;
}

const INDEX_LIMIT = 4 * 1024 * 1024;
const MANIFEST_LIMIT = 4 * 1024 * 1024;

/** `sha256-HEX`, cut to what a tag may be (distribution-spec 1.1 "Referrers Tag Schema"). */
export function referrersTag(subject: Digest): string {
  const colon = subject.indexOf(":");
  return `${subject.slice(0, colon).slice(0, 32)}-${subject.slice(colon + 1).slice(0, 64)}`;
}

/** What a list of referrers says about an artifact: its descriptor, type and annotations. */
export function referrerDescriptor(manifest: Manifest, descriptor: Descriptor): Descriptor {
  return {
    mediaType: descriptor.mediaType,
    digest: descriptor.digest,
    size: descriptor.size,
    artifactType: manifest.artifactType ?? manifest.config.mediaType,
    ...(manifest.annotations && { annotations: manifest.annotations }),
  };
}

/** The target's own list where it has one, else the index under the fallback tag. */
export function referrersOf(target: Target & Partial<Referrers>): Referrers {
  if (target.referrers && target.attach) return target as Target & Referrers;
  return referrersByTag(target);
}

/** Referrers kept in an index under the tag `sha256-HEX`: works at every target. */
export function referrersByTag(target: Target): Referrers {
  async function read(subject: Digest): Promise<Index> {
    const found = await target.resolve(referrersTag(subject));
    const empty: Index = { schemaVersion: 2, mediaType: MediaType.ociIndex, manifests: [] };
    if (!found) return empty;
    const where = `${target.name}:${referrersTag(subject)}`;
    const bytes = await readAll(target.open(found), INDEX_LIMIT, where);
    const index = JSON.parse(Buffer.from(bytes).toString("utf8")) as Index;
    if (!Array.isArray(index.manifests)) {
      throw new KnbuildError({ code: "REFERRERS_INVALID", message: "the tag of the referrers names no index", where });
    }
    return index;
  }
  return {
    async referrers(subject, artifactType) {
      const { manifests } = await read(subject);
      return artifactType === undefined ? manifests : manifests.filter((d) => d.artifactType === artifactType);
    },
    async attach(blob) {
      const bytes = await readAll(blob.open(), MANIFEST_LIMIT, target.name);
      const manifest = JSON.parse(Buffer.from(bytes).toString("utf8")) as Manifest;
      if (!manifest.subject) {
        throw new KnbuildError({
          code: "REFERRERS_INVALID",
          message: "the artifact has no subject",
          where: target.name,
        });
      }
      const result = await target.put(blob);
      const index = await read(manifest.subject.digest);
      if (!index.manifests.some((d) => d.digest === blob.descriptor.digest)) {
        index.manifests.push(referrerDescriptor(manifest, blob.descriptor));
        const updated = blobOf(canonicalJson(index), MediaType.ociIndex);
        await target.put(updated);
        await target.tag(updated.descriptor, referrersTag(manifest.subject.digest));
      }
      return result;
    },
  };
}
