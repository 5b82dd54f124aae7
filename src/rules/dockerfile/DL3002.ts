import { instructionsOf } from "../../dockerfile/lookup.ts";
import { defineDockerfileRule } from "../../dockerfile/rule.ts";
import type { Instruction } from "../../dockerfile/syntax.ts";
export default defineDockerfileRule({
  id: "DL3002",
  severity: "warning",
  clause: "U8",
  summary: "The last USER should not be root",
  help: "Whoever breaks out of the process is then root. Switch back to an unprivileged user after the steps that need root.",
  examples: {
    good: ["FROM debian:13\nUSER root\nRUN make install\nUSER 10001\n"],
    bad: ["FROM debian:13\nUSER root\n"],
  },
  *check({ document }) {
    const last = new Map<number, Instruction>();
    let stage = -1;
    for (const instruction of instructionsOf(document, "from", "user")) {
      if (instruction.name === "from") stage = instruction.span.start;
      if (instruction.name !== "user" || stage < 0) continue;
      const user = instruction.rest.value;
      if (/^(?:root|0)(?::|$)/.test(user)) last.set(stage, instruction);
      else last.delete(stage);
    }
    for (const instruction of last.values()) {
      yield { at: instruction, message: `the last USER of this stage is ${instruction.rest.value}` };
    }
  },
});
