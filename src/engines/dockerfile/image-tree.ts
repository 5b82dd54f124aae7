/** Layers of an image → its root file system as a tree (image-spec 1.1 "layer.md"). */
import type { Layer } from "../../oci/blob.ts";
import { type DirectoryNode, emptyRoot, type Node, nodeAt, realPath, splitPath } from "./file-tree.ts";
import type { TarRow, TarSource, TarSpool } from "./tar-spool.ts";

const WHITEOUT = ".wh.";
const OPAQUE = ".wh..wh..opq";

/** @param fetch brings a layer that may lie at a registry onto this machine */
export async function imageTree(
  layers: readonly Layer[],
  spool: TarSpool,
  fetch: (layer: Layer) => Promise<Layer>,
): Promise<DirectoryNode> {
  const root = emptyRoot();
  for (const layer of layers) {
    const tar: TarSource = { key: layer.diffId, open: async () => (await fetch(layer)).openUncompressed() };
    const rows = await spool.rows(tar);
    applyWhiteouts(root, rows);
    for (const row of rows) applyRow(root, row, tar, spool);
  }
  return root;
}

/** They take away what lower layers had, so they go first. */
function applyWhiteouts(root: DirectoryNode, rows: readonly TarRow[]): void {
  for (const { name } of rows) {
    const path = splitPath(name);
    const base = path.at(-1);
    if (!base?.startsWith(WHITEOUT)) continue;
    const parent = nodeAt(root, realPath(root, path.slice(0, -1)));
    if (parent?.type !== "directory") continue;
    if (base === OPAQUE) parent.children.clear();
    else parent.children.delete(base.slice(WHITEOUT.length));
  }
}

function applyRow(root: DirectoryNode, row: TarRow, tar: TarSource, spool: TarSpool): void {
  const { type, mode, uid, gid, mtime, size, link, capability } = row;
  const meta = { mode, uid, gid, mtime };
  const path = splitPath(row.name);
  const name = path.at(-1);
  if (name === undefined) {
    if (type === "directory") Object.assign(root, meta);
    return;
  }
  if (name.startsWith(WHITEOUT)) return;
  const { children } = directoryAt(root, realPath(root, path.slice(0, -1)));
  if (type === "directory") {
    const there = children.get(name);
    if (there?.type === "directory") Object.assign(there, meta);
    else children.set(name, { type: "directory", ...meta, children: new Map() });
  } else if (type === "symlink") children.set(name, { type: "symlink", ...meta, target: link });
  else if (type === "link") {
    const target = nodeAt(root, realPath(root, link, false));
    if (target && target.type !== "directory") children.set(name, { ...target });
  } else if (type === "file")
    children.set(name, { type: "file", ...meta, capability, size, ...spool.content(tar, row) });
}

/** Directories that no layer names are made. */
function directoryAt(root: DirectoryNode, path: readonly string[]): DirectoryNode {
  let node = root;
  for (const name of path) {
    let next: Node | undefined = node.children.get(name);
    if (next?.type !== "directory") {
      next = { type: "directory", mode: 0o755, uid: 0, gid: 0, children: new Map() };
      node.children.set(name, next);
    }
    node = next;
  }
  return node;
}
