/** A new image from a base and layers on top: pure values, canonical bytes. */
import { canonicalJson } from "../base/canonical-json.ts";
import { blobOf, type Layer } from "./blob.ts";
import { type Descriptor, MediaType } from "./descriptor.ts";
import type { Image } from "./image.ts";
import type { HistoryEntry, ImageConfig, Manifest, RuntimeConfig } from "./manifest.ts";
import { LINUX_AMD64, type Platform } from "./platform.ts";

export interface ComposeInput {
  /** Bottom first. */
  layers: { layer: Layer; history: HistoryEntry }[];
  config: RuntimeConfig;
  platform?: Platform;
  annotations?: Record<string, string>;
  /** RFC 3339. Pinned by the caller: it is part of the digest. */
  created: string;
  /** Instead of the layers' own entries: with those of instructions that made no layer. */
  history?: HistoryEntry[];
  author?: string | undefined;
}

/** Builds manifest and config (image-spec 1.1 manifest.md, config.md). Equal input gives equal bytes. */
export function composeImage(input: ComposeInput): Image {
  const { layers, platform = LINUX_AMD64, annotations } = input;
  const config: ImageConfig = {
    ...platform,
    created: input.created,
    ...(input.author !== undefined && { author: input.author }),
    config: dropEmpty(input.config),
    rootfs: { type: "layers", diff_ids: layers.map(({ layer }) => layer.diffId) },
    history: input.history ?? layers.map(({ history }) => history),
  };
  const configBlob = blobOf(canonicalJson(config), MediaType.ociConfig);
  const manifest: Manifest = {
    schemaVersion: 2,
    mediaType: MediaType.ociManifest,
    config: configBlob.descriptor,
    layers: layers.map(({ layer }) => ociDescriptor(layer.descriptor)),
    ...(annotations && Object.keys(annotations).length > 0 && { annotations }),
  };
  return imageFrom(
    manifest,
    config,
    layers.map(({ layer }) => relabelled(layer)),
  );
}

function imageFrom(manifest: Manifest, config: ImageConfig, layers: Layer[]): Image {
  const manifestText = canonicalJson(manifest);
  const { descriptor } = blobOf(manifestText, MediaType.ociManifest);
  return {
    descriptor,
    rawManifest: async () => Buffer.from(manifestText),
    rawConfig: async () => Buffer.from(canonicalJson(config)),
    manifest: async () => manifest,
    config: async () => config,
    layers: async () => layers,
  };
}

/** Docker's media types of a base become OCI's: one manifest does not mix the two. */
function ociDescriptor(descriptor: Descriptor): Descriptor {
  const mediaType = OCI_TYPES[descriptor.mediaType] ?? descriptor.mediaType;
  return { mediaType, digest: descriptor.digest, size: descriptor.size };
}

const OCI_TYPES: Record<string, string> = {
  [MediaType.dockerLayerGzip]: MediaType.ociLayerGzip,
  [MediaType.dockerLayer]: MediaType.ociLayer,
};

function relabelled(layer: Layer): Layer {
  return { ...layer, descriptor: ociDescriptor(layer.descriptor) };
}

function dropEmpty(config: RuntimeConfig): RuntimeConfig {
  return Object.fromEntries(
    Object.entries(config).filter(
      ([, value]) =>
        value !== undefined && value !== null && !(typeof value === "object" && Object.keys(value).length === 0),
    ),
  );
}
