/**
 * File capabilities as a tar has them. They are bytes in a record of text: what reads PAX as UTF-8 loses those over 127, and
 * cap_setuid is one.
 */
import type { ByteStream } from "../base/streams.ts";
import { headerSize } from "./index-tar.ts";
import { PAX_CAPABILITY } from "./pack.ts";

const BLOCK = 512;
const PAX = 0x78;
/** Headers that are about another entry: global PAX, GNU's long names and long link names. */
const NO_ENTRIES = [0x67, 0x4b, 0x4c];
/** Longer ones have no capability that anybody reads. */
const RECORDS_LIMIT = 1 << 20;

export interface WatchedTar {
  /** The same bytes. */
  stream: ByteStream;
  /** Of each entry in order, as far as the stream was read: one character a byte. */
  capabilities: (string | undefined)[];
}

export function watchCapabilities(tar: ByteStream): WatchedTar {
  const capabilities: WatchedTar["capabilities"] = [];
  const block = Buffer.alloc(BLOCK);
  let filled = 0;
  /** Of content, with what fills its last block. */
  let skip = 0;
  let records: Buffer[] | undefined;
  let recordsLeft = 0;
  let pending: Map<string, string> | undefined;

  function header(): void {
    if (block.every((byte) => byte === 0)) return;
    const type = block[156] as number;
    const size = headerSize(block);
    if (type === PAX && size <= RECORDS_LIMIT) {
      records = [];
      recordsLeft = size;
    } else if (type !== PAX && !NO_ENTRIES.includes(type)) {
      capabilities.push(pending?.get(PAX_CAPABILITY));
      const given = Number(pending?.get("size") ?? Number.NaN);
      pending = undefined;
      skip = padded(hasContent(type) ? (Number.isSafeInteger(given) ? given : size) : 0);
      return;
    }
    skip = padded(size);
  }

  function watch(chunk: Uint8Array): void {
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
      header();
    }
  }

  async function* through(): AsyncGenerator<Uint8Array> {
    for await (const chunk of tar) {
      watch(chunk);
      yield chunk;
    }
  }
  return { stream: through(), capabilities };
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
