/** Reads an ELF file's headers and dynamic section from random access; never the whole file. */
import { errorMessage } from "../base/errors.ts";
import { type ByteSource, type ElfFile, machineName } from "./types.ts";

/** A file that is no ELF, or a damaged one, is an answer, not an exception. */
export type ElfResult = { ok: true; elf: ElfFile } | { ok: false; reason: string };

/** Nothing that this reader wants is larger: a greater number in a header is damage, or an attack on memory. */
const LIMIT = 16 << 20;

/** No real file names so many libraries or versions; a chain that was bent into a circle would. */
const MAX_ENTRIES = 4096;
const MAX_NAME = 4096;

const PT_LOAD = 1;
const PT_DYNAMIC = 2;
const PT_INTERP = 3;
const DT = { needed: 1, strtab: 5, strsz: 10, soname: 14, rpath: 15, runpath: 29, flags1: 0x6ffffffb } as const;
const DT_VERDEF = 0x6ffffffc;
const DT_VERDEFNUM = 0x6ffffffd;
const DT_VERNEED = 0x6ffffffe;
const DT_VERNEEDNUM = 0x6fffffff;
const DF_1_PIE = 0x08000000;
const VER_FLG_BASE = 1;
const VER_FLG_WEAK = 2;

class Damaged extends Error {}

export async function readElf(source: ByteSource | Uint8Array): Promise<ElfResult> {
  try {
    const bytes = source instanceof Uint8Array ? bufferSource(source) : source;
    return { ok: true, elf: await parse(bytes) };
  } catch (error) {
    return { ok: false, reason: error instanceof Damaged ? error.message : `cannot be read: ${errorMessage(error)}` };
  }
}

/** Random access to bytes in memory. */
export function bufferSource(bytes: Uint8Array): ByteSource {
  return { size: bytes.byteLength, read: async (offset, length) => bytes.subarray(offset, offset + length) };
}

/** Fixed-size numbers of the file's byte order and width. */
class View {
  readonly buffer: Buffer;
  readonly little: boolean;
  readonly wide: boolean;

  constructor(bytes: Uint8Array, little: boolean, wide: boolean) {
    this.buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.little = little;
    this.wide = wide;
  }

  u16(offset: number): number {
    this.check(offset, 2);
    return this.little ? this.buffer.readUInt16LE(offset) : this.buffer.readUInt16BE(offset);
  }

  u32(offset: number): number {
    this.check(offset, 4);
    return this.little ? this.buffer.readUInt32LE(offset) : this.buffer.readUInt32BE(offset);
  }

  /** An address or a size: 32 or 64 bits. Values beyond 2^53 come out inexact, and fail the bounds checks that follow. */
  word(offset: number): number {
    if (!this.wide) return this.u32(offset);
    this.check(offset, 8);
    return Number(this.little ? this.buffer.readBigUInt64LE(offset) : this.buffer.readBigUInt64BE(offset));
  }

  string(offset: number): string {
    const end = offset >= 0 && offset < this.buffer.length ? this.buffer.indexOf(0, offset) : -1;
    if (end < 0 || end - offset > MAX_NAME) throw new Damaged("a name lies outside of the string table");
    return this.buffer.toString("utf8", offset, end);
  }

  private check(offset: number, length: number): void {
    if (offset < 0 || offset + length > this.buffer.length) throw new Damaged("a header is cut");
  }
}

interface Segment {
  type: number;
  offset: number;
  address: number;
  fileSize: number;
}

