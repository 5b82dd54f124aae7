import { imageBlobs } from "../../src/oci/image.ts";
import type { SaveArchive } from "../../src/sandbox/types.ts";
import { createDockerArchive } from "../../src/store/docker-archive.ts";
import { createOciArchive } from "../../src/store/oci-archive.ts";

/** What the build room gives to sandboxes that load an archive, made of the archive targets themselves. */
export const saveArchive: SaveArchive = async (image, path, type, name) => {
  const archive = type === "docker-archive" ? createDockerArchive(path) : createOciArchive(path);
  const { layers, config, manifest } = await imageBlobs(image);
  for (const blob of [...layers, config, manifest]) await archive.put(blob);
  await archive.tag(manifest.descriptor, name);
  await archive.close();
};
