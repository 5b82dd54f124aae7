import { defineRunRule } from "../../dockerfile/run-rule.ts";
import { type Command, calls } from "../../dockerfile/shell/commands.ts";
export default defineRunRule({
  id: "DL3028",
  severity: "warning",
  summary: "Pin versions of gems",
  help: "`gem install name:version` (or `-v version`) gives the same gem at every build; better still, bundler with a lock file.",
  examples: {
    good: ["FROM ruby:3.4\nRUN gem install bundler:2.6.2\n"],
    bad: ["FROM ruby:3.4\nRUN gem install bundler\n"],
  },
  programs: ["gem"],
  offends: (command) => gems(command).some((name) => !name.includes(":")),
  message: (commands) =>
    `pin the versions of ${commands
      .flatMap(gems)
      .filter((name) => !name.includes(":"))
      .slice(0, 5)
      .join(", ")}`,
});

function gems(command: Command): string[] {
  if (!calls(command, "gem", ["install", "i"]) || calls(command, "gem", ["-v", "--version"])) return [];
  const words = command.args.map((arg) => arg.text);
  if (words.some((word) => word.startsWith("--version="))) return [];
  const end = words.indexOf("--");
  const names: string[] = [];
  const own = end < 0 ? words : words.slice(0, end);
  for (let i = 0; i < own.length; i++) {
    const word = own[i] as string;
    // Every option is taken to have a value.
    if (word.startsWith("-")) i++;
    else if (word !== "install" && word !== "i") names.push(word);
  }
  return names;
}
