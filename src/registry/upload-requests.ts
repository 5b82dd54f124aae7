/** The requests of an upload session, one function each: POST, PATCH, GET (status), PUT. */
import { isKnbuildError, KnbuildError } from "../base/errors.ts";
import type { ByteStream } from "../base/streams.ts";
import type { Blob } from "../oci/blob.ts";
import type { TransferStats } from "../oci/target.ts";
import { apiPath, type Endpoint } from "./endpoint.ts";
import { isPage, placeless, registryError, wrongYes } from "./errors.ts";
import { resolveLocation } from "./exchange.ts";
import { type FailedAnswer, readFailure } from "./failed-answer.ts";
import { hintOfRegistry } from "./registry-hints.ts";
import type { Scope } from "./scope.ts";
import type { HttpResponse, RequestBody } from "./transport.ts";

/** What a server hashes and moves before it answers: 20 MiB a second. */
const SERVER_BYTES_PER_MS = (20 * 1024 * 1024) / 1000;

export interface Sending {
  bytes: number;
  sourceError?: unknown;
}

export interface UploadPart {
  blob: Blob;
  start: number;
  /** Exclusive. */
  end: number;
  /** What became of it: bytes that went out, and why the blob's own stream failed. */
  sending: Sending;
  stats: TransferStats;
  scopes: readonly Scope[];
  /** See `Authenticator`. */
  ownToken: boolean | undefined;
}

/** An upload that a registry has opened. */
export interface OpenedUpload {
  location: URL;
  /** It takes no shorter parts but the last: OCI-Chunk-Min-Length (distribution-spec 1.1 "Pushing a blob in chunks"). */
  leastChunkBytes: number;
}

/** POST: opens an upload. */
export async function startUpload(endpoint: Endpoint, scopes: readonly Scope[]): Promise<OpenedUpload> {
  const request = { method: "POST", path: apiPath(endpoint, "blobs/uploads/"), scopes };
  const response = await endpoint.session.request(request).catch((error: unknown) => {
    throw explained(error, endpoint);
  });
  const opened = response.status < 300 ? openedBy(response) : undefined;
  // 202 is the word (distribution-spec 1.1 "Pushing a blob in chunks"), but who opens an upload says where.
  if (opened) {
    await response.discard();
    return opened;
  }
  if (response.status < 300)
    throw await (response.status === 202 && !isPage(response) ? placeless : wrongYes)(response);
  throw registryError(response, await readFailure(response), {
    action: `start an upload to ${endpoint.repository}`,
    redactor: endpoint.session.redactor,
    registry: endpoint.session.registry,
    login: endpoint.session.login,
  });
}

/** A registry that hangs up may mean something by it. */
function explained(error: unknown, endpoint: Endpoint): unknown {
  const hint = hintOfRegistry(endpoint.session.registry, "upload: closed");
  if (!hint || !isKnbuildError(error, "NETWORK_FAILED")) return error;
  const { code, message, where, detail } = error;
  return new KnbuildError({ code, message, where, detail, hint, cause: error });
}

/** DELETE: of an upload nothing will come. Not every registry knows of it, and each forgets uploads in time. */
export async function endUpload(endpoint: Endpoint, location: URL, scopes: readonly Scope[]): Promise<void> {
  const response = await endpoint.session.once({ method: "DELETE", path: location, scopes });
  await response.discard();
}

/**
 * POST with `mount`: the registry takes the blob from another repository.
 * @returns `mounted`, or the upload that it opened instead, or nothing when it refused
 */
export async function mountBlob(
  endpoint: Endpoint,
  digest: string,
  from: string,
  scopes: readonly Scope[],
): Promise<{ mounted: boolean; opened?: OpenedUpload }> {
  const response = await endpoint.session.request({
    method: "POST",
    path: apiPath(endpoint, `blobs/uploads/?mount=${encodeURIComponent(digest)}&from=${encodeURIComponent(from)}`),
    scopes,
  });
  await response.discard();
  if (response.status === 201) return { mounted: true };
  const opened = response.status === 202 ? openedBy(response) : undefined;
  return { mounted: false, ...(opened && { opened }) };
}

function openedBy(response: HttpResponse): OpenedUpload | undefined {
  const location = locationOf(response);
  const least = Number(response.headers["oci-chunk-min-length"] ?? 0);
  return location && { location, leastChunkBytes: Number.isSafeInteger(least) ? least : 0 };
}

