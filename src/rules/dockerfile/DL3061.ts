import { defineDockerfileRule } from "../../dockerfile/rule.ts";
export default defineDockerfileRule({
  id: "DL3061",
  severity: "error",
  summary: "FROM comes first",
  help: "Before the first FROM only ARG and comments may stand.",
  examples: { good: ["ARG V=13\nFROM debian:$V\n"], bad: ["RUN make\nFROM debian:13\n"] },
  *check({ document }) {
    for (const instruction of document.instructions) {
      if (instruction.name === "from") return;
      if (instruction.name !== "arg")
        yield { at: instruction, message: `${instruction.keyword.value} stands before the first FROM` };
    }
  },
});
