import { withFired } from "../../dockerfile/fired.ts";
import { instructionsOf } from "../../dockerfile/lookup.ts";
import { defineDockerfileRule, replacement } from "../../dockerfile/rule.ts";
export default defineDockerfileRule({
  id: "ExposeProtoCasing",
  severity: "info",
  summary: "Protocols in lower case",
  help: "`8080/tcp`, not `8080/TCP`.",
  examples: { good: ["FROM debian:13\nEXPOSE 8080/tcp\n"], bad: ["FROM debian:13\nEXPOSE 8080/TCP\n"] },
  *check(subject) {
    const { document, model } = subject;
    for (const { instruction, from } of withFired(subject, instructionsOf(document, "expose"), "expose")) {
      for (const port of model.of(instruction)?.args ?? []) {
        const container = port.slice(port.lastIndexOf(":") + 1);
        const protocol = container.split("/")[1];
        if (!protocol || protocol === protocol.toLowerCase() || !/^(?:tcp|udp|sctp)$/i.test(protocol)) continue;
        const word = from ? undefined : instruction.args.find((arg) => arg.value === port);
        yield {
          at: word?.span ?? from ?? instruction,
          message: `the protocol of ${port} is not in lower case`,
          ...(word && {
            fix: {
              description: "write it in lower case",
              safe: true,
              edits: [replacement(word.span, port.toLowerCase())],
            },
          }),
        };
      }
    }
  },
});
