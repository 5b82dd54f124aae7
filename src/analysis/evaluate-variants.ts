/** What a variant of an enum holds. */
import type { Evaluator } from "./evaluate.ts";
import type { Call } from "./ir.ts";
import type { Scope } from "./scope.ts";
import type { Frame, Value } from "./values.ts";

/** Rust's `Listen::Address(text)`: a variant is used as what it holds. */
export function variantOf(
  evaluator: Evaluator,
  { callee, args }: Call,
  scope: Scope,
  frame: Frame | undefined,
): Value | undefined {
  if (scope.file.language !== "rust" || callee.kind !== "member" || args.length !== 1) return undefined;
  const of = evaluator.eval(callee.object, scope, frame);
  const isVariant =
    of.t === "class" && of.class.members.some((m) => m.name === callee.property && !m.fn && /^[A-Z]/.test(m.name));
  return isVariant ? evaluator.eval(args[0]?.value, scope, frame) : undefined;
}
