import { defineDockerfileRule } from "../../dockerfile/rule.ts";
export default defineDockerfileRule({
  id: "UndefinedArgInFrom",
  severity: "warning",
  summary: "FROM uses declared arguments only",
  help: "FROM sees the ARG instructions above the first FROM, and the platform arguments; any other name is empty.",
  examples: { good: ["ARG V=13\nFROM debian:${V}\n"], bad: ["ARG VERSION=13\nFROM debian:${VERSON}\n"] },
  *check({ model }) {
    for (const [from, missing] of model.fromUndefined) {
      for (const { name, suggestion } of missing) {
        yield {
          at: from.args[0]?.span ?? from,
          message: `no ARG before the first FROM declares ${name}${suggestion ? ` (did you mean ${suggestion}?)` : ""}`,
        };
      }
    }
  },
});
