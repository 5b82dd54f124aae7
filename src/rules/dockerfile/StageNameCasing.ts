import { defineDockerfileRule, replacement } from "../../dockerfile/rule.ts";
export default defineDockerfileRule({
  id: "StageNameCasing",
  severity: "info",
  summary: "Stage names in lower case",
  help: "The builder ignores the casing of stage names; one spelling is easier to find.",
  examples: { good: ["FROM debian:13 AS build\n"], bad: ["FROM debian:13 AS Build\n"] },
  *check({ document, model }) {
    for (const { from, nameWord } of model.stages) {
      if (!from || !nameWord || nameWord.value === nameWord.value.toLowerCase()) continue;
      const name = nameWord.value;
      const edits = [replacement(nameWord.span, name.toLowerCase())];
      for (const instruction of document.instructions) {
        for (const flag of instruction.flags) {
          if (instruction.name === "copy" && flag.name === "from" && flag.value === name) {
            edits.push(replacement(flag.span, `--from=${name.toLowerCase()}`));
          }
        }
        const [image] = instruction.args;
        if (instruction.name === "from" && image?.value === name)
          edits.push(replacement(image.span, name.toLowerCase()));
      }
      yield {
        at: nameWord.span,
        message: `the stage name ${name} is not in lower case`,
        fix: { description: "write it in lower case", safe: true, edits },
      };
    }
  },
});
