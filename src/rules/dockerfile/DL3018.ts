import { defineRunRule } from "../../dockerfile/run-rule.ts";
import { type Command, calls, operands } from "../../dockerfile/shell/commands.ts";
export default defineRunRule({
  id: "DL3018",
  severity: "warning",
  summary: "Pin versions of apk packages",
  help: "`apk add package=version` gives the same packages at every build. Alpine drops old versions from its mirrors; `~=` pins a minor version only.",
  examples: {
    good: ["FROM alpine:3.22\nRUN apk add --no-cache curl=8.14.1-r0\n"],
    bad: ["FROM alpine:3.22\nRUN apk add --no-cache curl\n"],
  },
  programs: ["apk"],
  offends: (command) => unpinned(command).length > 0,
  message: (commands) => `pin the versions of ${commands.flatMap(unpinned).slice(0, 5).join(", ")}`,
});

function unpinned(command: Command): string[] {
  if (!calls(command, "apk", ["add"])) return [];
  return operands(command, ["t", "virtual", "repository", "X"])
    .map((arg) => arg.text)
    .filter((text) => text !== "add" && !/[=~<>]/.test(text) && !text.endsWith(".apk"));
}
