import { dropQuotes } from "../../dockerfile/image-name.ts";
import { instructionsOf } from "../../dockerfile/lookup.ts";
import { defineDockerfileRule } from "../../dockerfile/rule.ts";
export default defineDockerfileRule({
  id: "DL3067",
  severity: "warning",
  summary: "Do not copy a whole file system",
  help: "`COPY --from=stage / /` takes caches, logs and device files along and makes the stages pointless. Copy what the app needs.",
  examples: {
    good: ["FROM debian:13 AS a\nFROM scratch\nCOPY --from=a /app /app\n"],
    bad: ["FROM debian:13 AS a\nFROM scratch\nCOPY --from=a / /\n"],
  },
  *check({ document }) {
    for (const instruction of instructionsOf(document, "copy")) {
      if (!instruction.flags.some((flag) => flag.name === "from")) continue;
      const paths = instruction.args.map((arg) => dropQuotes(arg.value));
      if (paths.at(-1) === "/" && paths.slice(0, -1).includes("/")) {
        yield { at: instruction, message: "this copies the whole file system of another stage" };
      }
    }
  },
});
