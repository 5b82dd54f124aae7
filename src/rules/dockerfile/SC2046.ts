import { defineDockerfileRule, inSource } from "../../dockerfile/rule.ts";
import { isSplit, variablesOf } from "../../dockerfile/shell/variables.ts";
import { expandingRuns } from "../../dockerfile/shell-state.ts";

export default defineDockerfileRule({
  id: "SC2046",
  severity: "info",
  summary: "Quote command substitutions",
  help: 'The shell splits what `$(…)` prints at white space and expands globs in it: `"$(…)"` keeps it one word. (ShellCheck\'s number for the same remark.)',
  examples: {
    good: [
      'FROM debian:13\nSHELL ["/bin/zsh", "-c"]\nRUN echo $(date)\n',
      'FROM debian:13\nRUN echo "$(date)"\n',
      'FROM debian:13\nRUN for i in $(cat list); do touch "$i"; done\n',
    ],
    bad: ["FROM debian:13\nRUN echo $(date)\n", "FROM debian:13\nRUN if [ $(id -u) = 0 ]; then whoami; fi\n"],
  },
  *check(subject) {
    for (const run of expandingRuns(subject)) {
      if (!run.script.tree) continue;
      const first = variablesOf(run.script.tree).substitutions.find(({ split }) => isSplit(split, run.shell));
      if (first) yield { at: inSource(run, first.span), message: "what this prints is split at white space: quote it" };
    }
  },
});
