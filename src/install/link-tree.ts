/** The same tree at another place, by hard links; copies where the file system refuses. */
import {
  constants,
  copyFileSync,
  type Dirent,
  linkSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readlinkSync,
  type Stats,
  symlinkSync,
} from "node:fs";
import { join } from "node:path";

/** @param from a file, a link or a directory @param copy where something will write among them */
export function linkTree(from: string, to: string, copy = false, kind: Dirent | Stats = lstatSync(from)): void {
  if (kind.isDirectory()) {
    mkdirSync(to, { recursive: true });
    for (const entry of readdirSync(from, { withFileTypes: true }))
      linkTree(join(from, entry.name), join(to, entry.name), copy, entry);
  } else if (kind.isSymbolicLink()) symlinkSync(readlinkSync(from), to);
  else if (copy) copyFileSync(from, to, constants.COPYFILE_FICLONE);
  else {
    try {
      linkSync(from, to);
    } catch {
      copyFileSync(from, to, constants.COPYFILE_FICLONE);
    }
  }
}
