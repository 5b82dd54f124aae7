/** Answers that come compressed although they were asked for as they are: some proxies do that to all that looks like text. */
import { brotliDecompressSync, gunzipSync, inflateSync, type ZlibOptions } from "node:zlib";
import { KnbuildError } from "../base/errors.ts";
import { protocolError } from "./errors.ts";
import type { HttpResponse } from "./transport.ts";

type Decoder = (bytes: Uint8Array, options: ZlibOptions) => Buffer;

// Node loads the library when it is first touched: not before an answer needs it.
const gunzip: Decoder = (bytes, options) => gunzipSync(bytes, options);
const DECODERS: Readonly<Record<string, Decoder>> = {
  gzip: gunzip,
  "x-gzip": gunzip,
  deflate: (bytes, options) => inflateSync(bytes, options),
  br: (bytes, { maxOutputLength }) => brotliDecompressSync(bytes, maxOutputLength ? { maxOutputLength } : {}),
};

/** The bytes of a small answer without its Content-Encoding (RFC 9110 8.4). @throws REGISTRY_PROTOCOL (passing), TOO_LARGE */
export function decoded(bytes: Uint8Array, response: HttpResponse, limitBytes: number): Uint8Array {
  const decode = DECODERS[response.headers["content-encoding"]?.trim().toLowerCase() ?? ""];
  if (!decode) return bytes;
  try {
    return decode(bytes, { maxOutputLength: limitBytes });
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === "ERR_BUFFER_TOO_LARGE") {
      throw new KnbuildError({ code: "TOO_LARGE", message: `more than ${limitBytes} bytes`, cause });
    }
    throw protocolError("the answer is not compressed as it says", response.url, undefined, true);
  }
}
