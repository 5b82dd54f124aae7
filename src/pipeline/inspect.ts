/** Reads an image wherever it lies: manifest and config, no layer. */

import { cacheDir } from "../base/dirs.ts";
import { usageError } from "../base/errors.ts";
import { Annotation } from "../oci/descriptor.ts";
import type { Image } from "../oci/image.ts";
import type { RuntimeConfig } from "../oci/manifest.ts";
import { formatPlatform } from "../oci/platform.ts";
import { imageOf } from "../oci/remote-image.ts";
import type { ReadTarget } from "../oci/target.ts";
import type { RegistryClient } from "../registry/client.ts";
import { openStore } from "../store/store.ts";
import { openSourcePlace, type Place } from "./transports.ts";

export interface InspectedImage {
  name: string;
  digest: string;
  mediaType: string;
  platform: string;
  created?: string;
  base?: { ref: string; digest?: string };
  config: RuntimeConfig;
  annotations: Record<string, string>;
  layers: { digest: string; diffId: string; size: number; mediaType: string; createdBy?: string }[];
  /** Bytes of all layers, compressed. */
  size: number;
}

export interface ImageSources {
  registry: () => RegistryClient;
  env: NodeJS.ProcessEnv;
}

/** Opens an image by a transport's name, by its name in the store, or at its registry. @throws IMAGE_UNKNOWN, … */
export async function openImage(
  spec: string,
  sources: ImageSources,
): Promise<{ image: Image; place: Place<ReadTarget> }> {
  const place = await openSourcePlace(spec, {
    store: () => openStore(cacheDir(sources.env)),
    registry: (reference) => sources.registry().repository(reference, { access: "pull" }),
  });
  const descriptor = await place.target.resolve(place.tag);
  if (!descriptor) {
    await place.close();
    throw usageError(
      "IMAGE_UNKNOWN",
      `there is no image ${spec}`,
      "knbuild images lists the local store; for a registry write docker://REFERENCE.",
      place.target.name,
    );
  }
  return { image: await imageOf(place.target, descriptor), place };
}

export async function inspectImage(spec: string, sources: ImageSources): Promise<InspectedImage> {
  const { image, place } = await openImage(spec, sources);
  try {
    const [manifest, config] = [await image.manifest(), await image.config()];
    const history = (config.history ?? []).filter((entry) => !entry.empty_layer);
    const { [Annotation.baseName]: ref, [Annotation.baseDigest]: digest } = manifest.annotations ?? {};
    return {
      name: place.spec,
      digest: image.descriptor.digest,
      mediaType: image.descriptor.mediaType,
      platform: formatPlatform(config),
      ...(config.created && { created: config.created }),
      ...(ref && { base: { ref, ...(digest && { digest }) } }),
      config: config.config ?? {},
      annotations: manifest.annotations ?? {},
      layers: manifest.layers.map((layer, i) => ({
        digest: layer.digest,
        diffId: config.rootfs.diff_ids[i] ?? "",
        size: layer.size,
        mediaType: layer.mediaType,
        ...(history[i]?.created_by && { createdBy: history[i].created_by }),
      })),
      size: manifest.layers.reduce((sum, { size }) => sum + size, 0),
    };
  } finally {
    await place.close();
  }
}
