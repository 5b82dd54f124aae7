/** An Image as something to copy from: its blobs come from wherever they are. */
import { KnbuildError } from "../base/errors.ts";
import type { Blob } from "./blob.ts";
import { type Image, imageBlobs } from "./image.ts";
import type { ReadTarget } from "./target.ts";

/** Any tag resolves to the image; blobs keep their origin, so that a destination can mount them. */
export async function targetOfImage(
  image: Image,
  name: string,
): Promise<ReadTarget & { blob(digest: string): Blob | undefined }> {
  const { layers, config, manifest } = await imageBlobs(image);
  const blobs = new Map<string, Blob>([...layers, config, manifest].map((blob) => [blob.descriptor.digest, blob]));
  return {
    name,
    resolve: async () => image.descriptor,
    has: async (descriptor) => blobs.has(descriptor.digest),
    blob: (digest) => blobs.get(digest),
    open(descriptor, reading) {
      const blob = blobs.get(descriptor.digest);
      if (!blob)
        throw new KnbuildError({
          code: "BLOB_UNKNOWN",
          message: `${descriptor.digest} is not part of the image`,
          where: name,
        });
      return blob.open(reading);
    },
  };
}
