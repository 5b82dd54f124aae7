/** TLS that a server of Ruby is told by its settings: Thin's `ssl`, Sinatra's `server_settings`, Falcon's file. */
import { type FactSink, place, quote, reachOf } from "../collect.ts";
import type { Evaluator } from "../evaluate/evaluator.ts";
import { type Expr, lastName } from "../ir.ts";
import type { Guard, Scope, SourceModule } from "../scope/scope.ts";
import { alternatives, textOf } from "../values.ts";

const THIN = /\b(?:Thin|thin|Sinatra|Rack)\b|\.run!\(/;
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
  // `options[:SSLEnable] = true`
  if (/\bWEBrick\b/.test(text))
    for (const { target, value, scope, guards } of module.assigns)
      if (lastName(target) === "SSLEnable" && isTrue(value)) found("WEBrick with SSLEnable", target, scope, guards);
  // `set :server_settings, SSLEnable: true, …`
  for (const { call, scope, guards } of module.calls)
    if (lastName(call.callee) === "set" && textOf(evaluator.query(call.args[0]?.value, scope)) === "server_settings")
      if (/\bSSLEnable\b\W+true\b|\bssl\b\W+true\b/.test(text.slice(call.start, call.end)))
        found("Sinatra's server_settings with SSLEnable", call, scope, guards);
  // `handler.run self, { Port: 443 }.merge(ssl_options)`: Rack's handler, whichever it is. One by its name is a known call.
  if (/\bSSLEnable\b/.test(text))
    for (const { call, scope, guards } of module.calls)
      if (call.callee.kind === "member" && call.callee.property === "run" && call.callee.object.kind === "name")
        if (!/^[A-Z]/.test(call.callee.object.name) && call.args.some((a) => enables(a.value, scope, evaluator)))
          found("WEBrick with SSLEnable", call, scope, guards);
  // `Agoo::Server.init(port, root, ssl_cert: cert, ssl_key: key)`
  for (const { call, scope, guards } of module.calls)
    if (/\bServer\b/.test(text.slice(call.callee.start, call.callee.end)))
      if (call.args.some((a) => /^ssl_(?:cert|key|certificate|private_key)(?:_file|_path)?$/.test(a.name ?? "")))
        found("a server that is given a certificate", call, scope, guards);
  const tls = /(^|\/)falcon\.rb$/.test(module.path) ? FALCON.exec(text) : null;
  if (tls) found("Falcon with TLS", { start: tls.index, end: tls.index + tls[0].length }, module.scope, []);
}

/** Also by one of several hashes that are merged into it. */
function enables(given: Expr, scope: Scope, evaluator: Evaluator): boolean {
  if (given.kind === "call" && /^merge!?$/.test(lastName(given.callee) ?? ""))
    if (given.args.some((a) => enables(a.value, scope, evaluator))) return true;
  return alternatives(evaluator.query(given, scope)).some(
    (v) => v.t === "object" && v.expr.entries.some((x) => x.key === "SSLEnable" && isTrue(x.value)),
  );
}

function isServer(e: Expr): boolean {
  return /server|thin/i.test(lastName(e.kind === "call" ? e.callee : e) ?? "");
}

function isTrue(e: Expr): boolean {
  return e.kind === "literal" && e.value === true;
}
