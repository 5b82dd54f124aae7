/** Servers that wait for one request and are closed by it: a browser comes back there with what its user has agreed to. */
import type { Visit } from "../collect.ts";
import { type Expr, lastName } from "../ir.ts";

/** What such a request brings. */
const AGREED = /oauth|callback|[?&."'](?:code|state|access_?token)\b|login|authoriz/i;
/** A way to end a server that goes on otherwise. */
const TOLD_TO_END = /shut_?down|quit|\bexit["'`/]|\/(?:stop|kill|close)\b|SIG[A-Z]{3}/i;

/** `const server = http.createServer((req, res) => { …; server.close(); })`, or a route of Express that closes it. */
export function closesItself({ view, module, site: { call } }: Visit): boolean {
  const { callee } = call;
  if (callee.kind !== "member") return false;
  const own = lastName(callee.object);
  const kept = /(\w+)\s*=\s*(?:await\s*)?$/.exec(module.text.slice(Math.max(0, call.start - 60), call.start))?.[1];
  const closing = module.calls.filter(
    ({ call: { callee: c } }) =>
      c.kind === "member" && /^(?:close|stop|destroy)$/.test(c.property) && [own, kept].includes(lastName(c.object)),
  );
  if (closing.length === 0) return false;
  const answers: Expr[] = [];
  for (let made = view.receiver; made.t === "ref"; made = made.receiver ?? { t: "unknown" })
    if (made.call?.scope.file === module) answers.push(...made.call.call.args.map((a) => a.value));
  if (kept !== undefined)
    for (const { call: route } of module.calls)
      if (route.callee.kind === "member" && /^(?:get|post|all|use)$/.test(route.callee.property))
        if (own !== undefined && lastName(route.callee.object) === own) answers.push(...route.args.map((a) => a.value));
  return answers.some(({ kind, start, end }) => {
    const isWithin = kind === "function" && closing.some(({ call: c }) => c.start > start && c.end < end);
    const text = isWithin ? module.text.slice(Math.max(0, start - 60), end) : "";
    return AGREED.test(text) && !TOLD_TO_END.test(text);
  });
}
