import { readHadolintPragma } from "../../dockerfile/pragmas.ts";
import { defineDockerfileRule } from "../../dockerfile/rule.ts";

export default defineDockerfileRule({
  id: "DL1001",
  severity: "info",
  optIn: true,
  summary: "Inline hadolint ignores are not wanted",
  help: "An ignore in the file hides a finding from everybody. Where a team decides on rules in one configuration, switch this rule on.",
  examples: { good: ["# a comment\nFROM scratch\n"], bad: ["FROM debian:13\n# hadolint ignore=DL3003\nRUN cd /x\n"] },
  *check({ document }) {
    for (const node of document.nodes) {
      if (node.kind !== "comment" || readHadolintPragma(node.text)?.scope !== "next") continue;
      yield { at: node.span, message: "An inline ignore hides findings; put it into the configuration" };
    }
  },
});
