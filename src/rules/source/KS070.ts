import type { SourceRule } from "../../analysis/facts.ts";
import { condition, severityAt } from "../../analysis/reach.ts";

const rule: SourceRule = {
  id: "KS070",
  aliases: ["platform-variable-assigned"],
  subject: "source",
  severity: "error",
  clause: "S15",
  summary: "PORT or a K_ variable is assigned",
  help: `PORT, K_SERVICE, K_REVISION and K_CONFIGURATION are set by the platform. A program that overwrites PORT listens where no
request goes; a Service that sets one of them is rejected.

Read them, with a default where they are unset: \`process.env.PORT ??= "8080"\`, \`os.environ.setdefault("PORT", "8080")\`.`,
  *check(facts) {
    for (const o of facts.others) {
      if (o.kind !== "assignment") continue;
      const severity = o.what === "PORT" || o.value === "rejected" ? "error" : "warning";
      yield {
        rule: rule.id,
        severity: severityAt(o.reach, o.reach.conditions.length ? "warning" : severity),
        message:
          o.value === "rejected"
            ? `${o.what} is set for the service: the platform rejects it`
            : `${o.what} is overwritten${o.value ? ` with ${o.value}` : ""}${condition(o.reach)}: what the platform gave is lost`,
        location: facts.locate(o.place),
        ...(o.evidence ? { evidence: o.evidence } : {}),
      };
    }
  },
};

export default rule;
