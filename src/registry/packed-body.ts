/** Blobs that are compressed on their way although they were asked for as they are. Loaded when one is. */
import { constants, createGunzip, gunzipSync } from "node:zlib";
import { createDigestMeter, digestAlgorithm } from "../base/digest.ts";
import { isKnbuildError } from "../base/errors.ts";
import type { ByteStream } from "../base/streams.ts";
import type { Descriptor } from "../oci/descriptor.ts";
import { pipeThrough } from "../tar/decompress.ts";
import { protocolError } from "./errors.ts";
import type { HttpResponse } from "./transport.ts";

/** Enough to see what lies below the compression. */
const PEEK_BYTES = 4096;
/** Blobs up to this size are looked at whole, so that their digest tells what was sent. */
const WHOLE_BYTES = 1024 * 1024;

/**
 * A blob's bytes out of an answer that says it is compressed by gzip. Some servers say so of what they send as it is: then the
 * bytes are given on. What is compressed itself begins like what was compressed on the way.
 * @param wasWrong what this made of the blob was not the blob, once
 * @throws REGISTRY_PROTOCOL (passing): broken
 */
export async function* unpacked(
  response: HttpResponse,
  descriptor: Descriptor,
  wasWrong = false,
): AsyncGenerator<Uint8Array> {
  const enough = descriptor.size <= WHOLE_BYTES ? descriptor.size + 1 : PEEK_BYTES;
  const chunks = response.body[Symbol.asyncIterator]();
  const head: Buffer[] = [];
  let size = 0;
  while (size < enough) {
    const next = await chunks.next();
    if (next.done) break;
    head.push(Buffer.from(next.value));
    size += next.value.byteLength;
  }
  const begin = Buffer.concat(head);
  async function* all(): AsyncGenerator<Uint8Array> {
    try {
      yield begin;
      for (let next = await chunks.next(); !next.done; next = await chunks.next()) yield Buffer.from(next.value);
    } finally {
      await chunks.return?.();
    }
  }
  const isItself =
    enough === PEEK_BYTES
      ? wasWrong || (/gzip$/.test(descriptor.mediaType) && !isGzip(below(begin)))
      : size === descriptor.size && isBlob(begin, descriptor);
  yield* isItself || !isGzip(begin) ? all() : gunzipped(all(), response);
}

async function* gunzipped(source: ByteStream, response: HttpResponse): AsyncGenerator<Uint8Array> {
  try {
    yield* pipeThrough(source, createGunzip({ chunkSize: 64 * 1024 }));
  } catch (error) {
    if (isKnbuildError(error)) throw error;
    throw protocolError("the blob is not compressed as the server says", response.url, undefined, true);
  }
}

function isGzip(bytes: Uint8Array): boolean {
  return bytes[0] === 0x1f && bytes[1] === 0x8b;
}

function isBlob(bytes: Uint8Array, { digest }: Descriptor): boolean {
  const meter = createDigestMeter(digestAlgorithm(digest));
  meter.update(bytes);
  return meter.digest() === digest;
}

/** What a compressed beginning begins with when it is unpacked. */
function below(bytes: Uint8Array): Uint8Array {
  try {
    return gunzipSync(bytes, { finishFlush: constants.Z_SYNC_FLUSH });
  } catch {
    return new Uint8Array();
  }
}
