/**
 * Blobs from a registry: one stream however often the connection breaks. Resumed by Range, from the start again where the
 * server does not know ranges; every attempt begins at the registry, so that an expired link is replaced by a fresh one.
 */
import { DAMAGED_HINT } from "../base/digest.ts";
import { isKnbuildError, KnbuildError } from "../base/errors.ts";
import { pause } from "../base/pause.ts";
import type { ByteStream } from "../base/streams.ts";
import type { Descriptor } from "../oci/descriptor.ts";
import type { TransferStats } from "../oci/target.ts";
import { apiPath, type Endpoint, isRenamed, pullScope } from "./endpoint.ts";
import { isPage, pageInsteadOf, protocolError, registryError, wrongYes } from "./errors.ts";
import { readFailure } from "./failed-answer.ts";
import {
  createTries,
  isRetryableFailure,
  isRetryableStatus,
  lasting,
  type RetryPolicy,
  retryDelayMs,
} from "./retry.ts";
import { BRIEF_ATTEMPTS } from "./session.ts";
import type { HttpResponse } from "./transport.ts";

/** How a body may be compressed on its way (RFC 9110 8.4.1, RFC 7932, RFC 8878). */
export type BodyCoding = "gzip" | "deflate" | "br" | "zstd";

export interface DownloadOptions {
  retry: RetryPolicy;
  stats: TransferStats;
  signal?: AbortSignal | undefined;
  /** Somebody else can be asked for the rest. */
  brief?: boolean | undefined;
  /** See `Reading`. */
  lent?: boolean | undefined;
  /** Told where the next byte of the blob is, after each chunk. */
  onOffset?: (offset: number) => void;
  /** What this endpoint sent of the blob was wrong, once. */
  wasWrong?: boolean | undefined;
}

/** Bytes `start`… of a blob. Not verified: the caller hashes. @throws BLOB_UNKNOWN, REGISTRY_*, NETWORK_* */
export async function* downloadFrom(
  endpoint: Endpoint,
  descriptor: Descriptor,
  start: number,
  options: DownloadOptions,
): AsyncGenerator<Uint8Array> {
  const { retry, stats } = options;
  let offset = start;
  const tries = createTries(options.brief ? { ...retry, attempts: BRIEF_ATTEMPTS } : retry);
  let useRange = true;
  while (offset < descriptor.size) {
    const before = offset;
    let failure: unknown;
    try {
      const response = await ask(endpoint, descriptor, useRange ? offset : 0, options);
      if (response.status >= 400) {
        useRange = false;
        await response.discard();
        failure = protocolError(`a range was answered with ${response.status}`, response.url, undefined, true);
      } else {
        // Ranges of what was packed for the journey are not ranges of the blob; and one that is not as it says is not asked for again.
        const coding = packedBy(response, descriptor);
        const bytes = coding
          ? (await import("./packed-body.ts")).unpacked(response, coding, descriptor, options.wasWrong)
          : response.body;
        useRange = useRange && bytes === response.body && isRangeFrom(response, descriptor, offset);
        for await (const chunk of contentOf(response, bytes, descriptor, offset)) {
          offset += chunk.byteLength;
          stats.bytesDownloaded += chunk.byteLength;
          options.onOffset?.(offset);
          yield chunk;
        }
        // What was unpacked without an error and is too short was not packed on the way.
        if (offset < descriptor.size && bytes !== response.body) throw sizeMismatch(response, descriptor, "less");
        if (offset < descriptor.size)
          failure = protocolError(`the blob ended early${codingOf(response)}`, response.url, undefined, true);
      }
    } catch (error) {
      if (!isRetryableFailure(error)) throw error;
      failure = error;
    }
    if (failure === undefined) continue;
    const progressed = offset > before;
    if (tries.failed(failure, { progressed })) throw failure;
    if (options.brief && isKnbuildError(failure, "NETWORK_TIMEOUT")) throw failure;
    stats.retries++;
    await pause(progressed ? retry.baseDelayMs / 4 : retryDelayMs(retry, tries.failures, undefined), options.signal);
  }
}

