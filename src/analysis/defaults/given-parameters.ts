/** Branches over whether a parameter was given, which nobody has to give: `if (null === $address) { … } else { … }`. */

import type { Evaluator } from "../evaluate/evaluator.ts";
import type { Expr } from "../ir.ts";
import { type Guard, lookup, type Scope } from "../scope/scope.ts";
import { followedByName } from "../settings/declared-options.ts";
import { alternatives, isNull, type Value } from "../values.ts";

/** Does the branch run where a parameter that has nothing as its default is left out, as far as its callers are known? */
export function lacksParameter({ test, negated }: Guard, scope: Scope, evaluator: Evaluator): boolean {
  const asked = nothingAsked(test);
  if (!asked || asked.isNothing === negated) return false;
  const given = lookup(scope, asked.name.name)?.param;
  const param = given?.fn.params[given.index];
  if (param?.default?.kind !== "literal" || param.default.value !== null) return false;
  return alternatives(evaluator.eval(asked.name, scope)).every((v) => isLeftOut(v, scope, evaluator));
}

/** Nothing, or what the user may give and the program has no default for. */
function isLeftOut(v: Value, scope: Scope, evaluator: Evaluator): boolean {
  if (v.t === "absent" || isNull(v) || (v.t === "option" && v.default === undefined)) return true;
  return v.t === "unknown" && followedByName(v, undefined, scope, evaluator).t === "unknown";
}

/** The name of `null === $address`, `address is None`, `!address`. */
function nothingAsked(test: Expr): { name: Expr & { kind: "name" }; isNothing: boolean } | undefined {
  if (test.kind === "call" && test.callee.kind === "name" && test.callee.name === "!") {
    const inner = test.args[0]?.value;
    return inner?.kind === "name" ? { name: inner, isNothing: true } : undefined;
  }
  if (test.kind === "name") return { name: test, isNothing: false };
  if (test.kind !== "binary" || !/^(?:[!=]==?|is(?: not)?)$/.test(test.operator)) return undefined;
  const [name, nothing] = test.left.kind === "name" ? [test.left, test.right] : [test.right, test.left];
  if (name.kind !== "name" || nothing.kind !== "literal" || nothing.value !== null) return undefined;
  return { name, isNothing: !/^!|not$/.test(test.operator) };
}
