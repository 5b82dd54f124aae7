import { fromView } from "../../dockerfile/image-name.ts";
import { instructionsOf } from "../../dockerfile/lookup.ts";
import { defineDockerfileRule } from "../../dockerfile/rule.ts";
import type { Instruction } from "../../dockerfile/syntax.ts";
export default defineDockerfileRule({
  id: "DL3024",
  aliases: ["DuplicateStageName"],
  severity: "error",
  summary: "Stage names must differ",
  help: "`COPY --from=name` then means the last stage of the name so far, which is hard to see. The builder ignores casing.",
  examples: {
    good: ["FROM debian:13 AS a\nFROM debian:13 AS b\n"],
    bad: ["FROM debian:13 AS a\nFROM debian:13 AS a\n"],
  },
  *check({ document }) {
    const exact = new Set<string>();
    const folded = new Map<string, Instruction>();
    for (const instruction of instructionsOf(document, "from")) {
      const { alias } = fromView(instruction);
      if (alias === undefined) continue;
      const earlier = folded.get(alias.toLowerCase());
      if (earlier) {
        yield {
          at: instruction.args[2]?.span ?? instruction,
          message: `a stage is called ${alias} already`,
          related: [{ at: earlier, message: "here" }],
          ids: [...(exact.has(alias) ? [{ rule: "DL3024" }] : []), { rule: "DuplicateStageName" }],
        };
      }
      exact.add(alias);
      folded.set(alias.toLowerCase(), earlier ?? instruction);
    }
  },
});
