/** Compressed layer bytes → tar bytes, whatever the media type says. */
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGunzip } from "node:zlib";
import { errorMessage, KnbuildError } from "../base/errors.ts";
import type { ByteStream } from "../base/streams.ts";
import type { Compression } from "../oci/descriptor.ts";

/** @throws LAYER_CORRUPT when the bytes are not what `compression` says */
export async function* decompress(
  source: ByteStream,
  compression: Compression,
  where?: string,
): AsyncGenerator<Uint8Array> {
  if (compression === "none") {
    yield* source;
    return;
  }
  try {
    if (compression === "gzip") yield* pipeThrough(source, createGunzip({ chunkSize: 128 * 1024 }));
    else {
      const { unzstdStream } = await import("./zstd.ts");
      yield* unzstdStream(source);
    }
  } catch (error) {
    if (error instanceof KnbuildError) throw error;
    throw new KnbuildError({
      code: "LAYER_CORRUPT",
      message: `cannot decompress a ${compression} layer: ${errorMessage(error)}`,
      where,
      cause: error,
    });
  }
}

/** Runs a stream through a Node transform; an error on either side reaches the reader. */
export async function* pipeThrough(source: ByteStream, transform: NodeJS.ReadWriteStream): AsyncGenerator<Uint8Array> {
  const feeding = pipeline(Readable.from(source, { objectMode: false }), transform);
  feeding.catch(() => {});
  for await (const chunk of transform as unknown as ByteStream) yield chunk;
  await feeding;
}
