/** Images of random bytes in memory: registries look at digests and sizes, not into layers. */
import { createHash } from "node:crypto";
import { blobOf } from "../../src/oci/blob.ts";
import { type Descriptor, MediaType } from "../../src/oci/descriptor.ts";
import { createMemoryTarget, type MemoryTarget } from "../../src/oci/memory-target.ts";

/** Bytes that follow from a seed: fast, and the same on every machine. */
export function pseudoRandom(size: number, seed: string): Buffer {
  const block = createHash("sha512").update(seed).digest();
  const bytes = Buffer.allocUnsafe(size);
  for (let i = 0; i < size; i++) bytes[i] = (block[i & 63] as number) ^ (i >> 6) ^ (i >> 14);
  return bytes;
}

export interface TestImage {
  target: MemoryTarget;
  descriptor: Descriptor;
  config: Descriptor;
  layers: Descriptor[];
}

export async function randomImage(
  sizes: readonly number[],
  options: {
    seed?: string;
    target?: MemoryTarget;
    tag?: string;
    docker?: boolean;
    os?: string;
    architecture?: string;
  } = {},
): Promise<TestImage> {
  const { seed = "seed", target = createMemoryTarget(), tag = "latest", docker = false } = options;
  const layerType = docker ? MediaType.dockerLayerGzip : MediaType.ociLayerGzip;
  const layers = sizes.map((size, i) => blobOf(pseudoRandom(size, `${seed} ${i}`), layerType));
  const config = blobOf(
    JSON.stringify({
      os: options.os ?? "linux",
      architecture: options.architecture ?? "amd64",
      author: seed,
      rootfs: { type: "layers", diff_ids: layers.map((layer) => layer.descriptor.digest) },
    }),
    docker ? MediaType.dockerConfig : MediaType.ociConfig,
  );
  const mediaType = docker ? MediaType.dockerManifest : MediaType.ociManifest;
  const manifest = blobOf(
    JSON.stringify({
      schemaVersion: 2,
      mediaType,
      config: config.descriptor,
      layers: layers.map((layer) => layer.descriptor),
    }),
    mediaType,
  );
  for (const blob of [...layers, config, manifest]) await target.put(blob);
  await target.tag(manifest.descriptor, tag);
  return {
    target,
    descriptor: manifest.descriptor,
    config: config.descriptor,
    layers: layers.map((layer) => layer.descriptor),
  };
}

/** An index over images that are in the target already. */
export async function randomIndex(
  target: MemoryTarget,
  images: { image: TestImage; architecture: string }[],
  tag: string,
) {
  const index = blobOf(
    JSON.stringify({
      schemaVersion: 2,
      mediaType: MediaType.ociIndex,
      manifests: images.map(({ image, architecture }) => ({
        ...image.descriptor,
        platform: { os: "linux", architecture },
      })),
    }),
    MediaType.ociIndex,
  );
  await target.put(index);
  await target.tag(index.descriptor, tag);
  return index.descriptor;
}
