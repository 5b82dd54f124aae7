import { readDocument } from "../../oci/read-manifest.ts";
import { selectImage } from "../../oci/remote-image.ts";
import { atRegistry } from "../at-registry.ts";
import { defineCommand } from "../command.ts";
import { addRegistryOptions } from "../registry-options.ts";

export default defineCommand({
  usage: "manifest <image>",
  summary: "Print a manifest or an index as the registry has it",
  examples: ["knbuild manifest localhost:5000/team/hello:v1", "knbuild manifest docker.io/library/node:24 --image"],
  configure(command) {
    command.option("--image", "of an index: the manifest of the linux/amd64 image");
    addRegistryOptions(command);
  },
  run([image], options, context) {
    return atRegistry(image as string, options, context, async (target, found) => {
      const chosen = options["image"] ? await selectImage(target, found) : found;
      const document = await readDocument(target, chosen);
      const text = Buffer.from(document.bytes).toString("utf8");
      // The bytes as they are: their digest is the image's.
      if (context.json) context.printJson(JSON.parse(text));
      else context.print(text);
    });
  },
});
