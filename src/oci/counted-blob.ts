/** How far the reading of a blob is, told now and then: for those who wait for gigabytes. */
import { monotonicMs } from "../base/clock.ts";
import type { ByteStream } from "../base/streams.ts";
import type { Blob } from "./blob.ts";

/** Smaller ones are there before anybody could read how far they are. */
const WORTH_TELLING_BYTES = 4 * 1024 * 1024;
const INTERVAL_MS = 100;

/** @param tell hears where in the blob the reading is; where it begins anew, that is less than before */
export function countedBlob(blob: Blob, tell: (doneBytes: number) => void): Blob {
  if (blob.descriptor.size < WORTH_TELLING_BYTES) return blob;
  const { openRange } = blob;
  return {
    ...blob,
    open: (reading) => counted(blob.open(reading), 0, tell),
    ...(openRange && {
      openRange: (start, reading) => counted(openRange.call(blob, start, reading), start, tell),
    }),
  };
}

async function* counted(
  stream: ByteStream,
  start: number,
  tell: (doneBytes: number) => void,
): AsyncGenerator<Uint8Array> {
  let done = start;
  let told = monotonicMs();
  for await (const chunk of stream) {
    done += chunk.byteLength;
    const now = monotonicMs();
    if (now - told >= INTERVAL_MS) {
      told = now;
      tell(done);
    }
    yield chunk;
  }
}
