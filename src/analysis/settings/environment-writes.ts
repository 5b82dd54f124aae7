/** Where a program writes variables of its own environment. */
import type { Evaluator } from "../evaluate/evaluator.ts";
import { type Expr, lastName } from "../ir.ts";
import { copiedWhole } from "../scope/copies.ts";
import { type Guard, lookup, type Scope, type SourceModule } from "../scope/scope.ts";
import { alternatives, textOf } from "../values.ts";

export interface EnvironmentWrite {
  name: string;
  /** What it is given; not written down where the call keeps it elsewhere. */
  value: Expr | undefined;
  /** Only where the variable is not set: `process.env.PORT ??= 3000`, `os.environ.setdefault("PORT", "3000")`. */
  whereMissing: boolean;
  scope: Scope;
  guards: readonly Guard[];
  /** The statement. */
  whole: { start: number; end: number };
}

const SETTERS =
  /^(os\.Setenv|os\.putenv|std\.env\.set_var|std::env::set_var|System\.setProperty|System\.Environment\.SetEnvironmentVariable|Environment\.SetEnvironmentVariable)$/;
const WRITES =
  /^(Setenv|setenv|putenv|setProperty|update|assign|set_var|SetEnvironmentVariable|Set|put|setdefault|store)$/;

/** The writes of variables whose name the pattern matches, in the order of the file: assignments, then calls. */
export function* environmentWrites(
  module: SourceModule,
  evaluator: Evaluator,
  names: RegExp,
): Generator<EnvironmentWrite> {
  const isEnvironment = (e: Expr, scope: Scope): boolean =>
    !isCopy(e, scope) && evaluator.query(e, scope).t === "environ";
  for (const { target, value, scope, guards } of module.assigns) {
    const of = target.kind === "member" || target.kind === "index" ? target.object : undefined;
    if (!of || (target.kind === "member" && !names.test(target.property)) || !isEnvironment(of, scope)) continue;
    const name = target.kind === "index" ? textOf(evaluator.query(target.index, scope)) : lastName(target);
    if (name === undefined || !names.test(name)) continue;
    const whereMissing = /(\|\||\?\?)=/.test(module.text.slice(target.end, value.start));
    yield { name, value, whereMissing, scope, guards, whole: { start: target.start, end: value.end } };
  }
  for (const { call, scope, guards } of module.calls) {
    const method = lastName(call.callee) ?? "";
    const [first, second] = call.args;
    if (!first || !WRITES.test(method)) continue;
    const one = (name: string | undefined, value: Expr | undefined): EnvironmentWrite[] =>
      name !== undefined && names.test(name)
        ? [{ name, value, whereMissing: method === "setdefault", scope, guards, whole: call }]
        : [];
    const many = (e: Expr): EnvironmentWrite[] =>
      e.kind === "object" ? e.entries.flatMap(({ key, value }) => one(key, value)) : [];
    const target = alternatives(evaluator.query(call.callee, scope))[0];
    const path = target?.t === "ref" ? target.path : "";
    if (SETTERS.test(path)) yield* one(textOf(evaluator.query(first.value, scope)), second?.value);
    else if (call.callee.kind === "member" && /^(?:update|setdefault|store)$/.test(method)) {
      if (!isEnvironment(call.callee.object, scope)) continue;
      if (method !== "update") yield* one(textOf(evaluator.query(first.value, scope)), second?.value);
      else {
        for (const a of call.args) if (a.name) yield* one(a.name, a.value);
        yield* many(first.value);
      }
    } else if (path === "Object.assign" && second && isEnvironment(first.value, scope)) yield* many(second.value);
  }
}

/** A variable that holds what a call or a literal made of the environment (`os.environ.copy()`): another program is given it. */
function isCopy(e: Expr, scope: Scope): boolean {
  if (e.kind === "call" || e.kind === "object") return true;
  const sources = e.kind === "name" ? lookup(scope, e.name)?.sources : undefined;
  return (
    sources?.some((s) => s.expr?.kind === "call" || s.expr?.kind === "object" || s.scope.file.language === "php") ===
    true
  );
}

/**
 * `for name, value := range defaults { os.Setenv(name, value) }`: the objects whose members become variables under their
 * own names.
 */
export function* copiedIntoEnvironment(
  module: SourceModule,
  evaluator: Evaluator,
): Generator<{ whole: Expr; key: string; scope: Scope; guards: readonly Guard[] }> {
  for (const { call, scope, guards, inLoop } of module.calls) {
    const [first, second] = call.args;
    if (!inLoop || !first || !second || first.value.kind !== "name" || !WRITES.test(lastName(call.callee) ?? ""))
      continue;
    const target = alternatives(evaluator.query(call.callee, scope))[0];
    const whole =
      target?.t === "ref" && SETTERS.test(target.path)
        ? copiedWhole(first.value, second.value, call.callee, scope, guards)
        : undefined;
    if (whole) yield { whole, key: module.text.slice(first.value.start, first.value.end), scope, guards };
  }
}
