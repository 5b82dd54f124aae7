/** `test ? then : otherwise`: which of the two is in force when nobody chooses anything. */
import { withoutVariables } from "./defaults.ts";
import type { Evaluator } from "./evaluate.ts";
import type { Conditional, Expr } from "./ir.ts";
import type { Scope } from "./scope.ts";
import { anyOf, type Frame, type Value, withDefault } from "./values.ts";

export function conditional(evaluator: Evaluator, expr: Conditional, scope: Scope, frame: Frame | undefined): Value {
  const then = evaluator.eval(expr.consequent, scope, frame);
  const otherwise = evaluator.eval(expr.alternate, scope, frame);
  const test = evaluator.eval(expr.test, scope, frame);
  if (test.t === "literal") return test.value ? then : otherwise;
  // `host ? host : "localhost"`, `host != null ? host : "localhost"`, `host == null ? "localhost" : host`
  const given = isGiven(expr.test);
  if (sameText(given ?? expr.test, expr.consequent, scope))
    return withDefault(then, otherwise, nameOf(expr.consequent, scope));
  const lacking = isLacking(expr.test);
  if (lacking && holdsText(expr.alternate, lacking, scope)) return withDefault(otherwise, then, nameOf(lacking, scope));
  return withoutVariables(expr.test, then, otherwise, scope, evaluator) ?? anyOf([then, otherwise]);
}

function sameText(a: Expr, b: Expr, scope: Scope): boolean {
  const { text } = scope.file;
  return a.end - a.start === b.end - b.start && text.slice(a.start, a.end) === text.slice(b.start, b.end);
}

/** The `x` of `x != null`. */
function isGiven(test: Expr): Expr | undefined {
  return test.kind === "binary" && /^!==?$/.test(test.operator) && isNothing(test.right) ? test.left : undefined;
}

/** The `x` of `x == null`. */
function isLacking(test: Expr): Expr | undefined {
  return test.kind === "binary" && /^===?$/.test(test.operator) && isNothing(test.right) ? test.left : undefined;
}

function isNothing(e: Expr): boolean {
  return (
    (e.kind === "literal" && (e.value === null || e.value === "")) || (e.kind === "name" && e.name === "undefined")
  );
}

/** `x` itself, or a call that is given it: `Integer.parseInt(x)`. */
function holdsText(e: Expr, x: Expr, scope: Scope): boolean {
  return sameText(e, x, scope) || (e.kind === "call" && e.args.some((a) => sameText(a.value, x, scope)));
}

/** How the source names what an option is read from. */
export function nameOf(e: Expr, scope: Scope): string {
  return scope.file.text.slice(e.start, e.end).replace(/\s+/g, " ").slice(0, 40);
}
