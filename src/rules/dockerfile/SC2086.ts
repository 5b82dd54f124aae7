import { defineDockerfileRule, inSource } from "../../dockerfile/rule.ts";
import { isPlainVariable, isSplit, variablesOf } from "../../dockerfile/shell/variables.ts";
import { expandingRuns } from "../../dockerfile/shell-state.ts";

export default defineDockerfileRule({
  id: "SC2086",
  severity: "info",
  summary: "Quote variables",
  help: "The shell splits the value at white space and expands globs in it. Values of ARG and ENV, and literal ones, are not reported. (ShellCheck's number for the same remark.)",
  examples: {
    good: [
      'FROM debian:13\nRUN x="$(date)" && echo "$x"\n',
      'FROM debian:13\nSHELL ["/bin/bash", "-c"]\nRUN x="$(date)" && export A=$x\n',
    ],
    bad: [
      "FROM debian:13\nRUN x=$(date) && [ $x = y ]\n",
      "FROM debian:13\nRUN x=$(date) && echo $x\n",
      'FROM debian:13\nRUN x="$(date)" && export A=$x\n',
    ],
  },
  *check(subject) {
    for (const run of expandingRuns(subject)) {
      if (!run.script.tree) continue;
      const { references, assigned } = variablesOf(run.script.tree);
      const first = references.find(
        ({ name, split }) =>
          isSplit(split, run.shell) &&
          !isPlainVariable(name) &&
          !assigned.get(name) &&
          (!run.known.has(name) || assigned.has(name)),
      );
      if (first) yield { at: inSource(run, first.span), message: `${first.name} is split at white space: quote it` };
    }
  },
});
