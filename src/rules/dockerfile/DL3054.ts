import { labelProblems } from "../../dockerfile/label-schema.ts";
import { defineDockerfileRule } from "../../dockerfile/rule.ts";
import { isSpdxLicense } from "../../dockerfile/spdx.ts";

export default defineDockerfileRule({
  id: "DL3054",
  severity: "warning",
  summary: "Labels that are SPDX licences",
  help: "`lint.labelSchema` says that this label is a licence id of the SPDX list, `Apache-2.0`.",
  examples: { good: ['FROM debian:13\nLABEL a="b"\n'], bad: [] },
  *check(subject) {
    yield* labelProblems(subject, (kind) => kind === "spdx", isSpdxLicense, "is no SPDX licence id");
  },
});
