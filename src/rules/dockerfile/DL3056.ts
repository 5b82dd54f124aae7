import { isSemanticVersion, labelProblems } from "../../dockerfile/label-schema.ts";
import { defineDockerfileRule } from "../../dockerfile/rule.ts";

export default defineDockerfileRule({
  id: "DL3056",
  severity: "warning",
  summary: "Labels that are semantic versions",
  help: "`lint.labelSchema` says that this label is a semantic version, `1.2.3-rc.1+5`.",
  examples: { good: ['FROM debian:13\nLABEL a="b"\n'], bad: [] },
  *check(subject) {
    yield* labelProblems(subject, (kind) => kind === "semver", isSemanticVersion, "is no semantic version");
  },
});
