/** Unpacks a .deb in-process: control fields, and the files as tar entries that read from one uncompressed tar on disk. */
import { createReadStream, createWriteStream, existsSync, mkdirSync } from "node:fs";
import { open, readFile, rename, rm, utimes, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { extract, type Header } from "tar-stream";
import { createSingleFlight, createSlots } from "../base/concurrency.ts";
import { KnbuildError } from "../base/errors.ts";
import { type ByteStream, readAll } from "../base/streams.ts";
import type { DirectoryEntry, FileEntry, HardlinkEntry, SymlinkEntry, TarEntry } from "../oci/layer-source.ts";
import { type Alternative, readAlternatives } from "./alternatives.ts";
import { type ArMember, readArMembers } from "./ar.ts";
import type { PlacedFile } from "./base-files.ts";
import { decompressNamed } from "./decompress.ts";

export interface UnpackedDeb {
  /** The control file as it is. */
  control: string;
  /** Lines `md5  path`; empty when the package has none. */
  md5sums: string;
  /** Links that its script would have update-alternatives make. */
  alternatives: Alternative[];
  /** Paths relative to the root, `/bin`, `/lib`, … already below `usr/`. In the order of the package. */
  entries: TarEntry[];
}

/** What is noted beside the uncompressed tar. */
interface StoredDeb {
  version: typeof RECORD_VERSION;
  control: string;
  md5sums: string;
  alternatives: Alternative[];
  entries: StoredEntry[];
}

/** A file knows where its content lies in the uncompressed tar. */
type StoredEntry = (Omit<FileEntry, "open"> & { offset: number }) | DirectoryEntry | SymlinkEntry | HardlinkEntry;

/** Of what is noted: older notes are made again. */
const RECORD_VERSION = 2;
const CONTROL_LIMIT = 16 << 20;

/** The layer is made of a package, and the libraries of programs are looked for in it, at the same time. */
const once = createSingleFlight<StoredDeb>();
/** One at a time: a decoder takes up to 64 MB, as much as the package's encoder asked for. */
const inTurn = createSlots(1);

/**
 * Unpacks to `<dir>/<name>.tar` and `<dir>/<name>.json` (both renamed into place), or uses what is there.
 * @throws DEB_INVALID
 */
export async function unpackDeb(debPath: string, dir: string): Promise<UnpackedDeb> {
  const name = basename(debPath, ".deb");
  const [tarPath, recordPath] = [join(dir, `${name}.tar`), join(dir, `${name}.json`)];
  const record = await once(
    recordPath,
    async () => (await readRecord(recordPath, tarPath)) ?? inTurn(() => unpack(debPath, tarPath, recordPath)),
  );
  const entries = record.entries.map((entry): TarEntry => {
    if (entry.type !== "file") return entry;
    const { offset, ...file } = entry;
    const placed: PlacedFile = {
      ...file,
      at: { path: tarPath, offset },
      open: () => readRange(tarPath, offset, file.size),
    };
    return placed;
  });
  return { control: record.control, md5sums: record.md5sums, alternatives: record.alternatives, entries };
}

function readRange(path: string, offset: number, size: number): ByteStream {
  return size === 0 ? Readable.from([]) : createReadStream(path, { start: offset, end: offset + size - 1 });
}

async function readRecord(path: string, tarPath: string): Promise<StoredDeb | undefined> {
  // Whoever clears the cache may have taken one of the two.
  if (!existsSync(tarPath)) return undefined;
  try {
    const now = new Date();
    await utimes(tarPath, now, now).catch(() => {});
    const record = JSON.parse(await readFile(path, "utf8")) as StoredDeb;
    return record.version === RECORD_VERSION ? record : undefined;
  } catch {
    return undefined;
  }
}

async function unpack(debPath: string, tarPath: string, recordPath: string): Promise<StoredDeb> {
  const file = await open(debPath);
  let members: ArMember[];
  try {
    members = await readArMembers(file, debPath);
  } finally {
    await file.close();
  }
  const member = (start: string) => {
    const found = members.find(({ name }) => name.startsWith(start));
    if (!found) throw new KnbuildError({ code: "DEB_INVALID", message: `the package has no ${start}`, where: debPath });
    return found;
  };
  const openMember = ({ name, offset, size }: ArMember) => decompressNamed(name, readRange(debPath, offset, size));

  const control = await readControl(openMember(member("control.tar")));
  mkdirSync(dirname(tarPath), { recursive: true });
  const temporary = `${tarPath}.${process.pid}.${Math.random().toString(36).slice(2)}`;
  try {
    await pipeline(Readable.from(openMember(member("data.tar"))), createWriteStream(temporary));
    const record: StoredDeb = { ...control, entries: await indexTar(temporary) };
    await writeFile(`${temporary}.json`, JSON.stringify(record));
    // The tar first: a record promises that its tar is there.
    await rename(temporary, tarPath);
    await rename(`${temporary}.json`, recordPath);
    return record;
  } finally {
    await Promise.all([rm(temporary, { force: true }), rm(`${temporary}.json`, { force: true })]);
  }
}

async function readControl(source: ByteStream): Promise<Omit<StoredDeb, "entries">> {
  const found = { control: "", md5sums: "", postinst: "" };
  for await (const entry of parse(Readable.from(source))) {
    const name = (entry.header as Header).name.replace(/^\.\//, "");
    if (name === "control" || name === "md5sums" || name === "postinst") {
      found[name] = Buffer.from(await readAll(entry as unknown as ByteStream, CONTROL_LIMIT)).toString("utf8");
    } else entry.resume();
  }
  const { control, md5sums, postinst } = found;
  if (!control) throw new KnbuildError({ code: "DEB_INVALID", message: "the package has no control file" });
  return { version: RECORD_VERSION, control, md5sums, alternatives: readAlternatives(postinst) };
}

/** Walks the tar and notes where each file's content lies. */
async function indexTar(path: string): Promise<StoredEntry[]> {
  const entries: StoredEntry[] = [];
  for await (const entry of parse(createReadStream(path))) {
    // The parser notes where the content begins (3.2 and newer; not in its types).
    const header = entry.header as Header & { byteOffset: number };
    const made = toEntry(header, header.byteOffset);
    if (made) entries.push(made);
    entry.resume();
  }
  return entries;
}

function parse(source: Readable) {
  const parser = extract();
  // `pipe` does not carry errors over: without this a damaged package would hang instead of fail.
  source.on("error", (error) => parser.destroy(error));
  return source.pipe(parser);
}

function toEntry(header: Header, offset: number): StoredEntry | undefined {
  const path = imagePath(cleanPath(header.name));
  if (path === undefined) return undefined;
  const common = {
    path,
    mode: (header.mode ?? 0) & 0o7777,
    uid: header.uid ?? 0,
    gid: header.gid ?? 0,
    mtime: Math.floor((header.mtime?.getTime() ?? 0) / 1000),
  };
  switch (header.type) {
    case "file":
    case "contiguous-file":
      return { ...common, type: "file", size: header.size ?? 0, offset };
    case "directory":
      return { ...common, type: "directory" };
    case "symlink":
      return { ...common, type: "symlink", target: header.linkname ?? "" };
    case "link":
      return {
        ...common,
        type: "hardlink",
        target: imagePath(cleanPath(header.linkname ?? "")) ?? "",
      };
    default:
      // Device nodes and FIFOs need root to make and have no place in such an image.
      return undefined;
  }
}

function cleanPath(name: string): string {
  const path = name.replace(/^(?:\.?\/)+/, "").replace(/\/+$/, "");
  if (path.split("/").includes("..")) {
    throw new KnbuildError({ code: "DEB_INVALID", message: `a path that leaves the package: ${JSON.stringify(name)}` });
  }
  return path === "." ? "" : path;
}

/**
 * Where a package's path lies in the image. Debian 12 and newer have one tree: /bin, /sbin, /lib* are links to their
 * namesakes in /usr; /var/run and /var/lock are links too. Undefined for the root and for what only the links stand for.
 */
export function imagePath(path: string): string | undefined {
  if (path === "" || path === "var/run" || path === "var/lock") return undefined;
  if (/^(?:bin|sbin|lib|lib32|lib64|libx32)\//.test(path)) return `usr/${path}`;
  return path.replace(/^var\/(run|lock)\//, (_, name) => (name === "run" ? "run/" : "run/lock/"));
}
