/** The files of finished layers at random access: unpacked to tar files in a directory of their own while they are looked at. */
import { createWriteStream } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { PlacedFile } from "../bases/base-files.ts";
import type { Layer } from "../oci/blob.ts";
import type { LayerSource, TarEntry } from "../oci/layer-source.ts";
import { indexTar, type TarIndexEntry } from "../tar/index-tar.ts";

/** Calls `look` with the layers as sources of entries, lowest first; what a higher layer deletes is left out below it. */
export async function withLayerFiles<T>(
  layers: readonly Layer[],
  look: (sources: readonly LayerSource[]) => Promise<T>,
): Promise<T> {
  const dir = await mkdtemp(join(tmpdir(), "knbuild-layers-"));
  try {
    const lists: TarEntry[][] = [];
    for (const [i, layer] of layers.entries()) {
      const path = join(dir, `${i}.tar`);
      await pipeline(Readable.from(layer.openUncompressed(), { objectMode: false }), createWriteStream(path));
      const index = await indexTar(path);
      for (const name of index.keys()) hide(name, lists);
      lists.push(
        [...index].filter(([name]) => !isWhiteout(name)).flatMap(([name, found]) => entryOf(name, found, path)),
      );
    }
    return await look(lists.map((entries) => ({ kind: "base", comment: "", entries: () => entries })));
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}

/** Image-spec "Whiteouts": `.wh.NAME` deletes NAME, `.wh..wh..opq` everything that was in its directory. */
const WHITEOUT = ".wh.";
const OPAQUE = ".wh..wh..opq";
const isWhiteout = (name: string) => basename(name).startsWith(WHITEOUT);

function hide(name: string, below: TarEntry[][]): void {
  if (!isWhiteout(name)) return;
  const dir = dirname(name) === "." ? "" : `${dirname(name)}/`;
  const gone = basename(name) === OPAQUE ? dir : `${dir}${basename(name).slice(WHITEOUT.length)}`;
  for (const [i, entries] of below.entries())
    below[i] = entries.filter(({ path }) => path !== gone && !path.startsWith(gone.endsWith("/") ? gone : `${gone}/`));
}

function entryOf(path: string, found: TarIndexEntry, archive: string): TarEntry[] {
  const common = { path, mode: 0o755, uid: 0, gid: 0 };
  if (found.type === "directory") return [{ ...common, type: "directory" }];
  if (found.type === "symlink" || found.type === "hardlink")
    return [{ ...common, type: found.type, target: found.linkTarget ?? "" }];
  if (found.type !== "file") return [];
  const file: PlacedFile = {
    ...common,
    type: "file",
    size: found.size,
    at: { path: archive, offset: found.offset },
    open: () => {
      throw new Error("read in place");
    },
  };
  return [file];
}
