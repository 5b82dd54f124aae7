import { fromView } from "../../dockerfile/image-name.ts";
import { instructionsOf } from "../../dockerfile/lookup.ts";
import { defineDockerfileRule } from "../../dockerfile/rule.ts";
export default defineDockerfileRule({
  id: "DL3023",
  severity: "error",
  summary: "COPY --from cannot name its own stage",
  help: "A stage cannot copy out of itself: what is in it is there already.",
  examples: {
    good: ["FROM debian:13 AS a\nFROM scratch AS b\nCOPY --from=a /x /x\n"],
    bad: ["FROM debian:13 AS a\nCOPY --from=a /x /y\n"],
  },
  *check({ document }) {
    let own: string | undefined;
    for (const instruction of instructionsOf(document, "from", "copy")) {
      if (instruction.name === "from") own = fromView(instruction).alias;
      if (instruction.name !== "copy" || own === undefined) continue;
      const source = instruction.flags.find((flag) => flag.name === "from");
      if (source?.value === own) yield { at: source.span, message: `${own} is this very stage` };
    }
  },
});
