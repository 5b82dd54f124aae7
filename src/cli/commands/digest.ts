import { atRegistry } from "../at-registry.ts";
import { defineCommand } from "../command.ts";
import { addRegistryOptions } from "../registry-options.ts";

export default defineCommand({
  usage: "digest <image>",
  summary: "Print the digest that a tag names at its registry",
  examples: ["knbuild digest localhost:5000/team/hello:v1"],
  configure: addRegistryOptions,
  run([image], options, context) {
    return atRegistry(image as string, options, context, async (target, found) => {
      const resolvedAt = target.servedBy?.(found.digest);
      if (context.json) context.printJson({ image, ...found, ...(resolvedAt !== undefined && { resolvedAt }) });
      else {
        context.print(found.digest);
        if (resolvedAt !== undefined) context.note(`resolved at the mirror ${resolvedAt}`);
      }
    });
  },
});
