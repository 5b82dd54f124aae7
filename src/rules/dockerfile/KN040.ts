import { defineDockerfileRule, removal } from "../../dockerfile/rule.ts";
import { finalInstructions } from "../../dockerfile/start.ts";

export default defineDockerfileRule({
  id: "KN040",
  severity: "warning",
  clause: "S2",
  summary: "No VOLUME",
  help: "Nothing written outlives the instance; a volume promises what the platform does not keep. Use a database or a bucket.",
  examples: { good: ["FROM debian:13\n"], bad: ["FROM debian:13\nVOLUME /data\n"] },
  *check(subject) {
    for (const instruction of finalInstructions(subject)) {
      if (instruction.name !== "volume" || instruction.args.length === 0) continue;
      yield {
        at: instruction,
        message: "what is written here is lost with the instance",
        fix: { description: "remove it", safe: false, edits: [removal(subject.document, instruction)] },
      };
    }
  },
});
