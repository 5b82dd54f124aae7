import { labelProblems } from "../../dockerfile/label-schema.ts";
import { defineDockerfileRule } from "../../dockerfile/rule.ts";

export default defineDockerfileRule({
  id: "DL3055",
  severity: "warning",
  summary: "Labels that are Git hashes",
  help: "`lint.labelSchema` says that this label is a Git commit: 7 or 40 hex digits in lower case.",
  examples: { good: ['FROM debian:13\nLABEL a="b"\n'], bad: [] },
  *check(subject) {
    yield* labelProblems(
      subject,
      (kind) => kind === "hash",
      (value) => /^(?:[0-9a-f]{7}|[0-9a-f]{40})$/.test(value),
      "is no Git hash",
    );
  },
});
