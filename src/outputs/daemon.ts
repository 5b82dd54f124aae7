/** Into docker's or podman's own storage. */
import { copy } from "../oci/copy.ts";
import { targetOfImage } from "../oci/image-target.ts";
import { createDaemonTarget, type DaemonKind } from "../store/daemon.ts";
import { storeTag } from "../store/names.ts";
import { defineOutput, type Output } from "./types.ts";

export function daemonOutput(id: string, kind: DaemonKind): Output {
  return defineOutput({
    id,
    summary: `load into ${kind}`,
    dest: "none",
    async write(image, _request, { names, signal }) {
      const target = createDaemonTarget(kind);
      const report = await copy(await targetOfImage(image, "build"), target, {
        reference: image.descriptor.digest,
        tags: names.map(storeTag),
        signal,
      });
      await target.close();
      const bytesWritten = report.blobs.reduce((sum, blob) => sum + blob.size, 0);
      return [{ type: id, ref: storeTag(names[0]!), bytesWritten, bytesUploaded: 0 }];
    },
    // Only the daemon could tell, and asking it is not cheaper than loading what it has already.
    stands: async () => false,
  });
}
