import { existsSync } from "node:fs";
import { copy } from "../../oci/copy.ts";
import { targetOfImage } from "../../oci/image-target.ts";
import { openLayout } from "../../store/layout.ts";
import { requireDest } from "../archive.ts";
import { defineOutput } from "../types.ts";

/** A directory with an OCI image layout; other images in it stay. */
export default defineOutput({
  id: "layout",
  summary: "an OCI image layout (a directory)",
  dest: "directory",
  async write(image, request, { names, signal }) {
    const dest = requireDest(request);
    const tags = [...new Set(names.map((name) => name.tag ?? "latest"))];
    const report = await copy(await targetOfImage(image, "build"), openLayout(dest, { create: true }), {
      reference: image.descriptor.digest,
      tags,
      signal,
    });
    const bytesWritten = report.blobs
      .filter((blob) => blob.action !== "exists")
      .reduce((sum, blob) => sum + blob.size, 0);
    return [
      { type: "layout", dest, ref: `oci:${dest}:${tags[0]}`, bytesWritten, bytesUploaded: 0, blobs: report.blobs },
    ];
  },
  async stands(report, digest, { names }) {
    if (!report.dest || !existsSync(report.dest)) return false;
    const layout = openLayout(report.dest);
    for (const { tag = "latest" } of names) if ((await layout.resolve(tag))?.digest !== digest) return false;
    return true;
  },
});
