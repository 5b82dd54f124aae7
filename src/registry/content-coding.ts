/** Answers that come compressed although they were asked for as they are: some proxies do that to all that looks like text. */
import { brotliDecompressSync, gunzipSync, inflateSync, type ZlibOptions } from "node:zlib";
import { isKnbuildError, KnbuildError } from "../base/errors.ts";
import { readAll, streamOf } from "../base/streams.ts";
import { protocolError } from "./errors.ts";
import type { HttpResponse } from "./transport.ts";

type Decoder = (
  bytes: Uint8Array,
  options: ZlibOptions & { maxOutputLength: number },
) => Uint8Array | Promise<Uint8Array>;

// Node loads the library when it is first touched: not before an answer needs it.
const gunzip: Decoder = (bytes, options) => gunzipSync(bytes, options);
const DECODERS: Readonly<Record<string, Decoder>> = {
  gzip: gunzip,
  "x-gzip": gunzip,
  deflate: (bytes, options) => inflateSync(bytes, options),
  br: (bytes, { maxOutputLength }) => brotliDecompressSync(bytes, { maxOutputLength }),
  async zstd(bytes, { maxOutputLength }) {
    const { unzstdStream } = await import("../tar/zstd.ts");
    return readAll(unzstdStream(streamOf(bytes)), maxOutputLength);
  },
};

/** Does it begin as what is compressed so begins? (RFC 1952 2.3.1, RFC 8878 3.1.1) */
export function isMarked(coding: string, bytes: Uint8Array): boolean {
  const mark = coding.endsWith("gzip") ? [0x1f, 0x8b] : [0x28, 0xb5, 0x2f, 0xfd];
  return mark.every((byte, i) => bytes[i] === byte);
}

/** The bytes of a small answer without its Content-Encoding (RFC 9110 8.4). @throws REGISTRY_PROTOCOL (passing), TOO_LARGE */
export async function decoded(bytes: Uint8Array, response: HttpResponse, limitBytes: number): Promise<Uint8Array> {
  const coding = response.headers["content-encoding"]?.trim().toLowerCase() ?? "";
  const decode = DECODERS[coding];
  // Object stores say of what was once written so that it is compressed, and send it as it is.
  if (!decode || (/gzip|zstd/.test(coding) && !isMarked(coding, bytes))) return bytes;
  try {
    return await decode(bytes, { maxOutputLength: limitBytes });
  } catch (cause) {
    if (isKnbuildError(cause, "TOO_LARGE")) throw cause;
    if ((cause as NodeJS.ErrnoException).code === "ERR_BUFFER_TOO_LARGE") {
      throw new KnbuildError({ code: "TOO_LARGE", message: `more than ${limitBytes} bytes`, cause });
    }
    throw protocolError("the answer is not compressed as it says", response.url, undefined, true);
  }
}
