/**
 * Referrers of a repository: the API of distribution-spec 1.1 where the registry has it, else an index under the fallback tag
 * ("Referrers Tag Schema"), kept so that writers at the same time do not lose each other's entries.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { canonicalJson } from "../base/canonical-json.ts";
import { monotonicMs } from "../base/clock.ts";
import { mapConcurrent } from "../base/concurrency.ts";
import { type Digest, isDigest, sha256 } from "../base/digest.ts";
import { isKnbuildError, KnbuildError } from "../base/errors.ts";
import { readAll } from "../base/streams.ts";
import type { Blob } from "../oci/blob.ts";
import { type Descriptor, MediaType } from "../oci/descriptor.ts";
import type { Index, Manifest } from "../oci/manifest.ts";
import { type Referrers, referrerDescriptor, referrersTag } from "../oci/referrers.ts";
import type { PutResult } from "../oci/target.ts";
import type { BlobLocks } from "./blob-lock.ts";
import { apiPath, deleteScopes, type Endpoint, pullScope } from "./endpoint.ts";
import { protocolError, registryError } from "./errors.ts";
import { resolveLocation } from "./exchange.ts";
import { readFailure } from "./failed-answer.ts";
import { nextLink } from "./link.ts";
import { getManifest, headManifest, MANIFEST_LIMIT_BYTES, putManifest } from "./manifests.ts";
import { pushScopes } from "./push-blob.ts";

/** Pages of a list; more than that is a list without end. */
const MAX_PAGES = 1000;
/** What registries without the API say of it. */
const NO_API = new Set([400, 404, 405, 406, 501]);
/** Rounds in which another writer may come between reading and writing the fallback tag. */
const MAX_ROUNDS = 10;

export interface RegistryReferrers extends Referrers {
  /** What a manifest is about; undefined: nothing, or the manifest is not to be had. */
  subjectOf(digest: Digest): Promise<Digest | undefined>;
  /** A manifest with this subject was deleted: the fallback tag is no longer to list it (distribution-spec 1.1 "Deleting Manifests"). */
  detached(subject: Digest, digest: Digest): Promise<void>;
}

