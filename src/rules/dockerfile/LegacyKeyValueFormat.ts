import { withFired } from "../../dockerfile/fired.ts";
import { instructionsOf } from "../../dockerfile/lookup.ts";
import { defineDockerfileRule, replacement } from "../../dockerfile/rule.ts";
export default defineDockerfileRule({
  id: "LegacyKeyValueFormat",
  severity: "warning",
  summary: "ENV and LABEL with =",
  help: "`ENV key value` takes everything after the key as one value; `ENV key=value` is the form that stays.",
  examples: { good: ["FROM debian:13\nENV a=b\n"], bad: ["FROM debian:13\nENV a b\n"] },
  *check(subject) {
    const { document, model } = subject;
    const written = instructionsOf(document, "env", "label");
    for (const { instruction, from } of withFired(subject, written, "env", "label")) {
      const pair = instruction.pairs[0];
      if (pair?.delimiter !== "" || !model.of(instruction)) continue;
      const text = document.text.slice(pair.span.start, pair.span.end);
      const plain = !from && !/["'\\`\n]/.test(text) && pair.value !== "";
      const value = /[\s]/.test(pair.value) ? `"${pair.value}"` : pair.value;
      yield {
        at: from ?? pair.span,
        message: `${instruction.name.toUpperCase()} ${pair.key}=… is the form that stays`,
        ...(plain && {
          fix: { description: "write it with =", safe: true, edits: [replacement(pair.span, `${pair.key}=${value}`)] },
        }),
      };
    }
  },
});
