/** Directories with all that is missing above them. */
import { mkdirSync, statSync } from "node:fs";
import { dirname } from "node:path";
import { errnoCode } from "./errors.ts";

/**
 * Node's own `recursive` tries for ever, deaf to signals, where a directory says ENOENT to all that is to be made in it: /proc
 * does.
 * @param mode of the directories that are made, 0o777 less the umask where none is given
 * @throws the system's error (EACCES, ENOTDIR, ENOSPC, …)
 */
export function makeDirectory(path: string, mode?: number): void {
  try {
    mkdirSync(path, mode);
  } catch (error) {
    const code = errnoCode(error);
    if (code === "EEXIST" && isDirectory(path)) return;
    const parent = dirname(path);
    if (code !== "ENOENT" || isDirectory(parent)) throw error;
    makeDirectory(parent, mode);
    makeDirectory(path, mode);
  }
}

function isDirectory(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}
