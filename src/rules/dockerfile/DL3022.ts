import { dropQuotes, fromView } from "../../dockerfile/image-name.ts";
import { instructionsOf } from "../../dockerfile/lookup.ts";
import { defineDockerfileRule } from "../../dockerfile/rule.ts";
export default defineDockerfileRule({
  id: "DL3022",
  severity: "warning",
  summary: "COPY --from should name an earlier stage",
  help: "A name that is no earlier stage is taken for an image and pulled; often it is a typing error.",
  examples: {
    good: ["FROM debian:13 AS build\nFROM scratch\nCOPY --from=build /a /a\n"],
    bad: ["FROM scratch\nCOPY --from=biuld /a /a\n"],
  },
  *check({ document }) {
    const names = new Set<string>();
    let count = 0;
    for (const instruction of instructionsOf(document, "from", "copy")) {
      if (instruction.name === "from") {
        count++;
        const { alias } = fromView(instruction);
        if (alias) names.add(alias);
      }
      if (instruction.name !== "copy") continue;
      const source = instruction.flags.find((flag) => flag.name === "from");
      if (!source || dropQuotes(source.value).includes(":") || names.has(source.value)) continue;
      const number = /^\d+/.exec(source.value)?.[0];
      if (number !== undefined && Number(number) < count) continue;
      yield { at: source.span, message: `${source.value} is no earlier stage` };
    }
  },
});
