/** Reading through mirrors: every request chooses anew among the places that may have the content. */
import { type Digest, verifyStream } from "../base/digest.ts";
import { errorMessage, isKnbuildError, KnbuildError } from "../base/errors.ts";
import type { ByteStream } from "../base/streams.ts";
import type { Descriptor } from "../oci/descriptor.ts";
import { type DownloadOptions, downloadFrom } from "./download.ts";
import type { BadContent, Endpoint } from "./endpoint.ts";

/** Blobs up to this size are checked before their first byte is given away, so that a wrong one costs nobody anything. */
const CHECKED_FIRST_BYTES = 1024 * 1024;

interface ReadOptions extends DownloadOptions {
  onServed: (digest: Digest, endpoint: Endpoint) => void;
}

/** The endpoints to ask for a tag or digest, in order; never empty. */
export type Endpoints = (reference: string) => Promise<readonly Endpoint[]>;

/**
 * Asks one endpoint after the other until one has an answer.
 * @returns null when none of them has it
 * @throws the last endpoint's error, with what the others said
 */
export async function firstAnswer<T>(
  endpoints: Endpoints,
  reference: string,
  ask: (endpoint: Endpoint, brief: boolean) => Promise<T | null>,
): Promise<{ value: T; endpoint: Endpoint } | null> {
  const said: { endpoint: Endpoint; error: unknown }[] = [];
  const list = await endpoints(reference);
  for (const [index, endpoint] of list.entries()) {
    const isLast = index === list.length - 1;
    try {
      const value = await ask(endpoint, !isLast);
      endpoint.report?.(true);
      if (value !== null) return { value, endpoint };
    } catch (error) {
      if (isKnbuildError(error, "INTERRUPTED")) throw error;
      endpoint.report?.(!isDead(error));
      said.push({ endpoint, error });
    }
  }
  const last = said.at(-1);
  // The origin's "no such thing" is final; a mirror's counts only when no other place is in trouble.
  if (!last || (last.endpoint !== list.at(-1) && !list.at(-1)?.isMirror)) return null;
  throw withOthers(last.error, said.slice(0, -1));
}

/** A blob's bytes from wherever they come, verified at the end. */
export async function* readBlob(
  endpoints: Endpoints,
  descriptor: Descriptor,
  bad: BadContent,
  options: ReadOptions,
): AsyncGenerator<Uint8Array> {
  if (descriptor.size <= CHECKED_FIRST_BYTES) {
    yield* await readChecked(endpoints, descriptor, bad, options);
    return;
  }
  yield* verified(endpoints, descriptor, bad, options);
}

/** To its verified end. @throws BLOB_DIGEST_MISMATCH, BLOB_SIZE_MISMATCH: those who sent it are not asked for it again */
async function* verified(
  endpoints: Endpoints,
  descriptor: Descriptor,
  bad: BadContent,
  options: ReadOptions,
): AsyncGenerator<Uint8Array> {
  const served: Endpoint[] = [];
  try {
    yield* verifyStream(readFrom(endpoints, descriptor, 0, bad, options, served), descriptor);
  } catch (error) {
    if (!isContentError(error)) throw error;
    // Which part was wrong nobody can tell: none of those who sent one is asked again for this blob.
    for (const endpoint of served) bad.add(`${endpoint.label} ${descriptor.digest}`);
    const { code, message, hint, detail, retryable } = error;
    // Of what was too long from the start nothing was passed on.
    const where = served.map(({ label, repository }) => `${label}/${repository}`).join(", ") || error.where;
    throw new KnbuildError({ code, message, where, hint, detail, retryable, cause: error });
  }
}

async function readChecked(
  endpoints: Endpoints,
  descriptor: Descriptor,
  bad: BadContent,
  options: ReadOptions,
): Promise<Uint8Array[]> {
  const tries = (await endpoints(descriptor.digest)).length;
  const kept = { ...options, lent: false };
  for (let attempt = 1; ; attempt++) {
    try {
      const chunks: Uint8Array[] = [];
      for await (const chunk of verified(endpoints, descriptor, bad, kept)) chunks.push(chunk);
      return chunks;
    } catch (error) {
      if (!isContentError(error) || attempt > tries) throw error;
    }
  }
}

/** Bytes `start`… of a blob, one place taking over from the other where it broke off. Not verified. */
export async function* readFrom(
  endpoints: Endpoints,
  descriptor: Descriptor,
  start: number,
  bad: BadContent,
  options: ReadOptions,
  served: Endpoint[] = [],
): ByteStream & AsyncGenerator<Uint8Array> {
  const said: { endpoint: Endpoint; error: unknown }[] = [];
  const all = await endpoints(descriptor.digest);
  const good = all.filter((endpoint) => !bad.has(`${endpoint.label} ${descriptor.digest}`));
  // All were wrong once: the last one may have been hit by a passing fault.
  const list = good.length > 0 ? good : all.slice(-1);
  let offset = start;
  for (const [index, endpoint] of list.entries()) {
    const isLast = index === list.length - 1;
    const before = offset;
    const wasWrong = bad.has(`${endpoint.label} ${descriptor.digest}`);
    try {
      for await (const chunk of downloadFrom(endpoint, descriptor, offset, { ...options, brief: !isLast, wasWrong })) {
        if (offset === before) {
          served.push(endpoint);
          options.onServed(descriptor.digest, endpoint);
        }
        offset += chunk.byteLength;
        yield chunk;
      }
      endpoint.report?.(true);
      return;
    } catch (error) {
      if (isKnbuildError(error, "INTERRUPTED")) throw error;
      endpoint.report?.(!isDead(error));
      if (isLast) throw withOthers(error, said);
      said.push({ endpoint, error });
    }
  }
}

function isContentError(error: unknown): error is KnbuildError {
  return isKnbuildError(error, "BLOB_DIGEST_MISMATCH") || isKnbuildError(error, "BLOB_SIZE_MISMATCH");
}

/** Nobody answers there, as against: it answers, but not what we wanted. */
function isDead(error: unknown): boolean {
  return isKnbuildError(error) && (error.code.startsWith("NETWORK_") || error.code.startsWith("TLS_"));
}

function withOthers(error: unknown, others: { endpoint: Endpoint; error: unknown }[]): unknown {
  if (others.length === 0 || !isKnbuildError(error)) return error;
  return new KnbuildError({
    code: error.code,
    message: error.message,
    where: error.where,
    hint: error.hint,
    detail: others.map(({ endpoint, error: said }) => `mirror ${endpoint.label}: ${errorMessage(said)}`).join("\n"),
    cause: error,
    retryable: error.retryable,
    exitCode: error.exitCode,
  });
}
