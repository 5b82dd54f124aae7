/** A root file system in memory: names, modes and owners; contents stay where they are. Base images, stages and the context. */
import type { ByteStream } from "../../base/streams.ts";

interface Meta {
  /** Permission bits, 07777. */
  mode: number;
  uid: number;
  gid: number;
  /** Seconds; undefined: the build's own time. */
  mtime?: number | undefined;
}

export interface DirectoryNode extends Meta {
  type: "directory";
  children: Map<string, Node>;
}

export interface FileNode extends Meta {
  type: "file";
  size: number;
  open(): ByteStream;
  /** Equal identities promise equal bytes: `sha256:…`, or a place that never changes. */
  identity: string;
  /** The bytes of the extended attribute security.capability, one character each. */
  capability?: string | undefined;
  /** Where the bytes lie on this disk. */
  at?: { path: string; offset: number };
}

export interface SymlinkNode extends Meta {
  type: "symlink";
  target: string;
}

export type Node = DirectoryNode | FileNode | SymlinkNode;

/** Names from the root down; empty for the root itself. */
export type Path = readonly string[];

/** As the kernel: more than these in one path is a loop. */
const MAX_LINKS = 255;

export function emptyRoot(): DirectoryNode {
  return { type: "directory", mode: 0o755, uid: 0, gid: 0, children: new Map() };
}

export function cloneTree(node: DirectoryNode): DirectoryNode {
  const children = new Map<string, Node>();
  for (const [name, child] of node.children) {
    children.set(name, child.type === "directory" ? cloneTree(child) : { ...child });
  }
  return { ...node, children };
}

/** As a layer lies over those below it: directories are joined, everything else takes the place of what is there. */
export function layOver(below: DirectoryNode, above: DirectoryNode): void {
  for (const [name, node] of above.children) {
    const there = below.children.get(name);
    if (node.type === "directory" && there?.type === "directory") {
      const { mode, uid, gid, mtime } = node;
      Object.assign(there, { mode, uid, gid, mtime });
      layOver(there, node);
    } else below.children.set(name, node);
  }
}

/** `/a//b/./c/` → names; `..` at the root stays there. */
export function splitPath(path: string): string[] {
  const out: string[] = [];
  for (const part of path.split("/")) {
    if (part === "" || part === ".") continue;
    if (part === "..") out.pop();
    else out.push(part);
  }
  return out;
}

/** What stands at a path that has no links in it. */
export function nodeAt(root: DirectoryNode, path: Path): Node | undefined {
  let node: Node | undefined = root;
  for (const name of path) {
    if (node?.type !== "directory") return undefined;
    node = node.children.get(name);
  }
  return node;
}

/**
 * The path with every symbolic link followed inside the root, the last one too unless `followLast` is false. Names that do
 * not exist stay as they are. @throws Error on a loop
 */
export function realPath(root: DirectoryNode, path: string | Path, followLast = true): string[] {
  const pending = [...(typeof path === "string" ? splitPath(path) : path)].reverse();
  const out: string[] = [];
  const nodes: (Node | undefined)[] = [root];
  let links = 0;
  while (pending.length > 0) {
    const name = pending.pop() as string;
    if (name === "..") {
      out.pop();
      if (nodes.length > 1) nodes.pop();
      continue;
    }
    const parent = nodes.at(-1);
    const node = parent?.type === "directory" ? parent.children.get(name) : undefined;
    if (node?.type === "symlink" && (followLast || pending.length > 0)) {
      if (++links > MAX_LINKS)
        throw new Error(`too many links in ${shown(typeof path === "string" ? splitPath(path) : path)}`);
      if (node.target.startsWith("/")) {
        out.length = 0;
        nodes.length = 1;
      }
      for (const part of node.target.split("/").reverse()) if (part !== "" && part !== ".") pending.push(part);
      continue;
    }
    out.push(name);
    nodes.push(node);
  }
  return out;
}

export function shown(path: Path): string {
  return `/${path.join("/")}`;
}

/** Every path below a node, parents first, names in byte order. The node itself is not among them. */
export function* walkTree(node: DirectoryNode, prefix: Path = []): Generator<{ path: string[]; node: Node }> {
  for (const name of [...node.children.keys()].sort()) {
    const child = node.children.get(name) as Node;
    const path = [...prefix, name];
    yield { path, node: child };
    if (child.type === "directory") yield* walkTree(child, path);
  }
}
