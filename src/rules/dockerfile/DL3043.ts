import { NOT_TRIGGERS } from "../../dockerfile/instruction.ts";
import { instructionsOf } from "../../dockerfile/lookup.ts";
import { defineDockerfileRule } from "../../dockerfile/rule.ts";
export default defineDockerfileRule({
  id: "DL3043",
  severity: "error",
  summary: "ONBUILD cannot trigger ONBUILD, FROM or MAINTAINER",
  help: "The builder refuses these triggers.",
  examples: { good: ["FROM debian:13\nONBUILD RUN make\n"], bad: ["FROM debian:13\nONBUILD FROM debian:13\n"] },
  *check({ document }) {
    for (const instruction of instructionsOf(document, "onbuild")) {
      const name = instruction.trigger?.name;
      if (name === undefined || !NOT_TRIGGERS.has(name)) continue;
      yield { at: instruction, message: `ONBUILD cannot trigger ${name.toUpperCase()}` };
    }
  },
});
