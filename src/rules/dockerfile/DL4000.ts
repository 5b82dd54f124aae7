import { instructionsOf } from "../../dockerfile/lookup.ts";
import { defineDockerfileRule, replacement } from "../../dockerfile/rule.ts";
export default defineDockerfileRule({
  id: "DL4000",
  aliases: ["MaintainerDeprecated"],
  severity: "error",
  summary: "MAINTAINER is deprecated",
  help: "Use the label `org.opencontainers.image.authors`.",
  examples: {
    good: ['FROM debian:13\nLABEL org.opencontainers.image.authors="me@example.org"\n'],
    bad: ["FROM debian:13\nMAINTAINER me@example.org\n"],
  },
  *check({ document }) {
    for (const instruction of instructionsOf(document, "maintainer")) {
      const value = instruction.rest.value.replace(/^(["'])(.*)\1$/s, "$2");
      const keyword = instruction.keyword.value === "maintainer" ? "label" : "LABEL";
      const line = `${keyword} org.opencontainers.image.authors=${JSON.stringify(value).replaceAll("$", "\\$")}`;
      yield {
        at: instruction,
        message: "MAINTAINER is deprecated: use a label",
        ...(value !== "" &&
          !/[\\$\n]/.test(value) && {
            fix: { description: "write the label", safe: true, edits: [replacement(instruction.span, line)] },
          }),
      };
    }
  },
});
