import { copy } from "../../oci/copy.ts";
import { targetOfImage } from "../../oci/image-target.ts";
import { storeTag } from "../../store/names.ts";
import { defineOutput } from "../types.ts";

/** The local store: `knbuild images`, `knbuild run NAME`. */
export default defineOutput({
  id: "store",
  summary: "the local store (the default)",
  dest: "none",
  async write(image, _request, { names, store, signal }) {
    const tags = names.map(storeTag);
    const report = await copy(await targetOfImage(image, "build"), store, {
      reference: image.descriptor.digest,
      tags,
      signal,
    });
    const bytesWritten = report.blobs
      .filter((blob) => blob.action !== "exists")
      .reduce((sum, blob) => sum + blob.size, 0);
    return [{ type: "store", ref: `store:${tags[0]}`, bytesWritten, bytesUploaded: 0, blobs: report.blobs }];
  },
  async stands(_report, digest, { names, store }) {
    for (const name of names) if ((await store.resolve(storeTag(name)))?.digest !== digest) return false;
    return true;
  },
});
