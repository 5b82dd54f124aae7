import { dropQuotes, fromView } from "../../dockerfile/image-name.ts";
import { instructionsOf } from "../../dockerfile/lookup.ts";
import { defineDockerfileRule } from "../../dockerfile/rule.ts";
export default defineDockerfileRule({
  id: "DL3045",
  severity: "warning",
  summary: "COPY to a relative path needs a WORKDIR",
  help: "Without WORKDIR the destination depends on the base image.",
  examples: { good: ["FROM debian:13\nWORKDIR /app\nCOPY a b\n"], bad: ["FROM debian:13\nCOPY a b\n"] },
  *check({ document }) {
    const set = new Map<string, boolean>();
    let stage = "";
    for (const instruction of instructionsOf(document, "from", "workdir", "copy")) {
      if (instruction.name === "from") {
        const { name, alias } = fromView(instruction);
        const inherited = set.get(name) ?? false;
        stage = alias ?? name;
        set.set(stage, inherited);
      } else if (instruction.name === "workdir") set.set(stage, true);
      else if (instruction.name === "copy" && !set.get(stage)) {
        const target = instruction.args.at(-1);
        if (!target || instruction.args.length < 2 || /^(?:[$/]|\p{L}:)/u.test(dropQuotes(target.value))) continue;
        yield { at: target.span, message: `${target.value} is relative, and no WORKDIR says to what` };
      }
    }
  },
});
