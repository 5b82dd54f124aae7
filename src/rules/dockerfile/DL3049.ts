import { fromView } from "../../dockerfile/image-name.ts";
import { plainPairs } from "../../dockerfile/pairs.ts";
import { defineDockerfileRule } from "../../dockerfile/rule.ts";
import type { Instruction } from "../../dockerfile/syntax.ts";
export default defineDockerfileRule({
  id: "DL3049",
  severity: "info",
  summary: "Required labels are there",
  help: "`lint.labelSchema` names labels that every image must have; a stage that only serves others, or inherits from one that has them, is left alone.",
  examples: { good: ["FROM debian:13\n"], bad: [] },
  *check({ document, settings }) {
    for (const label of Object.keys(settings.labelSchema)) {
      const good: { alias: string | undefined }[] = [];
      let bad: { from: Instruction; alias: string | undefined }[] = [];
      let current: { from: Instruction; alias: string | undefined; name: string } | undefined;
      const silence = (name: string): void => {
        bad = bad.filter((stage) => stage.alias !== name);
      };
      for (const instruction of document.instructions) {
        if (instruction.name === "from") {
          const { name, alias } = fromView(instruction);
          current = { from: instruction, alias, name };
          if (good.some((stage) => stage.alias === name)) good.push(current);
          else bad.push(current);
        } else if (!current) continue;
        else if (instruction.name === "copy") {
          const source = instruction.flags.find((flag) => flag.name === "from");
          if (source) silence(source.value);
        } else if (
          instruction.name === "label" &&
          plainPairs(instruction, document.escape).some(({ key }) => key === label)
        ) {
          silence(current.alias ?? current.name);
          const here = current.from;
          bad = bad.filter((stage) => stage.from !== here);
          good.push(current);
        }
      }
      for (const { from } of bad) yield { at: from, message: `the label ${label} is missing` };
    }
  },
});
