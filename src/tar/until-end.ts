/** A tar as archivers read it: up to the mark of its end. What comes behind it (padding, a broken checksum, rubbish) is never read. */
import type { ByteStream } from "../base/streams.ts";
import { headerSize } from "./index-tar.ts";

const BLOCK = 512;

/** A first block that can be a header: not all zero, its checksum right. */
export function startsTar(block: Uint8Array): boolean {
  if (block.length < BLOCK) return false;
  const bytes = Buffer.from(block.buffer, block.byteOffset, BLOCK);
  const said = Number.parseInt(
    bytes
      .toString("latin1", 148, 156)
      .replace(/[\0 ]+$/, "")
      .trim(),
    8,
  );
  let sum = 0;
  for (let i = 0; i < BLOCK; i++) sum += i >= 148 && i < 156 ? 0x20 : (bytes[i] as number);
  return sum === said;
}

/** @throws what the source throws before the end of the archive */
export async function* untilEnd(source: ByteStream): ByteStream {
  let header = Buffer.alloc(0);
  // Of the entry that is being read, padding included.
  let content = 0;
  for await (const chunk of source) {
    for (let at = 0; at < chunk.length; ) {
      if (content > 0) {
        const step = Math.min(content, chunk.length - at);
        content -= step;
        at += step;
        continue;
      }
      const step = Math.min(BLOCK - header.length, chunk.length - at);
      header = Buffer.concat([header, chunk.subarray(at, at + step)]);
      at += step;
      if (header.length < BLOCK) continue;
      if (header.every((byte) => byte === 0)) {
        // The mark is two blocks; readers want to see both.
        yield chunk.subarray(0, at);
        yield Buffer.alloc(BLOCK);
        return;
      }
      content = hasContent(header[156] as number) ? Math.ceil(headerSize(header) / BLOCK) * BLOCK : 0;
      header = Buffer.alloc(0);
    }
    yield chunk;
  }
}

/** Links, directories and devices have a size that means nothing. */
function hasContent(type: number): boolean {
  return type < 0x31 || type > 0x36;
}
