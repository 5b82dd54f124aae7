/** Variables that belong to the platform, written by the program. */
import { type FactSink, place, quote, reachOf } from "../collect.ts";
import type { Evaluator } from "../evaluate/evaluator.ts";
import { asStarted } from "../reach.ts";
import type { SourceModule } from "../scope/scope.ts";
import { environmentWrites } from "../settings/environment-writes.ts";
import { alternatives, envNames } from "../values.ts";

export const PLATFORM_VARIABLE = /^(PORT|K_SERVICE|K_REVISION|K_CONFIGURATION)$/;

export function assignmentFacts(module: SourceModule, evaluator: Evaluator, sink: FactSink): void {
  if (!/\b(PORT|K_SERVICE|K_REVISION|K_CONFIGURATION)\b/.test(module.text)) return;
  for (const { name, value, whereMissing, scope, guards, whole } of environmentWrites(
    module,
    evaluator,
    PLATFORM_VARIABLE,
  )) {
    if (whereMissing) continue;
    // `process.env.PORT = process.env.PORT || 3000`, `if (!process.env.PORT) …` keep what the platform gave.
    if (value && alternatives(evaluator.query(value, scope)).some((v) => envNames(v).has(name))) continue;
    const reach = reachOf(evaluator, module, scope, guards);
    if (reach.env.includes(name) || reach.conditions.some((c) => new RegExp(`\\b${name}\\b`).test(c))) continue;
    // `if _, ok := os.LookupEnv("PORT"); !ok { … }`
    const before = module.text.slice(Math.max(0, whole.start - 120), whole.start);
    if (guards.length > 0 && new RegExp(`\\w\\(\\s*["']${name}["']\\s*\\)[^\\n]*\\{\\s*$`).test(before)) continue;
    sink.others.push({
      kind: "assignment",
      what: name,
      place: place(module, whole),
      reach: asStarted(reach),
      value: value ? module.text.slice(value.start, value.end).slice(0, 60) : "",
      evidence: [quote(module, whole)],
    });
  }
}
