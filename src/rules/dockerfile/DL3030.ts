import { afterArgument, defineRunRule } from "../../dockerfile/run-rule.ts";
import { calls, hasFlag } from "../../dockerfile/shell/commands.ts";
export default defineRunRule({
  id: "DL3030",
  severity: "warning",
  summary: "yum install needs -y",
  help: "Nobody can answer yum's question during a build.",
  examples: {
    good: ["FROM amazonlinux:2\nRUN yum install -y httpd-2.4 && yum clean all\n"],
    bad: ["FROM amazonlinux:2\nRUN yum install httpd-2.4\n"],
  },
  programs: ["yum"],
  offends: (command) =>
    calls(command, "yum", ["install", "groupinstall", "localinstall"]) && !hasFlag(command, "y", "assumeyes"),
  message: "yum asks a question: add -y",
  fix: {
    description: "add -y",
    safe: true,
    edit: (command, run) => afterArgument(command, run, ["install", "groupinstall", "localinstall"], "-y"),
  },
});
