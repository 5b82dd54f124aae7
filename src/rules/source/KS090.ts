import type { SourceFacts, SourceRule } from "../../analysis/facts.ts";
import { languageOf } from "../../analysis/project.ts";
import { severityAt } from "../../analysis/reach.ts";
import { isGood } from "../../analysis/verdict.ts";

/** The queue proxy keeps an idle connection for 90 s (knative/serving, pkg/network). */
const POOL_MS = 90_000;

const rule: SourceRule = {
  id: "KS090",
  aliases: ["keep-alive-too-short"],
  subject: "source",
  severity: "warning",
  clause: "U10",
  summary: "The server closes idle connections before the proxy does",
  help: `The proxy in front of the container keeps idle connections for 90 s and sends the next request on one of them. A server
that closes them earlier will now and then close one just when a request arrives: the caller sees a 502 (EOF, connection
reset) that nobody can explain.

Keep them longer than the proxy: \`server.keepAliveTimeout = 95_000; server.headersTimeout = 96_000\` (Node),
\`timeout_keep_alive=95\` (uvicorn), \`keepalive = 95\` (gunicorn), \`IdleTimeout: 95 * time.Second\` (Go),
\`server.tomcat.keep-alive-timeout=95s\` (Spring). Node's default of 5 s is reported as information.`,
  *check(facts) {
    let set = false;
    for (const o of facts.others) {
      if (o.kind !== "keep-alive" || typeof o.value !== "number") continue;
      set = true;
      // 0 is "for ever" or "never": no race in either.
      if (o.value <= 0 || o.value >= POOL_MS) continue;
      yield {
        rule: rule.id,
        severity: severityAt(o.reach, "warning"),
        message: `${o.what} closes an idle connection after ${Math.round(o.value / 100) / 10} s, the proxy in front keeps it for 90 s`,
        location: facts.locate(o.place),
        ...(o.evidence ? { evidence: o.evidence } : {}),
      };
    }
    const node = set ? undefined : nodeListener(facts);
    if (node)
      yield {
        rule: rule.id,
        severity: "info",
        message: `${node.framework} closes an idle connection after Node's default of 5 s, the proxy in front keeps it for 90 s: set server.keepAliveTimeout`,
        location: facts.locate(node.place),
        evidence: node.evidence,
      };
  },
};

export default rule;

/** A server with Node's own default. Fastify's is 72 s; Bun and Deno have others. */
function nodeListener(facts: SourceFacts) {
  if (facts.judged.some((f) => /keepAliveTimeout/.test(facts.text(f) ?? ""))) return undefined;
  return facts.listeners.find(
    (l) =>
      languageOf(l.place.file) === "javascript" &&
      l.protocol === "http" &&
      !/Fastify|Bun|Deno|Elysia|uWebSockets/i.test(l.framework) &&
      isGood(l, facts) &&
      !l.reach.development,
  );
}
