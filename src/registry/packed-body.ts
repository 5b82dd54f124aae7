/** Blobs that are compressed on their way although they were asked for as they are. Loaded when one is. */
import { constants, createGunzip, gunzipSync } from "node:zlib";
import { isKnbuildError } from "../base/errors.ts";
import type { ByteStream } from "../base/streams.ts";
import { pipeThrough } from "../tar/decompress.ts";
import { protocolError } from "./errors.ts";
import type { HttpResponse } from "./transport.ts";

/** Enough to see what lies below the compression. */
const PEEK_BYTES = 4096;

/**
 * A blob's bytes out of an answer that says it is compressed. Some servers say so of what they send as it is: then the bytes are
 * given on.
 * @param mediaType of the blob: what is compressed itself begins like what was compressed on the way
 * @throws REGISTRY_PROTOCOL (passing): another coding than gzip, or broken
 */
export async function* unpacked(response: HttpResponse, mediaType: string): AsyncGenerator<Uint8Array> {
  const coding = response.headers["content-encoding"]?.trim().toLowerCase() ?? "";
  const chunks = response.body[Symbol.asyncIterator]();
  const head: Buffer[] = [];
  let size = 0;
  for (let done = false; size < PEEK_BYTES && !done; ) {
    const next = await chunks.next();
    done = next.done === true;
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
  if (!/^(?:x-)?gzip$/.test(coding)) {
    await chunks.return?.();
    const said = `Content-Encoding ${JSON.stringify(coding.slice(0, 50))}`;
    const message = `the server compresses the blob (${said}) although it was asked for as it is`;
    throw protocolError(message, response.url, undefined, true);
  }
  const isItself = !isGzip(begin) || (/gzip$/.test(mediaType) && isTar(below(begin)));
  yield* isItself ? all() : gunzipped(all(), response);
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

/** By its magic; one without an entry is nothing but zeros. */
function isTar(bytes: Uint8Array): boolean {
  const magic = Buffer.from(bytes.subarray(257, 262)).toString("latin1");
  return magic === "ustar" || (bytes.byteLength > 0 && bytes.every((byte) => byte === 0));
}

/** What a compressed beginning begins with when it is unpacked. */
function below(bytes: Uint8Array): Uint8Array {
  try {
    return gunzipSync(bytes, { finishFlush: constants.Z_SYNC_FLUSH });
  } catch {
    return new Uint8Array();
  }
}
