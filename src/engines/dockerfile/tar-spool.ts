/** Tar streams of layers and archives: what is in them, remembered by content; and their files in any order, by way of the disk. */
import { createReadStream } from "node:fs";
import { mkdtemp, open as openFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { extract, type Header } from "tar-stream";
import type { ByteStream } from "../../base/streams.ts";
import type { LayerStore } from "../../layer/materialize.ts";
import { indexTar, type TarIndexEntry } from "../../tar/index-tar.ts";
import { watchCapabilities } from "../../tar/raw-capabilities.ts";

/** One header of a tar, in order. */
export interface TarRow {
  name: string;
  /** As tar-stream calls it; `unknown`: none of POSIX's. */
  type: string;
  mode: number;
  uid: number;
  gid: number;
  /** Seconds. */
  mtime: number;
  size: number;
  link: string;
  /** The bytes of the extended attribute security.capability, one character each. */
  capability?: string;
}

/** A tar that can be opened again; `key` names its bytes for good. */
export interface TarSource {
  key: string;
  open(): Promise<ByteStream> | ByteStream;
}

export interface TarSpool {
  /** @throws what reading it throws */
  rows(tar: TarSource): Promise<TarRow[]>;
  content(tar: TarSource, row: TarRow): { open(): ByteStream; identity: string };
  /** Removes what was unpacked. */
  close(): Promise<void>;
}

/** Named anew with every change of `TarRow`. */
const RECORDS = "tar-rows-5";

export function createTarSpool(store: LayerStore, temporary: string): TarSpool {
  const unpacked = new Map<string, Promise<{ path: string; index: Map<string, TarIndexEntry> }>>();
  let folder: Promise<string> | undefined;

  function unpack(tar: TarSource) {
    let known = unpacked.get(tar.key);
    if (!known) {
      known = (async () => {
        folder ??= mkdtemp(join(temporary, "knbuild-tar-"));
        const path = join(await folder, fileName(tar.key));
        const file = await openFile(path, "wx");
        try {
          for await (const chunk of await tar.open()) await file.writeFile(chunk);
        } finally {
          await file.close();
        }
        return { path, index: await indexTar(path) };
      })();
      unpacked.set(tar.key, known);
    }
    return known;
  }

  return {
    async rows(tar) {
      const record = store.readRecord(RECORDS, fileName(tar.key)) as TarRow[] | undefined;
      if (record) return record;
      const rows = await readRows(await tar.open());
      store.writeRecord(RECORDS, fileName(tar.key), rows);
      return rows;
    },
    content: (tar, { name, size }) => ({
      identity: `${tar.key}!${name}`,
      async *open() {
        if (size === 0) return;
        const { path, index } = await unpack(tar);
        const start = index.get(name.replace(/^\.\//, "").replace(/\/$/, ""))?.offset;
        if (start === undefined) return;
        yield* createReadStream(path, { start, end: start + size - 1, highWaterMark: 256 * 1024 }) as ByteStream;
      },
    }),
    async close() {
      if (folder) await rm(await folder, { recursive: true, force: true });
    },
  };
}

function fileName(key: string): string {
  return key.replace(/[^\w.-]/g, "-");
}

async function readRows(tar: ByteStream): Promise<TarRow[]> {
  const rows: TarRow[] = [];
  const parser = extract();
  const { stream, capabilities } = watchCapabilities(tar);
  const fed = pipeline(Readable.from(stream, { objectMode: false }), parser as unknown as NodeJS.WritableStream);
  fed.catch(() => {});
  for await (const entry of parser) {
    const capability = capabilities[rows.length];
    rows.push({ ...toRow(entry.header), ...(capability !== undefined && { capability }) });
    entry.resume();
  }
  await fed;
  return rows;
}

function toRow({ name, type, mode, uid, gid, mtime, size, linkname, pax }: Header): TarRow {
  const records = pax as Record<string, string> | null | undefined;
  return {
    name,
    type: type === "contiguous-file" ? "file" : (type ?? "unknown"),
    mode: (mode ?? 0o644) & 0o7777,
    // Numbers that the header has no room for stand in a record before it.
    uid: Number(records?.["uid"] ?? uid ?? 0),
    gid: Number(records?.["gid"] ?? gid ?? 0),
    mtime: mtime ? Math.floor(mtime.getTime() / 1000) : 0,
    size: size ?? 0,
    link: linkname ?? "",
  };
}
