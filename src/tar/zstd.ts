/** Zstandard, by the same encoder on every Node (so that the same input gives the same digest), and both decoders. */
import * as zlib from "node:zlib";
import type { ByteStream } from "../base/streams.ts";

/** One frame a block: decoders join frames (RFC 8878 §3.1), and memory stays bounded. */
const BLOCK_BYTES = 4 * 1024 * 1024;
const LEVEL = 3;

let encoder: Promise<typeof import("@bokuweb/zstd-wasm")> | undefined;

/** Set up once: a second time would take the memory away from under a stream that is being written. */
function loadEncoder() {
  encoder ??= (async () => {
    const loaded = await import("@bokuweb/zstd-wasm");
    await loaded.init();
    return loaded;
  })();
  return encoder;
}

export async function* zstdStream(source: ByteStream): AsyncGenerator<Uint8Array> {
  const { compress } = await loadEncoder();
  let parts: Uint8Array[] = [];
  let size = 0;
  let any = false;
  for await (let chunk of source) {
    while (size + chunk.byteLength >= BLOCK_BYTES) {
      const head = chunk.subarray(0, BLOCK_BYTES - size);
      chunk = chunk.subarray(head.byteLength);
      yield compress(Buffer.concat([...parts, head]), LEVEL);
      any = true;
      parts = [];
      size = 0;
    }
    if (chunk.byteLength > 0) {
      parts.push(chunk);
      size += chunk.byteLength;
    }
  }
  if (size > 0 || !any) yield compress(Buffer.concat(parts), LEVEL);
}

/** Decodes with Node's own zstd where it has one (≥ 22.15), else with fzstd. */
export async function* unzstdStream(source: ByteStream): AsyncGenerator<Uint8Array> {
  const native = (zlib as unknown as { createZstdDecompress?: () => NodeJS.ReadWriteStream }).createZstdDecompress;
  if (native) {
    const { pipeThrough } = await import("./decompress.ts");
    yield* pipeThrough(source, native());
    return;
  }
  const { Decompress } = await import("fzstd");
  let out: Uint8Array[] = [];
  const decoder = new Decompress((chunk) => {
    out.push(chunk);
  });
  for await (const chunk of source) {
    decoder.push(chunk);
    yield* out;
    out = [];
  }
  decoder.push(new Uint8Array(0), true);
  yield* out;
}

/** A step gives at most so many times 32 KiB, a block for every four bytes. */
const STEP_BYTES = 1024;

/** The first that comes out of a beginning; empty where no block of it is whole. Throws where it is not zstd. */
export async function unzstdBeginning(begin: Uint8Array): Promise<Uint8Array> {
  const { Decompress } = await import("fzstd");
  let first: Uint8Array | undefined;
  const decoder = new Decompress((chunk) => {
    if (chunk.byteLength > 0) first ??= chunk;
  });
  for (let at = 0; at < begin.byteLength && !first; at += STEP_BYTES) decoder.push(begin.subarray(at, at + STEP_BYTES));
  return first ?? new Uint8Array();
}
