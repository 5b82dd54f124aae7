import { defineDockerfileRule, runOf } from "../../dockerfile/rule.ts";
export default defineDockerfileRule({
  id: "DL3059",
  severity: "info",
  summary: "Consecutive RUN instructions",
  help: "Each RUN is a layer; what an earlier one wrote cannot be taken back. Simple commands that follow one another may be one RUN.",
  examples: {
    good: ["FROM debian:13\nRUN make && make install\nRUN a && b\n"],
    bad: ["FROM debian:13\nRUN make\nRUN make install\n"],
  },
  *check(subject) {
    let previous: { flags: string; count: number } | undefined;
    for (const instruction of subject.document.instructions) {
      if (instruction.name !== "run") {
        previous = undefined;
        continue;
      }
      const flags = instruction.flags
        .map((flag) => flag.text)
        .sort()
        .join("\n");
      const count = runOf(subject, instruction)?.script.commands.length ?? 0;
      if (!previous || previous.flags !== flags || count > 1 || previous.count > 1) previous = { flags, count };
      else yield { at: instruction, message: "another RUN right after a RUN: they may be one" };
    }
  },
});
