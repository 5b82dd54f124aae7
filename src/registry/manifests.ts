/** Manifests and indexes over the API: distribution-spec 1.1 "Pulling manifests", "Pushing Manifests". */
import { createDigestMeter, type Digest, digestAlgorithm, isDigest } from "../base/digest.ts";
import { isKnbuildError, KnbuildError } from "../base/errors.ts";
import { streamOf } from "../base/streams.ts";
import { type Descriptor, isIndexType, isManifestType, MANIFEST_ACCEPT, MediaType } from "../oci/descriptor.ts";
import { apiPath, type Endpoint, pullScope } from "./endpoint.ts";
import { isPage, pageInsteadOf, protocolError, registryError } from "./errors.ts";
import { readFailure } from "./failed-answer.ts";
import { publicUrl } from "./public-url.ts";
import { isRetryableStatus } from "./retry.ts";
import type { Scope } from "./scope.ts";
import type { WholeAnswer } from "./session.ts";
import type { HttpResponse } from "./transport.ts";

/** distribution-spec 1.1 "Pushing Manifests": registries SHOULD take 4 MiB; nobody has a use for more. */
export const MANIFEST_LIMIT_BYTES = 4 * 1024 * 1024;

const SCHEMA1 = /^application\/vnd\.docker\.distribution\.manifest\.v1\+(?:json|prettyjws)/;

export interface FetchedManifest {
  descriptor: Descriptor;
  bytes: Uint8Array;
}

/**
 * HEAD; undefined when the server cannot say (no HEAD, no digest, no length); null when there is no such manifest.
 * @throws REGISTRY_* with the registry's own words when it stays in trouble
 */
export async function headManifest(
  endpoint: Endpoint,
  reference: string,
  options: { scopes?: readonly Scope[] | undefined; brief?: boolean | undefined } = {},
): Promise<Descriptor | null | undefined> {
  const response = await endpoint.session.request(
    {
      method: "HEAD",
      path: apiPath(endpoint, `manifests/${reference}`),
      headers: { accept: MANIFEST_ACCEPT },
      scopes: options.scopes ?? pullScope(endpoint),
    },
    options.brief,
  );
  await response.discard();
  if (response.status === 404) return null;
  // A server in trouble has been given its time, and a HEAD says nothing of the reason: one short question does.
  if (isRetryableStatus(response.status)) {
    return (await getManifest(endpoint, reference, { ...options, brief: true }))?.descriptor ?? null;
  }
  // Without a body the reason stays unknown: the GET that follows will tell it.
  if (response.status !== 200) return undefined;
  const mediaType = contentType(response);
  assertNotSchema1(mediaType, response);
  const digest = response.headers["docker-content-digest"];
  const size = Number(response.headers["content-length"] ?? "");
  if (!(isManifestType(mediaType) || isIndexType(mediaType)) || !Number.isInteger(size) || size <= 0) return undefined;
  if (isDigest(reference)) {
    if (digest !== undefined && digest !== reference && digestAlgorithm(digest) === digestAlgorithm(reference)) {
      return undefined;
    }
    return { mediaType, digest: reference, size };
  }
  // Of another algorithm it could not be held against anything: what we have, and what others say of it, goes by sha256.
  const known = digest !== undefined && isDigest(digest) && digestAlgorithm(digest) === "sha256";
  return known ? { mediaType, digest, size } : undefined;
}

/**
 * GET, with the bytes checked against the digest that was asked for and against Docker-Content-Digest.
 * @returns null when there is no such manifest
 * @throws MANIFEST_DIGEST_MISMATCH, MANIFEST_TOO_LARGE, SCHEMA1_UNSUPPORTED, REGISTRY_*
 */
export async function getManifest(
  endpoint: Endpoint,
  reference: string,
  options: { scopes?: readonly Scope[] | undefined; brief?: boolean | undefined } = {},
): Promise<FetchedManifest | null> {
  const { response, bytes } = await readManifest(endpoint, reference, options);
  if (!bytes) {
    const failure = await readFailure(response);
    if (response.status === 404 && !failure.html) return null;
    throw registryError(response, failure, {
      action: `read the manifest ${reference} of ${endpoint.repository}`,
      redactor: endpoint.session.redactor,
      registry: endpoint.session.registry,
      login: endpoint.session.login,
    });
  }
  return { bytes, descriptor: describe(bytes, reference, response) };
}

async function readManifest(
  endpoint: Endpoint,
  reference: string,
  options: { scopes?: readonly Scope[] | undefined; brief?: boolean | undefined },
) {
  const request = {
    method: "GET",
    path: apiPath(endpoint, `manifests/${reference}`),
    headers: { accept: MANIFEST_ACCEPT },
    scopes: options.scopes ?? pullScope(endpoint),
  };
  try {
    return await endpoint.session.read(request, MANIFEST_LIMIT_BYTES, {
      brief: options.brief,
      check: (answer) => checkManifest(answer, reference),
    });
  } catch (error) {
    if (!isKnbuildError(error, "TOO_LARGE")) throw error;
    throw tooLarge(endpoint, reference);
  }
}

