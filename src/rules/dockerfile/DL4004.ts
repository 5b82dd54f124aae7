import { overridden } from "../../dockerfile/overridden.ts";
import { defineDockerfileRule } from "../../dockerfile/rule.ts";
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
  check: (subject) => overridden(subject, "DL4004", "entrypoint"),
});
