/** Looks at the files of a tar that somebody else made, while it goes by: the same guard as for layers made here. */
import { extract, type Header } from "tar-stream";
import type { ByteStream } from "../base/streams.ts";
import { streamOf } from "../base/streams.ts";
import type { EntryInspector } from "../tar/pack.ts";

/** The same bytes. @throws what the inspector throws, at the end: nothing may be kept of the stream then */
export async function* inspectTar(source: ByteStream, inspector: EntryInspector): AsyncGenerator<Uint8Array> {
  const tar = extract();
  let failure: unknown;
  const reading = readAllEntries(tar, inspector).catch((error) => {
    failure = error;
    tar.destroy(error as Error);
  });
  try {
    for await (const chunk of source) {
      if (failure === undefined && !tar.write(chunk)) {
        const drained = new Promise<void>((resolve) => tar.once("drain", () => resolve()));
        await Promise.race([drained, reading]);
      }
      yield chunk;
    }
    tar.end(null);
    await reading;
  } finally {
    tar.destroy();
  }
  if (failure !== undefined) throw failure;
}

async function readAllEntries(tar: ReturnType<typeof extract>, inspector: EntryInspector): Promise<void> {
  for await (const entry of tar) {
    const { name, type, size = 0, mode = 0, uid = 0, gid = 0 } = entry.header as Header;
    const path = name.replace(/^(?:\.?\/)+/, "");
    const inspect =
      type === "file" ? inspector.begin({ type, path, size, mode, uid, gid, open: () => streamOf() }) : undefined;
    for await (const chunk of entry as unknown as ByteStream) inspect?.(chunk);
    inspect?.(null);
  }
  inspector.end();
}
