/** The headers of a tar as its bytes go by, with the PAX records before them; contents are passed over. */
import { headerSize } from "./index-tar.ts";

const BLOCK = 512;
const PAX = 0x78;
/** Headers that are about another entry: global PAX, GNU's long names and long link names. */
const NO_ENTRIES = [0x67, 0x4b, 0x4c];
/** Longer ones have nothing that anybody reads. */
const RECORDS_LIMIT = 1 << 20;

/**
 * Shown the next bytes, it says where the first block of zeros is over, which marks the end: what comes behind is for the next
 * call. Undefined: there is none, and all bytes were seen.
 */
export type HeaderWatch = (chunk: Uint8Array) => number | undefined;

/** @param onEntry told of each entry when its header is over; values of records have one character a byte */
export function createHeaderWatch(
  onEntry: (records: ReadonlyMap<string, string> | undefined) => void = () => {},
): HeaderWatch {
  const block = Buffer.alloc(BLOCK);
  let filled = 0;
  /** Of content, with what fills its last block. */
  let skip = 0;
  let records: Buffer[] | undefined;
  let recordsLeft = 0;
  let pending: Map<string, string> | undefined;

  function header(): void {
    const type = block[156] as number;
    const size = headerSize(block);
    if (type === PAX && size <= RECORDS_LIMIT) {
      records = [];
      recordsLeft = size;
    } else if (type !== PAX && !NO_ENTRIES.includes(type)) {
      onEntry(pending);
      const given = Number(pending?.get("size") ?? Number.NaN);
      pending = undefined;
      skip = padded(hasContent(type) ? (Number.isSafeInteger(given) ? given : size) : 0);
      return;
    }
    skip = padded(size);
  }

  return (chunk) => {
    for (let at = 0; at < chunk.length; ) {
      if (skip > 0) {
        const take = Math.min(skip, chunk.length - at);
        if (records && recordsLeft > 0) {
          records.push(Buffer.from(chunk.subarray(at, at + Math.min(take, recordsLeft))));
          recordsLeft -= Math.min(take, recordsLeft);
        }
        skip -= take;
        at += take;
        if (skip === 0 && records) {
          pending = readRecords(Buffer.concat(records));
          records = undefined;
        }
        continue;
      }
      const take = Math.min(BLOCK - filled, chunk.length - at);
      block.set(chunk.subarray(at, at + take), filled);
      filled += take;
      at += take;
      if (filled < BLOCK) continue;
      filled = 0;
      if (block.every((byte) => byte === 0)) return at;
      header();
    }
    return undefined;
  };
}

function padded(size: number): number {
  return Math.ceil(size / BLOCK) * BLOCK;
}

/** Links, devices, directories and pipes have none, whatever their header says. */
function hasContent(type: number): boolean {
  return type < 0x31 || type > 0x36;
}

/** `LENGTH key=value\n`, one after the other. */
function readRecords(bytes: Buffer): Map<string, string> {
  const text = bytes.toString("latin1");
  const records = new Map<string, string>();
  for (let at = 0; at < text.length; ) {
    const space = text.indexOf(" ", at);
    const length = space < 0 ? Number.NaN : Number(text.slice(at, space));
    if (!(length > 0)) break;
    const record = text.slice(space + 1, at + length - 1);
    const equals = record.indexOf("=");
    records.set(record.slice(0, equals), record.slice(equals + 1));
    at += length;
  }
  return records;
}
