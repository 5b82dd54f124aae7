import { defineDockerfileRule, removal } from "../../dockerfile/rule.ts";
import { imageVariables } from "../../dockerfile/start.ts";

export default defineDockerfileRule({
  id: "KN003",
  severity: "warning",
  clause: "S15",
  summary: "ENV PORT is overridden",
  help: "The platform sets PORT, whatever the image says: this value is never seen there and misleads the reader. Give the app a default instead (`${PORT:-8080}`).",
  examples: { good: ["FROM debian:13\nENV DB_PORT=3000\n"], bad: ["FROM debian:13\nENV PORT=3000\n"] },
  *check(subject) {
    for (const { key, value, instruction } of imageVariables(subject)) {
      if (key !== "PORT") continue;
      const fix =
        instruction.pairs.length === 1
          ? { fix: { description: "remove it", safe: false, edits: [removal(subject.document, instruction)] } }
          : {};
      yield { at: instruction, message: `the platform sets PORT: ${value || "this value"} is never seen`, ...fix };
    }
  },
});
