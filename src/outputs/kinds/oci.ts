import { createOciArchive } from "../../store/oci-archive.ts";
import { fileStands, requireDest, writeArchive } from "../archive.ts";
import { defineOutput } from "../types.ts";

/** One tar file with an OCI image layout in it, as `skopeo copy oci-archive:` and `podman load` read it. */
export default defineOutput({
  id: "oci",
  summary: "an OCI archive (a tar file)",
  dest: "file",
  async write(image, request, context) {
    const dest = requireDest(request);
    const tags = [...new Set(context.names.map((name) => name.tag ?? "latest"))];
    return writeArchive(image, createOciArchive(dest), dest, tags, "oci", context);
  },
  stands: async (report) => fileStands(report),
});
