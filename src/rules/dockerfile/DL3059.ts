import { defineDockerfileRule } from "../../dockerfile/rule.ts";
import { scriptOf } from "../../dockerfile/script.ts";
export default defineDockerfileRule({
  id: "DL3059",
  severity: "info",
  summary: "Consecutive RUN instructions",
  help: "Each RUN is a layer; what an earlier one wrote cannot be taken back. Simple commands that follow one another may be one RUN.",
  examples: {
    good: [
      "FROM debian:13\nRUN make && make install\nRUN a && b\n",
      'FROM x:1\nSHELL ["pwsh", "-c"]\nRUN a | b\nRUN c\n',
    ],
    bad: ["FROM debian:13\nRUN make\nRUN make install\n"],
  },
  *check({ document }) {
    let previous: { flags: string; count: number } | undefined;
    for (const instruction of document.instructions) {
      if (instruction.name !== "run") {
        previous = undefined;
        continue;
      }
      const flags = instruction.flags
        .map((flag) => flag.text)
        .sort()
        .join("\n");
      const count = scriptOf(instruction).commands.length;
      if (!previous || previous.flags !== flags || count > 1 || previous.count > 1) previous = { flags, count };
      else yield { at: instruction, message: "another RUN right after a RUN: they may be one" };
    }
  },
});
