/** Files that are whole whenever they are there: written beside, then renamed. */
import { renameSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { makeDirectory } from "./make-directory.ts";

let counter = 0;

/** A name beside `path` that nobody else uses; a leading `.tmp-` marks it for clean-up. */
export function temporaryBeside(path: string): string {
  return join(dirname(path), `.tmp-${process.pid}-${Date.now().toString(36)}-${counter++}-${basename(path)}`);
}

/** Whether a path is such a name, of this process. */
export function isTemporary(path: string): boolean {
  return basename(path).startsWith(`.tmp-${process.pid}-`);
}

/**
 * A reader sees the old file or the new one, never half of one. Directories on the way are made, and nothing stays behind on failure.
 * @param mode of the new file, 0o666 less the umask where none is given
 * @throws the system's error (ENOSPC, EACCES, …)
 */
export function replaceFile(path: string, content: string | Uint8Array, mode?: number): void {
  const temporary = temporaryBeside(path);
  try {
    makeDirectory(dirname(path));
    writeFileSync(temporary, content, { flag: "wx", mode });
    renameSync(temporary, path);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
}
