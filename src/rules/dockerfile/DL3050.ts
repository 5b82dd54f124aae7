import { instructionsOf } from "../../dockerfile/lookup.ts";
import { plainPairs } from "../../dockerfile/pairs.ts";
import { defineDockerfileRule } from "../../dockerfile/rule.ts";
export default defineDockerfileRule({
  id: "DL3050",
  severity: "info",
  summary: "Only labels of the schema",
  help: "With `lint.strictLabels` an image has no labels but those of `lint.labelSchema`.",
  examples: { good: ['FROM debian:13\nLABEL a="b"\n'], bad: [] },
  *check({ document, settings }) {
    if (!settings.strictLabels) return;
    for (const instruction of instructionsOf(document, "label")) {
      const extra = plainPairs(instruction, document.escape).find(
        ({ key }) => !Object.hasOwn(settings.labelSchema, key),
      );
      if (extra) yield { at: instruction, message: `the label ${extra.key} is not in the schema` };
    }
  },
});
