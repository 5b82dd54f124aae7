import { defineRunRule } from "../../dockerfile/run-rule.ts";
import { type Command, calls, operands } from "../../dockerfile/shell/commands.ts";
export default defineRunRule({
  id: "DL3037",
  severity: "warning",
  summary: "Pin versions of zypper packages",
  help: "`zypper install package=version` gives the same packages at every build.",
  examples: {
    good: ["FROM opensuse/leap:15.6\nRUN zypper install -y tomcat=9.0.39 && zypper clean\n"],
    bad: ["FROM opensuse/leap:15.6\nRUN zypper install -y tomcat && zypper clean\n"],
  },
  programs: ["zypper"],
  offends: (command) => unpinned(command).length > 0,
  message: (commands) => `pin the versions of ${commands.flatMap(unpinned).slice(0, 5).join(", ")}`,
});

function unpinned(command: Command): string[] {
  if (!calls(command, "zypper", ["install", "in"])) return [];
  return operands(command)
    .map((arg) => arg.text)
    .filter((text) => text !== "install" && text !== "in" && !/[=<>]/.test(text) && !text.endsWith(".rpm"));
}
