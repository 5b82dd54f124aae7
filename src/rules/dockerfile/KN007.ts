import { defineDockerfileRule } from "../../dockerfile/rule.ts";
import { exposedPorts } from "../../dockerfile/start.ts";
export default defineDockerfileRule({
  id: "KN007",
  severity: "error",
  clause: "U1",
  summary: "No UDP",
  help: "Requests are HTTP over TCP; nothing else is passed on.",
  examples: { good: ["FROM debian:13\nEXPOSE 8080/tcp\n"], bad: ["FROM debian:13\nEXPOSE 8080/udp\n"] },
  *check(subject) {
    for (const { port, protocol, at } of exposedPorts(subject)) {
      if (protocol !== "tcp") yield { at, message: `${port}/${protocol} is never reached: only TCP is` };
    }
  },
});
