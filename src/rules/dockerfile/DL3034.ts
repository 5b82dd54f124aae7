import { afterArgument, defineRunRule } from "../../dockerfile/run-rule.ts";
import { calls, hasFlag } from "../../dockerfile/shell/commands.ts";

const VERBS = ["install", "in", "remove", "rm", "source-install", "si", "patch"];

export default defineRunRule({
  id: "DL3034",
  severity: "warning",
  summary: "zypper needs -y",
  help: "Nobody can answer zypper's question during a build: `zypper install -y`, or `zypper -n`.",
  examples: {
    good: ["FROM opensuse/leap:15.6\nRUN zypper install -y httpd=2.4 && zypper clean\n"],
    bad: ["FROM opensuse/leap:15.6\nRUN zypper install httpd=2.4 && zypper clean\n"],
  },
  programs: ["zypper"],
  offends: (command) => calls(command, "zypper", VERBS) && !hasFlag(command, "non-interactive", "n", "no-confirm", "y"),
  message: "zypper asks a question: add -y",
  fix: { description: "add -y", safe: true, edit: (command, run) => afterArgument(command, run, VERBS, "-y") },
});
