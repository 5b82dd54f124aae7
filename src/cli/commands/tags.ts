import { defineCommand } from "../command.ts";
import { addRegistryOptions, registryClient } from "../registry-options.ts";

export default defineCommand({
  usage: "tags <repository>",
  summary: "List the tags of a repository, one a line",
  examples: ["knbuild tags localhost:5000/team/hello", "knbuild tags ghcr.io/org/app --json"],
  configure: addRegistryOptions,
  async run([repository], options, context) {
    const client = registryClient(options, context);
    try {
      const tags: string[] = [];
      for await (const tag of client.repository((repository as string).replace(/^docker:\/\//, "")).tags()) {
        if (context.json) tags.push(tag);
        else context.print(tag);
      }
      if (context.json) context.printJson({ repository, tags });
      return 0;
    } finally {
      client.close();
    }
  },
});
