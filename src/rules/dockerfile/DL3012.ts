import { overridden } from "../../dockerfile/overridden.ts";
import { defineDockerfileRule } from "../../dockerfile/rule.ts";
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
  check: (subject) => overridden(subject, "DL3012", "healthcheck"),
});
