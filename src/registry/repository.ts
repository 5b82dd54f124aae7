/** A repository of a registry as a target: what `copy` and everybody else works with. */
import { type Digest, isDigest } from "../base/digest.ts";
import { errorMessage, isKnbuildError, KnbuildError } from "../base/errors.ts";
import type { Emit } from "../base/events.ts";
import { readAll, streamOf } from "../base/streams.ts";
import type { Blob } from "../oci/blob.ts";
import { type Descriptor, isIndexType, isManifestType } from "../oci/descriptor.ts";
import type { Referrers } from "../oci/referrers.ts";
import type { PutHints, PutResult, TagLister, Target, TransferStats } from "../oci/target.ts";
import { type Ahead, createAhead } from "./ahead.ts";
import { apiPath, type BadContent, deleteScopes, type Endpoint, pullScope } from "./endpoint.ts";
import { protocolError, registryError } from "./errors.ts";
import { readFailure, readYes } from "./failed-answer.ts";
import { getManifest, headManifest, MANIFEST_LIMIT_BYTES, putManifest } from "./manifests.ts";
import { hasBlob, type PushOptions, pushBlob, pushScopes, unlessRefused } from "./push-blob.ts";
import { type Endpoints, firstAnswer, readBlob, readFrom } from "./reading.ts";
import { createReferrers } from "./referrers.ts";
import { listTags } from "./tags.ts";
import { endUpload, startUpload } from "./upload-requests.ts";

export interface RegistryRepository extends Target, TagLister, Referrers {
  readonly location: { registry: string; repository: string };
  /** Deletes a manifest by digest, or a tag where the registry allows it. @throws REGISTRY_UNSUPPORTED, REGISTRY_NOT_FOUND */
  delete(tagOrDigest: string): Promise<void>;
}

export interface RepositoryOptions extends PushOptions {
  registry: string;
  repository: string;
  origin: Endpoint;
  /** Where reads go: mirrors first, then the origin; the origin alone when this repository is written to. */
  endpoints: Endpoints;
  stats: TransferStats;
  bad: BadContent;
  /** What is expected is added here, to be given up with the client. */
  expecting: Set<Pick<Ahead, "giveUp">>;
  /** Told what was left behind. */
  emit: Emit;
}

/** Times that a manifest is said to be stored and is not. */
const MAX_PROMISES = 3;

