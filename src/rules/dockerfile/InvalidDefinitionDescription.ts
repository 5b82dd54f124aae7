import { fromView } from "../../dockerfile/image-name.ts";
import { instructionsOf } from "../../dockerfile/lookup.ts";
import { argNames } from "../../dockerfile/pairs.ts";
import { defineDockerfileRule } from "../../dockerfile/rule.ts";
export default defineDockerfileRule({
  id: "InvalidDefinitionDescription",
  severity: "info",
  optIn: true,
  summary: "Descriptions of stages and arguments begin with the name",
  help: "`docker build --call=outline` shows the comment above an ARG or a named FROM when it reads `# name description`.",
  examples: {
    good: ["# build compiles the app\nFROM debian:13 AS build\n"],
    bad: ["# compiles the app\nFROM debian:13 AS build\n"],
  },
  *check({ document }) {
    for (const instruction of instructionsOf(document, "from", "arg")) {
      const last = instruction.comments.at(-1);
      if (last === undefined) continue;
      const alias = instruction.name === "from" ? fromView(instruction).alias?.toLowerCase() : undefined;
      const names = instruction.name === "arg" ? argNames(instruction) : alias === undefined ? [] : [alias];
      if (names.length === 0 || names.includes(last.split(" ", 1)[0] as string)) continue;
      yield { at: instruction, message: `the comment above does not begin with ${names.join(" or ")}` };
    }
  },
});
