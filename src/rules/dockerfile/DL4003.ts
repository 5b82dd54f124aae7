import { overridden } from "../../dockerfile/overridden.ts";
import { defineDockerfileRule } from "../../dockerfile/rule.ts";
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
  check: (subject) => overridden(subject, "DL4003", "cmd"),
});
