/** `config/puma.rb`, `config/unicorn.rb`: the addresses that they are given there, followed as in any other Ruby file. */
import { type FactSink, factValues, place, quote, reachOf, splitAddress } from "../collect.ts";
import type { Evaluator } from "../evaluate/evaluator.ts";
import { type Expr, lastName } from "../ir.ts";
import type { SourceModule } from "../scope/scope.ts";
import { followedByName } from "../settings/declared-options.ts";
import { ABSENT, alternatives, textOf, type Value } from "../values.ts";

export const PUMA_FILE = /(^|\/)(puma|unicorn)(\/production|\.conf)?\.rb$/;

/** `Puma::Configuration.new do |config| config.bind "tcp://…" end`: the same, said in the program. */
const CODED = /\bPuma::Configuration\.new\b[^\n]{0,80}(?:\bdo|\{)\s*\|\s*(\w+)/;

/** What a file of settings says, or a block of the program that makes them. */
export function pumaFile(module: SourceModule, evaluator: Evaluator, sink: FactSink): void {
  const isFile = PUMA_FILE.test(module.path);
  const block = isFile ? undefined : CODED.exec(module.text)?.[1];
  if (!isFile && block === undefined) return;
  const unicorn = isFile && /unicorn/.test(module.path);
  for (const { call, scope, guards } of module.calls) {
    const name = nameOf(call.callee, block);
    if (!(unicorn ? /^listen$/ : /^(port|bind|ssl_bind|add_ssl_listener)$/).test(name)) continue;
    const first = evaluator.query(call.args[0]?.value, scope);
    const scheme = schemeOf(first);
    const fact = {
      place: place(module, call),
      reach: reachOf(evaluator, module, scope, guards),
      evidence: [quote(module, call)],
    };
    if (/ssl/.test(name) || scheme === "ssl")
      sink.tlsServers.push({ what: "puma's ssl_bind", ...fact, config: true, ofProgram: true });
    if (unicorn && /^[./]|\.sock$/.test(textOf(first.t === "text" ? first.parts[0] : first) ?? "")) continue;
    if (scheme === "unix" || scheme === "ssl" || /ssl/.test(name) || first.t === "absent") continue;
    const given = name === "port" ? { port: first, host: evaluator.query(call.args[1]?.value, scope) } : address(first);
    sink.listeners.push({
      framework: unicorn ? "unicorn" : "puma",
      protocol: "http",
      port: factValues(followedByName(given.port, undefined, scope, evaluator)),
      host: factValues(followedByName(given.host, undefined, scope, evaluator)),
      defaults: { host: "all" },
      ...fact,
      handlesSigterm: true,
    });
  }
}

/** Of a call on nobody, or on what the block is given. */
function nameOf(callee: Expr, block: string | undefined): string {
  if (callee.kind === "name") return block === undefined ? callee.name : "";
  return callee.kind === "member" && block !== undefined && lastName(callee.object) === block ? callee.property : "";
}

function address(v: Value): { port: Value; host: Value } {
  const { port, host } = splitAddress(v);
  // `tcp://:8080`, and where only the port is known.
  return { port, host: textOf(host) === "" ? ABSENT : host };
}

function schemeOf(v: Value): string | undefined {
  for (const one of alternatives(v)) {
    const text = textOf(one.t === "text" ? one.parts[0] : one);
    const scheme = /^([a-z]+):\/\//.exec(text ?? "")?.[1];
    if (scheme) return scheme;
  }
  return undefined;
}