export function createReferrers(
  origin: Endpoint,
  put: (blob: Blob) => Promise<PutResult>,
  locks: BlobLocks,
): RegistryReferrers {
  /** undefined: not asked yet. */
  let hasApi: boolean | undefined;

  async function fromApi(subject: Digest): Promise<Descriptor[] | undefined> {
    if (hasApi === false) return undefined;
    const found: Descriptor[] = [];
    const visited = new Set<string>();
    let next: string | URL | undefined = apiPath(origin, `referrers/${subject}`);
    while (next !== undefined) {
      const request = { method: "GET", path: next, headers: { accept: MediaType.ociIndex }, scopes: pullScope(origin) };
      const { response, bytes } = await origin.session.read(request, MANIFEST_LIMIT_BYTES);
      const isIndex = (response.headers["content-type"] ?? "").startsWith(MediaType.ociIndex);
      // distribution-spec 1.1: 404 means that there is no such API; registries without it also answer in other ways.
      if (NO_API.has(response.status) || (response.status === 200 && !isIndex)) {
        await response.discard();
        hasApi = false;
        return undefined;
      }
      if (!bytes) throw await failed(response, "list the referrers");
      const manifests = manifestsOf(bytes);
      if (!manifests) return undefined;
      found.push(...manifests);
      const link = nextLink(response.headers["link"]);
      next = link === undefined ? undefined : resolveLocation(link, response.url);
      if (next && (visited.has(next.href) || visited.size >= MAX_PAGES)) {
        throw protocolError("the list of referrers repeats itself without end", response.url);
      }
      if (next) visited.add(next.href);
    }
    hasApi = true;
    return found;
  }

  async function readFallback(subject: Digest): Promise<{ index: Index; digest: Digest | undefined }> {
    const found = await getManifest(origin, referrersTag(subject));
    if (!found) return { index: { schemaVersion: 2, mediaType: MediaType.ociIndex, manifests: [] }, digest: undefined };
    const index = JSON.parse(Buffer.from(found.bytes).toString("utf8")) as Index;
    if (!Array.isArray(index?.manifests)) {
      throw new KnbuildError({
        code: "REFERRERS_INVALID",
        message: "the tag of the referrers names no index",
        where: `${origin.label}/${origin.repository}:${referrersTag(subject)}`,
      });
    }
    return { index, digest: found.descriptor.digest };
  }

  /**
   * Reads, changes, writes with If-Match, and reads again: few registries honour If-Match, so the last reading is the proof.
   * @param change of a list; undefined: it is as it should be
   */
  async function changeFallback(
    subject: Digest,
    change: (listed: readonly Descriptor[]) => Descriptor[] | undefined,
  ): Promise<void> {
    const gone = new Set<Digest>();
    for (let round = 1; ; round++) {
      const begin = monotonicMs();
      const { index, digest } = await readFallback(subject);
      const changed = change(index.manifests);
      if (!changed) return;
      const manifests = changed.filter((entry) => !gone.has(entry.digest));
      const bytes = Buffer.from(canonicalJson({ ...index, manifests }));
      const manifest = { mediaType: MediaType.ociIndex, bytes };
      const condition: Record<string, string> =
        digest === undefined ? { "if-none-match": "*" } : { "if-match": `"${digest}"` };
      const response = await putManifest(origin, referrersTag(subject), manifest, pushScopes(origin), condition);
      const isStored = response.status >= 200 && response.status < 300;
      if (isStored || response.status === 412) await response.discard();
      else {
        const error = await failed(response, "store the referrers");
        // What somebody has deleted and left in the list: registries refuse a list that names what they do not have.
        const missing = isKnbuildError(error, "MANIFEST_BLOB_UNKNOWN") ? await missingOf(manifests) : [];
        if (missing.length === 0) throw error;
        for (const entry of missing) gone.add(entry.digest);
      }
      if (isStored) {
        // Two that have written at the same time: the later one's list stands, and the earlier one sees here that it is not in
        // it. Where reading and writing is slow for us, it is for the others too.
        await sleep(20 + Math.random() * 80 + 2 * (monotonicMs() - begin));
        const { index: now } = await readFallback(subject);
        if (!change(now.manifests)) return;
      }
      if (round >= MAX_ROUNDS) {
        throw new KnbuildError({
          code: "REFERRERS_BUSY",
          message: "the list of referrers was changed by others again and again",
          where: `${origin.label}/${origin.repository}:${referrersTag(subject)}`,
          hint: "Try again.",
          retryable: true,
        });
      }
      await sleep(Math.random() * 100 * round);
    }
  }

  async function missingOf(listed: readonly Descriptor[]): Promise<Descriptor[]> {
    const options = { scopes: pushScopes(origin) };
    const heads = await mapConcurrent(listed, 4, ({ digest }) => headManifest(origin, digest, options));
    return listed.filter((_, i) => heads[i] === null);
  }

  function alone(subject: Digest, change: Parameters<typeof changeFallback>[1]): Promise<void> {
    const key = `${origin.label}/${origin.repository} ${referrersTag(subject)}`;
    return locks.alone(key, () => changeFallback(subject, change));
  }

  async function failed(response: Parameters<typeof readFailure>[0], action: string): Promise<KnbuildError> {
    const { redactor, registry, login } = origin.session;
    return registryError(response, await readFailure(response), {
      action: `${action} in ${origin.repository}`,
      redactor,
      registry,
      login,
    });
  }

  return {
    async referrers(subject, artifactType) {
      let listed = (await fromApi(subject)) ?? [];
      // Nothing: no API, nothing attached, or attached when the registry had no API yet, or did not keep its word.
      if (listed.length === 0) listed = (await readFallback(subject)).index.manifests;
      // OCI-Filters-Applied or not: filtering again does no harm.
      return artifactType === undefined ? listed : listed.filter((entry) => entry.artifactType === artifactType);
    },

    async attach(blob) {
      const bytes = await readAll(blob.open(), MANIFEST_LIMIT_BYTES);
      const manifest = JSON.parse(Buffer.from(bytes).toString("utf8")) as Manifest;
      if (!manifest.subject) {
        throw new KnbuildError({
          code: "REFERRERS_INVALID",
          message: "the artifact has no subject",
          where: `${origin.label}/${origin.repository}`,
        });
      }
      const subject = manifest.subject.digest;
      const result = await put(blob);
      // OCI-Subject says that the registry has taken note; one that says so and does not list it is found out here.
      const listed = await fromApi(subject);
      if (!listed?.some((entry) => entry.digest === sha256(bytes) || entry.digest === blob.descriptor.digest)) {
        const entry = referrerDescriptor(manifest, blob.descriptor);
        const lists = (listed: readonly Descriptor[]) => listed.some(({ digest }) => digest === entry.digest);
        await alone(subject, (listed) => (lists(listed) ? undefined : [...listed, entry]));
      }
      return result;
    },

    async subjectOf(digest) {
      const found = await getManifest(origin, digest, { scopes: deleteScopes(origin) }).catch(() => undefined);
      const subject = found ? subjectIn(found.bytes) : undefined;
      return subject !== undefined && isDigest(subject) ? subject : undefined;
    },

    async detached(subject, digest) {
      await alone(subject, (listed) => {
        const others = listed.filter((entry) => entry.digest !== digest);
        return others.length === listed.length ? undefined : others;
      });
    },
  };
}

function subjectIn(bytes: Uint8Array): string | undefined {
  try {
    const { subject } = JSON.parse(Buffer.from(bytes).toString("utf8")) as Manifest;
    return typeof subject?.digest === "string" ? subject.digest : undefined;
  } catch {
    return undefined;
  }
}

/** Undefined for what is no index. */
function manifestsOf(bytes: Uint8Array): Descriptor[] | undefined {
  try {
    const { manifests } = JSON.parse(Buffer.from(bytes).toString("utf8")) as { manifests?: Descriptor[] | null };
    // Go's empty list.
    return manifests === null ? [] : Array.isArray(manifests) ? manifests : undefined;
  } catch {
    return undefined;
  }
}
