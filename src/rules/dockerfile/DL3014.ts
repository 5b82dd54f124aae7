import { afterArgument, defineRunRule } from "../../dockerfile/run-rule.ts";
import { calls, countFlag, hasFlag } from "../../dockerfile/shell/commands.ts";
export default defineRunRule({
  id: "DL3014",
  severity: "warning",
  summary: "apt-get install needs -y",
  help: "Nobody can answer the question of apt-get during a build.",
  examples: {
    good: ["FROM debian:13\nRUN apt-get install -y curl\n"],
    bad: ["FROM debian:13\nRUN apt-get install curl\n"],
  },
  programs: ["apt-get"],
  offends(command) {
    if (!calls(command, "apt-get", ["install"])) return false;
    if (hasFlag(command, "y", "yes", "qq", "assume-yes")) return false;
    if (countFlag(command, "q") === 2 || countFlag(command, "quiet") === 2) return false;
    return !command.args.some(({ text }) => text === "-q=2");
  },
  message: "apt-get install asks a question: add -y",
  fix: { description: "add -y", safe: true, edit: (command, run) => afterArgument(command, run, ["install"], "-y") },
});
