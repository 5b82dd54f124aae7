import type { SourceRule, StateUse } from "../../analysis/facts.ts";
import { severityAt } from "../../analysis/reach.ts";

const rule: SourceRule = {
  id: "KS041",
  aliases: ["state-in-memory"],
  subject: "source",
  severity: "warning",
  clause: "S18",
  summary: "Sessions or data are kept in the memory of one instance",
  help: `Requests go to any of N instances, and instances come and go. A session that one of them holds in its memory is unknown
to the next; data in a list or a map differs from instance to instance and is gone at the next scale-down.

Keep sessions in a signed cookie or in a store that all instances share (Redis, Firestore, a database). A cache in memory is
fine as long as it is only a cache: it is reported as information.`,
  *check(facts) {
    for (const s of facts.state) {
      if (s.kind === "file" || s.kind === "database" || /file/i.test(s.what)) continue;
      yield {
        rule: rule.id,
        severity: s.kind === "cache" ? "info" : severityAt(s.reach, "warning"),
        message: message(s),
        location: facts.locate(s.place),
        ...(s.evidence ? { evidence: s.evidence } : {}),
      };
    }
  },
};

export default rule;

function message(s: StateUse): string {
  if (s.kind === "memory")
    return `${s.what} is changed by requests and lives in one instance: the others do not see it, and it is lost`;
  if (s.kind === "cache") return `${s.what} is the memory of one instance: fine for a cache, not for more`;
  return `${s.what}: another instance does not know the session`;
}
