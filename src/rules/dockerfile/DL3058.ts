import { isEmail, labelProblems } from "../../dockerfile/label-schema.ts";
import { defineDockerfileRule } from "../../dockerfile/rule.ts";

export default defineDockerfileRule({
  id: "DL3058",
  severity: "warning",
  summary: "Labels that are mail addresses",
  help: "`lint.labelSchema` says that this label is a mail address as RFC 5322 has it.",
  examples: { good: ['FROM debian:13\nLABEL a="b"\n'], bad: [] },
  *check(subject) {
    yield* labelProblems(subject, (kind) => kind === "email", isEmail, "is no mail address");
  },
});
