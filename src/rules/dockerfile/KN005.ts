import { defineDockerfileRule } from "../../dockerfile/rule.ts";
import { exposedPorts } from "../../dockerfile/start.ts";
export default defineDockerfileRule({
  id: "KN005",
  severity: "warning",
  clause: "U2",
  summary: "One port",
  help: "A service has one port; others are never reached. Metrics, debuggers and second protocols need a service of their own.",
  examples: { good: ["FROM debian:13\nEXPOSE 8080\n"], bad: ["FROM debian:13\nEXPOSE 8080 9229\n"] },
  *check(subject) {
    const ports = exposedPorts(subject);
    const numbers = [...new Set(ports.map(({ port }) => port))];
    const second = ports.find(({ port }) => port !== numbers[0]);
    if (second)
      yield { at: second.at, message: `only one port is served, ${numbers.length} are named: ${numbers.join(", ")}` };
  },
});
