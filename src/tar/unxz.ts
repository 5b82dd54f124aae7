/** .xz, streaming and in-process. */
import { Readable } from "node:stream";
import type { ByteStream } from "../base/streams.ts";

export async function* unxz(source: ByteStream): AsyncGenerator<Uint8Array> {
  const { default: xz } = await import("xz-decompress");
  const input = Readable.toWeb(Readable.from(source)) as unknown as ConstructorParameters<
    typeof xz.XzReadableStream
  >[0];
  const reader = new xz.XzReadableStream(input).getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      // The decoder gives views of its own memory, which the next read overwrites.
      yield Buffer.from(value);
    }
  } finally {
    await reader.cancel().catch(() => {});
  }
}
