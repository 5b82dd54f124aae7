import type { Listener, SourceFacts, SourceRule } from "../../analysis/facts.ts";
import { hostFix } from "../../analysis/fixes.ts";
import { type HostProblem, hostProblem, isGood } from "../../analysis/verdict.ts";
import type { Finding } from "../../check/types.ts";
import { merge } from "./examples/examples.ts";
import go from "./examples/ks002.go.ts";
import java from "./examples/ks002.java.ts";
import javascript from "./examples/ks002.javascript.ts";
import python from "./examples/ks002.python.ts";

const rule: SourceRule = {
  id: "KS002",
  aliases: ["bound-to-localhost"],
  subject: "source",
  severity: "error",
  clause: "S11",
  summary: "The server is bound to localhost",
  help: `Requests come to the container from outside its network namespace: a listener on 127.0.0.1 or ::1 is never reached,
and the instance is never ready. Listen on all interfaces, \`0.0.0.0\` (or \`::\`, dual-stack).

Some frameworks take localhost unless told: Fastify, Flask, uvicorn, Sanic, Django's runserver, Rocket, Sinatra in
development. Give them the host: \`app.listen({ port, host: "0.0.0.0" })\`, \`app.run(host="0.0.0.0")\`, \`--host 0.0.0.0\`.`,
  examples: merge(javascript, python, go, java),
  *check(facts) {
    const main = facts.listeners.some((l) => isGood(l, facts));
    for (const l of facts.listeners) {
      const problem = hostProblem(l, facts);
      if (problem) yield finding(l, problem, main || l.secondary === true || l.reach.development, facts);
    }
  },
};

export default rule;

function finding(l: Listener, problem: HostProblem, minor: boolean, facts: SourceFacts): Finding {
  const how =
    problem.kind === "default"
      ? `${l.framework} is given no host and takes localhost`
      : `${l.framework} is bound to ${problem.host}${problem.through ? ` unless ${problem.through} says otherwise` : ""}`;
  const found: Finding = {
    rule: rule.id,
    severity: minor ? "info" : "error",
    message: `${how}: requests from outside the container do not reach it`,
    location: facts.locate(l.place),
    evidence: l.evidence,
  };
  const literal = problem.kind === "literal" ? problem : undefined;
  const text = facts.text((literal?.at ?? l.place).file);
  const fix =
    minor || text === undefined ? undefined : hostFix(l, literal?.host, literal && (l.hostPlace ?? literal.at), text);
  if (fix) found.fixes = [fix];
  return found;
}
