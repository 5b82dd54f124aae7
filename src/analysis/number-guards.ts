/** Branches for what is a number alone: a port that is given without a host. */
import type { Evaluator } from "./evaluate.ts";
import { type Call, lastName } from "./ir.ts";
import { type Guard, lookup, type Scope } from "./scope.ts";
import { alternatives, type Frame, usualText } from "./values.ts";

/**
 * `if _, err := strconv.Atoi(address); err == nil { address = ":" + address }`: does it only run for a number, and is the
 * address none while nobody gives another?
 */
export function isForNumbers({ test, negated }: Guard, scope: Scope, evaluator: Evaluator, frame?: Frame): boolean {
  if (scope.file.language !== "go" || test.kind !== "binary" || test.left.kind !== "name") return false;
  const asksWhetherNothing = test.right.kind === "literal" && test.right.value === null;
  if (!asksWhetherNothing || /^==/.test(test.operator) === negated) return false;
  const read = readAsNumber(test.left.name, test.start, scope);
  const given = read?.args[0]?.value;
  if (!given) return false;
  const all = alternatives(evaluator.eval(given, scope, frame)).map(usualText);
  return all.length > 0 && all.every((text) => /[^\d?]/.test(text));
}

/** The call that an error comes from, where it makes a number of a text. */
function readAsNumber(name: string, before: number, scope: Scope): Call | undefined {
  const source = lookup(scope, name)?.sources.findLast((s) => s.expr !== undefined && s.expr.end <= before);
  const made = source?.expr?.kind === "call" && lastName(source.expr.callee) === "nth!" ? source.expr : undefined;
  const read = made?.args[0]?.value;
  const isNumber = read?.kind === "call" && /^(?:Atoi|Parse(?:Int|Uint))$/.test(lastName(read.callee) ?? "");
  return isNumber ? read : undefined;
}
