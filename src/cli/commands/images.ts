import { isDigest } from "../../base/digest.ts";
import { usageError } from "../../base/errors.ts";
import { listImages, removeImage } from "../../pipeline/images.ts";
import { defineCommand } from "../command.ts";
import { formatBytes, formatTable } from "../format.ts";

export default defineCommand({
  usage: "images",
  summary: "List the images in the local store",
  examples: ["knbuild images", "knbuild images --json", "knbuild images --rm hello:latest"],
  configure(command) {
    command.option("--rm <name...>", "remove names from the store (knbuild cache prune frees the space)");
  },
  async run(_args, options, context) {
    if (options["rm"]) {
      for (const name of options["rm"] as string[]) {
        if (isDigest(name)) throw usageError("USAGE", "--rm takes names, not digests");
        await removeImage(name);
        context.note(`removed ${name}`);
      }
      return 0;
    }
    const images = await listImages();
    if (context.json) context.printJson(images);
    else if (images.length === 0) context.note("The store is empty. knbuild . builds an image.");
    else {
      const rows = images.map((image) => [
        image.name,
        image.digest.slice(7, 19),
        formatBytes(image.size),
        image.base ?? "",
      ]);
      context.print(formatTable([["NAME", "DIGEST", "SIZE", "BASE"], ...rows]));
    }
    return 0;
  },
});
