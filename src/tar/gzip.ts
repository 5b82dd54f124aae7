/**
 * Gzip on all cores, as pigz does it: blocks are deflated in libuv's threads, each primed with the 32 KiB before it, and
 * joined into one member. The header is pinned (no name, no time, OS "unknown"), so the same bytes come out everywhere.
 */
import { crc32, deflateRaw, deflateRawSync, constants as zlib } from "node:zlib";
import type { ByteStream } from "../base/streams.ts";

const BLOCK_BYTES = 512 * 1024;
const DICTIONARY_BYTES = 32 * 1024;
/** Deflated on the spot: the way to a thread and back is longer. */
const SMALL_BYTES = 32 * 1024;
/** Blocks in flight bound the memory: each holds its input and its output. */
const IN_FLIGHT = 6;
/** RFC 1952: magic, deflate, no flags, mtime 0, XFL 0, OS 255. */
const HEADER = Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255]);

/** @param level 1–9; the default is zlib's own, 6 */
export async function* gzipStream(source: ByteStream, level = 6): AsyncGenerator<Uint8Array> {
  yield HEADER;
  const running: Promise<Buffer>[] = [];
  let dictionary: Buffer | undefined;
  let crc = 0;
  let size = 0;
  const start = (block: Buffer, last: boolean): void => {
    const compressed = deflateBlock(block, dictionary, last, level);
    compressed.catch(() => {});
    running.push(compressed);
    dictionary = block.subarray(Math.max(0, block.length - DICTIONARY_BYTES));
    crc = crc32(block, crc);
    size += block.length;
  };
  let pending: Buffer | undefined;
  for await (const block of blocks(source)) {
    if (pending) start(pending, false);
    pending = block;
    while (running.length >= IN_FLIGHT) yield await (running.shift() as Promise<Buffer>);
  }
  start(pending ?? Buffer.alloc(0), true);
  for (const compressed of running) yield await compressed;
  const trailer = Buffer.alloc(8);
  trailer.writeUInt32LE(crc >>> 0, 0);
  trailer.writeUInt32LE(size % 2 ** 32, 4);
  yield trailer;
}

async function deflateBlock(
  block: Buffer,
  dictionary: Buffer | undefined,
  last: boolean,
  level: number,
): Promise<Buffer> {
  const options = {
    level,
    finishFlush: last ? zlib.Z_FINISH : zlib.Z_SYNC_FLUSH,
    ...(dictionary?.length && { dictionary }),
  };
  if (block.length <= SMALL_BYTES) return deflateRawSync(block, options);
  return new Promise((resolve, reject) => {
    deflateRaw(block, options, (error, result) => (error ? reject(error) : resolve(result)));
  });
}

/** Cuts a stream into blocks of exactly BLOCK_BYTES (the last one shorter), whatever chunks it came in. */
async function* blocks(source: ByteStream): AsyncGenerator<Buffer> {
  let block = Buffer.allocUnsafe(BLOCK_BYTES);
  let filled = 0;
  for await (const chunk of source) {
    for (let offset = 0; offset < chunk.byteLength; ) {
      const take = Math.min(BLOCK_BYTES - filled, chunk.byteLength - offset);
      block.set(chunk.subarray(offset, offset + take), filled);
      filled += take;
      offset += take;
      if (filled === BLOCK_BYTES) {
        yield block;
        block = Buffer.allocUnsafe(BLOCK_BYTES);
        filled = 0;
      }
    }
  }
  if (filled > 0) yield block.subarray(0, filled);
}
