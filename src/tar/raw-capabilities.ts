/**
 * File capabilities as a tar has them. They are bytes in a record of text: what reads PAX as UTF-8 loses those over 127, and
 * cap_setuid is one.
 */
import type { ByteStream } from "../base/streams.ts";
import { createHeaderWatch } from "./header-watch.ts";
import { PAX_CAPABILITY } from "./pack.ts";

export interface WatchedTar {
  /** The same bytes. */
  stream: ByteStream;
  /** Of each entry in order, as far as the stream was read: one character a byte. */
  capabilities: (string | undefined)[];
}

export function watchCapabilities(tar: ByteStream): WatchedTar {
  const capabilities: WatchedTar["capabilities"] = [];
  const watch = createHeaderWatch((records) => capabilities.push(records?.get(PAX_CAPABILITY)));

  async function* through(): AsyncGenerator<Uint8Array> {
    for await (const chunk of tar) {
      // Whoever reads on behind blocks of zeros counts what stands there, too.
      let at = 0;
      for (let end = watch(chunk); end !== undefined; end = watch(chunk.subarray(at))) at += end;
      yield chunk;
    }
  }
  return { stream: through(), capabilities };
}
