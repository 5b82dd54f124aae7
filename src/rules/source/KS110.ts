import type { SourceRule } from "../../analysis/facts.ts";

const rule: SourceRule = {
  id: "KS110",
  aliases: ["required-variable"],
  subject: "source",
  severity: "warning",
  clause: "U5",
  summary: "The program needs an environment variable that nothing sets",
  help: `A start that throws, or a handler that answers 5xx, when a variable is unset makes a service that is never ready or
that fails its requests; the cause stands only in its logs. Give the variable a default in the code, set it in the
image, or set it when the service is run and deployed.`,
  *check(facts) {
    for (const n of facts.needs) {
      const where = n.failure === "start" ? "the program" : (n.handler ?? "a handler");
      yield {
        rule: rule.id,
        severity: "warning",
        message: `${n.name} has no default: ${where} ${n.how} when it is unset`,
        location: facts.locate(n.place),
        evidence: n.evidence,
      };
    }
  },
};

export default rule;
