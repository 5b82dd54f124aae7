import { defineDockerfileRule, inSource } from "../../dockerfile/rule.ts";
import { walk } from "../../dockerfile/shell/commands.ts";
import { isPosixOnly, shellRuns } from "../../dockerfile/shell-state.ts";

export default defineDockerfileRule({
  id: "SC3010",
  severity: "warning",
  summary: "[[ ]] is not in POSIX sh",
  help: "Without SHELL the script runs in /bin/sh, which on Debian is dash and fails here. Use `[ ]`, or set SHELL to bash. (ShellCheck's number for the same remark.)",
  examples: { good: ["FROM debian:13\nRUN [ -f /x ] && make\n"], bad: ["FROM debian:13\nRUN [[ -f /x ]] && make\n"] },
  *check(subject) {
    if (!subject.document.text.includes("[[")) return;
    for (const run of shellRuns(subject)) {
      if (!run.script.tree || !isPosixOnly(run.shell)) continue;
      let place: { start: number; end: number } | undefined;
      walk(run.script.tree, {
        command(node) {
          if (node.kind === "compound" && node.keyword === "[[") place ??= node.span;
        },
      });
      if (place) yield { at: inSource(run, place), message: "sh has no [[ ]]" };
    }
  },
});
