import { withFired } from "../../dockerfile/fired.ts";
import { instructionsOf } from "../../dockerfile/lookup.ts";
import { defineDockerfileRule, replacement } from "../../dockerfile/rule.ts";
export default defineDockerfileRule({
  id: "ExposeInvalidFormat",
  severity: "warning",
  summary: "EXPOSE names ports of the container only",
  help: "Addresses and host ports belong to `docker run -p`; in EXPOSE they will become an error.",
  examples: { good: ["FROM debian:13\nEXPOSE 8080\n"], bad: ["FROM debian:13\nEXPOSE 80:8080\n"] },
  *check(subject) {
    const { document, model } = subject;
    for (const { instruction, from } of withFired(subject, instructionsOf(document, "expose"), "expose")) {
      for (const port of model.of(instruction)?.args ?? []) {
        const colon = port.lastIndexOf(":");
        if (colon < 0 || port.slice(0, colon).replaceAll(":", "") === "" || port.slice(colon + 1) === "") continue;
        const word = from ? undefined : instruction.args.find((arg) => arg.value === port);
        yield {
          at: word?.span ?? from ?? instruction,
          message: `${port} maps ports: EXPOSE ${port.slice(colon + 1)} says what the container listens on`,
          ...(word && {
            fix: {
              description: "name the container's port",
              safe: true,
              edits: [replacement(word.span, port.slice(colon + 1))],
            },
          }),
        };
      }
    }
  },
});
