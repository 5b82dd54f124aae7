import type { BackgroundWork, SourceFacts, SourceRule } from "../../analysis/facts.ts";
import { condition } from "../../analysis/reach.ts";
import type { Severity } from "../../check/types.ts";

const rule: SourceRule = {
  id: "KS030",
  aliases: ["background-work"],
  subject: "source",
  severity: "warning",
  clause: "S3",
  summary: "The program works outside requests",
  help: `Between requests the container gets next to no CPU, and it may be stopped at any time: timers run late or not at all,
schedulers miss their hour, work that is left for after the response dies half done. With several instances each of them
runs the same schedule.

Do the work within a request and answer when it is done; let Cloud Scheduler, Cloud Tasks, Pub/Sub push or a Knative
PingSource send that request. Queue workers and cron belong into a job or a worker of their own.`,
  *check(facts) {
    for (const w of facts.background) {
      const severity = weight(w, facts);
      yield {
        rule: rule.id,
        severity,
        message: `${message(w)}${condition(w.reach)}`,
        location: facts.locate(w.place),
        ...(w.evidence ? { evidence: w.evidence } : {}),
      };
    }
  },
};

export default rule;

function message(w: BackgroundWork): string {
  switch (w.kind) {
    case "timer":
      return `${w.what} runs between requests, when there is no CPU`;
    case "scheduler":
      return `${w.what} plans work outside requests: an instance without requests has no CPU, or is not there`;
    case "queue":
      return `${w.what} takes work from a queue: without requests there is no CPU for it`;
    case "thread":
      return `${w.what} works outside requests`;
    case "after-response":
      return `${w.what}: when the response is out, the CPU is taken away`;
  }
}

/** Upstream Knative does not throttle: there only the stop at any time remains. */
function weight(w: BackgroundWork, facts: SourceFacts): Severity {
  if (w.minor || w.reach.development || facts.profile === "knative") return "info";
  // The definition of tasks that another process works on: this one only sends them.
  if (
    /^(Celery|Sidekiq)$/.test(w.what) &&
    facts.start.some((c) => c.place.file !== w.place.file) &&
    !startsWorker(w, facts)
  )
    return "info";
  return "warning";
}

function startsWorker(w: BackgroundWork, facts: SourceFacts): boolean {
  const program = w.what.toLowerCase();
  return facts.start.some((c) => c.words.join(" ").includes(program));
}