/** PATCH with a part, or with all that is left. */
export function patchUpload(
  endpoint: Endpoint,
  location: URL,
  part: UploadPart,
  withRange: boolean,
): Promise<HttpResponse> {
  return endpoint.session.once({
    method: "PATCH",
    path: location,
    headers: {
      "content-type": "application/octet-stream",
      // A stream from the first byte on needs none, and some servers refuse ranges altogether.
      ...(withRange && { "content-range": `${part.start}-${part.end - 1}` }),
    },
    body: bodyOf(part),
    scopes: part.scopes,
    ownToken: part.ownToken,
    patienceMs: (part.end - part.start) / SERVER_BYTES_PER_MS,
  });
}

/** PUT: closes the upload, with the rest of the bytes if there is a rest. */
export function commitUpload(endpoint: Endpoint, location: URL, part: UploadPart): Promise<HttpResponse> {
  const url = new URL(location.href);
  // The state in it is the registry's own writing, and may be signed: written anew it would be another.
  const state = url.search.replace(/^\?/, "");
  url.search = `${state && `${state}&`}digest=${encodeURIComponent(part.blob.descriptor.digest)}`;
  return endpoint.session.once({
    method: "PUT",
    path: url,
    headers: { "content-type": "application/octet-stream" },
    ...(part.start < part.end && { body: bodyOf(part) }),
    scopes: part.scopes,
    ownToken: part.ownToken,
    patienceMs: part.blob.descriptor.size / SERVER_BYTES_PER_MS,
  });
}

/** GET: how far the server is; undefined when it knows nothing of this upload. */
export async function uploadStatus(
  endpoint: Endpoint,
  location: URL,
  scopes: readonly Scope[],
): Promise<{ location: URL; offset: number } | undefined> {
  const response = await endpoint.session.request({ method: "GET", path: location, scopes });
  await response.discard();
  if (response.status < 200 || response.status > 299) return undefined;
  const offset = parseUploadRange(response.headers["range"]);
  if (offset === undefined) return undefined;
  return { location: locationOf(response) ?? location, offset };
}

/** `0-N` → N + 1 bytes are there. `0-0` and `0--1` are what servers say of an empty upload. */
export function parseUploadRange(value: string | undefined): number | undefined {
  const found = /^(?:bytes[= ])?0-(-1|\d+)$/.exec(value?.trim() ?? "");
  if (!found) return undefined;
  const last = Number(found[1]);
  return last <= 0 ? 0 : last + 1;
}

export function locationOf(response: HttpResponse): URL | undefined {
  const value = response.headers["location"];
  return value === undefined ? undefined : resolveLocation(value, response.url);
}

export function uploadError(
  endpoint: Endpoint,
  blob: Blob,
  response: HttpResponse,
  refusal: FailedAnswer,
): KnbuildError {
  return registryError(response, refusal, {
    action: `upload the blob ${blob.descriptor.digest} to ${endpoint.repository}`,
    redactor: endpoint.session.redactor,
    registry: endpoint.session.registry,
    login: endpoint.session.login,
  });
}

function bodyOf(part: UploadPart): RequestBody {
  const { blob, start, end, sending, stats } = part;
  return {
    size: end - start,
    open: () => guarded(sliceOf(blob, start, end), sending),
    onSent: (bytes) => {
      sending.bytes += bytes;
      stats.bytesUploaded += bytes;
    },
  };
}

async function* guarded(stream: ByteStream, sending: Sending): AsyncGenerator<Uint8Array> {
  try {
    yield* stream;
  } catch (error) {
    sending.sourceError = error;
    throw error;
  }
}

/** Bytes `start`…`end` of a blob; read to its verified end when all of it is wanted. */
async function* sliceOf(blob: Blob, start: number, end: number): AsyncGenerator<Uint8Array> {
  if (start === 0 && end === blob.descriptor.size) {
    yield* blob.open({ lent: true });
    return;
  }
  let position = start > 0 && blob.openRange ? start : 0;
  const stream = position > 0 && blob.openRange ? blob.openRange(start, { lent: true }) : blob.open({ lent: true });
  for await (const chunk of stream) {
    const from = Math.max(0, start - position);
    const to = Math.min(chunk.byteLength, end - position);
    if (to > from) yield from === 0 && to === chunk.byteLength ? chunk : chunk.subarray(from, to);
    position += chunk.byteLength;
    if (position >= end && end < blob.descriptor.size) return;
  }
}
