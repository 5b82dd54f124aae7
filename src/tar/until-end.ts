/** A tar as archivers read it: up to the mark of its end. What comes behind it (padding, a broken checksum, rubbish) is never read. */
import type { ByteStream } from "../base/streams.ts";
import { createHeaderWatch } from "./header-watch.ts";

const BLOCK = 512;

/** A first block that can be a header: not all zero, its checksum right. */
export function startsTar(block: Uint8Array): boolean {
  if (block.length < BLOCK) return false;
  const bytes = Buffer.from(block.buffer, block.byteOffset, BLOCK);
  const said = Number.parseInt(bytes.toString("latin1", 148, 156), 8);
  let sum = 0;
  for (let i = 0; i < BLOCK; i++) sum += i >= 148 && i < 156 ? 0x20 : (bytes[i] as number);
  return sum === said;
}

/** @throws what the source throws before the end of the archive */
export async function* untilEnd(source: ByteStream): ByteStream {
  const watch = createHeaderWatch();
  for await (const chunk of source) {
    const end = watch(chunk);
    if (end === undefined) yield chunk;
    else {
      // The mark is two blocks; readers want to see both.
      yield chunk.subarray(0, end);
      yield Buffer.alloc(BLOCK);
      return;
    }
  }
}
