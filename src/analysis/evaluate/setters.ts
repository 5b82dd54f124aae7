/** Methods by which a program gives a struct's field another value than it is made with: `Builder::default().addr("0.0.0.0:80").build()`. */
import { askedFor } from "../defaults/unset.ts";
import { type Expr, lastName } from "../ir.ts";
import { type Binding, lookup, type Scope, selfClass } from "../scope/scope.ts";
import { alternatives, isOpenAddress, type Value } from "../values.ts";
import { callerArguments } from "./callers.ts";
import type { Evaluator } from "./evaluator.ts";

/** The open addresses that such methods are given, where somebody calls them without being asked to. */
export function openedBySetters(evaluator: Evaluator, cls: Scope, name: string): Value[] {
  const found: Value[] = [];
  for (const { target, value, scope, guards } of cls.file.assigns) {
    if (target.kind !== "member" || target.property !== name || guards.length > 0 || evaluator.isHalfSpent()) continue;
    const { fn } = scope;
    const isOwn = target.object.kind === "name" && selfClass(scope, target.object.name) === cls;
    const given = parameterIn(value, scope);
    if (!isOwn || !fn?.name || given?.param?.fn !== fn || !isWanted(evaluator, fn.name, cls)) continue;
    const all = callerArguments(evaluator, fn, given.param.index, given).flatMap(alternatives);
    found.push(...all.filter(isOpenAddress));
  }
  return found;
}

/** `addr`, `addr.into()`, `addr.to_string()`, `Some(addr)` */
function parameterIn(e: Expr, scope: Scope): Binding | undefined {
  if (e.kind === "name") return lookup(scope, e.name);
  if (e.kind !== "call") return undefined;
  if (e.callee.kind === "member" && e.args.length === 0) return parameterIn(e.callee.object, scope);
  return e.args.length === 1 && e.args[0] ? parameterIn(e.args[0].value, scope) : undefined;
}

/** `if args.public { builder = builder.addr("0.0.0.0:80") }` is only what somebody asks for. */
function isWanted(evaluator: Evaluator, method: string, cls: Scope): boolean {
  return evaluator.project
    .mentioning(method, cls.file)
    .some(({ calls }) =>
      calls.some(
        ({ call, scope, guards }) =>
          lastName(call.callee) === method && !guards.some((g) => askedFor(g, scope, evaluator)),
      ),
    );
}
