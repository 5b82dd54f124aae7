import { defineDockerfileRule } from "../../dockerfile/rule.ts";

export default defineDockerfileRule({
  id: "KN093",
  severity: "error",
  clause: "S7",
  summary: "The base is at its registry",
  help: "With `--online` each image that a FROM names is asked for, through the mirrors of the configuration: a tag that is not there fails every build.",
  examples: { good: ["FROM node:24.3\n"], bad: [] },
  *check({ model, registry }) {
    for (const { from, image, base } of model.stages) {
      if (!from || base || image === undefined) continue;
      const facts = registry?.get(image);
      if (facts?.state === "missing")
        yield { at: from.args[0]?.span ?? from, message: `there is no image ${image} at its registry` };
    }
  },
});
