/** Files appear whole or not at all. */
import { createWriteStream, mkdirSync, renameSync, rmSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { errnoCode, errorMessage, KnbuildError } from "../base/errors.ts";
import type { ByteStream } from "../base/streams.ts";

let counter = 0;

/** A name beside `path` that nobody else uses; a leading `.tmp-` marks it for clean-up. */
export function temporaryBeside(path: string): string {
  return join(dirname(path), `.tmp-${process.pid}-${Date.now().toString(36)}-${counter++}-${basename(path)}`);
}

/** Streams to a temporary file beside `path`, then renames it. @throws DISK_FULL, NOT_WRITABLE */
export async function writeFileAtomically(path: string, source: ByteStream): Promise<number> {
  const temporary = temporaryBeside(path);
  let size = 0;
  try {
    mkdirSync(dirname(path), { recursive: true });
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

/** Writes a stream to a new file, honouring back-pressure; `see` gets each chunk on its way. */
export async function writeStream(path: string, source: ByteStream, see: (chunk: Uint8Array) => void): Promise<void> {
  const file = createWriteStream(path, { flags: "wx", highWaterMark: 1024 * 1024 });
  const failed = new Promise<never>((_, reject) => file.once("error", reject));
  failed.catch(() => {});
  try {
    for await (const chunk of source) {
      see(chunk);
      if (!file.write(chunk)) await Promise.race([new Promise<void>((ok) => file.once("drain", () => ok())), failed]);
    }
    await Promise.race([new Promise<void>((ok) => file.end(() => ok())), failed]);
  } catch (error) {
    file.destroy();
    throw error;
  }
}

/** Turns the errno of a full or read-only disk into an error that helps. */
export function diskError(error: unknown, where: string): unknown {
  const code = errnoCode(error);
  if (error instanceof KnbuildError || code === undefined) return error;
  if (code === "ENOSPC" || code === "EDQUOT") {
    return new KnbuildError({
      code: "DISK_FULL",
      message: "no space left on the disk",
      where,
      hint: "Free some space, or let KNBUILD_CACHE_DIR name a directory on another disk.",
      cause: error,
    });
  }
  if (code === "EACCES" || code === "EPERM" || code === "EROFS" || code === "ENOTDIR" || code === "EISDIR") {
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
