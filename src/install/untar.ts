/** Unpacks an npm package's tarball as npm does: first path part dropped, no links, modes at least 0644, `.gitignore` renamed. */
import { closeSync, mkdirSync, openSync, writeFileSync, writeSync } from "node:fs";
import { dirname, join, posix } from "node:path";
import { KnbuildError } from "../base/errors.ts";

export interface Unpacker {
  write(chunk: Buffer): void;
  /** @throws PACKAGE_DAMAGED when the archive is cut */
  end(): void;
  readonly files: number;
}

const BLOCK = 512;
/** Files up to this size are gathered and written at once. */
const WHOLE_BYTES = 256 * 1024;

/** @param destination made if missing @param isBin whether a path of the package is one of its programs */
export function createUnpacker(destination: string, label: string, isBin: (path: string) => boolean): Unpacker {
  const made = new Set<string>();
  const ignores = new Set<string>();
  let pending: Buffer = Buffer.alloc(0);
  let left = 0;
  let padding = 0;
  let sink: Sink | undefined;
  let extended: Record<string, string> = {};
  let files = 0;
  let ended = false;

  function damaged(what: string): KnbuildError {
    return new KnbuildError({
      code: "PACKAGE_DAMAGED",
      message: `the tarball of ${label} is damaged: ${what}`,
      hint: "Clear npm's cache (npm cache verify) and try again.",
    });
  }

  function directory(path: string): void {
    if (made.has(path)) return;
    mkdirSync(path, { recursive: true });
    made.add(path);
  }

  function target(name: string): string | undefined {
    const inner = name.split("/").slice(1).join("/");
    if (inner === "" || inner.endsWith("/")) return undefined;
    const clean = posix.normalize(inner);
    if (clean.startsWith("..") || posix.isAbsolute(clean) || clean.includes("\0"))
      throw damaged(`it holds the path ${JSON.stringify(name)}`);
    const base = posix.basename(clean);
    if (base === ".npmignore") ignores.add(clean);
    if (base !== ".gitignore") return clean;
    const renamed = posix.join(posix.dirname(clean), ".npmignore");
    return ignores.has(renamed) ? undefined : renamed;
  }

  function header(block: Buffer): void {
    if (block.every((byte) => byte === 0)) {
      ended = true;
      return;
    }
    const sum = block.reduce((total, byte, i) => total + (i >= 148 && i < 156 ? 32 : byte), 0);
    if (sum !== octal(block, 148, 8)) throw damaged("a header's checksum is wrong");
    const type = String.fromCharCode(block[156] ?? 0);
    const size = extended["size"] === undefined ? octal(block, 124, 12) : Number(extended["size"]);
    left = size;
    padding = (BLOCK - (size % BLOCK)) % BLOCK;
    if (type === "x" || type === "g" || type === "L") {
      sink = memorySink((bytes) => {
        if (type === "x") extended = { ...extended, ...paxRecords(bytes) };
        else if (type === "L") extended = { ...extended, path: text(bytes, 0, bytes.length) };
      });
      return;
    }
    const prefix = block.subarray(257, 262).toString() === "ustar" ? text(block, 345, 155) : "";
    const name = extended["path"] ?? (prefix ? `${prefix}/${text(block, 0, 100)}` : text(block, 0, 100));
    extended = {};
    const path = type === "0" || type === "\0" || type === "7" ? target(name) : undefined;
    if (path === undefined) {
      sink = undefined;
      return;
    }
    const file = join(destination, path);
    directory(dirname(file));
    const mode = ((octal(block, 100, 8) | 0o666) & ~0o022) | (isBin(path) ? 0o111 : 0) | 0o600;
    files++;
    sink =
      size <= WHOLE_BYTES
        ? memorySink((bytes) => writeFileSync(file, bytes, { mode: mode & 0o777 }))
        : fileSink(file, mode & 0o777);
  }

  function finishEntry(): void {
    sink?.end();
    sink = undefined;
  }

  directory(destination);
  return {
    write(chunk) {
      let data = pending.length === 0 ? chunk : Buffer.concat([pending, chunk]);
      pending = Buffer.alloc(0);
      while (data.length > 0 && !ended) {
        if (left > 0) {
          const part = data.subarray(0, left);
          sink?.write(part);
          left -= part.length;
          data = data.subarray(part.length);
          if (left === 0) finishEntry();
        } else if (padding > 0) {
          const skip = Math.min(padding, data.length);
          padding -= skip;
          data = data.subarray(skip);
        } else if (data.length < BLOCK) {
          pending = data;
          return;
        } else {
          header(data.subarray(0, BLOCK));
          data = data.subarray(BLOCK);
          if (left === 0 && !ended) finishEntry();
        }
      }
    },
    end() {
      if (left > 0 || (pending.length > 0 && !ended)) throw damaged("it ends too early");
    },
    get files() {
      return files;
    },
  };
}

interface Sink {
  write(part: Buffer): void;
  end(): void;
}

function memorySink(done: (bytes: Buffer) => void): Sink {
  const parts: Buffer[] = [];
  return {
    write: (part) => parts.push(part),
    end: () => done(parts.length === 1 ? (parts[0] as Buffer) : Buffer.concat(parts)),
  };
}

function fileSink(path: string, mode: number): Sink {
  const handle = openSync(path, "w", mode);
  return {
    write: (part) => {
      for (let at = 0; at < part.length; ) at += writeSync(handle, part, at);
    },
    end: () => closeSync(handle),
  };
}

function octal(block: Buffer, at: number, length: number): number {
  if ((block[at] ?? 0) & 0x80) {
    let value = (block[at] ?? 0) & 0x7f;
    for (let i = at + 1; i < at + length; i++) value = value * 256 + (block[i] ?? 0);
    return value;
  }
  return Number.parseInt(text(block, at, length).trim() || "0", 8);
}

function text(block: Buffer, at: number, length: number): string {
  const part = block.subarray(at, at + length);
  const end = part.indexOf(0);
  return part.subarray(0, end < 0 ? part.length : end).toString("utf8");
}

/** `LENGTH key=value\n` records of a pax header. */
function paxRecords(bytes: Buffer): Record<string, string> {
  const records: Record<string, string> = {};
  for (let at = 0; at < bytes.length; ) {
    const space = bytes.indexOf(32, at);
    const length = Number(bytes.subarray(at, space).toString());
    if (space < 0 || !(length > 0)) break;
    const [key, value] = splitOnce(bytes.subarray(space + 1, at + length - 1).toString("utf8"));
    records[key] = value;
    at += length;
  }
  return records;
}

function splitOnce(record: string): [string, string] {
  const at = record.indexOf("=");
  return [record.slice(0, at), record.slice(at + 1)];
}
