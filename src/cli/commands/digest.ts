import { KnbuildError } from "../../base/errors.ts";
import { parseReference, referenceTag } from "../../oci/reference.ts";
import { defineCommand } from "../command.ts";
import { addRegistryOptions, registryClient } from "../registry-options.ts";

export default defineCommand({
  usage: "digest <image>",
  summary: "Print the digest that a tag names at its registry",
  examples: ["knbuild digest localhost:5000/team/hello:v1"],
  configure: addRegistryOptions,
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
      const resolvedAt = target.servedBy?.(found.digest);
      if (context.json) context.printJson({ image, ...found, ...(resolvedAt !== undefined && { resolvedAt }) });
      else {
        context.print(found.digest);
        if (resolvedAt !== undefined) context.note(`resolved at the mirror ${resolvedAt}`);
      }
      return 0;
    } finally {
      client.close();
    }
  },
});
