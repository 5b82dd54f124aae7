import { defineDockerfileRule, removal } from "../../dockerfile/rule.ts";
import { inForce } from "../../dockerfile/start.ts";

export default defineDockerfileRule({
  id: "KN060",
  severity: "info",
  clause: "U5",
  summary: "HEALTHCHECK is not looked at",
  help: "The platform probes the port, or what readinessProbe and livenessProbe of the service say. HEALTHCHECK only serves Docker.",
  examples: {
    good: [
      "FROM debian:13\nHEALTHCHECK NONE\n",
      "FROM debian:13 AS a\nHEALTHCHECK CMD /check\nFROM a\nHEALTHCHECK NONE\n",
    ],
    bad: ["FROM debian:13\nHEALTHCHECK CMD /check\n"],
  },
  *check(subject) {
    const instruction = inForce(subject, "healthcheck");
    if (!instruction || instruction.healthcheckType?.value.toUpperCase() === "NONE") return;
    yield {
      at: instruction,
      message: "nobody looks at HEALTHCHECK: give the service probes",
      fix: { description: "remove it", safe: false, edits: [removal(subject.document, instruction)] },
    };
  },
});
