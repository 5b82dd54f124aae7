/** .bz2, streaming and in-process: block by block, concatenated streams too. Checksums are checked. */
import type { ByteStream } from "../base/streams.ts";

const BLOCK_MAGIC = 0x314159265359;
const END_MAGIC = 0x177245385090;
/** No compressed block is longer than its 900 kB and their tables. */
const MAX_BLOCK_BYTES = 1_200_000;

/** @throws Error on damaged data */
export async function* bunzip2(source: ByteStream): AsyncGenerator<Uint8Array> {
  const iterator = source[Symbol.asyncIterator]();
  let bits = new BitReader(new Uint8Array());
  let ended = false;
  const fill = async (): Promise<void> => {
    const chunks = [bits.rest()];
    let size = chunks[0]?.length ?? 0;
    while (!ended && size < MAX_BLOCK_BYTES) {
      const { done, value } = await iterator.next();
      if (done) ended = true;
      else {
        chunks.push(value);
        size += value.byteLength;
      }
    }
    bits = new BitReader(Buffer.concat(chunks), bits.bitOffset());
  };
  for (let first = true; ; first = false) {
    await fill();
    if (bits.atEnd()) {
      if (first) throw new Error("not a bzip2 file");
      return;
    }
    const level = bits.read(8) === 0x42 && bits.read(8) === 0x5a && bits.read(8) === 0x68 ? bits.read(8) - 0x30 : 0;
    if (level < 1 || level > 9) throw new Error("not a bzip2 file");
    let combined = 0;
    for (;;) {
      await fill();
      const magic = bits.read(24) * 0x1000000 + bits.read(24);
      const expected = bits.read(32);
      if (magic === END_MAGIC) {
        if (expected !== combined >>> 0) throw new Error("damaged bzip2 data: the checksum does not fit");
        bits.align();
        break;
      }
      if (magic !== BLOCK_MAGIC) throw new Error("damaged bzip2 data: no block where one must begin");
      const block = readBlock(bits, level * 100_000);
      const found = crc(block);
      if (found !== expected) throw new Error("damaged bzip2 data: a block's checksum does not fit");
      combined = ((combined << 1) | (combined >>> 31)) ^ found;
      yield block;
    }
  }
}

class BitReader {
  private at = 0;
  private readonly bytes: Uint8Array;

  constructor(bytes: Uint8Array, bitOffset = 0) {
    this.bytes = bytes;
    this.at = bitOffset;
  }

  /** At most 32 bits. */
  read(count: number): number {
    let value = 0;
    for (let left = count; left > 0; ) {
      const byte = this.bytes[this.at >>> 3];
      if (byte === undefined) throw new Error("bzip2 data ends too early");
      const available = 8 - (this.at & 7);
      const take = Math.min(available, left);
      value = value * 2 ** take + ((byte >>> (available - take)) & ((1 << take) - 1));
      this.at += take;
      left -= take;
    }
    return value;
  }

  align(): void {
    this.at = (this.at + 7) & ~7;
  }

  atEnd(): boolean {
    return this.at >>> 3 >= this.bytes.length;
  }

  bitOffset(): number {
    return this.at & 7;
  }

  /** The bytes from the current one on. */
  rest(): Uint8Array {
    return this.bytes.subarray(this.at >>> 3);
  }
}

interface Code {
  /** By length: first code, and where its symbols begin. */
  limit: number[];
  base: number[];
  symbols: number[];
  shortest: number;
}

const RUN_A = 0;
const RUN_B = 1;
const GROUP = 50;

function readBlock(bits: BitReader, limit: number): Uint8Array {
  if (bits.read(1) === 1) throw new Error("bzip2 data of a version that nobody writes any more");
  const origin = bits.read(24);
  const used: number[] = [];
  const ranges = bits.read(16);
  for (let range = 0; range < 16; range++) {
    if (!(ranges & (0x8000 >>> range))) continue;
    const within = bits.read(16);
    for (let i = 0; i < 16; i++) if (within & (0x8000 >>> i)) used.push(range * 16 + i);
  }
  const groups = bits.read(3);
  const selectorCount = bits.read(15);
  if (groups < 2 || groups > 6 || selectorCount < 1 || used.length === 0) throw new Error("damaged bzip2 data");
  const order = Array.from({ length: groups }, (_, i) => i);
  const selectors: number[] = [];
  for (let i = 0; i < selectorCount; i++) {
    let position = 0;
    while (bits.read(1) === 1) if (++position >= groups) throw new Error("damaged bzip2 data");
    selectors.push(moveToFront(order, position));
  }
  const symbols = used.length + 2;
  const codes = Array.from({ length: groups }, () => readCode(bits, symbols));
  const sorted = readSymbols(bits, codes, selectors, used, limit);
  return undoRuns(undoTransform(sorted, origin));
}

