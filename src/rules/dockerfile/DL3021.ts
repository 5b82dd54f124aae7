import { dropQuotes } from "../../dockerfile/image-name.ts";
import { instructionsOf } from "../../dockerfile/lookup.ts";
import { defineDockerfileRule, insertion } from "../../dockerfile/rule.ts";
export default defineDockerfileRule({
  id: "DL3021",
  severity: "error",
  summary: "COPY of several files needs a directory",
  help: "With more than one source the destination is a directory and must end with `/`; the builder refuses anything else.",
  examples: { good: ["FROM debian:13\nCOPY a b /app/\n"], bad: ["FROM debian:13\nCOPY a b /app\n"] },
  *check({ document }) {
    for (const instruction of instructionsOf(document, "copy")) {
      const target = instruction.args.at(-1);
      if (instruction.args.length < 3 || !target) continue;
      if (dropQuotes(target.value).endsWith("/")) continue;
      yield {
        at: target.span,
        message: `${target.value} takes several files: end it with /`,
        ...(!/["'$]/.test(target.value) && {
          fix: {
            description: "add the /",
            safe: true,
            edits: [insertion(instruction.json ? target.span.end - 1 : target.span.end, "/")],
          },
        }),
      };
    }
  },
});
