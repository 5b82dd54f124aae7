/**
 * The Packages files of a suite, read at random: names and places are noted in one scan, a paragraph is parsed only when
 * it is asked for. An index of 60 MB costs a few megabytes of memory that way.
 */
import { closeSync, openSync, readSync } from "node:fs";
import { parseDeb822 } from "./deb822.ts";
import { compareDebianVersions } from "./debian-version.ts";

export type ArchiveName = "debian" | "security";

export interface IndexedPackage {
  name: string;
  version: string;
  sha256: string;
  size: number;
  /** Below the archive's base URL: `pool/main/…`. */
  path: string;
  archive: ArchiveName;
  priority: string;
  /** Pre-Depends and Depends, as written. */
  depends: string;
  /** As written. */
  provides: string;
}

export interface PackageIndex {
  /** The newest version of a package over all suites. */
  get(name: string): IndexedPackage | undefined;
  names(): Iterable<string>;
  /** Packages that provide a virtual one, with the version where one is given. */
  providersOf(virtual: string): { name: string; version?: string }[];
}

/** Where a paragraph begins: the file's number and the first byte in one number, since there are 70,000 of them. */
type Place = number;
const FILE = 2 ** 40;

const CHUNK = 128 << 10;
const SEPARATOR = Buffer.from("\n\n");

/** @param files uncompressed Packages files and the archive that each belongs to */
export function openPackageIndex(files: readonly { path: string; archive: ArchiveName }[]): PackageIndex {
  const places = new Map<string, Place | Place[]>();
  const provides: [name: string, text: string][] = [];
  for (const [file, { path }] of files.entries()) {
    scan(path, (paragraph, offset) => {
      const name = field(paragraph, "Package");
      if (name === undefined) return;
      const place = file * FILE + offset;
      const known = places.get(name);
      places.set(name, known === undefined ? place : [known, place].flat());
      const provided = field(paragraph, "Provides");
      if (provided !== undefined) provides.push([name, provided]);
    });
  }
  const parsed = new Map<string, IndexedPackage | undefined>();
  const providers = new Map<string, { name: string; version?: string }[]>();

  function read(name: string): IndexedPackage | undefined {
    let newest: IndexedPackage | undefined;
    for (const place of [places.get(name) ?? []].flat()) {
      const { path, archive } = files[Math.floor(place / FILE)] as (typeof files)[number];
      const found = toPackage(readParagraph(path, place % FILE), archive);
      if (found && (!newest || compareDebianVersions(found.version, newest.version) > 0)) newest = found;
    }
    return newest;
  }

  return {
    names: () => places.keys(),
    get(name) {
      if (!parsed.has(name)) parsed.set(name, read(name));
      return parsed.get(name);
    },
    providersOf(virtual) {
      let found = providers.get(virtual);
      if (!found) {
        found = [];
        const seen = new Set<string>();
        for (const [name, text] of provides) {
          if (!text.includes(virtual) || seen.has(name)) continue;
          const given = parseProvides(text).get(virtual);
          if (given === undefined) continue;
          seen.add(name);
          found.push({ name, ...(given !== "" && { version: given }) });
        }
        providers.set(virtual, found);
      }
      return found;
    },
  };
}

/** `a (= 1), b` as name → version, or an empty string. */
export function parseProvides(text: string): Map<string, string> {
  const provided = new Map<string, string>();
  for (const match of text.matchAll(/([^\s,(]+)(?:\s*\(=\s*([^)\s]+)\s*\))?/g)) {
    provided.set(match[1] as string, match[2] ?? "");
  }
  return provided;
}

/** Calls `visit` for every paragraph of a file, with the offset of its first byte. */
function scan(path: string, visit: (paragraph: Buffer, offset: number) => void): void {
  const fd = openSync(path, "r");
  try {
    // One buffer for the whole file: what is left of a paragraph moves to its front before the next bytes come.
    let buffer = Buffer.alloc(CHUNK);
    let kept = 0;
    let base = 0;
    for (;;) {
      if (kept > buffer.length / 2) buffer = Buffer.concat([buffer, Buffer.alloc(buffer.length)]);
      const read = readSync(fd, buffer, kept, buffer.length - kept, base + kept);
      const data = buffer.subarray(0, kept + read);
      let start = 0;
      for (let end = data.indexOf(SEPARATOR); end >= 0; end = data.indexOf(SEPARATOR, start)) {
        if (end > start) visit(data.subarray(start, end), base + start);
        start = end + 2;
      }
      if (read === 0) {
        if (start < data.length) visit(data.subarray(start), base + start);
        return;
      }
      kept = data.length - start;
      buffer.copy(buffer, 0, start, data.length);
      base += start;
    }
  } finally {
    closeSync(fd);
  }
}

/** One field of a paragraph, found without parsing the others. Copied: nothing keeps the chunk alive. */
function field(paragraph: Buffer, name: string): string | undefined {
  const label = `${name}: `;
  let start = 0;
  if (paragraph.toString("latin1", 0, label.length) !== label) {
    const found = paragraph.indexOf(`\n${label}`);
    if (found < 0) return undefined;
    start = found + 1;
  }
  start += label.length;
  const end = paragraph.indexOf("\n", start);
  return paragraph.toString("utf8", start, end < 0 ? paragraph.length : end).trim();
}

function readParagraph(path: string, offset: number): string {
  const fd = openSync(path, "r");
  try {
    for (let length = 16 << 10; ; length *= 4) {
      const buffer = Buffer.allocUnsafe(length);
      const read = readSync(fd, buffer, 0, length, offset);
      const end = buffer.subarray(0, read).indexOf(SEPARATOR);
      if (end >= 0 || read < length) return buffer.toString("utf8", 0, end < 0 ? read : end);
    }
  } finally {
    closeSync(fd);
  }
}

function toPackage(text: string, archive: ArchiveName): IndexedPackage | undefined {
  const fields = parseDeb822(text)[0] ?? new Map<string, string>();
  const [name, version, path] = [fields.get("package"), fields.get("version"), fields.get("filename")];
  const [sha256, size] = [fields.get("sha256"), Number(fields.get("size"))];
  if (!name || !version || !path || !sha256 || !/^[a-f0-9]{64}$/.test(sha256)) return undefined;
  // An index that is signed may still be of an archive that is careless: nothing here may leave the pool.
  if (!Number.isSafeInteger(size) || path.startsWith("/") || path.split("/").includes("..")) return undefined;
  return {
    name,
    version,
    sha256,
    size,
    path,
    archive,
    priority: fields.get("priority") ?? "optional",
    depends: [fields.get("pre-depends"), fields.get("depends")].filter(Boolean).join(", "),
    provides: fields.get("provides") ?? "",
  };
}
