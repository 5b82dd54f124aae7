import { defineDockerfileRule } from "../../dockerfile/rule.ts";
import { imageVariables, startCommand } from "../../dockerfile/start.ts";

export default defineDockerfileRule({
  id: "KN080",
  severity: "error",
  clause: "S15",
  summary: "K_SERVICE, K_REVISION, K_CONFIGURATION are the platform's",
  help: "The platform sets them; libraries take them as the sign that they run there.",
  examples: { good: ["FROM debian:13\nENV SERVICE=x\n"], bad: ["FROM debian:13\nENV K_SERVICE=x\n"] },
  *check(subject) {
    for (const { key, instruction } of imageVariables(subject)) {
      if (/^K_(?:SERVICE|REVISION|CONFIGURATION)$/.test(key))
        yield { at: instruction, message: `${key} is the platform's to set` };
    }
    const start = startCommand(subject);
    for (const { assignments } of start?.programs ?? []) {
      const key = Object.keys(assignments).find((name) => /^K_(?:SERVICE|REVISION|CONFIGURATION)$/.test(name));
      if (start && key) yield { at: start.instruction, message: `${key} is the platform's to set` };
    }
  },
});
