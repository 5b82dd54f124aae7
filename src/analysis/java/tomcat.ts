/** Tomcat in a program's own hands: the address stands at its connector, beside the port. */
import { type FactSink, factValues, quote } from "../collect.ts";
import type { Evaluator } from "../evaluate/evaluator.ts";
import { lastName } from "../ir.ts";
import type { SourceModule } from "../scope/scope.ts";
import { textOf } from "../values.ts";

/**
 * `connector.setProperty("address", "127.0.0.1")`, `tomcat.getConnector().setAttribute("address", …)`,
 * `((AbstractProtocol) connector.getProtocolHandler()).setAddress(…)`, where the file makes one Tomcat.
 */
export function tomcatAddress(module: SourceModule, evaluator: Evaluator, sink: FactSink): void {
  if (!/\bnew Tomcat\s*\(/.test(module.text)) return;
  const own = sink.listeners.filter((l) => l.framework === "Tomcat" && l.place.file === module.path);
  const [l, ...more] = own;
  if (!l || more.length > 0 || l.host.some((h) => h.kind !== "absent")) return;
  for (const { call, scope } of module.calls) {
    const method = lastName(call.callee) ?? "";
    const [first, second] = call.args;
    const isAttribute =
      /^(?:setProperty|setAttribute)$/.test(method) &&
      first !== undefined &&
      textOf(evaluator.query(first.value, scope)) === "address";
    const isAddress =
      method === "setAddress" && call.args.length === 1 && /getProtocolHandler|\bprotocol/i.test(quote(module, call));
    const given = isAttribute ? second : isAddress ? first : undefined;
    if (!given) continue;
    l.host = factValues(evaluator.query(given.value, scope));
    l.evidence.push(quote(module, call));
    return;
  }
}
