import { defineDockerfileRule } from "../../dockerfile/rule.ts";
import { inForce } from "../../dockerfile/start.ts";

export default defineDockerfileRule({
  id: "KN033",
  severity: "info",
  clause: "S23",
  summary: "Another stop signal than SIGTERM",
  help: "The platform sends SIGTERM; where STOPSIGNAL is honoured, the app must handle that one. SIGQUIT is the graceful stop of nginx and php-fpm.",
  examples: {
    good: ["FROM nginx:1.28\nSTOPSIGNAL SIGQUIT\n", "FROM debian:13\nSTOPSIGNAL SIGINT\nSTOPSIGNAL SIGTERM\n"],
    bad: ["FROM debian:13\nSTOPSIGNAL SIGINT\n"],
  },
  *check(subject) {
    const instruction = inForce(subject, "stopsignal");
    if (!instruction) return;
    const signal = (subject.model.of(instruction)?.args[0] ?? "").toUpperCase().replace(/^SIG/, "");
    if (/^(?:TERM|15|QUIT|3|KILL|9|STOP|19|ABRT|6|SEGV|11)$/.test(signal) || signal.includes("$")) return;
    yield { at: instruction, message: `${instruction.rest.value}: the app must handle this besides SIGTERM` };
  },
});
