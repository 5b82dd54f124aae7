/** What a variant of an enum holds: where it is made, and where it is taken apart. */

import type { Call, Expr } from "../ir.ts";
import type { Scope } from "../scope/scope.ts";
import { anyOf, type Frame, type Value } from "../values.ts";
import type { Evaluator } from "./evaluator.ts";

/** Rust's `Listen::Address(text)`: a variant is used as what it holds. */
export function variantOf(
  evaluator: Evaluator,
  { callee, args }: Call,
  scope: Scope,
  frame: Frame | undefined,
): Value | undefined {
  if (scope.file.language !== "rust" || callee.kind !== "member" || args.length !== 1) return undefined;
  const of = evaluator.eval(callee.object, scope, frame);
  const makes = of.t === "class" && isVariant(of, callee.property);
  return makes ? evaluator.eval(args[0]?.value, scope, frame) : undefined;
}

/**
 * What `Listen::Address(text)` in a pattern gives to `text`: all that the program makes this variant of. Undefined where
 * nothing in it does, or nothing of that was followed.
 */
export function heldBy(evaluator: Evaluator, variant: Expr, scope: Scope): Value | undefined {
  if (scope.file.language !== "rust" || variant.kind !== "member" || evaluator.isHalfSpent()) return undefined;
  const { object, property } = variant;
  const of = evaluator.eval(object, scope);
  if (of.t !== "class" || !of.class.name || !isVariant(of, property)) return undefined;
  const values: Value[] = [];
  for (const module of evaluator.project.mentioning(of.class.name, scope.file))
    for (const { call, scope: at } of module.calls) {
      const { callee, args } = call;
      if (callee.kind !== "member" || callee.property !== property || args.length !== 1) continue;
      const made = evaluator.eval(callee.object, at);
      if (made.t === "class" && made.class === of.class) values.push(evaluator.eval(args[0]?.value, at));
      if (values.length >= MAX_MADE) break;
    }
  return values.some((v) => v.t !== "unknown" && v.t !== "ref" && v.t !== "absent") ? anyOf(values) : undefined;
}

const MAX_MADE = 8;

function isVariant(of: Value & { t: "class" }, name: string): boolean {
  return /^[A-Z]/.test(name) && of.class.members.some((m) => m.name === name && !m.fn);
}
