/** ADD of a tar, plain or compressed: what the builder's untar does in the destination (moby/go-archive). */
import { createGunzip } from "node:zlib";
import { type ByteStream, firstBytes } from "../../base/streams.ts";
import { bunzip2 } from "../../tar/bunzip2.ts";
import { pipeThrough } from "../../tar/decompress.ts";
import { startsTar, untilEnd } from "../../tar/until-end.ts";
import { unxz } from "../../tar/unxz.ts";
import { unzstdStream } from "../../tar/zstd.ts";
import { type FileNode, nodeAt, type Path, realPath, shown, splitPath } from "./file-tree.ts";
import type { TarRow, TarSource, TarSpool } from "./tar-spool.ts";
import type { Owner, WritableTree } from "./writable-tree.ts";

type Opener = (source: ByteStream) => ByteStream;

/** By the first bytes, whatever the name says. */
const COMPRESSIONS: readonly { magic: readonly number[]; open: Opener }[] = [
  { magic: [0x1f, 0x8b, 0x08], open: (source) => pipeThrough(source, createGunzip()) },
  { magic: [0x42, 0x5a, 0x68], open: bunzip2 },
  { magic: [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00], open: unxz },
  { magic: [0x28, 0xb5, 0x2f, 0xfd], open: unzstdStream },
];
const PLAIN: Opener = (source) => source;

export interface Archive {
  tar: TarSource;
  rows: TarRow[];
}

/** The archive that a file is, or undefined: then it is copied like any other. @throws Error for an archive that breaks off */
export async function readArchive(file: FileNode, spool: TarSpool): Promise<Archive | undefined> {
  const start = await firstBytes(file.open(), 6);
  const open = COMPRESSIONS.find(({ magic }) => magic.every((byte, i) => start[i] === byte))?.open ?? PLAIN;
  // As the builder judges: the first header can be read.
  const first = await firstBytes(open(file.open()), 512).catch(() => new Uint8Array());
  if (!startsTar(first)) return undefined;
  const tar: TarSource = { key: `tar-of-${file.identity}`, open: () => untilEnd(open(file.open())) };
  return { tar, rows: await spool.rows(tar) };
}

/** @throws Error for entries that lie outside, and for links to nothing */
export function unpackArchive(
  { tar, rows }: Archive,
  tree: WritableTree,
  destination: string,
  owner: Owner | undefined,
  spool: TarSpool,
): void {
  const base = realPath(tree.root, destination);
  tree.makeDirectories(base, 0o755, owner);
  for (const row of rows) {
    const path = splitPath(row.name);
    if (path.length === 0) continue;
    const place = placeOf(tree, base, path);
    unpackRow(row, place);
  }

  function unpackRow(row: TarRow, place: Path): void {
    const { type, mode, mtime, size, link } = row;
    // GNU's sparse files, parts of files on several tapes.
    if (type === "unknown") throw new Error(`${row.name} is an entry that is not of POSIX's kinds`);
    const meta = { mode, mtime, ...(owner ?? { uid: row.uid, gid: row.gid }) };
    const there = tree.at(place);
    if (there && !(there.type === "directory" && type === "directory")) tree.remove(place);
    if (type === "directory") {
      if (there?.type === "directory") tree.change(place, meta);
      else tree.put(place, { type: "directory", ...meta, children: new Map() });
    } else if (type === "file") tree.put(place, { type: "file", ...meta, size, ...spool.content(tar, row) });
    else if (type === "symlink") tree.put(place, { type: "symlink", ...meta, mode: 0o777, target: link });
    else if (type === "link") {
      const target = tree.at(placeOf(tree, base, splitPath(link)));
      if (!target || target.type === "directory")
        throw new Error(`${row.name} is a hard link to ${link}, which is no file`);
      tree.put(place, { ...target, ...meta });
    }
  }
}

/** Links on the way are followed inside the destination: the builder unpacks in a root of its own. */
function placeOf(tree: WritableTree, base: Path, path: Path): string[] {
  const inside = nodeAt(tree.root, base);
  if (inside?.type !== "directory") throw new Error("the destination is no directory");
  const above = path.slice(0, -1);
  const parent = [...base, ...realPath(inside, above)];
  // A directory is made where none is, not where a link leads to nothing.
  if (nodeAt(inside, realPath(inside, above, false))?.type === "symlink" && !nodeAt(tree.root, parent))
    throw new Error(`open ${shown(path)}: no such file or directory`);
  tree.makeDirectories(parent, 0o755, { uid: 0, gid: 0 });
  return [...parent, path.at(-1) as string];
}
