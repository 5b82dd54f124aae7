/** Smaller facts: variables of the platform that are assigned, timeouts of the server, calls of the metadata server. */
import { type FactSink, place, reachOf } from "../collect.ts";
import type { Evaluator } from "../evaluate.ts";
import type { SourceModule } from "../scope.ts";
import { ENVIRON, textOf } from "../values.ts";

export function otherFacts(module: SourceModule, evaluator: Evaluator, sink: FactSink): void {
  for (const a of module.assigns) {
    if (a.target.kind !== "member") continue;
    const { property, object } = a.target;
    const reach = () => reachOf(evaluator, module, a.scope, a.guards);
    if (
      /^(PORT|K_SERVICE|K_REVISION|K_CONFIGURATION)$/.test(property) &&
      evaluator.query(object, a.scope) === ENVIRON
    ) {
      const value = module.text.slice(a.value.start, a.value.end);
      // `process.env.PORT = process.env.PORT || 3000` keeps what the platform gave.
      if (value.includes(`env.${property}`) || reach().conditions.some((c) => c.includes(property))) continue;
      sink.others.push({
        kind: "assignment",
        what: property,
        place: place(module, a.target),
        reach: reach(),
        value: value.slice(0, 60),
      });
    } else if (property === "keepAliveTimeout") {
      const ms = textOf(evaluator.query(a.value, a.scope));
      if (ms !== undefined && Number(ms) >= 0)
        sink.others.push({
          kind: "keep-alive",
          what: "keepAliveTimeout",
          place: place(module, a.target),
          reach: reach(),
          value: Number(ms),
        });
    }
  }
  for (const { call, scope, guards } of module.calls) {
    const url = call.args[0]?.value;
    if (!url || (url.kind !== "literal" && url.kind !== "text" && url.kind !== "name" && url.kind !== "binary"))
      continue;
    if (!/metadata\.google|169\.254\.169\.254|metadata/i.test(module.text)) break;
    const value = evaluator.query(url, scope);
    const text = textOf(value) ?? (value.t === "text" ? value.parts.map((p) => textOf(p) ?? "").join("") : "");
    if (!/^http:\/\/(metadata(\.google\.internal)?|169\.254\.169\.254)\//.test(text)) continue;
    const whole = module.text.slice(call.start, call.end);
    const around = module.text.slice(Math.max(0, call.start - 1500), call.end + 300);
    if (/metadata-flavor/i.test(whole) || /metadata-flavor/i.test(around)) continue;
    sink.others.push({
      kind: "metadata",
      what: text.slice(0, 100),
      place: place(module, call),
      reach: reachOf(evaluator, module, scope, guards),
    });
  }
}
