/** TLS that a server of Ruby is told by its settings: Thin's `ssl`, Sinatra's `server_settings`, Falcon's file. */
import { type FactSink, place, quote, reachOf } from "../collect.ts";
import type { Evaluator } from "../evaluate.ts";
import { type Expr, lastName } from "../ir.ts";
import { walkTree } from "../platform/walk.ts";
import { type Guard, type Scope, type SourceModule, scopeAt } from "../scope.ts";
import { textOf } from "../values.ts";

const THIN = /\b(?:Thin|thin|Sinatra|Rack)\b/;
const FALCON = /:(?:self_signed|lets_encrypt)_tls\b|\bFalcon::Environment::(?:SelfSigned|LetsEncrypt)?TLS\b/;

export function serverTls(module: SourceModule, evaluator: Evaluator, sink: FactSink): void {
  const { text } = module;
  const found = (what: string, span: { start: number; end: number }, scope: Scope, guards: readonly Guard[]): void => {
    sink.tlsServers.push({
      what,
      place: place(module, span),
      reach: reachOf(evaluator, module, scope, guards),
      evidence: [quote(module, span)],
    });
  };
  // `server.ssl = true`
  if (THIN.test(text))
    for (const { target, value, scope, guards } of module.assigns)
      if (target.kind === "member" && target.property === "ssl" && isServer(target.object) && isTrue(value))
        found("Thin with ssl", target, scope, guards);
  // `set :server_settings, SSLEnable: true, …`
  for (const { call, scope, guards } of module.calls)
    if (lastName(call.callee) === "set" && textOf(evaluator.query(call.args[0]?.value, scope)) === "server_settings")
      if (/\bSSLEnable\b\W+true\b|\bssl\b\W+true\b/.test(text.slice(call.start, call.end)))
        found("Sinatra's server_settings with SSLEnable", call, scope, guards);
  // Settings for WEBrick that are put together before it is given them.
  if (/\bSSLEnable\b/.test(text))
    walkTree(module.tree, (e) => {
      if (e.kind !== "object") return;
      const enables = e.entries.find((x) => x.key === "SSLEnable" && isTrue(x.value));
      if (enables) found("WEBrick with SSLEnable", e, scopeAt(module, e), []);
    });
  const tls = /(^|\/)falcon\.rb$/.test(module.path) ? FALCON.exec(text) : null;
  if (tls) found("Falcon with TLS", { start: tls.index, end: tls.index + tls[0].length }, module.scope, []);
}

function isServer(e: Expr): boolean {
  return /server|thin/i.test(lastName(e.kind === "call" ? e.callee : e) ?? "");
}

function isTrue(e: Expr): boolean {
  return e.kind === "literal" && e.value === true;
}
