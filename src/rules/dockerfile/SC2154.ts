import { defineDockerfileRule, inSource } from "../../dockerfile/rule.ts";
import { isKnownVariable, variablesOf } from "../../dockerfile/shell/variables.ts";
import { expandingRuns } from "../../dockerfile/shell-state.ts";

export default defineDockerfileRule({
  id: "SC2154",
  severity: "warning",
  summary: "Variables are set before they are used",
  help: "No ARG, no ENV and no assignment in the script sets this name; it is empty. Names in capitals may come from the base image and are not reported. (ShellCheck's number for the same remark.)",
  examples: {
    good: [
      'FROM debian:13\nRUN x=1 && echo "$x"\n',
      'FROM debian:13\nENV version=1\nONBUILD ARG x\nONBUILD RUN echo "$version$x"\n',
    ],
    bad: ['FROM debian:13\nRUN echo "$version"\n', 'FROM debian:13\nARG version=1\nONBUILD RUN echo "$version"\n'],
  },
  *check(subject) {
    for (const run of expandingRuns(subject)) {
      if (!run.script.tree) continue;
      const { references, assigned } = variablesOf(run.script.tree);
      if (assigned.has("*")) continue;
      const first = references.find(
        ({ name, guarded }) =>
          !guarded && /[a-z]/.test(name) && !isKnownVariable(name) && !run.known.has(name) && !assigned.has(name),
      );
      if (first) yield { at: inSource(run, first.span), message: `${first.name} is set nowhere` };
    }
  },
});
