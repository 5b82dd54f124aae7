import type { SourceRule } from "../../analysis/facts.ts";
import { severityAt } from "../../analysis/reach.ts";

const rule: SourceRule = {
  id: "KS060",
  aliases: ["metadata-header"],
  subject: "source",
  severity: "warning",
  clause: "S30",
  summary: "The metadata server is asked without its header",
  help: `The metadata server answers only requests that carry \`Metadata-Flavor: Google\`; all others get 403 \`Missing required
header "Metadata-Flavor": "Google"\`.

Send the header with every request, and not \`X-Forwarded-For\`; or use the client that does it: \`gcp-metadata\` (Node),
\`google.auth.compute_engine\` (Python), \`cloud.google.com/go/compute/metadata\` (Go), \`MetadataConfig\` (Java).`,
  *check(facts) {
    for (const o of facts.others) {
      if (o.kind !== "metadata") continue;
      yield {
        rule: rule.id,
        severity: severityAt(o.reach, "warning"),
        message: `${o.what} is asked without Metadata-Flavor: Google, and answers 403`,
        location: facts.locate(o.place),
        ...(o.evidence ? { evidence: o.evidence } : {}),
      };
    }
  },
};

export default rule;
