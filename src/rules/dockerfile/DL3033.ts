import { createVersionVariables, unpinnedRpms } from "../../dockerfile/package-tools.ts";
import { defineDockerfileRule, inSource, passes, runOf } from "../../dockerfile/rule.ts";

export default defineDockerfileRule({
  id: "DL3033",
  severity: "warning",
  summary: "Pin versions of yum packages",
  help: "`yum install package-version` gives the same packages at every build.",
  examples: {
    good: ["FROM amazonlinux:2\nRUN yum install -y httpd-2.4 && yum clean all\n"],
    bad: ["FROM amazonlinux:2\nRUN yum install -y httpd && yum clean all\n"],
  },
  *check(subject) {
    for (const pass of passes(subject.document)) {
      const variables = createVersionVariables(subject.document.escape);
      for (const { outer, inner } of pass) {
        variables.see(inner);
        const run = inner.name === "run" ? runOf(subject, outer) : undefined;
        for (const command of run?.script.commands ?? []) {
          const names = unpinnedRpms(command, ["yum"], variables, []);
          if (!run || names.length === 0) continue;
          yield { at: inSource(run, command.span), message: `pin the versions of ${names.slice(0, 5).join(", ")}` };
          break;
        }
      }
    }
  },
});
