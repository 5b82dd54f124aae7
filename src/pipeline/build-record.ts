/**
 * The shortest build is the one that is not done. A record says what an earlier build of the same directory with the same
 * wishes looked at (every file's size, times and inode, every directory's listing) and what came out; when all of it still
 * stands, the answer is the old one. Anything else, doubt included, is a build.
 */
import { createHash } from "node:crypto";
import { type Dirent, lstatSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** Directories that are no part of the source; what a build takes out of them is listed as inputs of its own. */
const PASSED_OVER = new Set(["node_modules", ".git"]);
/** A file this young could change again within the same clock tick. */
const SETTLED_MS = 50;

export interface BuildRecord<T> {
  tree: string;
  inputs: string;
  inputPaths: string[];
  gitHead: string;
  result: T;
}

export interface TreeState {
  /** Hash of paths, sizes, times and inodes. */
  hash: string;
  /** Newest change seen, ms since the epoch. */
  newestMs: number;
}

/** The state of a source tree: one stat a file, nothing opened. */
export function readTreeState(root: string): TreeState {
  const hash = createHash("sha1");
  let newestMs = 0;
  const visit = (dir: string, prefix: string): void => {
    const entries: Dirent[] = readdirSync(dir, { withFileTypes: true });
    entries.sort((a, b) => (a.name < b.name ? -1 : 1));
    for (const entry of entries) {
      const path = `${dir}/${entry.name}`;
      if (entry.isDirectory()) {
        if (PASSED_OVER.has(entry.name)) continue;
        hash.update(`${prefix}${entry.name}/\n`);
        visit(path, `${prefix}${entry.name}/`);
      } else {
        const stats = lstatSync(path);
        newestMs = Math.max(newestMs, stats.mtimeMs, stats.ctimeMs);
        hash.update(
          `${prefix}${entry.name} ${stats.mode} ${stats.size} ${stats.mtimeMs} ${stats.ctimeMs} ${stats.ino}\n`,
        );
      }
    }
  };
  visit(root, "");
  return { hash: hash.digest("hex"), newestMs };
}

/** The same for single files anywhere; one that is missing has a state too. */
export function readFileStates(paths: readonly string[]): TreeState {
  const hash = createHash("sha1");
  let newestMs = 0;
  for (const path of paths) {
    const stats = lstatSync(path, { throwIfNoEntry: false });
    if (stats) newestMs = Math.max(newestMs, stats.mtimeMs, stats.ctimeMs);
    hash.update(stats ? `${path} ${stats.size} ${stats.mtimeMs} ${stats.ctimeMs} ${stats.ino}\n` : `${path} -\n`);
  }
  return { hash: hash.digest("hex"), newestMs };
}

/** The commit that is checked out, by reading two files; empty outside a repository. */
export function readGitHead(root: string): string {
  try {
    const head = readFileSync(join(root, ".git", "HEAD"), "utf8").trim();
    if (!head.startsWith("ref: ")) return head;
    const ref = head.slice(5);
    try {
      return `${ref} ${readFileSync(join(root, ".git", ref), "utf8").trim()}`;
    } catch {
      const packed = lstatSync(join(root, ".git", "packed-refs"), { throwIfNoEntry: false });
      return `${ref} packed ${packed?.mtimeMs ?? ""}`;
    }
  } catch {
    return "";
  }
}

/** The old result, when everything that it rests on is as it was. */
export function recall<T>(record: BuildRecord<T> | undefined, root: string): T | undefined {
  if (!record || typeof record.tree !== "string" || !Array.isArray(record.inputPaths)) return undefined;
  if (readTreeState(root).hash !== record.tree) return undefined;
  if (readFileStates(record.inputPaths).hash !== record.inputs) return undefined;
  return readGitHead(root) === record.gitHead ? record.result : undefined;
}

/**
 * Makes the record of a build that began with `before`. Undefined when the tree changed meanwhile, or so lately that a
 * change might not show.
 */
export function remember<T>(
  root: string,
  before: TreeState,
  beganMs: number,
  inputPaths: string[],
  result: T,
): BuildRecord<T> | undefined {
  const inputs = readFileStates(inputPaths);
  const after = readTreeState(root);
  if (after.hash !== before.hash || Math.max(before.newestMs, inputs.newestMs) > beganMs - SETTLED_MS) return undefined;
  return { tree: before.hash, inputs: inputs.hash, inputPaths, gitHead: readGitHead(root), result };
}
