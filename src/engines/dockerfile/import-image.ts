/** What another builder made → an Image like any other: compressed layers in the store, the base's own where they are the same. */
import { createHash } from "node:crypto";
import { inspectTar } from "../../layer/inspect-tar.ts";
import type { Layer } from "../../oci/blob.ts";
import { composeImage } from "../../oci/compose.ts";
import type { Descriptor } from "../../oci/descriptor.ts";
import { Annotation, layerCompression, MediaType } from "../../oci/descriptor.ts";
import type { Image } from "../../oci/image.ts";
import { decompress } from "../../tar/decompress.ts";
import { gzipStream } from "../../tar/gzip.ts";
import { zstdStream } from "../../tar/zstd.ts";
import type { BuiltLayer, DockerfileContext, EngineResult } from "../types.ts";

/**
 * Times in configuration and history are pinned, as everywhere: the digest then depends on what was built.
 * @param base the image that it begins with, where it could be opened
 */
export async function importImage(
  built: Image,
  base: { ref: string; image: Image } | undefined,
  context: DockerfileContext,
): Promise<EngineResult> {
  const begin = performance.now();
  const config = await built.config();
  const baseLayers = new Map((await base?.image.layers())?.map((layer) => [layer.diffId, layer] as const));
  const layers: BuiltLayer[] = [];
  for (const layer of await built.layers()) {
    const known = baseLayers.get(layer.diffId);
    if (known) layers.push({ layer: known, kind: "base", cached: true });
    else layers.push({ ...(await stored(layer, context)), kind: "app" });
  }
  const created = new Date((context.layering.mtime ?? 0) * 1000).toISOString().replace(".000Z", "Z");
  const isBase = layers.some(({ kind }) => kind === "base");
  const image = composeImage({
    layers: layers.map(({ layer }) => ({ layer, history: {} })),
    config: config.config ?? {},
    history: (config.history ?? []).map((entry) => ({ ...entry, created })),
    author: config.author,
    platform: { os: config.os, architecture: config.architecture, ...(config.variant && { variant: config.variant }) },
    annotations: {
      ...(base && isBase && { [Annotation.baseName]: base.ref, [Annotation.baseDigest]: base.image.descriptor.digest }),
      ...context.annotations,
    },
    created,
  });
  return {
    image,
    entrypoint: [...(config.config?.Entrypoint ?? []), ...(config.config?.Cmd ?? [])],
    baseDigest: base?.image.descriptor.digest ?? "",
    layers,
    inputs: [],
    timingsMs: { import: Math.round(performance.now() - begin) },
  };
}

const MEDIA_TYPES = { none: MediaType.ociLayer, gzip: MediaType.ociLayerGzip, zstd: MediaType.ociLayerZstd } as const;

/** Compressed once for its content, whatever builder gives it again; looked through as layers made here are. */
async function stored(layer: Layer, { layering }: DockerfileContext): Promise<{ layer: Layer; cached: boolean }> {
  const { store, compression = "gzip" } = layering;
  const key = createHash("sha256")
    .update(JSON.stringify(["imported", layer.diffId, compression, layering.inspect?.key ?? null]))
    .digest("hex");
  const record = store.readRecord("layers", key) as { descriptor: Descriptor } | undefined;
  if (record && store.hasBlob(record.descriptor.digest, record.descriptor.size)) {
    return { layer: fromStore(layer, record.descriptor, layering), cached: true };
  }
  const inspector = layering.inspect?.create();
  const tar = inspector ? inspectTar(layer.openUncompressed(), inspector) : layer.openUncompressed();
  const packed = compression === "gzip" ? gzipStream(tar) : compression === "zstd" ? zstdStream(tar) : tar;
  const descriptor: Descriptor = { mediaType: MEDIA_TYPES[compression], ...(await store.ingest(packed)) };
  store.writeRecord("layers", key, { descriptor, diffId: layer.diffId });
  return { layer: fromStore(layer, descriptor, layering), cached: false };
}

function fromStore({ diffId }: Layer, descriptor: Descriptor, { store }: DockerfileContext["layering"]): Layer {
  const open = () => store.openBlob(descriptor);
  return {
    descriptor,
    diffId,
    open,
    openUncompressed: () => decompress(open(), layerCompression(descriptor.mediaType) ?? "none", descriptor.digest),
  };
}
