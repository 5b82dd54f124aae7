/** Entries → tar bytes (ustar, PAX only where a name or number needs it), by tar-stream. */
import { randomBytes } from "node:crypto";
import { pack as createPack, type Header } from "tar-stream";
import { KnbuildError } from "../base/errors.ts";
import type { ByteStream } from "../base/streams.ts";
import type { TarEntry } from "../oci/layer-source.ts";

/** Sees the content of every file while it is written (the secret guard). Throws to refuse it. */
export interface EntryInspector {
  begin(entry: TarEntry): ((chunk: Uint8Array | null) => void) | undefined;
  /** After the last entry. Throws to refuse the whole. */
  end(): void;
}

/** As every archiver of Linux writes it (POSIX pax, vendor SCHILY). */
export const PAX_CAPABILITY = "SCHILY.xattr.security.capability";

const MAX_OCTAL_ID = 0o777777;

/**
 * Streams a tar of the entries in the given order.
 * @param defaultMtime seconds, for entries without their own
 * @throws LAYER_FILE_CHANGED when a file's stream does not give `size` bytes
 */
export async function* packTar(
  entries: Iterable<TarEntry>,
  defaultMtime: number,
  inspector?: EntryInspector,
): AsyncGenerator<Uint8Array> {
  const pack = createPack();
  let failure: unknown;
  const raw = rawValues();
  const writing = writeEntries(pack, entries, defaultMtime, inspector, raw).then(
    () => pack.finalize(),
    (error) => {
      failure = error;
      pack.destroy(error as Error);
    },
  );
  try {
    for await (const chunk of pack as unknown as ByteStream) yield raw.restore(chunk);
  } catch (error) {
    await writing;
    throw failure ?? error;
  }
  await writing;
  if (failure) throw failure;
}

async function writeEntries(
  pack: ReturnType<typeof createPack>,
  entries: Iterable<TarEntry>,
  defaultMtime: number,
  inspector: EntryInspector | undefined,
  raw: RawValues,
): Promise<void> {
  for (const entry of entries) {
    const header = toHeader(entry, defaultMtime, raw);
    if (entry.type !== "file") {
      await new Promise<void>((resolve, reject) => {
        pack.entry(header, (error) => (error ? reject(error) : resolve()));
      });
      continue;
    }
    const inspect = inspector?.begin(entry);
    let written = 0;
    let done!: Promise<void>;
    const sink = await new Promise<ReturnType<typeof pack.entry>>((resolve) => {
      done = new Promise((ok, fail) => {
        resolve(pack.entry(header, (error) => (error ? fail(error) : ok())));
      });
    });
    done.catch(() => {});
    // The pack reports its end to `done` and to its reader; an unheard 'error' event would end the process.
    sink.on("error", () => {});
    for await (const chunk of entry.open()) {
      written += chunk.byteLength;
      if (written > entry.size) break;
      inspect?.(chunk);
      if (!sink.write(chunk))
        await Promise.race([new Promise<void>((resolve) => sink.once("drain", () => resolve())), done]);
    }
    if (written !== entry.size) {
      throw new KnbuildError({
        code: "LAYER_FILE_CHANGED",
        message: `a file changed while it was being read: ${entry.path} (expected ${entry.size} bytes)`,
        hint: "Something writes to the source during the build. Stop it, or exclude the file, and build again.",
        retryable: true,
      });
    }
    inspect?.(null);
    sink.end(null);
    await done;
  }
  inspector?.end();
}

/**
 * Values of PAX records that are bytes, one a character. tar-stream writes text as UTF-8: a word of the same length stands for
 * such a value until the record, which is a chunk of its own, comes out.
 */
interface RawValues {
  standIn(value: string): string;
  restore(chunk: Uint8Array): Uint8Array;
}

function rawValues(): RawValues {
  const pending: { word: string; value: string }[] = [];
  return {
    standIn(value) {
      if (/^[\x00-\x7f]*$/.test(value)) return value;
      const word = randomBytes(value.length).toString("hex").slice(0, value.length);
      pending.push({ word, value });
      return word;
    },
    restore(chunk) {
      const [next] = pending;
      const at = next ? Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength).indexOf(`=${next.word}\n`) : -1;
      if (!next || at < 0) return chunk;
      pending.shift();
      const restored = Buffer.from(chunk);
      restored.write(next.value, at + 1, "latin1");
      return restored;
    },
  };
}

function toHeader(entry: TarEntry, defaultMtime: number, raw: RawValues): Partial<Header> & { name: string } {
  const header: Partial<Header> & { name: string } = {
    name: entry.type === "directory" ? `${entry.path}/` : entry.path,
    // tar-stream takes a mode of 0 for none, and writes the lower bits only.
    mode: 0o10000 | (entry.mode & 0o7777),
    uid: entry.uid,
    gid: entry.gid,
    mtime: new Date((entry.mtime ?? defaultMtime) * 1000),
    type: entry.type === "hardlink" ? "link" : entry.type,
    size: entry.type === "file" ? entry.size : 0,
  };
  if (entry.type === "symlink" || entry.type === "hardlink") header.linkname = entry.target;
  const pax = {
    ...((entry.uid > MAX_OCTAL_ID || entry.gid > MAX_OCTAL_ID) && { uid: String(entry.uid), gid: String(entry.gid) }),
    ...(entry.type === "file" && entry.capability !== undefined && { [PAX_CAPABILITY]: raw.standIn(entry.capability) }),
  };
  if (Object.keys(pax).length > 0) header.pax = pax;
  return header;
}
