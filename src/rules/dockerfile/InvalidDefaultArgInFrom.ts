import { isImageReference } from "../../dockerfile/reference-form.ts";
import { defineDockerfileRule } from "../../dockerfile/rule.ts";

export default defineDockerfileRule({
  id: "InvalidDefaultArgInFrom",
  severity: "warning",
  summary: "FROM works with default arguments",
  help: "With the defaults of the ARG instructions the image's name is empty or no name at all: the build fails unless every argument is given.",
  examples: { good: ["ARG V=13\nFROM debian:$V\n"], bad: ["ARG V\nFROM debian:$V\n"] },
  *check({ model }) {
    for (const { from, defaultImage } of model.stages) {
      if (!from || from.args.length === 0 || defaultImage === undefined || isImageReference(defaultImage)) continue;
      yield {
        at: from.args[0]?.span ?? from,
        message: `without arguments this is ${defaultImage === "" ? "empty" : JSON.stringify(defaultImage)}, which is no image`,
      };
    }
  },
});
