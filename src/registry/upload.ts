/**
 * Blobs to a registry: distribution-spec 1.1 "Pushing blobs". Small ones in one PUT; larger ones as a PATCH that is gone on
 * with where it was cut, and a PUT that closes it. The server's Location is the state of the upload: it is always taken from
 * the latest answer. A server that forgets a cut upload (distribution, whose state is in the URL that the cut has kept from
 * us) gets the blob again in parts that are smaller than what went through.
 */
import { isDigest } from "../base/digest.ts";
import { isKnbuildError, type KnbuildError } from "../base/errors.ts";
import { pause } from "../base/pause.ts";
import type { Blob } from "../oci/blob.ts";
import type { TransferStats } from "../oci/target.ts";
import type { Endpoint } from "./endpoint.ts";
import { protocolError } from "./errors.ts";
import { type FailedAnswer, readFailure } from "./failed-answer.ts";
import {
  asksTooMuch,
  createTries,
  isRetryableFailure,
  isRetryableStatus,
  parseRetryAfter,
  type RetryPolicy,
  retryDelayMs,
} from "./retry.ts";
import type { Scope } from "./scope.ts";
import type { HttpResponse } from "./transport.ts";
import {
  commitUpload,
  locationOf,
  type OpenedUpload,
  parseUploadRange,
  patchUpload,
  type Sending,
  startUpload,
  uploadError,
  uploadStatus,
} from "./upload-requests.ts";

export interface UploadOptions {
  retry: RetryPolicy;
  stats: TransferStats;
  scopes: readonly Scope[];
  /** Blobs up to this size go in one PUT. */
  monolithicBytes: number;
  /** Size of a PATCH once the server has refused a longer one (413). */
  chunkBytes: number;
  signal?: AbortSignal | undefined;
  /** Does the registry have it by now? Asked when an upload is gone: the request that was cut may have closed it. Undefined: it cannot say. */
  exists: () => Promise<boolean | undefined>;
}

/** Whole uploads that may be thrown away before we give up. */
const MAX_RESTARTS = 8;
const MIN_CHUNK_BYTES = 256 * 1024;
/** Who does not take that much takes nothing. */
const LEAST_CHUNK_BYTES = 64 * 1024;

/** What gateways say when their time is up, or the registry has gone meanwhile; the last two are Cloudflare's. */
const BETWEEN = new Set([408, 502, 504, 520, 524]);

type Outcome =
  | { kind: "done" }
  | { kind: "more" }
  | { kind: "failed"; error: KnbuildError; next: Next; sentBytes: number; status?: number; afterMs?: number };
type Next = "resume" | "restart" | "shrink" | "other-way" | "give-up";

/** Where an upload stands, and what the registry has been found to take. */
interface State {
  location: URL | undefined;
  offset: number;
  /** Size of a PATCH; undefined: all that is left. */
  chunkBytes: number | undefined;
  /** See `OpenedUpload`. */
  leastChunkBytes: number;
  /** Blobs up to this size go in one PUT. */
  monolithicBytes: number;
  /** Set when a token that others use, too, was refused. */
  ownToken?: boolean;
}

/**
 * @param begun what a refused mount has opened, or what was opened ahead
 * @throws REGISTRY_*, NETWORK_*, or what the blob's own stream throws
 */
