import type { Listener, SourceFacts, SourceRule } from "../../analysis/facts.ts";
import { severityAt } from "../../analysis/reach.ts";
import { portProblem } from "../../analysis/verdict.ts";

const rule: SourceRule = {
  id: "KS080",
  aliases: ["unnamed-h2c"],
  subject: "source",
  severity: "warning",
  clause: "U1",
  summary: "gRPC or h2c, and nothing names the port so",
  help: `The platform speaks HTTP/1.1 to the container unless the port is named \`h2c\`. A gRPC server, or one that speaks only
HTTP/2 in clear, does not understand that: calls fail with UNAVAILABLE or a 502.

Name the port in the Service (\`ports: [{ name: h2c, containerPort: 8080 }]\`), or deploy with \`--use-http2\`. A server that
answers HTTP/1.1 on the same port (\`h2c.NewHandler\`, Armeria, ASP.NET with Http1AndHttp2) needs nothing.`,
  *check(facts) {
    if (facts.others.some((o) => o.kind === "h2c" && o.value === "named")) return;
    for (const o of facts.others) {
      if (o.kind !== "h2c" || facts.listeners.some((l) => l.protocol === "http" && portProblem(l, facts) === undefined))
        continue;
      yield {
        rule: rule.id,
        severity: severityAt(o.reach, "warning"),
        message: `${o.what} makes a gRPC server, and nothing says so: name the port h2c, or deploy with --use-http2`,
        location: facts.locate(o.place),
        ...(o.evidence ? { evidence: o.evidence } : {}),
      };
      return;
    }
    for (const l of candidates(facts)) {
      yield {
        rule: rule.id,
        severity: severityAt(l.reach, "warning"),
        message: `${l.protocol === "grpc" ? "a gRPC server listens here" : "this server speaks only HTTP/2 in clear"}, and nothing says so: name the port h2c, or deploy with --use-http2`,
        location: facts.locate(l.place),
        evidence: l.evidence,
      };
    }
  },
};

export default rule;

/** The gRPC server that requests reach: beside an HTTP server on PORT it is another program's business. */
function candidates(facts: SourceFacts): Listener[] {
  const special = facts.listeners.filter((l) => l.protocol === "grpc" || onlyHttp2(l));
  if (special.length === 0) return [];
  const http = facts.listeners.filter((l) => l.protocol === "http" && !onlyHttp2(l) && !l.secondary);
  const main = http.some((l) => portProblem(l, facts) === undefined);
  return main
    ? special.filter((l) => portProblem(l, facts) === undefined && l.port.some((p) => p.kind === "env"))
    : special.slice(0, 1);
}

/** Node's http2.createServer answers no HTTP/1.1. */
function onlyHttp2(l: Listener): boolean {
  return l.evidence.some((e) => /\bis http2\.createServer\(\)/.test(e));
}
