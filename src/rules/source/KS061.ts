import type { SourceRule } from "../../analysis/facts.ts";
import { severityAt } from "../../analysis/reach.ts";

const rule: SourceRule = {
  id: "KS061",
  aliases: ["hard-coded-project"],
  subject: "source",
  severity: "warning",
  clause: "S31",
  summary: "A project or a place is written out",
  help: `One image runs in several projects and regions: test, staging, production. A project that is written into the code sends
them all to the same place, and fails where the service account has no rights there.

Leave the project out (Google's clients find it by themselves), ask the metadata server
(\`project/project-id\`, \`instance/region\`), or read a variable. A location that is written out is information only: a bucket
or a model may truly live in one place.`,
  *check(facts) {
    const seen = new Set<string>();
    for (const o of facts.others) {
      if (o.kind !== "project") continue;
      const key = `${o.place.file} ${o.value}`;
      if (seen.has(key)) continue;
      seen.add(key);
      yield {
        rule: rule.id,
        severity: o.minor ? "info" : severityAt(o.reach, "warning"),
        message: `${o.what} is written out: ask the metadata server, or read a variable`,
        location: facts.locate(o.place),
        ...(o.evidence ? { evidence: o.evidence } : {}),
      };
    }
  },
};

export default rule;