export async function uploadBlob(
  endpoint: Endpoint,
  blob: Blob,
  begun: OpenedUpload | undefined,
  options: UploadOptions,
): Promise<void> {
  const { retry } = options;
  const { size } = blob.descriptor;
  const { monolithicBytes } = options;
  const state: State = {
    location: undefined,
    leastChunkBytes: 0,
    ...begun,
    offset: 0,
    chunkBytes: undefined,
    monolithicBytes,
  };
  let tries = createTries(retry);
  let restarts = 0;
  for (;;) {
    const before = state.offset;
    let location: URL;
    try {
      if (!state.location) Object.assign(state, await startUpload(endpoint, options.scopes));
      location = state.location as URL;
    } catch (error) {
      // What has been tried again and again is not tried again; a yes without a place was heard once.
      if (!isKnbuildError(error, "REGISTRY_PROTOCOL") || !error.retryable || tries.failed(error)) throw error;
      options.stats.retries++;
      await pause(retryDelayMs(retry, tries.failures, undefined), options.signal);
      continue;
    }
    const inOne = isMonolithic(size, state);
    const outcome = await advance(endpoint, blob, { ...state, location }, state, options);
    if (outcome.kind === "done") return;
    if (outcome.kind === "more") {
      tries = createTries(retry);
      continue;
    }
    if (outcome.next === "give-up") throw outcome.error;
    if (outcome.error.code === "REGISTRY_UNAUTHORIZED") state.ownToken = true;
    if (outcome.next === "shrink") {
      const sent = Math.min(state.chunkBytes ?? size, size - before);
      const smaller = Math.max(
        LEAST_CHUNK_BYTES,
        state.leastChunkBytes,
        Math.min(options.chunkBytes, Math.floor(sent / 4)),
      );
      if (smaller >= sent) throw outcome.error;
      state.chunkBytes = smaller;
    }
    // Some take a whole blob by PATCH alone (Artifactory says 404 to its PUT), others by PUT alone.
    const anew = outcome.next === "restart" || outcome.next === "other-way";
    if (anew && inOne) state.monolithicBytes = -1;
    else if (outcome.next === "other-way") {
      if (state.monolithicBytes < monolithicBytes) throw outcome.error;
      Object.assign(state, { monolithicBytes: size, chunkBytes: undefined });
    }
    const status = anew ? undefined : await uploadStatus(endpoint, location, options.scopes);
    if (status && status.offset <= size) {
      Object.assign(state, status);
      // What was taken already is lost: that often, and not for ever.
      if (state.offset < before && ++restarts > MAX_RESTARTS) throw outcome.error;
      // Something in between gathers what it passes on: of what was cut nothing arrives, however often it is sent.
      const isCut = isKnbuildError(outcome.error, "NETWORK_FAILED") || BETWEEN.has(outcome.status ?? 0);
      if (tries.failures > 0 && state.offset <= before && isCut)
        state.chunkBytes = smallerPart(outcome.sentBytes, size, state, options);
    } else {
      if (await options.exists()) return;
      if (++restarts > MAX_RESTARTS) throw outcome.error;
      state.location = undefined;
      state.offset = 0;
      if (outcome.next === "resume") state.chunkBytes = smallerPart(outcome.sentBytes, size, state, options);
    }
    const progressed = state.offset > before;
    const definite = outcome.next === "restart" && outcome.error.code !== "REGISTRY_UPLOAD_LOST";
    if (tries.failed(outcome.error, { progressed, definite })) throw outcome.error;
    options.stats.retries++;
    const delay = progressed ? retry.baseDelayMs / 4 : retryDelayMs(retry, tries.failures, undefined);
    await pause(Math.max(delay, outcome.afterMs ?? 0), options.signal);
  }
}

/** Half of what went out before a cut; where nothing did it was not too long, and a small blob is not worth parts. */
function smallerPart(
  sentBytes: number,
  size: number,
  { chunkBytes, leastChunkBytes }: State,
  options: UploadOptions,
): number | undefined {
  if (sentBytes === 0 || size <= MIN_CHUNK_BYTES) return chunkBytes;
  const half = Math.min(Math.floor(sentBytes / 2), chunkBytes ?? options.chunkBytes);
  return Math.max(MIN_CHUNK_BYTES, leastChunkBytes, half);
}

