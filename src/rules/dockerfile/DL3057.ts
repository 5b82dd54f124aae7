import { fromView } from "../../dockerfile/image-name.ts";
import { defineDockerfileRule } from "../../dockerfile/rule.ts";
import type { Instruction } from "../../dockerfile/syntax.ts";
export default defineDockerfileRule({
  id: "DL3057",
  severity: "info",
  optIn: true,
  summary: "A HEALTHCHECK is there",
  help: "For images that Docker or Compose runs. Off by default: Knative and Cloud Run do not look at HEALTHCHECK (KN060), they probe.",
  examples: { good: ["FROM debian:13\nHEALTHCHECK CMD /check\n"], bad: ["FROM debian:13\n"] },
  *check({ document }) {
    interface Entry {
      from: Instruction;
      source: string;
      name: string;
    }
    const good: Entry[] = [];
    let bad: Entry[] = [];
    let current: Entry | undefined;
    for (const instruction of document.instructions) {
      if (instruction.name === "from") {
        const { name, alias } = fromView(instruction);
        current = { from: instruction, source: name, name: alias ?? name };
        if (good.some((stage) => stage.name === name)) good.push(current);
        else bad.push(current);
      } else if (instruction.name === "healthcheck" && current) {
        // What this stage builds on is good too.
        for (let wanted: string | undefined = current.source; wanted !== undefined; ) {
          const below: Entry | undefined = bad.find((stage) => stage.name === wanted && stage !== current);
          if (below) {
            bad = bad.filter((stage) => stage !== below);
            good.push(below);
          }
          wanted = below?.source;
        }
        const here = current;
        bad = bad.filter((stage) => stage !== here);
        good.push(current);
      }
    }
    for (const { from } of bad) yield { at: from, message: "this stage has no HEALTHCHECK" };
  },
});
