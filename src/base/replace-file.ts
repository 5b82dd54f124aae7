/** Files that are whole whenever they are there: written beside, then renamed. */
import { chmodSync, chownSync, realpathSync, renameSync, rmSync, type Stats, statSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { diskFull, errnoCode } from "./errors.ts";
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
  replace(path, (temporary) => writeFileSync(temporary, content, { flag: "wx", mode }));
}

/**
 * Writes a file of the user's, which stays as it was where the new text does not fit: with the mode and the owner that it had,
 * through links, and in place where its directory takes no other file (or it is a pipe or a device).
 * @throws DISK_FULL, else the system's error
 */
export function rewriteFile(path: string, text: string): void {
  try {
    const there = statSync(path, { throwIfNoEntry: false });
    if (there && !there.isFile()) {
      writeFileSync(path, text);
      return;
    }
    const target = there ? realpathSync(path) : path;
    try {
      replace(target, (temporary) => {
        writeFileSync(temporary, text, { flag: "wx" });
        if (there) makeAlike(temporary, there);
      });
    } catch (error) {
      if (!there || !["EACCES", "EPERM"].includes(errnoCode(error) ?? "")) throw error;
      writeFileSync(target, text);
    }
  } catch (error) {
    throw diskFull(error, path) ?? error;
  }
}

function makeAlike(temporary: string, { uid, gid, mode }: Stats): void {
  const own = statSync(temporary);
  if (own.uid !== uid || own.gid !== gid) chownSync(temporary, uid, gid);
  // After the owner: a change of owner takes bits away.
  chmodSync(temporary, mode & 0o7777);
}

function replace(path: string, write: (temporary: string) => void): void {
  const temporary = temporaryBeside(path);
  try {
    makeDirectory(dirname(path));
    write(temporary);
    renameSync(temporary, path);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
}
