/** Small images made for a test: entries → layers in a store → an Image. */
import { execFileSync } from "node:child_process";
import { createReadStream, realpathSync, statSync } from "node:fs";
import { streamOf } from "../../src/base/streams.ts";
import { type LayerStore, materialize } from "../../src/layer/materialize.ts";
import type { Blob, Layer } from "../../src/oci/blob.ts";
import { blobOf } from "../../src/oci/blob.ts";
import { type Compression, MediaType } from "../../src/oci/descriptor.ts";
import type { Image } from "../../src/oci/image.ts";
import type { TarEntry } from "../../src/oci/layer-source.ts";
import type { ImageConfig, Manifest, RuntimeConfig } from "../../src/oci/manifest.ts";
import { LINUX_AMD64, type Platform } from "../../src/oci/platform.ts";

const OWNER = { uid: 0, gid: 0, mtime: 0 };

export function file(path: string, content: string | Uint8Array, mode = 0o644): TarEntry {
  const bytes = Buffer.from(content);
  return { type: "file", path, mode, ...OWNER, size: bytes.length, open: () => streamOf(bytes) };
}

export function directory(path: string, mode = 0o755): TarEntry {
  return { type: "directory", path, mode, ...OWNER };
}

export function symlink(path: string, target: string): TarEntry {
  return { type: "symlink", path, mode: 0o777, ...OWNER, target };
}

export function fileFrom(path: string, source: string, mode = 0o755): TarEntry {
  return { type: "file", path, mode, ...OWNER, size: statSync(source).size, open: () => createReadStream(source) };
}

/** This machine's node with the libraries it needs: enough of a root to start a server in. */
export function nodeEntries(): TarEntry[] {
  const node = realpathSync(process.execPath);
  const ldd = execFileSync("ldd", [node], { encoding: "utf8" });
  const libraries = [...ldd.matchAll(/(?:=> )?(\/\S+) \(0x/g)].map((match) => match[1] as string);
  return [
    directory("tmp", 0o1777),
    fileFrom("usr/local/bin/node", node),
    ...libraries.map((path) => fileFrom(path.slice(1), realpathSync(path))),
  ];
}

export interface TestImageOptions {
  store: LayerStore;
  layers: TarEntry[][];
  config: RuntimeConfig;
  compression?: Compression;
  platform?: Platform;
}

export async function testImage(options: TestImageOptions): Promise<Image> {
  const { store, compression = "none" } = options;
  const layers: Layer[] = [];
  for (const entries of options.layers) {
    layers.push(await materialize({ kind: "app", comment: "test", entries: () => entries }, { store, compression }));
  }
  return imageOf(layers, options.config, options.platform);
}

export function imageOf(layers: Layer[], runtime: RuntimeConfig, platform: Platform = LINUX_AMD64): Image {
  const config: ImageConfig = {
    ...platform,
    config: runtime,
    rootfs: { type: "layers", diff_ids: layers.map((layer) => layer.diffId) },
    history: layers.map(() => ({ created_by: "test" })),
  };
  const configBlob: Blob = blobOf(JSON.stringify(config), MediaType.ociConfig);
  const manifest: Manifest = {
    schemaVersion: 2,
    mediaType: MediaType.ociManifest,
    config: configBlob.descriptor,
    layers: layers.map((layer) => layer.descriptor),
  };
  const rawManifest = Buffer.from(JSON.stringify(manifest));
  return {
    descriptor: blobOf(rawManifest, MediaType.ociManifest).descriptor,
    rawManifest: async () => rawManifest,
    rawConfig: async () => Buffer.from(JSON.stringify(config)),
    manifest: async () => manifest,
    config: async () => config,
    layers: async () => layers,
  };
}
