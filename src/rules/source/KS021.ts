import type { SignalHandler, SourceFacts, SourceRule } from "../../analysis/facts.ts";
import { severityAt } from "../../analysis/reach.ts";
import type { Finding } from "../../check/types.ts";

/** Between SIGTERM and SIGKILL; upstream Knative waits for timeoutSeconds, 300 by default. */
const GRACE_MS = { gke: 10_000, knative: 300_000 } as const;
/** From Node 19 on, close() ends idle connections itself (nodejs.org, http: server.close). */
const CLOSES_IDLE = 19;

const rule: SourceRule = {
  id: "KS021",
  aliases: ["shutdown-never-ends"],
  subject: "source",
  severity: "warning",
  clause: "S23",
  summary: "The shutdown takes longer than the platform waits, or never ends",
  help: `Ten seconds after SIGTERM comes SIGKILL: whatever a longer drain still waits for is cut, and its last lines (flushing
logs, closing the database) never run. A handler that only writes to the log leaves the process running until it is killed.

Give the drain less than ten seconds (\`context.WithTimeout(ctx, 8*time.Second)\`, \`setTimeout(() => process.exit(1), 8000)\`,
\`spring.lifecycle.timeout-per-shutdown-phase=8s\`, \`--graceful-timeout 8\`), and end the process when it is done. In Node,
\`server.close()\` waits for connections that are kept alive: call \`server.closeIdleConnections()\`, close WebSockets, or exit
after a deadline.`,
  *check(facts) {
    const limit = GRACE_MS[facts.profile];
    for (const h of facts.signalHandlers) {
      if (!h.signals.includes("SIGTERM")) continue;
      if (h.endless && !othersEnd(h, facts))
        yield at(h, facts, `${h.by} takes SIGTERM and does nothing that ends the process`);
      else if (h.drainMs !== undefined && h.drainMs > limit)
        yield at(
          h,
          facts,
          `the handler of SIGTERM gives itself ${seconds(h.drainMs)}: SIGKILL comes after ${seconds(limit)}`,
        );
      else if (h.waitsForConnections) {
        const why = staysOpen(facts);
        if (why) yield at(h, facts, `the handler of SIGTERM waits until every connection is closed: ${why}`);
      }
    }
    for (const o of facts.others) {
      if (o.kind !== "drain" || typeof o.value !== "number" || o.value <= limit) continue;
      yield {
        rule: rule.id,
        severity: severityAt(o.reach, "warning"),
        message: `${o.what} lets the shutdown take ${seconds(o.value)}: SIGKILL comes after ${seconds(limit)}`,
        location: facts.locate(o.place),
        ...(o.evidence ? { evidence: o.evidence } : {}),
      };
    }
  },
};

export default rule;

function at(h: SignalHandler, facts: SourceFacts, message: string): Finding {
  const text = facts.text(h.place.file)?.slice(h.place.start, h.place.end).replace(/\s+/g, " ") ?? "";
  return {
    rule: rule.id,
    severity: severityAt(h.reach, "warning"),
    message,
    location: facts.locate(h.place),
    evidence: [text.length > 100 ? `${text.slice(0, 99)}…` : text],
  };
}

/** Another handler of the same signal does the work. */
function othersEnd(h: SignalHandler, facts: SourceFacts): boolean {
  return facts.signalHandlers.some((o) => o !== h && o.signals.includes("SIGTERM") && !o.endless);
}

function seconds(ms: number): string {
  return `${Math.round(ms / 100) / 10} s`;
}

/** What keeps a connection open longer than the platform waits. */
function staysOpen(facts: SourceFacts): string | undefined {
  const long = facts.others.find(
    (o) => o.kind === "keep-alive" && typeof o.value === "number" && o.value >= GRACE_MS[facts.profile],
  );
  if (long) return `keep-alive holds an idle one for ${seconds(Number(long.value))}`;
  const sockets = facts.judged.find((f) => /\b(from|require\()\s*\(?["'](ws|socket\.io)["']/.test(facts.text(f) ?? ""));
  if (sockets) return `nothing closes the WebSockets of ${sockets}`;
  const version = nodeVersion(facts);
  return version !== undefined && version < CLOSES_IDLE ? `Node ${version} leaves idle ones open` : undefined;
}

/** The major version of Node, where the Dockerfile's base or package.json fixes it. */
function nodeVersion(facts: SourceFacts): number | undefined {
  for (const c of facts.start) {
    const text = c.from === "dockerfile" ? (facts.text(c.place.file) ?? "") : "";
    const bases = [...text.matchAll(/^FROM\s+(?:--\S+\s+)?(?:\S*\/)?node:(\d+)/gim)];
    const last = bases.at(-1)?.[1];
    if (last) return Number(last);
  }
  const engines = /"engines"\s*:\s*\{[^}]*"node"\s*:\s*"(?:\^|~|=|v)?(\d+)(?:\.[\dx*]+)*"/.exec(
    facts.text("package.json") ?? "",
  );
  return engines?.[1] ? Number(engines[1]) : undefined;
}
