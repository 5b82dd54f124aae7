import { labelProblems } from "../../dockerfile/label-schema.ts";
import { defineDockerfileRule } from "../../dockerfile/rule.ts";

export default defineDockerfileRule({
  id: "DL3051",
  severity: "warning",
  summary: "Labels of the schema are not empty",
  help: "A label that `lint.labelSchema` names must have a value.",
  examples: { good: ['FROM debian:13\nLABEL a="b"\n'], bad: [] },
  *check(subject) {
    yield* labelProblems(
      subject,
      () => true,
      (value) => value !== "",
      "is empty",
    );
  },
});
