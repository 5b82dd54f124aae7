/** The image after an edit: the layers that hold the app's own code are made anew, all others are the last image's. */
import { readFileSync } from "node:fs";
import type { OwnOutput } from "../bundle/own-output.ts";
import type { KeptEntry } from "../engines/edit-basis.ts";
import { textEntry } from "../engines/files.ts";
import { type MaterializedLayer, materialize } from "../layer/materialize.ts";
import { createSecretScanner } from "../layer/secrets.ts";
import type { Layer } from "../oci/blob.ts";
import { composeImage } from "../oci/compose.ts";
import type { Image } from "../oci/image.ts";
import type { TarEntry } from "../oci/layer-source.ts";
import type { LayerKind } from "../plan/types.ts";
import type { Store } from "../store/store.ts";
import type { EditRecord } from "./edit-record.ts";

/** The layers that the edit is in, in the store. */
export async function layersOf(
  { config, basis, mtime }: EditRecord,
  outputs: readonly OwnOutput[],
  store: Store,
  signal: AbortSignal,
): Promise<Map<LayerKind, MaterializedLayer>> {
  const allow = config.allowSecrets;
  const made = new Map<LayerKind, MaterializedLayer>();
  const inspect = { key: createSecretScanner({ allow }).cacheKey, create: () => createSecretScanner({ allow }) };
  await Promise.all(
    basis.layers.map(async ({ kind, entries }) => {
      const source = { kind, comment: `knbuild ${kind}`, entries: () => entries.map((e) => tarEntry(e, outputs)) };
      const options = { store, compression: config.compression, mtime, signal, inspect };
      made.set(kind, await materialize(source, options));
    }),
  );
  return made;
}

function tarEntry(entry: KeptEntry, outputs: readonly OwnOutput[]): TarEntry {
  const { path, mode, uid, gid } = entry;
  if (entry.type === "directory") return { type: "directory", path, mode, uid, gid };
  if (entry.type === "file") return { ...textEntry(path, readFileSync(entry.file), mode), uid, gid };
  const output = outputs.find((one) => one.path === entry.output);
  const bytes = entry.map ? output?.map : output?.code;
  return { ...textEntry(path, bytes as Uint8Array, mode), uid, gid };
}

/** @throws MoreThanAnEdit when a layer is read that is somewhere else */
export function imageOf(record: EditRecord, made: ReadonlyMap<LayerKind, MaterializedLayer>, store: Store): Image {
  const { config, history, annotations, created } = record.image;
  const layers = record.layers.map(({ kind, ...known }, i) => ({
    layer: newLayer(made.get(kind)) ?? keptLayer(known, store),
    history: history[i] ?? {},
  }));
  return composeImage({ layers, config, annotations, created });
}

function newLayer(layer: MaterializedLayer | undefined): Layer | undefined {
  return layer && { ...layer, fresh: !layer.cached };
}

/** The judgement says so; or the bytes of a layer are needed that no edit has to do with, and that lie somewhere else. */
export class MoreThanAnEdit extends Error {}

function keptLayer({ descriptor, diffId, origin }: Omit<EditRecord["layers"][number], "kind">, store: Store): Layer {
  const elsewhere = (): never => {
    throw new MoreThanAnEdit(descriptor.digest);
  };
  const { digest, size } = descriptor;
  return {
    descriptor,
    diffId,
    ...(origin && { origin }),
    open: (reading) => (store.hasBlob(digest, size) ? store.openBlob(descriptor, reading) : elsewhere()),
    openUncompressed: elsewhere,
  };
}
