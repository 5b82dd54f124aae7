import { instructionsOf } from "../../dockerfile/lookup.ts";
import { defineDockerfileRule, insertion, runOf } from "../../dockerfile/rule.ts";
import { scriptOf } from "../../dockerfile/script.ts";
import { type Command, hasFlag, type Script } from "../../dockerfile/shell/commands.ts";

const MESSAGE = "a command before a pipe may fail unnoticed";

export default defineDockerfileRule({
  id: "DL4006",
  severity: "warning",
  summary: "pipefail where there are pipes",
  help: 'A shell takes the result of the last command of a pipe only: a failed download goes unnoticed. `SHELL ["/bin/bash", "-o", "pipefail", "-c"]`, or /bin/ash on Alpine.',
  examples: {
    good: [
      'FROM debian:13\nSHELL ["/bin/bash", "-o", "pipefail", "-c"]\nRUN a | b\n',
      "FROM debian:13\nRUN <<EOF\n#!/usr/bin/env bash\nset -euo pipefail\na | b\nEOF\n",
    ],
    bad: ["FROM debian:13\nRUN a | b\n", "FROM debian:13\nRUN <<EOF\n#!/bin/bash\na | b\nEOF\n"],
  },
  *check(subject) {
    let safe = false;
    for (const instruction of instructionsOf(subject.document, "from", "shell", "run")) {
      if (instruction.name === "from") safe = false;
      else if (instruction.name === "shell") {
        const script = scriptOf(instruction);
        safe = /^(?:pwsh|powershell|cmd)/.test(script.text) || script.commands.some(setsPipefail);
      } else if (instruction.name === "run" && !safe) {
        const script = runOf(subject, instruction)?.script;
        if (!script?.pipes) continue;
        if (script.text.startsWith("#!")) {
          if (!setsItself(script)) yield { at: instruction, message: `${MESSAGE}: set -o pipefail in the script` };
          continue;
        }
        yield {
          at: instruction,
          message: `${MESSAGE}: set pipefail with SHELL`,
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

/** A script with `#!` is run by the program that it names: SHELL has no say in it. */
function setsItself({ text, commands }: Script): boolean {
  const [first = ""] = text.split("\n", 1);
  return (
    /\bpipefail\b/.test(first) ||
    commands.some(({ name, args }) => name === "set" && args.some((word) => word.text === "pipefail"))
  );
}
