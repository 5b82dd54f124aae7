/** The build context as a tree: the source directory without what its ignore file leaves out, all of it owned by root. */
import { createReadStream, lstatSync, readdirSync, readFileSync, readlinkSync } from "node:fs";
import { join, resolve } from "node:path";
import { KnbuildError } from "../../base/errors.ts";
import { streamOf } from "../../base/streams.ts";
import { type IgnorePatterns, parseIgnoreFile } from "../../dockerfile/ignore-patterns.ts";
import type { FileDigest } from "../files.ts";
import { type DirectoryNode, emptyRoot, type Node } from "./file-tree.ts";

/** @param name relative to the directory, or absolute @throws IGNORE_FILE_INVALID */
function ignorePatterns(directory: string, name: string | undefined): IgnorePatterns | undefined {
  if (name === undefined) return undefined;
  const patterns = parseIgnoreFile(readFileSync(resolve(directory, name), "utf8"));
  if (patterns.malformed === undefined) return patterns;
  throw new KnbuildError({
    code: "IGNORE_FILE_INVALID",
    message: `${name} says ${JSON.stringify(patterns.malformed)}, which is no pattern`,
    hint: "A class ends with `]`, and a `!` stands before something.",
  });
}

/**
 * Reads names and stats, no contents. Sockets, pipes and devices are left out.
 * @param ignoreFile the one that counts, relative to the directory or absolute
 * @throws IGNORE_FILE_INVALID
 */
export function contextTree(directory: string, ignoreFile: string | undefined, digest: FileDigest): DirectoryNode {
  const ignore = ignorePatterns(directory, ignoreFile);
  const root = emptyRoot();
  read(root, "");
  return root;

  /** @returns whether there is something in it that is not left out */
  function read(into: DirectoryNode, prefix: string): boolean {
    let some = false;
    for (const entry of readdirSync(join(directory, prefix), { withFileTypes: true })) {
      const path = prefix === "" ? entry.name : `${prefix}/${entry.name}`;
      const ignored = ignore?.ignores(path) ?? false;
      // Below an ignored directory something may be excepted; then the directory is there too.
      if (ignored && !(entry.isDirectory() && ignore?.hasExceptions)) continue;
      const node = toNode(join(directory, path));
      if (!node) continue;
      const inside = node.type === "directory" && read(node, path);
      if (ignored && !inside) continue;
      into.children.set(entry.name, node);
      some = true;
    }
    return some;
  }

  function toNode(path: string): Node | undefined {
    const stats = lstatSync(path);
    const meta = { mode: stats.mode & 0o7777, uid: 0, gid: 0 };
    if (stats.isDirectory()) return { type: "directory", ...meta, children: new Map() };
    if (stats.isSymbolicLink()) return { type: "symlink", ...meta, mode: 0o777, target: readlinkSync(path) };
    if (!stats.isFile()) return undefined;
    return {
      type: "file",
      ...meta,
      size: stats.size,
      open: () => (stats.size === 0 ? streamOf() : createReadStream(path, { highWaterMark: 256 * 1024 })),
      // Asked for when a layer is made of it: most of a context is not copied.
      get identity() {
        return `sha256:${digest(path, stats)}`;
      },
      at: { path, offset: 0 },
    };
  }
}
