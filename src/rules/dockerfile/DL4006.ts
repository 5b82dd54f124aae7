import { instructionsOf } from "../../dockerfile/lookup.ts";
import { defineDockerfileRule, insertion, runOf } from "../../dockerfile/rule.ts";
import { scriptOf } from "../../dockerfile/script.ts";
import { type Command, hasFlag } from "../../dockerfile/shell/commands.ts";
export default defineDockerfileRule({
  id: "DL4006",
  severity: "warning",
  summary: "pipefail where there are pipes",
  help: 'A shell takes the result of the last command of a pipe only: a failed download goes unnoticed. `SHELL ["/bin/bash", "-o", "pipefail", "-c"]`, or /bin/ash on Alpine.',
  examples: {
    good: ['FROM debian:13\nSHELL ["/bin/bash", "-o", "pipefail", "-c"]\nRUN a | b\n'],
    bad: ["FROM debian:13\nRUN a | b\n"],
  },
  *check(subject) {
    let safe = false;
    for (const instruction of instructionsOf(subject.document, "from", "shell", "run")) {
      if (instruction.name === "from") safe = false;
      else if (instruction.name === "shell") {
        const script = scriptOf(instruction);
        safe = /^(?:pwsh|powershell|cmd)/.test(script.text) || script.commands.some(setsPipefail);
      } else if (instruction.name === "run" && !safe && runOf(subject, instruction)?.script.pipes) {
        yield {
          at: instruction,
          message: "a command before a pipe may fail unnoticed: set pipefail with SHELL",
          fix: {
            description: "use bash with pipefail from here on",
            safe: false,
            edits: [insertion(instruction.span.start, 'SHELL ["/bin/bash", "-o", "pipefail", "-c"]\n')],
          },
        };
      }
    }
  },
});

function setsPipefail(command: Command): boolean {
  const shell = command.name.slice(command.name.lastIndexOf("/") + 1);
  return (
    ["bash", "zsh", "ash"].includes(shell) &&
    hasFlag(command, "o") &&
    command.args.some(({ text }) => text === "pipefail")
  );
}
