import { defineDockerfileRule } from "../../dockerfile/rule.ts";
import { exposed } from "../../dockerfile/start.ts";
export default defineDockerfileRule({
  id: "KN007",
  severity: "error",
  clause: "U1",
  summary: "No UDP",
  help: "Requests are HTTP over TCP; nothing else is passed on.",
  examples: {
    good: ["FROM debian:13\nEXPOSE 8080/tcp\n"],
    bad: ["FROM debian:13\nEXPOSE 8080/udp\n", "FROM debian:13\nEXPOSE ${PORT}/udp\n"],
  },
  *check(subject) {
    for (const { range, protocol, at } of exposed(subject)) {
      if (protocol !== "tcp") yield { at, message: `${range}/${protocol} is never reached: only TCP is` };
    }
  },
});
