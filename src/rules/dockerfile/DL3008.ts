import { defineRunRule } from "../../dockerfile/run-rule.ts";
import { type Command, calls, operands } from "../../dockerfile/shell/commands.ts";
export default defineRunRule({
  id: "DL3008",
  severity: "warning",
  summary: "Pin versions of apt packages",
  help: "`apt-get install package=version` gives the same packages at every build. Debian keeps only the newest version of a package in a suite, so many teams pin the base image by digest or use a snapshot mirror instead, and switch this rule off.",
  examples: {
    good: ["FROM debian:13\nRUN apt-get install -y curl=8.14.1-2\n"],
    bad: ["FROM debian:13\nRUN apt-get install -y curl\n"],
  },
  programs: ["apt-get"],
  offends: (command) => unpinned(command).length > 0,
  message: (commands) => `pin the versions of ${commands.flatMap(unpinned).slice(0, 5).join(", ")}`,
});

function unpinned(command: Command): string[] {
  if (!calls(command, "apt-get", ["install"])) return [];
  return operands(command, ["t", "target-release"])
    .map((arg) => arg.text)
    .filter((text) => text !== "install" && !text.includes("=") && !text.includes("/") && !text.endsWith(".deb"));
}
