import { containerBuilder } from "../dockerfile/container-builder.ts";

/** RUN by buildah: no daemon. */
export default containerBuilder({
  id: "buildah",
  rank: 20,
  runtimeFirst: false,
  save: (image, archive) => ["push", "--quiet", image, `oci-archive:${archive}:latest`],
});