/** One request further. Changes `state` when the server has taken bytes. */
async function advance(
  endpoint: Endpoint,
  blob: Blob,
  from: State & { location: URL },
  state: State,
  options: UploadOptions,
): Promise<Outcome> {
  const { size } = blob.descriptor;
  const sending: Sending = { bytes: 0 };
  const { offset, chunkBytes } = from;
  const closing = offset === size || isMonolithic(size, from);
  const end = closing || chunkBytes === undefined ? size : Math.min(size, offset + chunkBytes);
  try {
    const part = {
      blob,
      start: offset,
      end,
      sending,
      stats: options.stats,
      scopes: options.scopes,
      ownToken: from.ownToken,
    };
    const response = closing
      ? await commitUpload(endpoint, from.location, part)
      : await patchUpload(endpoint, from.location, part, chunkBytes !== undefined || offset > 0);
    if (!isYes(response)) {
      const refusal = await readFailure(response);
      const afterMs = parseRetryAfter(response.headers["retry-after"]);
      return {
        kind: "failed",
        error: uploadError(endpoint, blob, response, refusal),
        next: asksTooMuch(options.retry, afterMs) ? "give-up" : judge(response.status, refusal),
        sentBytes: sending.bytes,
        status: response.status,
        ...(afterMs !== undefined && { afterMs }),
      };
    }
    await response.discard();
    if (closing) {
      const kept = response.headers["docker-content-digest"];
      const said = kept === undefined || !isDigest(kept) || kept === blob.descriptor.digest;
      // Where nobody can say, the manifest's own answer will.
      if ((response.status !== 202 && said) || (await options.exists()) !== false) return { kind: "done" };
      const error = protocolError("the registry closed the upload without keeping the blob", response.url);
      return { kind: "failed", error, next: "restart", sentBytes: sending.bytes };
    }
    state.location = locationOf(response) ?? from.location;
    const reached = parseUploadRange(response.headers["range"]);
    state.offset = reached !== undefined && reached > from.offset && reached < end ? reached : end;
    return { kind: "more" };
  } catch (error) {
    // What the source could not give is not the destination's fault, and trying it again is the source's business.
    if (sending.sourceError !== undefined) throw sending.sourceError;
    if (!isKnbuildError(error) || !isRetryableFailure(error)) throw error;
    return { kind: "failed", error, next: "resume", sentBytes: sending.bytes };
  }
}

function isMonolithic(size: number, { offset, chunkBytes, monolithicBytes, leastChunkBytes }: State): boolean {
  // What is less than the least part is none, unless such a request was refused.
  const isLess = size < leastChunkBytes && monolithicBytes >= 0;
  return offset === 0 && chunkBytes === undefined && (size <= monolithicBytes || isLess);
}

/** 200 is not the word, and may come from something in between: a registry says more than that. */
function isYes({ status, headers }: HttpResponse): boolean {
  const signs = ["location", "docker-content-digest", "docker-upload-uuid", "range"];
  return [201, 202, 204].includes(status) || (status === 200 && signs.some((name) => headers[name] !== undefined));
}

function judge(status: number, refusal: FailedAnswer): Next {
  const codes = refusal.errors.map((entry) => entry.code);
  // ghcr.io says 416 of a part that is too long for it.
  if (status === 413 || (status === 416 && /too large|limit/i.test(refusal.text))) return "shrink";
  // A yes of another kind was not the registry's: a page of something in between.
  if (status < 300) return "resume";
  // The session has taken note of the challenge: the next request carries a fresh token.
  if (status === 401) return "resume";
  if (status === 405 || status === 501) return "other-way";
  if (status === 404 || status === 416 || codes.includes("BLOB_UPLOAD_UNKNOWN")) return "restart";
  if (codes.some((code) => ["BLOB_UPLOAD_INVALID", "DIGEST_INVALID", "SIZE_INVALID"].includes(code))) return "restart";
  if (isRetryableStatus(status)) return "resume";
  // What it does not want here it may want by the other way: some take no body with a PUT, some no PATCH.
  const says = codes.every((code) => ["", "UNKNOWN", "UNSUPPORTED"].includes(code));
  return says && [400, 411, 415].includes(status) ? "other-way" : "give-up";
}
