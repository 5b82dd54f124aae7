import { defineDockerfileRule, replacement } from "../../dockerfile/rule.ts";
export default defineDockerfileRule({
  id: "ConsistentInstructionCasing",
  severity: "info",
  summary: "All instructions in one casing",
  help: "All in upper case, or all in lower case, whichever most of the file has.",
  examples: { good: ["FROM debian:13\nRUN a\n"], bad: ["FROM debian:13\nrun a\nRUN b\n"] },
  *check({ document, model }) {
    let lower = 0;
    let upper = 0;
    const globals = new Set(model.globals);
    const counted = document.instructions.filter((instruction) => !globals.has(instruction));
    for (const { keyword } of counted) {
      if (keyword.value === keyword.value.toLowerCase()) lower++;
      else if (keyword.value === keyword.value.toUpperCase()) upper++;
    }
    for (const { keyword } of counted) {
      const wanted = lower > upper ? keyword.value.toLowerCase() : keyword.value.toUpperCase();
      if (keyword.value === wanted) continue;
      yield {
        at: keyword.span,
        message: `${keyword.value} is not in ${lower > upper ? "lower" : "upper"} case as most instructions are`,
        fix: { description: `write ${wanted}`, safe: true, edits: [replacement(keyword.span, wanted)] },
      };
    }
  },
});
