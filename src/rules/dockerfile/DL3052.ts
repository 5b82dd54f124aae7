import { isUrl, labelProblems } from "../../dockerfile/label-schema.ts";
import { defineDockerfileRule } from "../../dockerfile/rule.ts";

export default defineDockerfileRule({
  id: "DL3052",
  severity: "warning",
  summary: "Labels that are URLs",
  help: "`lint.labelSchema` says that this label is a URL.",
  examples: { good: ['FROM debian:13\nLABEL a="b"\n'], bad: [] },
  *check(subject) {
    yield* labelProblems(subject, (kind) => kind === "url", isUrl, "is no URL");
  },
});
