import { runsCalling } from "../../dockerfile/lookup.ts";
import { defineDockerfileRule, inSource, replacement } from "../../dockerfile/rule.ts";
import { isPosixOnly, shellRuns } from "../../dockerfile/shell-state.ts";

export default defineDockerfileRule({
  id: "SC3046",
  severity: "warning",
  summary: "source is not in POSIX sh",
  help: "Without SHELL the script runs in /bin/sh, which on Debian is dash and has only `.`. (ShellCheck's number for the same remark.)",
  examples: {
    good: ["FROM debian:13\nRUN . /etc/os-release\n"],
    bad: ["FROM debian:13\nRUN source /etc/os-release\n"],
  },
  *check(subject) {
    if (runsCalling(subject, ["source"]).length === 0) return;
    for (const run of shellRuns(subject)) {
      const command = isPosixOnly(run.shell) ? run.script.commands.find(({ name }) => name === "source") : undefined;
      if (!command) continue;
      yield {
        at: inSource(run, command.span),
        message: "sh has no source: write .",
        fix: { description: "write .", safe: true, edits: [replacement(inSource(run, command.nameSpan), ".")] },
      };
    }
  },
});
