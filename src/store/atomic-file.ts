/** Files appear whole or not at all. */
import { renameSync, rmSync, writeSync } from "node:fs";
import { open } from "node:fs/promises";
import { dirname } from "node:path";
import { monotonicMs } from "../base/clock.ts";
import { diskFull, errnoCode, errorMessage, KnbuildError } from "../base/errors.ts";
import { makeDirectory } from "../base/make-directory.ts";
import { temporaryBeside } from "../base/replace-file.ts";
import type { ByteStream, Reading } from "../base/streams.ts";

/** Of what is read and written at once. */
const PIECE_BYTES = 512 * 1024;
/**
 * Of what is written at once. Into the page cache this is a copy of microseconds, for which no thread need be woken; larger
 * ones cost more, because the kernel then looks for large pages that no one has touched yet.
 */
const WRITE_BYTES = 128 * 1024;
const SLOW_WRITE_MS = 20;
/** Chunks below this are gathered. */
const SMALL_BYTES = 32 * 1024;
/** ENOENT: where nobody can make a file, as in /proc. */
const NOT_WRITABLE = new Set(["EACCES", "EPERM", "EROFS", "ENOENT", "ENOTDIR", "EISDIR"]);

/** Streams to a temporary file beside `path`, then renames it. @throws DISK_FULL, NOT_WRITABLE */
export async function writeFileAtomically(path: string, source: ByteStream): Promise<number> {
  const temporary = temporaryBeside(path);
  let size = 0;
  try {
    makeDirectory(dirname(path));
    await writeStream(temporary, source, (chunk) => {
      size += chunk.byteLength;
    });
    renameSync(temporary, path);
    return size;
  } catch (error) {
    rmSync(temporary, { force: true });
    throw diskError(error, path);
  }
}

/** Writes a stream to a new file; `see` gets each chunk on its way. A chunk is on the disk before the next is asked for. */
export async function writeStream(path: string, source: ByteStream, see?: (chunk: Uint8Array) => void): Promise<void> {
  const file = await open(path, "wx");
  let gathered: Buffer | undefined;
  let size = 0;
  let isSlow = false;
  const write = async (bytes: Uint8Array) => {
    for (let at = 0; at < bytes.byteLength; ) {
      const length = Math.min(WRITE_BYTES, bytes.byteLength - at);
      const begin = monotonicMs();
      at += isSlow ? (await file.write(bytes, at, length)).bytesWritten : writeSync(file.fd, bytes, at, length);
      // A disk that makes us wait gets a thread of its own.
      isSlow ||= monotonicMs() - begin > SLOW_WRITE_MS;
    }
  };
  try {
    for await (const chunk of source) {
      see?.(chunk);
      if (chunk.byteLength >= SMALL_BYTES) {
        if (gathered && size > 0) await write(gathered.subarray(0, size));
        size = 0;
        await write(chunk);
        continue;
      }
      // Every write is a trip to another thread: small chunks go together.
      gathered ??= newPiece();
      for (let at = 0; at < chunk.byteLength; ) {
        const part = chunk.subarray(at, at + PIECE_BYTES - size);
        gathered.set(part, size);
        at += part.byteLength;
        size += part.byteLength;
        if (size < PIECE_BYTES) continue;
        size = 0;
        await write(gathered);
      }
    }
    if (gathered && size > 0) await write(gathered.subarray(0, size));
  } finally {
    await file.close();
  }
}

/** Reads a file piece by piece, the next piece while the last one is worked on. */
export async function* readStream(path: string, start = 0, { lent = false }: Reading = {}): AsyncGenerator<Uint8Array> {
  const file = await open(path, "r");
  let ahead: Promise<Uint8Array> | undefined;
  try {
    // Shared memory: a hash thread reads it where it lies.
    const spare = lent ? [sharedPiece(), sharedPiece()] : [];
    let position = start;
    const read = async (): Promise<Uint8Array> => {
      const piece = spare.shift() ?? newPiece();
      const { bytesRead } = await file.read(piece, 0, piece.byteLength, position);
      position += bytesRead;
      return piece.subarray(0, bytesRead);
    };
    ahead = read();
    for (;;) {
      const chunk = await ahead;
      if (chunk.byteLength === 0) return;
      ahead = read();
      yield chunk;
      if (lent) spare.push(Buffer.from(chunk.buffer));
    }
  } finally {
    // A read that is under way must not meet a closed file.
    await ahead?.catch(() => {});
    await file.close();
  }
}

function sharedPiece(): Buffer {
  return Buffer.from(new SharedArrayBuffer(PIECE_BYTES));
}

function newPiece(): Buffer {
  return Buffer.allocUnsafeSlow(PIECE_BYTES);
}

/** Turns the errno of a full or read-only disk into an error that helps. */
export function diskError(error: unknown, where: string): unknown {
  const code = errnoCode(error);
  if (error instanceof KnbuildError || code === undefined) return error;
  const full = diskFull(error, where);
  if (full) return full;
  if (NOT_WRITABLE.has(code)) {
    return new KnbuildError({
      code: "NOT_WRITABLE",
      message: `cannot write: ${errorMessage(error)}`,
      where,
      hint: "Choose a place that you may write to (the cache lies where KNBUILD_CACHE_DIR says).",
      cause: error,
    });
  }
  return error;
}
