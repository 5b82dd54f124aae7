import type { SourceRule, StateUse } from "../../analysis/facts.ts";
import { severityAt } from "../../analysis/reach.ts";

const rule: SourceRule = {
  id: "KS040",
  aliases: ["state-in-files"],
  subject: "source",
  severity: "warning",
  clause: "S2",
  summary: "State is kept in local files",
  help: `What is written to the file system is lost when the instance stops, is seen by no other instance, and counts against the
memory limit. An SQLite file, uploads in a folder and file-based sessions work until the first scale-down.

Keep state outside: a database service, Firestore, Cloud Storage, Redis. Files below \`/tmp\` are fine for the time of one
request. A file that is opened read-only, or ":memory:", is no state.`,
  *check(facts) {
    for (const s of facts.state) {
      if (!inFiles(s)) continue;
      const place = s.option ? ` unless ${s.option} says another place` : "";
      yield {
        rule: rule.id,
        severity: s.temporary ? "info" : severityAt(s.reach, "warning"),
        message: s.temporary
          ? `${s.what} lies below the temporary folder: it uses memory, and is gone with the instance`
          : `${s.what} lies in the container${place}: it is lost with the instance, and no other instance sees it`,
        location: facts.locate(s.place),
        ...(s.evidence ? { evidence: s.evidence } : {}),
      };
    }
  },
};

export default rule;

function inFiles(s: StateUse): boolean {
  return s.kind === "file" || s.kind === "database" || (s.kind === "session" && /file/i.test(s.what));
}
