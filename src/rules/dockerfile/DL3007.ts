import { fromView } from "../../dockerfile/image-name.ts";
import { instructionsOf } from "../../dockerfile/lookup.ts";
import { defineDockerfileRule } from "../../dockerfile/rule.ts";
export default defineDockerfileRule({
  id: "DL3007",
  severity: "warning",
  summary: "Do not use the tag latest",
  help: "`latest` moves whenever the image is released: the same Dockerfile gives another image next week.",
  examples: { good: ["FROM debian:13\n"], bad: ["FROM debian:latest\n"] },
  *check({ document }) {
    for (const instruction of instructionsOf(document, "from")) {
      const { tag, digest } = fromView(instruction);
      if (tag === "latest" && digest === undefined) {
        yield { at: instruction.args[0]?.span ?? instruction, message: "the tag latest moves: pin a release" };
      }
    }
  },
});
