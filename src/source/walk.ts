/** A sorted walk of a source tree that never leaves it and enters no ignored directory. */
import { type Dirent, readdirSync } from "node:fs";
import { join } from "node:path";
import { errnoCode, KnbuildError } from "../base/errors.ts";
import type { IgnoreRules } from "./ignore.ts";

export interface WalkedEntry {
  /** Relative to the root, `/` as separator. */
  path: string;
  type: "file" | "symlink";
}

/** Files and symbolic links below `root`, in byte order of their paths. Directories are only passed through. */
export function walkSource(root: string, rules: IgnoreRules): WalkedEntry[] {
  const found: WalkedEntry[] = [];
  enter(root, "", rules, found);
  return found.sort((a, b) => (a.path < b.path ? -1 : 1));
}

function enter(root: string, prefix: string, rules: IgnoreRules, found: WalkedEntry[]): void {
  for (const entry of entriesOf(prefix ? join(root, prefix) : root)) {
    const path = prefix ? `${prefix}/${entry.name}` : entry.name;
    if (entry.isDirectory()) {
      if (!rules.prunes(path)) enter(root, path, rules, found);
    } else if (!rules.ignores(path)) {
      if (entry.isFile()) found.push({ path, type: "file" });
      else if (entry.isSymbolicLink()) found.push({ path, type: "symlink" });
    }
  }
}

function entriesOf(directory: string): Dirent[] {
  try {
    return readdirSync(directory, { withFileTypes: true });
  } catch (error) {
    throw new KnbuildError({
      code: errnoCode(error) === "EACCES" ? "FILE_UNREADABLE" : "SOURCE_UNREADABLE",
      message: `cannot list a directory of the source (${errnoCode(error) ?? "unknown error"})`,
      where: directory,
      hint: "Check its permissions, or leave it out with a line in .knbuildignore.",
      cause: error,
    });
  }
}
