import { RESERVED_PORTS } from "../../contract/ports.ts";
import { fixedPorts } from "../../dockerfile/fixed-ports.ts";
import { defineDockerfileRule } from "../../dockerfile/rule.ts";
import { exposedRanges, isExposed } from "../../dockerfile/start.ts";

const RESERVED = Object.keys(RESERVED_PORTS).map(Number);

export default defineDockerfileRule({
  id: "KN006",
  severity: "error",
  clause: "U2",
  summary: "Ports of the queue proxy are taken",
  help: "8008, 8012, 8013, 8022, 8112, 9090 and 9091 belong to the proxy beside the container; a service that names one is rejected.",
  examples: {
    good: ["FROM debian:13\nEXPOSE 8080\n"],
    bad: [
      "FROM debian:13\nEXPOSE 9090\n",
      "FROM debian:13\nEXPOSE 9000-65535\n",
      'FROM debian:13\nENV SERVER_PORT=8013\nCMD ["/app"]\n',
    ],
  },
  *check(subject) {
    for (const range of exposedRanges(subject)) {
      const port = RESERVED.find((one) => isExposed(one, range));
      if (port !== undefined) yield { at: range.at, message: `${port} is taken: ${RESERVED_PORTS[port]}` };
    }
    for (const { port, at, text } of fixedPorts(subject)) {
      if (RESERVED_PORTS[port]) yield { at, message: `${port} is taken: ${RESERVED_PORTS[port]}`, evidence: [text] };
    }
  },
});
