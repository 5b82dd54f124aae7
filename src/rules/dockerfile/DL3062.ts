import { runsCalling } from "../../dockerfile/lookup.ts";
import { defineDockerfileRule, inSource } from "../../dockerfile/rule.ts";
import { type Command, calls, operands } from "../../dockerfile/shell/commands.ts";
export default defineDockerfileRule({
  id: "DL3062",
  severity: "warning",
  summary: "Pin versions in go install",
  help: "`go install module@v1.2.3` gives the same program at every build; `@latest` does not.",
  examples: {
    good: ["FROM golang:1.25\nRUN go install example.com/tool@v1.2.3\n"],
    bad: ["FROM golang:1.25\nRUN go install example.com/tool@latest\n"],
  },
  *check(subject) {
    for (const run of runsCalling(subject, ["go"])) {
      const ran = run.script.commands.flatMap((command) => packages(command, ["run"]));
      const all =
        ran.length > 0 ? ran : run.script.commands.flatMap((command) => packages(command, ["install", "get"]));
      const bad = all.find(({ name }) => !pinned(name));
      if (bad) yield { at: inSource(run, bad.command.span), message: `pin the version of ${bad.name}` };
    }
  },
});

function packages(command: Command, verbs: string[]): { name: string; command: Command }[] {
  if (!calls(command, "go", verbs)) return [];
  const words = operands(command).map((arg) => arg.text);
  // What follows the package of `go run` are the program's own arguments.
  const names =
    verbs[0] === "run"
      ? words.slice(0, 2).filter((word) => word !== "run")
      : words.filter((word) => !["install", "get", "tool"].includes(word));
  return names.map((name) => ({ name, command }));
}

function pinned(name: string): boolean {
  if (name.startsWith("/") || name.startsWith(".")) return true;
  return name.includes("@") && !/@(?:latest|none)$/.test(name);
}