async function ask(
  endpoint: Endpoint,
  descriptor: Descriptor,
  from: number,
  { brief, lent }: DownloadOptions,
): Promise<HttpResponse> {
  const path = apiPath(endpoint, `blobs/${descriptor.digest}`);
  const request = {
    method: "GET",
    path,
    headers: from > 0 ? { range: `bytes=${from}-` } : {},
    scopes: pullScope(endpoint),
    lent,
  };
  // What was asked for again and again without an answer is not asked for again and again by us, too.
  const response = await endpoint.session.request(request, brief).catch((error: unknown) => {
    throw lasting(error);
  });
  const { status } = response;
  const renamed = await isRenamed(endpoint, path, response);
  const isStorage = renamed || response.elsewhere;
  // Who knows nothing of ranges may call one a bad request; storage says so of a link that has run out.
  const noRanges = from > 0 && (status === 416 || status === 501 || (status === 400 && !isStorage));
  if (status === 200 || status === 206 || noRanges) return response;
  if (status < 400) throw await wrongYes(response);
  const failure = await readFailure(response);
  if (status === 404 && !renamed) {
    throw new KnbuildError({
      code: "BLOB_UNKNOWN",
      message: `${endpoint.label} does not have the blob ${descriptor.digest} of ${endpoint.repository}`,
      where: `${endpoint.label}/${endpoint.repository}`,
      hint: "The image is incomplete at its source.",
    });
  }
  const error = registryError(response, failure, {
    action: `read the blob ${descriptor.digest} of ${endpoint.repository}`,
    redactor: endpoint.session.redactor,
    registry: endpoint.session.registry,
    login: endpoint.session.login,
  });
  // A signed link has a life of minutes; the registry gives a new one.
  if (isStorage && status >= 400 && status < 500 && !error.retryable) {
    const hint = "The registry's storage refuses the link that the registry gave: a clock or a key there is wrong.";
    throw new KnbuildError({ ...plain(error), message: error.message, retryable: true, hint });
  }
  throw isRetryableStatus(status) ? lasting(error) : error;
}

function plain(error: KnbuildError) {
  return { code: error.code, where: error.where, hint: error.hint, exitCode: error.exitCode };
}

/** `Content-Range` (RFC 9110 14.4): the first byte and the last. */
function rangeOf(response: HttpResponse): { first: number; last: number } | undefined {
  const found = /^bytes (\d+)-(\d+)\/(?:\d+|\*)$/.exec(response.headers["content-range"] ?? "");
  return found ? { first: Number(found[1]), last: Number(found[2]) } : undefined;
}

/** Whatever is no range is as good as one: it says nothing wrong. */
function isRangeFrom(response: HttpResponse, descriptor: Descriptor, offset: number): boolean {
  const range = response.status === 206 ? rangeOf(response) : undefined;
  if (!range) return true;
  const announced = response.headers["content-length"];
  const whole = announced === undefined || Number(announced) === range.last - range.first + 1;
  return whole && range.first <= offset && range.last < descriptor.size;
}

/**
 * Compressed on the way; object stores also say so of blobs that are compressed themselves, and send them as they are. They
 * keep what else was written there for them (aws-chunked), and give it back with the bytes as they are.
 */
function packedBy(response: HttpResponse, descriptor: Descriptor): BodyCoding | undefined {
  const said = response.headers["content-encoding"]?.trim().toLowerCase().replace(/^x-/, "");
  if (response.status !== 200 || Number(response.headers["content-length"]) === descriptor.size) return undefined;
  return said === "gzip" || said === "deflate" || said === "br" || said === "zstd" ? said : undefined;
}

function sizeMismatch(response: HttpResponse, { digest, size }: Descriptor, by: "more" | "less"): KnbuildError {
  return new KnbuildError({
    code: "BLOB_SIZE_MISMATCH",
    message: `${digest}: the server sends ${by} than ${size} bytes${codingOf(response)}`,
    where: response.url.origin,
    hint: DAMAGED_HINT,
  });
}

/** For messages: what else the server says of the bytes. */
function codingOf(response: HttpResponse): string {
  const coding = response.headers["content-encoding"];
  return coding ? ` (Content-Encoding ${JSON.stringify(coding.slice(0, 50))})` : "";
}

/** The body from `offset` on, whatever part of the blob the server chose to send. */
async function* contentOf(
  response: HttpResponse,
  bytes: ByteStream,
  descriptor: Descriptor,
  offset: number,
): ByteStream & AsyncGenerator<Uint8Array> {
  let position = 0;
  if (response.status === 206) {
    if (!isRangeFrom(response, descriptor, offset)) {
      await response.discard();
      throw protocolError("the server answered with another range than asked for", response.url, undefined, true);
    }
    position = rangeOf(response)?.first ?? offset;
  }
  // A login page instead of the blob: some of its bytes would spoil all the others.
  if (isPage(response) && !/html/.test(descriptor.mediaType)) {
    await response.discard();
    throw pageInsteadOf("the blob", response);
  }
  const announced = response.headers["content-length"];
  const isWhole = response.status === 200 && bytes === response.body;
  if (announced !== undefined && isWhole && Number(announced) !== descriptor.size) {
    await response.discard();
    throw protocolError(
      `the server announces ${Number(announced)} bytes for a blob of ${descriptor.size}${codingOf(response)}`,
      response.url,
      undefined,
      true,
    );
  }
  for await (const chunk of bytes) {
    const end = position + chunk.byteLength;
    if (end > descriptor.size) {
      throw sizeMismatch(response, descriptor, "more");
    }
    if (end > offset) yield position >= offset ? chunk : chunk.subarray(offset - position);
    position = end;
    if (position > offset) offset = position;
  }
}
