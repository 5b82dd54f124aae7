import { defineDockerfileRule, inSource } from "../../dockerfile/rule.ts";
import { variablesOf } from "../../dockerfile/shell/variables.ts";
import { expandingRuns, isPosixOnly } from "../../dockerfile/shell-state.ts";

const BASH = new Set(
  "RANDOM SECONDS EUID UID HOSTNAME OSTYPE HOSTTYPE MACHTYPE BASHPID BASH_SOURCE BASH_VERSION BASH_VERSINFO FUNCNAME PIPESTATUS SHLVL EPOCHSECONDS DIRSTACK".split(
    " ",
  ),
);

export default defineDockerfileRule({
  id: "SC3028",
  severity: "warning",
  summary: "Variables that only bash sets",
  help: "Without SHELL the script runs in /bin/sh, where this name is empty. (ShellCheck's number for the same remark.)",
  examples: {
    good: ['FROM debian:13\nSHELL ["/bin/bash", "-c"]\nRUN echo "$RANDOM"\n'],
    bad: ['FROM debian:13\nRUN echo "$RANDOM"\n'],
  },
  *check(subject) {
    for (const run of expandingRuns(subject)) {
      if (!run.script.tree || !isPosixOnly(run.shell)) continue;
      const { references, assigned } = variablesOf(run.script.tree);
      const first = references.find(({ name }) => BASH.has(name) && !assigned.has(name) && !run.known.has(name));
      if (first) yield { at: inSource(run, first.span), message: `sh does not set ${first.name}` };
    }
  },
});
