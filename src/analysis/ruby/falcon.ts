/** Falcon's environments: modules and services that include one, and say where it listens by a method, `url` or `endpoint`. */
import { type FactSink, factValues, place, quote, reachOf, splitAddress } from "../collect.ts";
import type { Evaluator } from "../evaluate/evaluator.ts";
import { returned } from "../evaluate/returns.ts";
import { type Fn, lastName } from "../ir.ts";
import type { Scope, SourceModule } from "../scope/scope.ts";
import { textOf, usually, type Value } from "../values.ts";

/** Not those of tests, and none that is reached by a socket of Falcon's own. */
const INCLUDES = /\bFalcon::Environment::(?:Server|Rack|Rackup)\b/;

/** What an environment of the file says of its address. */
export function falconEnvironments(module: SourceModule, evaluator: Evaluator, sink: FactSink): void {
  if (!INCLUDES.test(module.text)) return;
  for (const [fn, scope] of module.fnScopes)
    if (fn.name === "url") add(said(fn, scope, evaluator), fn, scope);
    else if (fn.name === "endpoint") parsed(fn, scope);
    else {
      // `endpoint { … }`, `url "…"` of a service's block.
      const call = module.handed.get(fn);
      if (call && lastName(call.callee) === "endpoint") parsed(fn, scope);
    }
  for (const { call, scope } of module.calls)
    if (call.callee.kind === "name" && call.callee.name === "url")
      add(evaluator.query(call.args[0]?.value, scope), call, scope);

  /** `Async::HTTP::Endpoint.parse("http://localhost:3000")` within it. */
  function parsed(fn: Fn, scope: Scope): void {
    for (const { call, scope: at } of module.calls)
      if (call.start >= fn.start && call.end <= fn.end && lastName(call.callee) === "parse")
        add(evaluator.query(call.args[0]?.value, at), fn, scope);
  }

  function add(address: Value, span: { start: number; end: number }, scope: Scope): void {
    if (address.t === "absent" || !/^https?:\/\//.test(textOf(usually(address)) ?? "http://")) return;
    const { host, port } = splitAddress(address);
    sink.listeners.push({
      framework: "Falcon",
      protocol: "http",
      host: factValues(host),
      port: factValues(port),
      defaults: { host: "all" },
      place: place(module, span),
      reach: reachOf(evaluator, module, scope, []),
      evidence: [quote(module, span)],
      handlesSigterm: true,
    });
  }
}

function said(fn: Fn, scope: Scope, evaluator: Evaluator): Value {
  const target = { t: "function" as const, fn, scope, self: undefined };
  return returned(evaluator, target, { fn, arguments: [], self: undefined, parent: undefined, depth: 1 });
}
