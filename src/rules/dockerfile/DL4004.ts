import { instructionsOf } from "../../dockerfile/lookup.ts";
import { defineDockerfileRule, removal } from "../../dockerfile/rule.ts";
import type { Instruction } from "../../dockerfile/syntax.ts";
export default defineDockerfileRule({
  id: "DL4004",
  aliases: ["MultipleInstructionsDisallowed"],
  severity: "error",
  summary: "Only one ENTRYPOINT a stage",
  help: "Only the last ENTRYPOINT counts; the others mislead the reader.",
  examples: {
    good: ['FROM debian:13\nENTRYPOINT ["a"]\n'],
    bad: ['FROM debian:13\nENTRYPOINT ["a"]\nENTRYPOINT ["b"]\n'],
  },
  *check({ document }) {
    let earlier: Instruction | undefined;
    for (const instruction of instructionsOf(document, "from", "entrypoint")) {
      if (instruction.name === "from") earlier = undefined;
      if (instruction.name !== "entrypoint") continue;
      if (earlier) {
        yield {
          at: instruction,
          message: "a second ENTRYPOINT: only the last one of a stage counts",
          related: [{ at: earlier, message: "this one is overridden" }],
          ids: [{ rule: "DL4004" }, { rule: "MultipleInstructionsDisallowed", line: earlier.startLine }],
          fix: { description: "remove the overridden one", safe: true, edits: [removal(document, earlier)] },
        };
      }
      earlier = instruction;
    }
  },
});