/** Bytes against their length, their digest and what the server says of them. */
function checkManifest({ response, bytes }: WholeAnswer, reference: string): void {
  assertNotSchema1(contentType(response), response);
  if (isPage(response)) throw pageInsteadOf("the manifest", response);
  const announced = Number(response.headers["content-length"] ?? 0);
  if (announced > 0 && bytes.byteLength !== announced && response.headers["content-encoding"] === undefined) {
    throw protocolError("the manifest ended early", response.url, undefined, true);
  }
  if (!isJson(bytes)) throw protocolError("the registry's manifest is not JSON", response.url, undefined, true);
  const expected = isDigest(reference) ? reference : undefined;
  const claimed = response.headers["docker-content-digest"];
  const digest = hash(bytes, expected);
  if (expected !== undefined && digest !== expected) throw mismatch(expected, digest, response);
  if (claimed !== undefined && isDigest(claimed) && claimed !== hash(bytes, claimed)) {
    throw mismatch(claimed, hash(bytes, claimed), response);
  }
}

function describe(bytes: Uint8Array, reference: string, response: HttpResponse): Descriptor {
  const digest = hash(bytes, isDigest(reference) ? reference : undefined);
  const json: { mediaType?: unknown; schemaVersion?: unknown; manifests?: unknown; config?: unknown } = JSON.parse(
    Buffer.from(bytes).toString("utf8"),
  );
  if (json?.schemaVersion === 1) throw schema1(response);
  const header = contentType(response);
  const mediaType =
    isManifestType(header) || isIndexType(header)
      ? header
      : typeof json.mediaType === "string"
        ? json.mediaType
        : Array.isArray(json.manifests)
          ? MediaType.ociIndex
          : MediaType.ociManifest;
  if (!isManifestType(mediaType) && !isIndexType(mediaType)) {
    throw new KnbuildError({
      code: "MANIFEST_UNSUPPORTED",
      message: `a manifest of type ${JSON.stringify(mediaType.slice(0, 100))} is no image`,
      where: publicUrl(response.url),
      hint: "Name an image: an OCI or Docker schema 2 manifest, or an index of them.",
    });
  }
  return { mediaType, digest, size: bytes.byteLength };
}

/** Without a length or a digest, this is how one that broke off is found out. */
function isJson(bytes: Uint8Array): boolean {
  try {
    JSON.parse(Buffer.from(bytes).toString("utf8"));
    return true;
  } catch {
    return false;
  }
}

function hash(bytes: Uint8Array, like: Digest | undefined): Digest {
  const meter = createDigestMeter(like === undefined ? "sha256" : digestAlgorithm(like));
  meter.update(bytes);
  return meter.digest();
}

/** Stores a manifest under its digest or a tag; retried by the session. */
export function putManifest(
  endpoint: Endpoint,
  reference: string,
  manifest: { mediaType: string; bytes: Uint8Array },
  scopes: readonly Scope[],
  headers: Record<string, string> = {},
): Promise<HttpResponse> {
  return endpoint.session.request({
    method: "PUT",
    path: apiPath(endpoint, `manifests/${reference}`),
    headers: { "content-type": manifest.mediaType, ...headers },
    body: { size: manifest.bytes.byteLength, open: () => streamOf(manifest.bytes) },
    scopes,
  });
}

function contentType(response: HttpResponse): string {
  return (response.headers["content-type"] ?? "").split(";")[0]?.trim() ?? "";
}

function assertNotSchema1(mediaType: string, response: HttpResponse): void {
  if (SCHEMA1.test(mediaType)) throw schema1(response);
}

function schema1(response: HttpResponse): KnbuildError {
  return new KnbuildError({
    code: "SCHEMA1_UNSUPPORTED",
    message: "the image is stored in Docker's image manifest schema 1, which has been obsolete since 2017",
    where: publicUrl(response.url),
    hint: "Push it again with a tool of this decade, or use a newer tag of the image.",
  });
}

function mismatch(expected: Digest, found: Digest, response: HttpResponse): KnbuildError {
  return new KnbuildError({
    code: "MANIFEST_DIGEST_MISMATCH",
    message: `the manifest should be ${expected} but its bytes are ${found}`,
    where: publicUrl(response.url),
    hint: "The registry, or something before it, changes what it serves. Nothing was stored.",
    retryable: true,
  });
}

function tooLarge(endpoint: Endpoint, reference: string): KnbuildError {
  return new KnbuildError({
    code: "MANIFEST_TOO_LARGE",
    message: `the manifest has more than ${MANIFEST_LIMIT_BYTES} bytes`,
    where: `${endpoint.label}/${endpoint.repository}:${reference}`,
    hint: "This is no image manifest.",
  });
}