export function createRepository(options: RepositoryOptions): RegistryRepository {
  const { registry, repository, origin, endpoints, stats, bad } = options;
  const name = `docker://${registry}/${repository}`;
  const servedBy = new Map<Digest, string>();
  /** Manifests of this session by digest: a tag needs the bytes again. */
  const manifests = new Map<Digest, Uint8Array>();
  const tagged = new Map<string, Digest>();

  const isManifest = (descriptor: Descriptor) =>
    isManifestType(descriptor.mediaType) || isIndexType(descriptor.mediaType);
  const onServed = (digest: Digest, endpoint: Endpoint) => {
    if (endpoint.isMirror) servedBy.set(digest, endpoint.label);
    else servedBy.delete(digest);
  };

  async function fetchManifest(reference: string): Promise<{ descriptor: Descriptor; bytes: Uint8Array } | null> {
    const found = await firstAnswer(endpoints, reference, (endpoint, brief) =>
      getManifest(endpoint, reference, { brief }),
    );
    if (!found) return null;
    onServed(found.value.descriptor.digest, found.endpoint);
    keep(found.value.descriptor.digest, found.value.bytes);
    return found.value;
  }

  function keep(digest: Digest, bytes: Uint8Array): void {
    manifests.set(digest, bytes);
    if (manifests.size > 64) manifests.delete(manifests.keys().next().value as Digest);
  }

  async function* openManifest(descriptor: Descriptor): AsyncGenerator<Uint8Array> {
    const bytes = manifests.get(descriptor.digest) ?? (await fetchManifest(descriptor.digest))?.bytes;
    if (!bytes) {
      throw new KnbuildError({
        code: "BLOB_UNKNOWN",
        message: `${registry} does not have the manifest ${descriptor.digest} of ${repository}`,
        where: `${registry}/${repository}`,
        hint: "The image is incomplete at its source, or its name is wrong.",
      });
    }
    yield* streamOf(bytes);
  }

  async function store(
    reference: string,
    descriptor: Descriptor,
    bytes: Uint8Array,
    promises: number = 1,
  ): Promise<void> {
    const manifest = { mediaType: descriptor.mediaType, bytes };
    const response = await putManifest(origin, reference, manifest, pushScopes(origin));
    if (response.status < 200 || response.status > 299) {
      const failure = await readFailure(response);
      const error = registryError(response, failure, {
        action: `store the manifest ${reference} in ${repository}`,
        redactor: origin.session.redactor,
        registry,
        login: origin.session.login,
      });
      // distribution 2.8 says DIGEST_INVALID of a blob whose link another push is just writing.
      const codes = failure.errors.map((entry) => entry.code);
      if (codes.includes("MANIFEST_BLOB_UNKNOWN") || codes.includes("DIGEST_INVALID")) {
        throw new KnbuildError({
          code: "MANIFEST_BLOB_UNKNOWN",
          message: error.message,
          where: error.where,
          hint: "The registry does not find a blob of this image: push again.",
          cause: error,
          retryable: true,
        });
      }
      throw error;
    }
    await response.discard();
    // distribution-spec 1.1 "Pushing Manifests": 201 and where it is. Whoever says something else may not have been the registry.
    const stored =
      response.status === 201 && ["location", "docker-content-digest"].some((name) => response.headers[name]);
    if (!stored && !(await isStored(reference, descriptor.digest))) {
      if (promises < MAX_PROMISES) {
        stats.retries++;
        return store(reference, descriptor, bytes, promises + 1);
      }
      throw protocolError(`the manifest was answered with ${response.status} but is not there`, response.url);
    }
    const digest = response.headers["docker-content-digest"];
    if (digest !== undefined && isDigest(digest) && digest !== descriptor.digest) {
      throw new KnbuildError({
        code: "MANIFEST_DIGEST_MISMATCH",
        message: `the registry stored the manifest ${descriptor.digest} as ${digest}`,
        where: `${registry}/${repository}`,
        hint: "The registry, or something before it, changes what it is given.",
      });
    }
    keep(descriptor.digest, bytes);
  }

  /** Under this name: the manifest may have been there before, with other tags. */
  async function isStored(reference: string, digest: Digest): Promise<boolean> {
    const options = { scopes: pushScopes(origin) };
    const head = await headManifest(origin, reference, options);
    const found =
      head ?? (head === undefined ? (await getManifest(origin, reference, options))?.descriptor : undefined);
    return found?.digest === digest;
  }

  async function putManifestBlob(blob: Blob, hints: PutHints): Promise<PutResult> {
    const { descriptor } = blob;
    const ask = !hints.force && !hints.absent;
    const present = ask && (await headManifest(origin, descriptor.digest, { scopes: pushScopes(origin) }));
    if (present) return { action: "exists", bytes: 0, reason: "the registry has it already" };
    const bytes = await readAll(blob.open(), MANIFEST_LIMIT_BYTES, name);
    await store(hints.tag ?? descriptor.digest, descriptor, bytes);
    if (hints.tag !== undefined) tagged.set(hints.tag, descriptor.digest);
    return { action: "uploaded", bytes: bytes.byteLength, reason: "the registry does not have it" };
  }

  /** The manifest is deleted all the same. */
  function leftListed(subject: Digest, error: unknown): void {
    if (isKnbuildError(error, "INTERRUPTED")) throw error;
    options.emit({
      type: "warning",
      code: "REFERRERS_LEFT",
      message: `the list of what is attached to ${subject} still names it: ${errorMessage(error)}`,
      where: `${registry}/${repository}`,
    });
  }

  async function resolveNow(reference: string): Promise<Descriptor | null> {
    const found = await firstAnswer(endpoints, reference, async (endpoint, brief) => {
      const head = await headManifest(endpoint, reference, { brief });
      if (head !== undefined) return head;
      const whole = await getManifest(endpoint, reference, { brief });
      if (whole) keep(whole.descriptor.digest, whole.bytes);
      return whole?.descriptor ?? null;
    });
    if (!found) return null;
    onServed(found.value.digest, found.endpoint);
    return found.value;
  }

  const ahead = createAhead({
    hasBlob: (descriptor) => hasBlob(origin, descriptor, pushScopes(origin)),
    hasImage: async (digest) => Boolean(await headManifest(origin, digest, { scopes: pushScopes(origin) })),
    resolveTag: resolveNow,
    startUpload: () => startUpload(origin, pushScopes(origin)),
    endUpload: (location) => endUpload(origin, location, pushScopes(origin)),
  });
  const { subjectOf, detached, ...referrers } = createReferrers(
    origin,
    (blob) => putManifestBlob(blob, {}),
    options.locks,
  );

  return {
    ...referrers,
    name,
    location: { registry, repository },
    stats,
    holdsWholeImages: true,
    servedBy: (digest) => servedBy.get(digest),

    expect(what) {
      options.expecting.add(ahead);
      ahead.expect(what);
    },

    async resolve(reference, { read, toWrite } = {}) {
      if (read) return (await fetchManifest(reference))?.descriptor ?? null;
      const known = await ahead.tag(reference);
      if (known !== undefined) return known;
      return toWrite ? ((await resolveNow(reference).catch(unlessRefused)) ?? null) : resolveNow(reference);
    },

    async has(descriptor) {
      const found = await firstAnswer(endpoints, descriptor.digest, async (endpoint, brief) => {
        if (!isManifest(descriptor)) {
          return (await hasBlob(endpoint, descriptor, pullScope(endpoint), brief)) || null;
        }
        const head = await headManifest(endpoint, descriptor.digest, { brief });
        if (head !== undefined) return head && true;
        return (await getManifest(endpoint, descriptor.digest, { brief })) && true;
      });
      return found !== null;
    },

    open: (descriptor, reading) =>
      isManifest(descriptor)
        ? openManifest(descriptor)
        : readBlob(endpoints, descriptor, bad, { ...options, ...reading, onServed }),

    openRange: (descriptor, start, reading) =>
      readFrom(endpoints, descriptor, start, bad, { ...options, ...reading, onServed }),

    put: (blob, hints = {}) =>
      isManifest(blob.descriptor) ? putManifestBlob(blob, hints) : pushBlob(origin, blob, hints, { ...options, ahead }),

    async tag(descriptor, tag) {
      if (tagged.get(tag) === descriptor.digest) return;
      const bytes = manifests.get(descriptor.digest) ?? (await readAll(openManifest(descriptor), MANIFEST_LIMIT_BYTES));
      await store(tag, descriptor, bytes);
      tagged.set(tag, descriptor.digest);
    },

    async *tags() {
      // A mirror knows the tags that somebody asked it for, not all of them.
      yield* listTags(origin);
    },

    async delete(reference) {
      const subject = isDigest(reference) ? await subjectOf(reference) : undefined;
      const response = await origin.session.request({
        method: "DELETE",
        path: apiPath(origin, `manifests/${reference}`),
        scopes: deleteScopes(origin),
      });
      if (response.status === 202 || response.status === 200 || response.status === 204) {
        await readYes(response, "the registry's word");
        if (subject !== undefined) await detached(subject, reference).catch((error) => leftListed(subject, error));
        return;
      }
      const failure = await readFailure(response);
      // distribution 2.8 takes a tag for a digest that is wrong.
      if (!isDigest(reference) && (response.status === 400 || response.status === 405)) {
        const named = await resolveNow(reference).catch(() => undefined);
        if (named === null) {
          throw new KnbuildError({
            code: "IMAGE_UNKNOWN",
            message: `there is no image ${reference} in ${name}`,
            where: name,
            hint: "Check the name and the tag.",
          });
        }
        throw new KnbuildError({
          code: "REGISTRY_UNSUPPORTED",
          message: `${registry} does not delete tags (${response.status}${failure.errors[0] ? ` ${failure.errors[0].code}` : ""})`,
          where: `${registry}/${repository}:${reference}`,
          hint: `Delete the image by its digest, with all its tags: ${registry}/${repository}@${named?.digest ?? "sha256:…"}`,
        });
      }
      throw registryError(response, failure, {
        action: `delete ${reference} from ${repository}`,
        redactor: origin.session.redactor,
        registry,
        login: origin.session.login,
      });
    },
  };
}
