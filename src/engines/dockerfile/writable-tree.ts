/** A root file system that is written to, with the list of what changed: the entries of the next layer. */
import type { TarEntry } from "../../oci/layer-source.ts";
import { type DirectoryNode, type Node, nodeAt, type Path, shown } from "./file-tree.ts";

export interface Owner {
  uid: number;
  gid: number;
}

export interface WritableTree {
  readonly root: DirectoryNode;
  at(path: Path): Node | undefined;
  /** Puts a file or link; its directory must be there, and no directory in its place. */
  put(path: Path, node: Node): void;
  /** Takes a node and all below it away; only to be followed by something in the same place. */
  remove(path: Path): void;
  /** Mode, owner and time of what is there. */
  change(path: Path, meta: Partial<Pick<Node, "mode" | "uid" | "gid" | "mtime">>): void;
  /** Makes the directory and those above that are missing. @throws Error where something else stands in the way */
  makeDirectories(path: Path, mode: number, owner: Owner | undefined): void;
  /** Entries of everything that changed, with the directories that lead there. */
  changes(): TarEntry[];
}

export function writableTree(root: DirectoryNode): WritableTree {
  const touched = new Map<string, string[]>();
  const touch = (path: Path): void => {
    touched.set(path.join("/"), [...path]);
  };
  const parentOf = (path: Path): DirectoryNode => {
    const parent = nodeAt(root, path.slice(0, -1));
    if (parent?.type !== "directory") throw new Error(`${shown(path.slice(0, -1))} is not a directory`);
    return parent;
  };
  const tree: WritableTree = {
    root,
    at: (path) => nodeAt(root, path),
    put(path, node) {
      parentOf(path).children.set(path.at(-1) as string, node);
      touch(path);
    },
    remove(path) {
      parentOf(path).children.delete(path.at(-1) as string);
      const prefix = path.join("/");
      for (const key of touched.keys()) if (key === prefix || key.startsWith(`${prefix}/`)) touched.delete(key);
    },
    change(path, meta) {
      const node = nodeAt(root, path);
      if (!node) throw new Error(`${shown(path)} is not there`);
      Object.assign(node, meta);
      if (path.length > 0) touch(path);
    },
    makeDirectories(path, mode, owner) {
      for (let length = 1; length <= path.length; length++) {
        const part = path.slice(0, length);
        const there = nodeAt(root, part);
        if (there?.type === "directory") continue;
        if (there) throw new Error(`${shown(part)} is not a directory`);
        tree.put(part, {
          type: "directory",
          mode: mode & 0o777,
          uid: owner?.uid ?? 0,
          gid: owner?.gid ?? 0,
          children: new Map(),
        });
      }
    },
    changes() {
      const paths = new Map<string, string[]>();
      for (const path of touched.values()) {
        for (let length = 1; length <= path.length; length++) {
          const part = path.slice(0, length);
          paths.set(part.join("/"), part);
        }
      }
      return [...paths.values()].map((path) => toEntry(path, nodeAt(root, path) as Node));
    },
  };
  return tree;
}

function toEntry(path: Path, node: Node): TarEntry {
  const { mode, uid, gid, mtime } = node;
  const meta = { path: path.join("/"), mode, uid, gid, ...(mtime !== undefined && { mtime }) };
  if (node.type === "directory") return { type: "directory", ...meta };
  if (node.type === "symlink") return { type: "symlink", ...meta, target: node.target };
  const { size, open, identity, at, capability } = node;
  return {
    type: "file",
    ...meta,
    size,
    open,
    ...(identity.startsWith("sha256:") && { digest: identity }),
    ...(at && { at }),
    ...(capability !== undefined && { capability }),
  };
}
