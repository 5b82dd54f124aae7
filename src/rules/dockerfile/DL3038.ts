import { afterArgument, defineRunRule } from "../../dockerfile/run-rule.ts";
import { calls, hasFlag } from "../../dockerfile/shell/commands.ts";

const VERBS = ["install", "groupinstall", "localinstall"];

export default defineRunRule({
  id: "DL3038",
  severity: "warning",
  summary: "dnf install needs -y",
  help: "Nobody can answer dnf's question during a build.",
  examples: {
    good: ["FROM fedora:42\nRUN dnf install -y httpd-2.4 && dnf clean all\n"],
    bad: ["FROM fedora:42\nRUN dnf install httpd-2.4 && dnf clean all\n"],
  },
  programs: ["dnf", "microdnf"],
  offends: (command) => calls(command, ["dnf", "microdnf"], VERBS) && !hasFlag(command, "y", "assumeyes"),
  message: "dnf asks a question: add -y",
  fix: { description: "add -y", safe: true, edit: (command, run) => afterArgument(command, run, VERBS, "-y") },
});
