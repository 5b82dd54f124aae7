import { defineDockerfileRule, replacement } from "../../dockerfile/rule.ts";
import { inForce } from "../../dockerfile/start.ts";

export default defineDockerfileRule({
  id: "KN032",
  severity: "error",
  clause: "S23",
  summary: "The stop signal leaves time to finish",
  help: "SIGKILL and its like end the process at once: requests in flight are lost. The platform sends SIGTERM.",
  examples: {
    good: ["FROM debian:13\nSTOPSIGNAL SIGTERM\n", "FROM debian:13\nSTOPSIGNAL SIGKILL\nSTOPSIGNAL SIGTERM\n"],
    bad: ["FROM debian:13\nSTOPSIGNAL SIGKILL\n"],
  },
  *check(subject) {
    const instruction = inForce(subject, "stopsignal");
    if (!instruction) return;
    const signal = (subject.model.of(instruction)?.args[0] ?? "").toUpperCase().replace(/^SIG/, "");
    if (!/^(?:KILL|9|STOP|19|ABRT|6|SEGV|11)$/.test(signal)) return;
    yield {
      at: instruction,
      message: `${instruction.rest.value} ends the process at once`,
      fix: { description: "stop with SIGTERM", safe: true, edits: [replacement(instruction.rest.span, "SIGTERM")] },
    };
  },
});
