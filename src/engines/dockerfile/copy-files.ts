/** One source of a COPY or ADD into a tree, with the semantics of BuildKit's copier (tonistiigi/fsutil, copy/copy.go). */
import { createPatterns, type IgnorePatterns } from "../../dockerfile/ignore-patterns.ts";
import { type DirectoryNode, type Node, nodeAt, type Path, realPath, shown, splitPath } from "./file-tree.ts";
import type { Owner, WritableTree } from "./writable-tree.ts";

export interface CopyOptions {
  owner?: Owner | undefined;
  /** Octal `--chmod`. */
  mode?: number | undefined;
  /** Symbolic `--chmod`, by the mode that a node has. */
  changeMode?: ((mode: number, directory: boolean) => number) | undefined;
  /** Patterns relative to the source; only what matches is copied. */
  include?: readonly string[];
  exclude?: readonly string[];
  /** The content of a directory, not the directory. */
  contentsOnly: boolean;
  followLinks: boolean;
}

const DIRECTORY_MODE = 0o755;

/**
 * Copies what stands at `source` to `destination`, an absolute path whose `/` or `/.` at the end says that it is a directory.
 * @throws Error in the builder's words
 */
export function copyFiles(
  from: DirectoryNode,
  source: string,
  tree: WritableTree,
  destination: string,
  options: CopyOptions,
): void {
  const parentMode = options.mode ?? DIRECTORY_MODE;
  const slash = /(?:^|\/)\.?$/.test(destination);
  const ensured = slash ? destination : destination.slice(0, destination.lastIndexOf("/") + 1);
  if (ensured !== "") tree.makeDirectories(realPath(tree.root, ensured), parentMode, options.owner);
  const target = realPath(tree.root, destination);

  const sourcePath = realPath(from, source, options.followLinks);
  const node = nodeAt(from, sourcePath);
  if (!node) throw new Error(`${shown(splitPath(source))}: not found`);
  const there = tree.at(target);
  const isDirectory = node.type === "directory";
  const intoIt = there !== undefined && (isDirectory ? !options.contentsOnly : there.type === "directory");
  const path = intoIt ? [...target, splitPath(source).at(-1) ?? ""].filter(Boolean) : target;
  const made = isDirectory && options.contentsOnly && there === undefined ? path : path.slice(0, -1);
  tree.makeDirectories(made, parentMode, options.owner);
  createCopier(tree, options).copy(node, [], path, false);
}

interface PendingParent {
  node: DirectoryNode;
  path: Path;
  copied: boolean;
}

function createCopier(tree: WritableTree, options: CopyOptions) {
  const included: IgnorePatterns | undefined = options.include?.length ? createPatterns(options.include) : undefined;
  const excluded: IgnorePatterns | undefined = options.exclude?.length ? createPatterns(options.exclude) : undefined;
  const malformed = excluded?.malformed ?? included?.malformed;
  if (malformed !== undefined) throw new Error(`${malformed}: syntax error in pattern`);
  const parents: PendingParent[] = [];

  /** `below` is relative to the source that was named; that one itself is always meant. */
  function copy(node: Node, below: Path, path: Path, overwrite: boolean): void {
    let include = true;
    let skip = false;
    if (below.length > 0) {
      const name = below.join("/");
      if (included && !included.ignores(name)) include = false;
      if (excluded?.ignores(name)) {
        include = false;
        skip = true;
      }
    }
    if (!include && node.type !== "directory") return;
    if (include) createParents(overwrite);
    if (node.type === "directory") copyDirectory(node, below, path, overwrite, include, skip);
    else {
      const there = tree.at(path);
      if (there?.type === "directory") throw new Error(`cannot replace to directory ${shown(path)} with file`);
      tree.put(path, withMeta(node));
    }
  }

  function copyDirectory(
    node: DirectoryNode,
    below: Path,
    path: Path,
    overwrite: boolean,
    include: boolean,
    skip: boolean,
  ): void {
    if (include) directoryOnly(node, path, overwrite);
    parents.push({ node, path, copied: include });
    if (!skip || excluded?.hasExceptions) {
      for (const name of [...node.children.keys()].sort()) {
        copy(node.children.get(name) as Node, [...below, name], [...path, name], true);
      }
    }
    parents.pop();
  }

  /** Directories above something that was included, where they were not themselves. */
  function createParents(overwrite: boolean): void {
    for (const parent of parents) {
      if (parent.copied) continue;
      directoryOnly(parent.node, parent.path, overwrite, true);
      parent.copied = true;
    }
  }

  function directoryOnly(node: DirectoryNode, path: Path, overwrite: boolean, modeOnly = false): void {
    const there = tree.at(path);
    if (there && there.type !== "directory") throw new Error(`cannot copy to non-directory: ${shown(path)}`);
    const meta = withMeta({ ...node, children: new Map() });
    if (!there) tree.put(path, meta);
    else if (overwrite) {
      const { mode, uid, gid, mtime } = meta;
      tree.change(path, modeOnly ? { mode: node.mode } : { mode, uid, gid, mtime });
    }
  }

  function withMeta<T extends Node>(node: T): T {
    const owner = options.owner ?? { uid: node.uid, gid: node.gid };
    if (node.type === "symlink") return { ...node, ...owner };
    const mode = options.changeMode
      ? options.changeMode(node.mode, node.type === "directory")
      : (options.mode ?? node.mode);
    return { ...node, ...owner, mode };
  }

  return { copy };
}
