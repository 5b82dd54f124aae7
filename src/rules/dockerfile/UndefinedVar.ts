import { withFired } from "../../dockerfile/fired.ts";
import { defineDockerfileRule } from "../../dockerfile/rule.ts";
export default defineDockerfileRule({
  id: "UndefinedVar",
  severity: "warning",
  summary: "Variables are defined before their use",
  help: "A name that neither ARG, ENV nor the base image defines expands to nothing. Where the base's variables are not known, only names that look like typing errors are reported.",
  examples: {
    good: [
      "FROM alpine:3.22\nARG dir=/x\nCOPY a $dir\n",
      "FROM alpine:3.22 AS a\nONBUILD ENV DIR=/x\nFROM a\nCOPY a $DIR\n",
    ],
    bad: ["FROM alpine:3.22\nCOPY a $dir\n", "FROM scratch AS a\nONBUILD COPY a $dir\nFROM a\n"],
  },
  *check(subject) {
    const { document, model } = subject;
    for (const { instruction, from } of withFired(subject, document.instructions)) {
      const expanded = model.of(instruction);
      for (const { name, suggestion, at } of expanded?.undefined ?? []) {
        if (!expanded?.stage.envKnown && suggestion === undefined) continue;
        if (!expanded?.stage.from) continue;
        yield {
          at: from ?? at,
          message: `$${name} is not defined here${suggestion ? ` (did you mean $${suggestion}?)` : ""}`,
        };
      }
    }
  },
});
