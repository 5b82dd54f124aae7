import { RESERVED_PORTS } from "../../contract/ports.ts";
import { listens } from "../../dockerfile/listen.ts";
import { defineDockerfileRule } from "../../dockerfile/rule.ts";
import { exposedPorts, startCommand } from "../../dockerfile/start.ts";

export default defineDockerfileRule({
  id: "KN006",
  severity: "error",
  clause: "U2",
  summary: "Ports of the queue proxy are taken",
  help: "8008, 8012, 8013, 8022, 8112, 9090 and 9091 belong to the proxy beside the container; a service that names one is rejected.",
  examples: { good: ["FROM debian:13\nEXPOSE 8080\n"], bad: ["FROM debian:13\nEXPOSE 9090\n"] },
  *check(subject) {
    for (const { port, at } of exposedPorts(subject)) {
      if (RESERVED_PORTS[port]) yield { at, message: `${port} is taken: ${RESERVED_PORTS[port]}` };
    }
    const start = startCommand(subject);
    for (const { port, text } of start?.programs.flatMap(listens) ?? []) {
      if (!start || port === undefined || !RESERVED_PORTS[port]) continue;
      yield { at: start.instruction, message: `${port} is taken: ${RESERVED_PORTS[port]}`, evidence: [text] };
    }
  },
});
