/** Blobs that are compressed on their way although they were asked for as they are. Loaded when one is. */
import * as zlib from "node:zlib";
import { createDigestMeter, digestAlgorithm } from "../base/digest.ts";
import { isKnbuildError } from "../base/errors.ts";
import type { ByteStream } from "../base/streams.ts";
import type { Descriptor } from "../oci/descriptor.ts";
import { pipeThrough } from "../tar/decompress.ts";
import { unzstdStream } from "../tar/zstd.ts";
import { isMarked } from "./content-coding.ts";
import type { BodyCoding } from "./download.ts";
import { protocolError } from "./errors.ts";
import type { HttpResponse } from "./transport.ts";

/** Enough to see what lies below the compression. */
const PEEK_BYTES = 4096;
/** Blobs up to this size are looked at whole, so that their digest tells what was sent. */
const WHOLE_BYTES = 1024 * 1024;

const CHUNK = { chunkSize: 64 * 1024 };
const isGzip = (bytes: Uint8Array) => isMarked("gzip", bytes);
const isZstd = (bytes: Uint8Array) => isMarked("zstd", bytes);

const BROTLI_PART = { finishFlush: zlib.constants.BROTLI_OPERATION_FLUSH };

interface Unpacking {
  /** May these bytes have been compressed so? */
  fits(begin: Uint8Array): boolean;
  unpack(source: ByteStream): ByteStream;
  /** What a compressed beginning begins with when it is unpacked; throws where it is not compressed so. */
  below?(begin: Uint8Array): Uint8Array;
}

const UNPACKING: Readonly<Record<BodyCoding, Unpacking>> = {
  gzip: {
    fits: isGzip,
    unpack: (source) => pipeThrough(source, zlib.createGunzip(CHUNK)),
    below: (begin) => zlib.gunzipSync(begin, { finishFlush: zlib.constants.Z_SYNC_FLUSH }),
  },
  zstd: { fits: isZstd, unpack: unzstdStream },
  // These have no mark of their own: what can be read so, and is not something else, is it.
  deflate: {
    fits: (begin) => isMarkless(begin, () => zlib.inflateSync(begin, { finishFlush: zlib.constants.Z_SYNC_FLUSH })),
    unpack: (source) => pipeThrough(source, zlib.createInflate(CHUNK)),
  },
  br: {
    fits: (begin) => isMarkless(begin, () => zlib.brotliDecompressSync(begin, BROTLI_PART)),
    unpack: (source) => pipeThrough(source, zlib.createBrotliDecompress(CHUNK)),
  },
};

function isMarkless(begin: Uint8Array, read: () => unknown): boolean {
  return !isGzip(begin) && !isZstd(begin) && !fails(read);
}

function fails(read: () => unknown): boolean {
  try {
    read();
    return false;
  } catch {
    return true;
  }
}

/**
 * A blob's bytes out of an answer that says how it is compressed. Some servers say so of what they send as it is: then the
 * bytes are given on. What is compressed itself begins like what was compressed on the way.
 * @param wasWrong what this made of the blob was not the blob, once
 * @throws REGISTRY_PROTOCOL (passing): broken
 */
export async function* unpacked(
  response: HttpResponse,
  coding: BodyCoding,
  descriptor: Descriptor,
  wasWrong = false,
): AsyncGenerator<Uint8Array> {
  const how = UNPACKING[coding];
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
      ? wasWrong || (descriptor.mediaType.endsWith(coding) && !isPackedTwice(how, begin))
      : size === descriptor.size && isBlob(begin, descriptor);
  if (isItself || !how.fits(begin)) {
    yield* all();
    return;
  }
  try {
    yield* how.unpack(all());
  } catch (error) {
    if (isKnbuildError(error)) throw error;
    throw protocolError(`the blob is not compressed by ${coding} as the server says`, response.url, undefined, true);
  }
}

function isPackedTwice(how: Unpacking, begin: Uint8Array): boolean {
  try {
    return how.fits(how.below?.(begin) ?? new Uint8Array());
  } catch {
    return false;
  }
}

function isBlob(bytes: Uint8Array, { digest }: Descriptor): boolean {
  const meter = createDigestMeter(digestAlgorithm(digest));
  meter.update(bytes);
  return meter.digest() === digest;
}
