import { isRfc3339, labelProblems } from "../../dockerfile/label-schema.ts";
import { defineDockerfileRule } from "../../dockerfile/rule.ts";

export default defineDockerfileRule({
  id: "DL3053",
  severity: "warning",
  summary: "Labels that are times",
  help: "`lint.labelSchema` says that this label is a time as RFC 3339 writes it, `2026-11-22T10:00:00Z`.",
  examples: { good: ['FROM debian:13\nLABEL a="b"\n'], bad: [] },
  *check(subject) {
    yield* labelProblems(subject, (kind) => kind === "rfc3339", isRfc3339, "is no RFC 3339 time");
  },
});
