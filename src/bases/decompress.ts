/** The compressions of Debian's files, streaming and in-process: .xz, .gz, .zst, or none. */
import { pipeline, Readable } from "node:stream";
import { createGunzip } from "node:zlib";
import { KnbuildError } from "../base/errors.ts";
import type { ByteStream } from "../base/streams.ts";
import { unxz } from "../tar/unxz.ts";

/** Opens a stream by the ending of the file's name. @throws DEB_INVALID for other compressions and damaged data */
export async function* decompressNamed(name: string, source: ByteStream): AsyncGenerator<Uint8Array> {
  const ending = /\.(xz|gz|zst|lzma|bz2|lz4)$/.exec(name)?.[1];
  try {
    if (ending === undefined) yield* source;
    else if (ending === "gz") {
      // pipeline, not pipe: a failing source must fail the reader too. The error arrives there; nothing is left to do here.
      const gunzip = createGunzip();
      pipeline(Readable.from(source), gunzip, () => {});
      yield* gunzip;
    } else if (ending === "xz") yield* unxz(source);
    else if (ending === "zst") yield* unzstd(source);
    else throw new Error(`compression .${ending} is not known`);
  } catch (cause) {
    if (cause instanceof KnbuildError) throw cause;
    throw new KnbuildError({ code: "DEB_INVALID", message: `cannot read ${name}`, where: name, cause });
  }
}

async function* unzstd(source: ByteStream): AsyncGenerator<Uint8Array> {
  const { Decompress } = await import("fzstd");
  let ready: Uint8Array[] = [];
  const decoder = new Decompress((chunk) => ready.push(chunk));
  for await (const chunk of source) {
    decoder.push(chunk);
    yield* ready;
    ready = [];
  }
  decoder.push(new Uint8Array(), true);
  yield* ready;
}
