import { instructionsOf } from "../../dockerfile/lookup.ts";
import { defineDockerfileRule, replacement } from "../../dockerfile/rule.ts";
export default defineDockerfileRule({
  id: "FromAsCasing",
  severity: "info",
  summary: "AS in the casing of FROM",
  help: "`FROM … AS` or `from … as`: mixed casing is harder to read.",
  examples: { good: ["FROM debian:13 AS a\n"], bad: ["FROM debian:13 as a\n"] },
  *check({ document }) {
    for (const { keyword, args } of instructionsOf(document, "from")) {
      const as = args[1];
      if (args.length < 3 || !as) continue;
      const lower = keyword.value === keyword.value.toLowerCase();
      if (!lower && keyword.value !== keyword.value.toUpperCase()) continue;
      const wanted = lower ? as.value.toLowerCase() : as.value.toUpperCase();
      if (as.value === wanted) continue;
      yield {
        at: as.span,
        message: `${as.value} does not match ${keyword.value}`,
        fix: { description: `write ${wanted}`, safe: true, edits: [replacement(as.span, wanted)] },
      };
    }
  },
});
