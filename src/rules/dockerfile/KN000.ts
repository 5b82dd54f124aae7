import { defineDockerfileRule } from "../../dockerfile/rule.ts";
import type { Instruction } from "../../dockerfile/syntax.ts";
import { templateMarker } from "../../dockerfile/template-marker.ts";
export default defineDockerfileRule({
  id: "KN000",
  severity: "error",
  clause: "S7",
  summary: "The builder can read the Dockerfile",
  help: "BuildKit refuses this file here. What follows is judged all the same.",
  examples: {
    good: ["FROM debian:13\nRUN a\n"],
    bad: ["FROM debian:13\nRNU a\n", "FROM debian:13\nENV A=${x\n", "# nothing\n"],
  },
  *check({ document, model }) {
    const marker = templateMarker(document);
    if (marker) {
      const message = `a template (${marker.keyword.value}): judge what is made of it`;
      yield { at: marker.keyword.span, severity: "info", message };
      return;
    }
    for (const { message, span } of document.problems) yield { at: span, message };
    if (document.instructions.length > 0 && !document.instructions.some(({ name }) => name === "from")) {
      yield { at: document.instructions[0] as Instruction, message: "there is no FROM: no stage to build" };
    }
    for (const instruction of document.instructions) {
      const error = model.of(instruction)?.error;
      if (error !== undefined) yield { at: instruction, message: error };
    }
    for (const { from, image, imageText, defaultImage } of model.stages) {
      // Empty without arguments: that is InvalidDefaultArgInFrom's to say, and an argument mends it.
      if (image === "" && defaultImage === "") continue;
      if (from && imageText !== "" && (image === undefined || image === "")) {
        yield {
          at: from,
          message:
            image === "" ? `the base name ${imageText} is empty` : `the base name ${imageText} cannot be expanded`,
        };
      }
    }
  },
});