async function parse(source: ByteSource): Promise<ElfFile> {
  const ident = await source.read(0, 64);
  if (ident.length < 4 || Buffer.from(ident).toString("latin1", 0, 4) !== "\x7fELF")
    throw new Damaged("it is no ELF file");
  if (ident.length < 52) throw new Damaged("the ELF header is cut");
  const [, , , , cls, data, , osAbi = 0] = ident;
  if ((cls !== 1 && cls !== 2) || (data !== 1 && data !== 2)) throw new Damaged("an unknown ELF class or byte order");
  const wide = cls === 2;
  const little = data === 1;
  const read = async (offset: number, length: number) => {
    if (!(length >= 0 && length <= LIMIT) || !(offset >= 0 && offset + length <= source.size)) {
      throw new Damaged("a table lies outside of the file");
    }
    const bytes = await source.read(offset, length);
    if (bytes.length !== length) throw new Damaged("a table lies outside of the file");
    return new View(bytes, little, wide);
  };
  const header = await read(0, wide ? 64 : 52);
  const machine = header.u16(18);
  const segments = await readSegments(header, read);
  const interp = segments.find(({ type }) => type === PT_INTERP);
  const interpreter = interp && (await read(interp.offset, interp.fileSize)).string(0);
  const dynamic = segments.find(({ type }) => type === PT_DYNAMIC);
  const facts = dynamic && dynamic.fileSize > 0 ? await readDynamic(dynamic, segments, read) : undefined;
  const common = {
    bits: wide ? (64 as const) : (32 as const),
    littleEndian: little,
    machine,
    machineName: machineName(machine),
    osAbi,
    type: TYPES[header.u16(16)] ?? ("other" as const),
    ...(interpreter !== undefined && { interpreter }),
    dynamic: facts !== undefined,
    ...(facts ?? { needed: [], rpath: [], runpath: [], pie: false, versionsNeeded: [], versionsDefined: [] }),
  };
  return { ...common, libc: whichLibc(common) };
}

const TYPES: Readonly<Record<number, ElfFile["type"]>> = { 1: "relocatable", 2: "executable", 3: "shared", 4: "core" };

type Read = (offset: number, length: number) => Promise<View>;

async function readSegments(header: View, read: Read): Promise<Segment[]> {
  const { wide } = header;
  const offset = header.word(wide ? 32 : 28);
  const entrySize = header.u16(wide ? 54 : 42);
  const count = header.u16(wide ? 56 : 44);
  if (count === 0) return [];
  if (entrySize < (wide ? 56 : 32)) throw new Damaged("program headers of an impossible size");
  const table = await read(offset, entrySize * count);
  return Array.from({ length: count }, (_, i) => {
    const at = i * entrySize;
    return wide
      ? { type: table.u32(at), offset: table.word(at + 8), address: table.word(at + 16), fileSize: table.word(at + 32) }
      : { type: table.u32(at), offset: table.u32(at + 4), address: table.u32(at + 8), fileSize: table.u32(at + 16) };
  });
}

type DynamicFacts = Pick<
  ElfFile,
  "needed" | "soname" | "rpath" | "runpath" | "pie" | "versionsNeeded" | "versionsDefined"
>;

