import { KnbuildError } from "../../base/errors.ts";
import { readDocument } from "../../oci/read-manifest.ts";
import { parseReference, referenceTag } from "../../oci/reference.ts";
import { selectImage } from "../../oci/remote-image.ts";
import { defineCommand } from "../command.ts";
import { addRegistryOptions, registryClient } from "../registry-options.ts";

export default defineCommand({
  usage: "manifest <image>",
  summary: "Print a manifest or an index as the registry has it",
  examples: ["knbuild manifest localhost:5000/team/hello:v1", "knbuild manifest docker.io/library/node:24 --image"],
  configure(command) {
    command.option("--image", "of an index: the manifest of the linux/amd64 image");
    addRegistryOptions(command);
  },
  async run([image], options, context) {
    const reference = parseReference((image as string).replace(/^docker:\/\//, ""));
    const client = registryClient(options, context);
    try {
      const target = client.repository(reference);
      const found = await target.resolve(referenceTag(reference));
      if (!found) {
        const message = `there is no image ${referenceTag(reference)} in ${target.name}`;
        throw new KnbuildError({
          code: "IMAGE_UNKNOWN",
          message,
          where: target.name,
          hint: "Check the name and the tag.",
        });
      }
      const chosen = options["image"] ? await selectImage(target, found) : found;
      const document = await readDocument(target, chosen);
      const text = Buffer.from(document.bytes).toString("utf8");
      // The bytes as they are: their digest is the image's.
      if (context.json) context.printJson(JSON.parse(text));
      else context.print(text);
      return 0;
    } finally {
      client.close();
    }
  },
});
