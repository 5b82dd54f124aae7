import { defineDockerfileRule, inSource } from "../../dockerfile/rule.ts";
import { isKnownVariable, variablesOf } from "../../dockerfile/shell/variables.ts";
import { expandingRuns } from "../../dockerfile/shell-state.ts";
import { editDistance } from "../../dockerfile/suggest.ts";

/** Nobody has so many variables; looking through them for each RUN would cost their square. */
const MAX_NAMES = 500;

export default defineDockerfileRule({
  id: "SC2153",
  severity: "info",
  summary: "A name that looks like a misspelt one",
  help: "The name is set nowhere in sight, and one that is set differs in a letter. (ShellCheck's number for the same remark.)",
  examples: {
    good: ['FROM debian:13\nARG VERSION\nRUN echo "$VERSION"\n'],
    bad: ['FROM debian:13\nARG VERSION\nRUN echo "$VERSON"\n'],
  },
  *check(subject) {
    for (const run of expandingRuns(subject)) {
      if (!run.script.tree) continue;
      const { references, assigned } = variablesOf(run.script.tree);
      if (assigned.has("*")) continue;
      if (run.known.bound > MAX_NAMES) continue;
      let names: string[] | undefined;
      for (const { name, span, guarded } of references) {
        if (guarded || !/^[A-Z]/.test(name) || /[a-z]/.test(name) || isKnownVariable(name)) continue;
        if (run.known.has(name) || assigned.has(name)) continue;
        names ??= [...run.known, ...assigned.keys()];
        const near = names.find((one) => one.length > 3 && editDistance(one, name) <= (one.length > 7 ? 2 : 1));
        if (near === undefined) continue;
        yield { at: inSource(run, span), message: `${name} is not set; did you mean ${near}?` };
        break;
      }
    }
  },
});