async function readDynamic(dynamic: Segment, segments: readonly Segment[], read: Read): Promise<DynamicFacts> {
  const table = await read(dynamic.offset, dynamic.fileSize);
  const step = table.wide ? 16 : 8;
  const values = new Map<number, number[]>();
  for (let at = 0; at + step <= dynamic.fileSize; at += step) {
    const tag = table.word(at);
    if (tag === 0) break;
    const list = values.get(tag);
    if (!list) values.set(tag, [table.word(at + step / 2)]);
    else if (list.push(table.word(at + step / 2)) > MAX_ENTRIES) throw new Damaged("too many entries of one kind");
  }
  const one = (tag: number) => values.get(tag)?.[0];
  /** The loader sees addresses; the file has offsets. */
  const place = (address: number): { offset: number; left: number } => {
    const segment = segments.find(
      ({ type, address: start, fileSize }) => type === PT_LOAD && address >= start && address < start + fileSize,
    );
    if (!segment) throw new Damaged("a dynamic table lies in no segment");
    return {
      offset: segment.offset + (address - segment.address),
      left: segment.fileSize - (address - segment.address),
    };
  };
  const [strtab, strsz] = [one(DT.strtab), one(DT.strsz)];
  const names =
    strtab !== undefined && strsz !== undefined ? await read(place(strtab).offset, strsz) : await read(0, 0);
  const text = (offset: number | undefined) => (offset === undefined ? undefined : names.string(offset));
  const paths = (tag: number) => (text(one(tag)) ?? "").split(":").filter(Boolean);
  const soname = text(one(DT.soname));
  const verTable = async (address: number | undefined) => {
    if (address === undefined) return undefined;
    const { offset, left } = place(address);
    return read(offset, Math.min(left, 1 << 20));
  };
  const [needTable, defTable] = await Promise.all([verTable(one(DT_VERNEED)), verTable(one(DT_VERDEF))]);
  return {
    needed: (values.get(DT.needed) ?? []).map((offset) => names.string(offset)),
    ...(soname !== undefined && { soname }),
    rpath: paths(DT.rpath),
    runpath: paths(DT.runpath),
    pie: ((one(DT.flags1) ?? 0) & DF_1_PIE) !== 0,
    versionsNeeded: needTable ? readVersionsNeeded(needTable, one(DT_VERNEEDNUM) ?? 0, names) : [],
    versionsDefined: defTable ? readVersionsDefined(defTable, one(DT_VERDEFNUM) ?? 0, names) : [],
  };
}

/** Elfxx_Verneed and Elfxx_Vernaux: chains of relative offsets, the same in both classes. */
function readVersionsNeeded(table: View, count: number, names: View): ElfFile["versionsNeeded"] {
  const found: ElfFile["versionsNeeded"] = [];
  let total = 0;
  for (let at = 0, i = 0; i < count; i++) {
    const [entries, next] = [table.u16(at + 2), table.u32(at + 12)];
    const versions: string[] = [];
    const weak: string[] = [];
    for (let aux = at + table.u32(at + 8), j = 0; j < entries; j++) {
      if (++total > MAX_ENTRIES) throw new Damaged("too many symbol versions");
      const name = names.string(table.u32(aux + 8));
      (table.u16(aux + 4) & VER_FLG_WEAK ? weak : versions).push(name);
      const step = table.u32(aux + 12);
      if (step === 0) break;
      aux += step;
    }
    found.push({ file: names.string(table.u32(at + 4)), versions, weak });
    if (next === 0) break;
    at += next;
  }
  return found;
}

function readVersionsDefined(table: View, count: number, names: View): string[] {
  const found: string[] = [];
  for (let at = 0, i = 0; i < count; i++) {
    if (i > MAX_ENTRIES) throw new Damaged("too many symbol versions");
    // The base definition names the file itself; the first auxiliary entry names the version.
    if (!(table.u16(at + 2) & VER_FLG_BASE)) found.push(names.string(table.u32(at + table.u32(at + 12))));
    const next = table.u32(at + 16);
    if (next === 0) break;
    at += next;
  }
  return found;
}

function whichLibc(elf: Omit<ElfFile, "libc">): ElfFile["libc"] {
  const loader = elf.interpreter?.split("/").pop() ?? "";
  if (loader.startsWith("ld-musl-") || elf.needed.some((name) => /^(?:libc\.musl-|ld-musl-)/.test(name))) return "musl";
  if (elf.soname?.startsWith("libc.musl-")) return "musl";
  if (/^ld(?:-linux|64)[^/]*\.so/.test(loader)) return "glibc";
  // musl's linker name has no version: an addon built on Alpine needs plain `libc.so`.
  if (elf.needed.includes("libc.so")) return "musl";
  const versions = elf.versionsNeeded.flatMap((need) => need.versions).concat(elf.versionsDefined);
  if (versions.some((version) => version.startsWith("GLIBC_")) || elf.needed.includes("libc.so.6")) return "glibc";
  return elf.dynamic && elf.needed.length > 0 ? "unknown" : "none";
}
