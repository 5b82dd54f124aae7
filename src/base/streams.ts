/** Byte streams are AsyncIterable<Uint8Array> everywhere: nothing else crosses a room's border. */
import { KnbuildError } from "./errors.ts";

export type ByteStream = AsyncIterable<Uint8Array>;

/**
 * How a stream is to be read. `lent`: the reader is done with a chunk when it asks for the next one, so that the stream may use
 * the chunk's memory again; without it every chunk is the reader's to keep.
 */
export interface Reading {
  lent?: boolean;
}

/** Reads a stream that is known to be small (manifests, configs, API answers). @throws TOO_LARGE over `limitBytes`. */
export async function readAll(source: ByteStream, limitBytes: number, where?: string): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of source) {
    size += chunk.byteLength;
    if (size > limitBytes) {
      throw new KnbuildError({ code: "TOO_LARGE", message: `more than ${limitBytes} bytes`, where });
    }
    chunks.push(chunk);
  }
  return chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks);
}

/** A stream of bytes that are already in memory. */
export async function* streamOf(...chunks: Uint8Array[]): AsyncGenerator<Uint8Array> {
  yield* chunks;
}

/** Reads to the end and drops everything. */
export async function drain(source: ByteStream): Promise<void> {
  for await (const _ of source);
}

/** The beginning of a stream: at least `count` bytes, where it has so many. */
export async function firstBytes(source: ByteStream, count: number): Promise<Uint8Array> {
  let bytes = Buffer.alloc(0);
  for await (const chunk of source) {
    bytes = Buffer.concat([bytes, chunk]);
    if (bytes.length >= count) break;
  }
  return bytes;
}
