/** Variables that belong to the platform, written by the program. */
import { type FactSink, place, quote, reachOf } from "../collect.ts";
import type { Evaluator } from "../evaluate.ts";
import { type Expr, lastName } from "../ir.ts";
import type { Guard, Scope, SourceModule } from "../scope.ts";
import { alternatives, envNames, textOf } from "../values.ts";

export const PLATFORM_VARIABLE = /^(PORT|K_SERVICE|K_REVISION|K_CONFIGURATION)$/;

export function assignmentFacts(module: SourceModule, evaluator: Evaluator, sink: FactSink): void {
  if (!/\b(PORT|K_SERVICE|K_REVISION|K_CONFIGURATION)\b/.test(module.text)) return;
  const found = (
    name: string | undefined,
    value: Expr | undefined,
    scope: Scope,
    guards: readonly Guard[],
    whole: { start: number; end: number },
  ): void => {
    if (!name || !PLATFORM_VARIABLE.test(name)) return;
    // `process.env.PORT = process.env.PORT || 3000`, `if (!process.env.PORT) …` keep what the platform gave.
    if (value && alternatives(evaluator.query(value, scope)).some((v) => envNames(v).has(name))) return;
    const reach = reachOf(evaluator, module, scope, guards);
    if (reach.env.includes(name) || reach.conditions.some((c) => new RegExp(`\\b${name}\\b`).test(c))) return;
    // `if _, ok := os.LookupEnv("PORT"); !ok { … }`
    const before = module.text.slice(Math.max(0, whole.start - 120), whole.start);
    if (guards.length > 0 && new RegExp(`\\w\\(\\s*["']${name}["']\\s*\\)[^\\n]*\\{\\s*$`).test(before)) return;
    sink.others.push({
      kind: "assignment",
      what: name,
      place: place(module, whole),
      reach: { ...reach, conditions: reach.conditions.filter((c) => !/__name__|require\.main/.test(c)) },
      value: value ? module.text.slice(value.start, value.end).slice(0, 60) : "",
      evidence: [quote(module, whole)],
    });
  };
  for (const a of module.assigns) {
    const { target, scope, guards } = a;
    const whole = { start: target.start, end: a.value.end };
    if (target.kind === "member" && PLATFORM_VARIABLE.test(target.property)) {
      if (/(\|\||\?\?)=/.test(module.text.slice(target.end, a.value.start))) continue;
      if (evaluator.query(target.object, scope).t === "environ") found(target.property, a.value, scope, guards, whole);
    } else if (target.kind === "index" && evaluator.query(target.object, scope).t === "environ")
      found(textOf(evaluator.query(target.index, scope)), a.value, scope, guards, whole);
  }
  for (const { call, scope, guards } of module.calls) {
    const name = lastName(call.callee) ?? "";
    const [first, second] = call.args;
    if (
      !/^(Setenv|setenv|putenv|setProperty|update|assign|set_var|SetEnvironmentVariable|Set|put)$/.test(name) ||
      !first
    )
      continue;
    const target = alternatives(evaluator.query(call.callee, scope))[0];
    const path = target?.t === "ref" ? target.path : "";
    if (
      /^(os\.Setenv|os\.putenv|std\.env\.set_var|std::env::set_var|System\.setProperty|System\.Environment\.SetEnvironmentVariable|Environment\.SetEnvironmentVariable)$/.test(
        path,
      )
    )
      found(textOf(evaluator.query(first.value, scope)), second?.value, scope, guards, call);
    else if (
      name === "update" &&
      call.callee.kind === "member" &&
      evaluator.query(call.callee.object, scope).t === "environ"
    ) {
      for (const a of call.args) if (a.name) found(a.name, a.value, scope, guards, call);
      if (first.value.kind === "object") entries(first.value, scope, guards, call);
    } else if (
      path === "Object.assign" &&
      evaluator.query(first.value, scope).t === "environ" &&
      second?.value.kind === "object"
    )
      entries(second.value, scope, guards, call);
  }
  function entries(o: Expr & { kind: "object" }, scope: Scope, guards: readonly Guard[], whole: Expr): void {
    for (const e of o.entries) found(e.key, e.value, scope, guards, whole);
  }
}
