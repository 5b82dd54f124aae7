import { runsCalling } from "../../dockerfile/lookup.ts";
import { cleansAfter } from "../../dockerfile/package-tools.ts";
import { defineDockerfileRule, inSource } from "../../dockerfile/rule.ts";
import { appendCommand } from "../../dockerfile/run-rule.ts";
import { type Command, calls } from "../../dockerfile/shell/commands.ts";

export default defineDockerfileRule({
  id: "DL3032",
  severity: "warning",
  summary: "yum clean all after yum",
  help: "yum leaves its metadata and packages in /var/cache/yum. Clean in the same RUN, or the layer keeps them.",
  examples: {
    good: ["FROM amazonlinux:2\nRUN yum install -y httpd-2.4 && yum clean all\n"],
    bad: ["FROM amazonlinux:2\nRUN yum install -y httpd-2.4\n"],
  },
  *check(subject) {
    const installs = (command: Command): boolean => calls(command, "yum", ["install"]);
    for (const run of runsCalling(subject, ["yum"])) {
      const first = run.script.commands.find(installs);
      if (!first || cleansAfter(run.script.commands, installs, cleans)) continue;
      const edit = appendCommand(run, "yum clean all");
      yield {
        at: inSource(run, first.span),
        message: "yum clean all is missing",
        ...(edit && { fix: { description: "clean at the end of this RUN", safe: true, edits: [edit] } }),
      };
    }
  },
});

function cleans(command: Command): boolean {
  return calls(command, "yum", ["clean", "all"]) || calls(command, "rm", ["-rf", "/var/cache/yum/*"]);
}
