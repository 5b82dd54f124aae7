import { fromView } from "../../dockerfile/image-name.ts";
import { instructionsOf } from "../../dockerfile/lookup.ts";
import { defineDockerfileRule } from "../../dockerfile/rule.ts";
export default defineDockerfileRule({
  id: "DL3006",
  severity: "warning",
  summary: "Name the version of the base image",
  help: "Without a tag the builder takes `latest`, which is another image tomorrow.",
  examples: { good: ["FROM debian:13\n", "FROM debian:13 AS a\nFROM a\n"], bad: ["FROM debian\n"] },
  *check({ document }) {
    const names = new Set<string>();
    for (const instruction of instructionsOf(document, "from")) {
      const { name, tag, digest, alias } = fromView(instruction);
      const untagged = tag === undefined && digest === undefined && name !== "scratch" && !name.startsWith("$");
      if (untagged && !names.has(name)) {
        yield {
          at: instruction.args[0]?.span ?? instruction,
          message: `${name || "the base image"} has no tag: pin a version`,
        };
      }
      if (alias) names.add(alias);
    }
  },
});
