import { fromView } from "../../dockerfile/image-name.ts";
import { instructionsOf } from "../../dockerfile/lookup.ts";
import { defineDockerfileRule } from "../../dockerfile/rule.ts";
export default defineDockerfileRule({
  id: "DL3063",
  aliases: ["ReservedStageName"],
  severity: "warning",
  summary: "Stages are not called scratch or context",
  help: "`scratch` is the empty image and `context` the build context: a stage of that name hides them.",
  examples: { good: ["FROM debian:13 AS app\n"], bad: ["FROM debian:13 AS scratch\n"] },
  *check({ document }) {
    for (const instruction of instructionsOf(document, "from")) {
      const { alias } = fromView(instruction);
      if (alias === undefined || !["scratch", "context"].includes(alias.toLowerCase())) continue;
      yield {
        at: instruction.args[2]?.span ?? instruction,
        message: `${alias} is a reserved name`,
        ids: [...(alias === alias.toLowerCase() ? [{ rule: "DL3063" }] : []), { rule: "ReservedStageName" }],
      };
    }
  },
});
