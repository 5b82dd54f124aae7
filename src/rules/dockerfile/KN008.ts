import { listens } from "../../dockerfile/listen.ts";
import { defineDockerfileRule } from "../../dockerfile/rule.ts";
import { exposedPorts, startCommand } from "../../dockerfile/start.ts";
export default defineDockerfileRule({
  id: "KN008",
  severity: "warning",
  clause: "U8",
  summary: "Ports under 1024 need privileges",
  help: "A container that does not run as root may not bind them everywhere. Use 8080.",
  examples: { good: ["FROM debian:13\nEXPOSE 8080\n"], bad: ["FROM debian:13\nEXPOSE 80\n"] },
  *check(subject) {
    for (const { port, at } of exposedPorts(subject))
      if (port < 1024) yield { at, message: `${port} needs privileges: use 8080` };
    const start = startCommand(subject);
    for (const { port, text } of start?.programs.flatMap(listens) ?? []) {
      if (start && port !== undefined && port > 0 && port < 1024)
        yield { at: start.instruction, message: `${port} needs privileges: use 8080`, evidence: [text] };
    }
  },
});
