import { defineDockerfileRule } from "../../dockerfile/rule.ts";
import { finalInstructions } from "../../dockerfile/start.ts";

export default defineDockerfileRule({
  id: "KN033",
  severity: "info",
  clause: "S23",
  summary: "Another stop signal than SIGTERM",
  help: "The platform sends SIGTERM; where STOPSIGNAL is honoured, the app must handle that one. SIGQUIT is the graceful stop of nginx and php-fpm.",
  examples: { good: ["FROM nginx:1.28\nSTOPSIGNAL SIGQUIT\n"], bad: ["FROM debian:13\nSTOPSIGNAL SIGINT\n"] },
  *check(subject) {
    for (const instruction of finalInstructions(subject)) {
      if (instruction.name !== "stopsignal") continue;
      const signal = (subject.model.of(instruction)?.args[0] ?? "").toUpperCase().replace(/^SIG/, "");
      if (/^(?:TERM|15|QUIT|3|KILL|9|STOP|19|ABRT|6|SEGV|11)$/.test(signal) || signal.includes("$")) continue;
      yield { at: instruction, message: `${instruction.rest.value}: the app must handle this besides SIGTERM` };
    }
  },
});
