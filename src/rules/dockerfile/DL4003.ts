import { instructionsOf } from "../../dockerfile/lookup.ts";
import { defineDockerfileRule, removal } from "../../dockerfile/rule.ts";
import type { Instruction } from "../../dockerfile/syntax.ts";
export default defineDockerfileRule({
  id: "DL4003",
  aliases: ["MultipleInstructionsDisallowed"],
  severity: "warning",
  summary: "Only one CMD a stage",
  help: "Only the last CMD counts; the others mislead the reader.",
  examples: {
    good: ['FROM debian:13\nCMD ["a"]\n'],
    bad: ['FROM debian:13\nCMD ["a"]\nCMD ["b"]\n'],
  },
  *check({ document }) {
    let earlier: Instruction | undefined;
    for (const instruction of instructionsOf(document, "from", "cmd")) {
      if (instruction.name === "from") earlier = undefined;
      if (instruction.name !== "cmd") continue;
      if (earlier) {
        yield {
          at: instruction,
          message: "a second CMD: only the last one of a stage counts",
          related: [{ at: earlier, message: "this one is overridden" }],
          ids: [{ rule: "DL4003" }, { rule: "MultipleInstructionsDisallowed", line: earlier.startLine }],
          fix: { description: "remove the overridden one", safe: true, edits: [removal(document, earlier)] },
        };
      }
      earlier = instruction;
    }
  },
});
