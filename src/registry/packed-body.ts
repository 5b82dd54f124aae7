/** Blobs that are compressed on their way although they were asked for as they are. Loaded when one is. */
import * as zlib from "node:zlib";
import { createDigestMeter, digestAlgorithm } from "../base/digest.ts";
import { isKnbuildError } from "../base/errors.ts";
import type { ByteStream } from "../base/streams.ts";
import type { Descriptor } from "../oci/descriptor.ts";
import { pipeThrough } from "../tar/decompress.ts";
import { unzstdBeginning, unzstdStream } from "../tar/zstd.ts";
import { isMarked } from "./content-coding.ts";
import type { BodyCoding } from "./download.ts";
import { protocolError } from "./errors.ts";
import type { HttpResponse } from "./transport.ts";

/** Enough to see what lies below the compression: zstd gives nothing before a block is whole (RFC 8878 3.1.1.2: 128 KiB). */
const PEEK_BYTES: Readonly<Record<BodyCoding, number>> = { gzip: 4096, zstd: 160 * 1024, deflate: 4096, br: 4096 };
/** Blobs up to this size are looked at whole, so that their digest tells what was sent. */
const WHOLE_BYTES = 1024 * 1024;
/** What so much comes out of is compressed so: a few bytes may hold gigabytes. */
const ENOUGH_BYTES = 1024 * 1024;

const CHUNK = { chunkSize: 64 * 1024 };
const isGzip = (bytes: Uint8Array) => isMarked("gzip", bytes);
const isZstd = (bytes: Uint8Array) => isMarked("zstd", bytes);

interface Unpacking {
  /** May these bytes have been compressed so? */
  fits(begin: Uint8Array): boolean | Promise<boolean>;
  unpack(source: ByteStream): ByteStream;
  /** What a compressed beginning begins with when it is unpacked; throws where it is not compressed so. */
  below(begin: Uint8Array): Promise<Uint8Array>;
}

const UNPACKING: Readonly<Record<BodyCoding, Unpacking>> = {
  gzip: {
    fits: isGzip,
    unpack: (source) => pipeThrough(source, zlib.createGunzip(CHUNK)),
    below: (begin) => beginning(zlib.createGunzip(CHUNK), begin),
  },
  zstd: { fits: isZstd, unpack: unzstdStream, below: unzstdBeginning },
  deflate: markless(() => zlib.createInflate(CHUNK)),
  br: markless(() => zlib.createBrotliDecompress(CHUNK)),
};

/** These have no mark of their own: what can be read so, and is not something else, is it. */
function markless(decoder: () => zlib.Inflate | zlib.BrotliDecompress): Unpacking {
  const below = (begin: Uint8Array) => beginning(decoder(), begin);
  return {
    below,
    unpack: (source) => pipeThrough(source, decoder()),
    fits: (begin) =>
      !isGzip(begin) &&
      !isZstd(begin) &&
      below(begin).then(
        () => true,
        () => false,
      ),
  };
}

/** The first that comes out, when all is read or enough has come. Rejects where it cannot be read. */
async function beginning(decoder: zlib.Gunzip | zlib.BrotliDecompress, begin: Uint8Array): Promise<Uint8Array> {
  let first: Uint8Array | undefined;
  let size = 0;
  try {
    await new Promise<void>((resolve, reject) => {
      decoder.on("error", reject).on("data", (chunk: Uint8Array) => {
        first ??= chunk;
        size += chunk.byteLength;
        if (size >= ENOUGH_BYTES) resolve();
      });
      decoder.write(begin, (error) => (error ? reject(error) : resolve()));
    });
  } finally {
    decoder.destroy();
  }
  return first ?? new Uint8Array();
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
  const enough = descriptor.size <= WHOLE_BYTES ? descriptor.size + 1 : PEEK_BYTES[coding];
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
    descriptor.size > WHOLE_BYTES
      ? wasWrong || (descriptor.mediaType.endsWith(coding) && !(await isPackedTwice(how, begin)))
      : size === descriptor.size && isBlob(begin, descriptor);
  if (isItself || !(await how.fits(begin))) {
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

async function isPackedTwice(how: Unpacking, begin: Uint8Array): Promise<boolean> {
  try {
    return await how.fits(await how.below(begin));
  } catch {
    return false;
  }
}

function isBlob(bytes: Uint8Array, { digest }: Descriptor): boolean {
  const meter = createDigestMeter(digestAlgorithm(digest));
  meter.update(bytes);
  return meter.digest() === digest;
}
