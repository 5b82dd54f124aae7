import { instructionsOf } from "../../dockerfile/lookup.ts";
import { defineDockerfileRule, removal } from "../../dockerfile/rule.ts";
import type { Instruction } from "../../dockerfile/syntax.ts";
export default defineDockerfileRule({
  id: "DL3012",
  aliases: ["MultipleInstructionsDisallowed"],
  severity: "error",
  summary: "Only one HEALTHCHECK a stage",
  help: "Only the last HEALTHCHECK of a stage counts; the others mislead the reader.",
  examples: {
    good: ["FROM debian:13\nHEALTHCHECK CMD /check\n"],
    bad: ["FROM debian:13\nHEALTHCHECK CMD /a\nHEALTHCHECK CMD /b\n"],
  },
  *check({ document }) {
    let earlier: Instruction | undefined;
    for (const instruction of instructionsOf(document, "from", "healthcheck")) {
      if (instruction.name === "from") earlier = undefined;
      if (instruction.name !== "healthcheck") continue;
      if (earlier) {
        yield {
          at: instruction,
          message: "a second HEALTHCHECK: only the last one of a stage counts",
          related: [{ at: earlier, message: "this one is overridden" }],
          ids: [{ rule: "DL3012" }, { rule: "MultipleInstructionsDisallowed", line: earlier.startLine }],
          fix: { description: "remove the overridden one", safe: true, edits: [removal(document, earlier)] },
        };
      }
      earlier = instruction;
    }
  },
});
