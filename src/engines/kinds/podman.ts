import { containerBuilder } from "../dockerfile/container-builder.ts";

/** RUN by podman: no daemon. */
export default containerBuilder({
  id: "podman",
  rank: 30,
  runtimeFirst: true,
  save: (image, archive) => ["save", "--quiet", "--format", "oci-archive", "--output", archive, image],
});
