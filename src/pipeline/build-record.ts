/**
 * The shortest build is the one that is not done. A record says what an earlier build of the same directory with the same
 * wishes looked at (every file's size, times and inode, every directory's listing) and what came out; when all of it still
 * stands, the answer is the old one. Anything else, doubt included, is a build.
 */
import { createHash } from "node:crypto";
import { type Dirent, lstatSync, readdirSync, readFileSync, readlinkSync } from "node:fs";
import { join } from "node:path";
import { readGitHead } from "./git-head.ts";

/** Directories that are no part of the source; what a build takes out of them is listed as inputs of its own. */
export const PASSED_OVER = new Set(["node_modules", ".git"]);
/** A file this young could change again within the same clock tick: its content is looked at too. */
export const SETTLED_MS = 50;
const UNREADABLE = "unreadable";
/** Young files of more than this together are not worth reading: such a build is not remembered. */
const YOUNG_LIMIT_BYTES = 8 * 2 ** 20;

export interface BuildRecord<T> {
  tree: string;
  /** Files that were too young for their times to be trusted: sha256 by path, relative to the root. */
  young: Record<string, string>;
  inputs: string;
  inputPaths: string[];
  gitHead: string;
  result: T;
}

export interface TreeState {
  /** Hash of paths, sizes, times and inodes. */
  hash: string;
  /** Files changed since the time that was asked for: sha256 by path. Undefined where they are too many to be read. */
  young: Record<string, string> | undefined;
}

/** What a tree is held against. */
export interface TreeLook {
  /** ms since the epoch; files changed since are read. Default: none is. */
  youngSinceMs?: number;
  /** A file in the root that is left out. */
  except?: string;
  /** Told what the hash is made of: a directory's or a file's path, and of a file its mode, size, times and inode. */
  see?: (path: string, state: string) => void;
}

/** The state of a source tree: one stat a file, only young ones are opened. */
export function readTreeState(root: string, { youngSinceMs = Infinity, except, see }: TreeLook = {}): TreeState {
  const hash = createHash("sha1");
  const young: string[] = [];
  let youngBytes = 0;
  const visit = (dir: string, prefix: string): void => {
    const entries: Dirent[] = readdirSync(dir, { withFileTypes: true });
    entries.sort((a, b) => (a.name < b.name ? -1 : 1));
    for (const entry of entries) {
      const path = `${dir}/${entry.name}`;
      if (entry.isDirectory()) {
        if (PASSED_OVER.has(entry.name)) continue;
        hash.update(`${prefix}${entry.name}/\n`);
        see?.(`${prefix}${entry.name}/`, "");
        visit(path, `${prefix}${entry.name}/`);
      } else if (prefix !== "" || entry.name !== except) {
        const stats = lstatSync(path);
        if (Math.max(stats.mtimeMs, stats.ctimeMs) > youngSinceMs) {
          young.push(`${prefix}${entry.name}`);
          youngBytes += stats.size;
        }
        const state = `${stats.mode} ${stats.size} ${stats.mtimeMs} ${stats.ctimeMs} ${stats.ino}`;
        hash.update(`${prefix}${entry.name} ${state}\n`);
        see?.(`${prefix}${entry.name}`, state);
      }
    }
  };
  visit(root, "");
  return { hash: hash.digest("hex"), young: youngBytes > YOUNG_LIMIT_BYTES ? undefined : digests(root, young) };
}

function digests(root: string, paths: readonly string[]): Record<string, string> {
  return Object.fromEntries(paths.map((path) => [path, contentDigest(join(root, path))]));
}

/** Of what a file says, or a link: nothing else can be told of, and no digest is like it. */
export function contentDigest(path: string): string {
  try {
    const stats = lstatSync(path);
    const content = stats.isSymbolicLink() ? readlinkSync(path) : stats.isFile() ? readFileSync(path) : "";
    return createHash("sha256").update(content).digest("hex");
  } catch {
    return UNREADABLE;
  }
}

/** The same for single files anywhere; one that is missing has a state too. */
export function readFileStates(paths: readonly string[]): { hash: string; newestMs: number } {
  const hash = createHash("sha1");
  let newestMs = 0;
  for (const path of paths) {
    const stats = lstatSync(path, { throwIfNoEntry: false });
    if (stats) newestMs = Math.max(newestMs, stats.mtimeMs, stats.ctimeMs);
    hash.update(stats ? `${path} ${stats.size} ${stats.mtimeMs} ${stats.ctimeMs} ${stats.ino}\n` : `${path} -\n`);
  }
  return { hash: hash.digest("hex"), newestMs };
}

/** The old result, when everything that it rests on is as it was. */
export function recall<T>(record: BuildRecord<T> | undefined, root: string): T | undefined {
  if (typeof record?.tree !== "string" || !Array.isArray(record.inputPaths) || !record.young) return undefined;
  if (readTreeState(root).hash !== record.tree) return undefined;
  if (readFileStates(record.inputPaths).hash !== record.inputs) return undefined;
  for (const [path, digest] of Object.entries(record.young))
    if (contentDigest(join(root, path)) !== digest) return undefined;
  return readGitHead(root) === record.gitHead ? record.result : undefined;
}

/** What a build begins with. */
export interface Beginning {
  /** ms since the epoch. */
  beganMs: number;
  /** Without the file that a build may write itself. */
  tree: TreeState;
  ownFile: { name: string; digest: string };
}

/** Looks at a tree before a build; `ownFile` is the one in the root that the build may write itself; `see` as in `TreeLook`. */
export function beginRecord(root: string, beganMs: number, ownFile: string, see?: TreeLook["see"]): Beginning {
  return {
    beganMs,
    tree: readTreeState(root, { youngSinceMs: beganMs - SETTLED_MS, except: ownFile, ...(see && { see }) }),
    ownFile: { name: ownFile, digest: contentDigest(join(root, ownFile)) },
  };
}

/**
 * Makes the record of a build. Undefined when the tree changed meanwhile (except where the build `wrote` its own file), or
 * when something outside of it changed so lately that a further change might not show.
 */
export function remember<T>(
  root: string,
  { beganMs, tree, ownFile }: Beginning,
  wrote: boolean,
  inputPaths: string[],
  result: T,
): BuildRecord<T> | undefined {
  const youngSinceMs = beganMs - SETTLED_MS;
  const inputs = readFileStates(inputPaths);
  if (inputs.newestMs > youngSinceMs) return undefined;
  const after = readTreeState(root, { youngSinceMs, except: ownFile.name });
  if (after.hash !== tree.hash || !isSameContent(tree.young, after.young)) return undefined;
  if (!wrote && contentDigest(join(root, ownFile.name)) !== ownFile.digest) return undefined;
  const { hash, young } = readTreeState(root, { youngSinceMs });
  return young && { tree: hash, young, inputs: inputs.hash, inputPaths, gitHead: readGitHead(root), result };
}

function isSameContent(a: Record<string, string> | undefined, b: Record<string, string> | undefined): boolean {
  if (!a || !b) return false;
  const names = Object.keys(a);
  return names.length === Object.keys(b).length && names.every((name) => a[name] === b[name] && a[name] !== UNREADABLE);
}
