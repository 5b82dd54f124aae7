import { createDockerArchive } from "../../store/docker-archive.ts";
import { storeTag } from "../../store/names.ts";
import { fileStands, requireDest, writeArchive } from "../archive.ts";
import { defineOutput } from "../types.ts";

/** One tar file as `docker save` writes it. */
export default defineOutput({
  id: "docker",
  summary: "a docker archive (a tar file for docker load)",
  dest: "file",
  async write(image, request, context) {
    const dest = requireDest(request);
    return writeArchive(image, createDockerArchive(dest), dest, context.names.map(storeTag), "docker", context);
  },
  stands: async (report) => fileStands(report),
});