function moveToFront(order: number[], position: number): number {
  const [value] = order.splice(position, 1);
  order.unshift(value as number);
  return value as number;
}

function readCode(bits: BitReader, count: number): Code {
  const lengths: number[] = [];
  let length = bits.read(5);
  for (let i = 0; i < count; i++) {
    while (bits.read(1) === 1) length += bits.read(1) === 1 ? -1 : 1;
    if (length < 1 || length > 20) throw new Error("damaged bzip2 data");
    lengths.push(length);
  }
  const shortest = Math.min(...lengths);
  const longest = Math.max(...lengths);
  const code: Code = { limit: [], base: [], symbols: [], shortest };
  let next = 0;
  for (let bitsOf = shortest; bitsOf <= longest; bitsOf++) {
    code.base[bitsOf] = code.symbols.length - next;
    for (let symbol = 0; symbol < count; symbol++) {
      if (lengths[symbol] !== bitsOf) continue;
      code.symbols.push(symbol);
      next++;
    }
    code.limit[bitsOf] = next;
    next <<= 1;
  }
  return code;
}

function readSymbols(bits: BitReader, codes: Code[], selectors: number[], used: number[], limit: number): Uint8Array {
  const out = new Uint8Array(limit);
  const order = [...used];
  const end = used.length + 1;
  let size = 0;
  let run = 0;
  let weight = 1;
  for (let i = 0; ; i++) {
    const code = codes[selectors[Math.floor(i / GROUP)] ?? -1];
    if (!code) throw new Error("damaged bzip2 data");
    let length = code.shortest;
    let value = bits.read(length);
    while (value >= (code.limit[length] ?? Number.NaN)) {
      value = value * 2 + bits.read(1);
      length++;
    }
    if (code.limit[length] === undefined) throw new Error("damaged bzip2 data");
    const symbol = code.symbols[value + (code.base[length] as number)] as number;
    if (symbol === RUN_A || symbol === RUN_B) {
      run += weight << symbol;
      weight <<= 1;
      if (run > limit) throw new Error("damaged bzip2 data");
      continue;
    }
    if (run > 0) {
      if (size + run > limit) throw new Error("damaged bzip2 data");
      out.fill(order[0] as number, size, size + run);
      size += run;
      run = 0;
      weight = 1;
    }
    if (symbol === end) return out.subarray(0, size);
    if (size >= limit) throw new Error("damaged bzip2 data");
    out[size++] = moveToFront(order, symbol - 1);
  }
}

/** The inverse of the Burrows-Wheeler transform. */
function undoTransform(sorted: Uint8Array, origin: number): Uint8Array {
  if (origin >= sorted.length) throw new Error("damaged bzip2 data");
  const starts = new Uint32Array(257);
  for (const byte of sorted) starts[byte + 1] = (starts[byte + 1] as number) + 1;
  for (let i = 1; i < 257; i++) starts[i] = (starts[i] as number) + (starts[i - 1] as number);
  const next = new Uint32Array(sorted.length);
  for (let i = 0; i < sorted.length; i++) {
    const byte = sorted[i] as number;
    const place = starts[byte] as number;
    next[place] = i;
    starts[byte] = place + 1;
  }
  const out = new Uint8Array(sorted.length);
  let at = next[origin] as number;
  for (let i = 0; i < out.length; i++) {
    out[i] = sorted[at] as number;
    at = next[at] as number;
  }
  return out;
}

/** Four equal bytes are followed by how many more there are. */
function undoRuns(bytes: Uint8Array): Uint8Array {
  const parts: Uint8Array[] = [];
  let from = 0;
  let same = 0;
  for (let i = 0; i < bytes.length; i++) {
    same = i > from && bytes[i] === bytes[i - 1] ? same + 1 : 1;
    if (same < 4 || i + 1 >= bytes.length) continue;
    parts.push(bytes.subarray(from, i + 1), new Uint8Array(bytes[i + 1] as number).fill(bytes[i] as number));
    i++;
    from = i + 1;
    same = 0;
  }
  parts.push(bytes.subarray(from));
  return Buffer.concat(parts);
}

const CRC_TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let value = byte << 24;
  for (let bit = 0; bit < 8; bit++) value = value & 0x80000000 ? (value << 1) ^ 0x04c11db7 : value << 1;
  return value >>> 0;
});

/** bzip2's: most significant bit first. */
function crc(bytes: Uint8Array): number {
  let value = 0xffffffff;
  for (const byte of bytes) value = ((value << 8) ^ (CRC_TABLE[((value >>> 24) ^ byte) & 0xff] as number)) >>> 0;
  return ~value >>> 0;
}
