/** An image, wherever it lives: an immutable view. `mutate` makes a new one out of it. */
import type { Blob, Layer } from "./blob.ts";
import type { Descriptor } from "./descriptor.ts";
import type { ImageConfig, Manifest } from "./manifest.ts";

export interface Image {
  /** The manifest's descriptor. */
  readonly descriptor: Descriptor;
  /** The manifest's bytes as stored: their digest is the image's digest. */
  rawManifest(): Promise<Uint8Array>;
  rawConfig(): Promise<Uint8Array>;
  manifest(): Promise<Manifest>;
  config(): Promise<ImageConfig>;
  /** Bottom first. Nothing is fetched until a layer is opened. */
  layers(): Promise<Layer[]>;
}

/** All blobs of an image in the order in which they must arrive: layers, config, then the manifest. */
export async function imageBlobs(image: Image): Promise<{ layers: Layer[]; config: Blob; manifest: Blob }> {
  const [manifest, layers] = [await image.manifest(), await image.layers()];
  return {
    layers,
    config: {
      descriptor: manifest.config,
      // It names its layers.
      ...(layers.some(({ fresh }) => fresh) && { fresh: true }),
      open: () => once(image.rawConfig()),
    },
    manifest: { descriptor: image.descriptor, open: () => once(image.rawManifest()) },
  };
}

async function* once(bytes: Promise<Uint8Array>): AsyncGenerator<Uint8Array> {
  yield await bytes;
}
