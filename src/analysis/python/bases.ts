/** Which of the bases of a class `super()` leads to. */
import type { Evaluator } from "../evaluate/evaluator.ts";
import type { Scope } from "../scope/scope.ts";
import type { Value } from "../values.ts";

/** Of several bases the last one that is no mixin and no list of what heirs must have: what `super()` leads to in the end. */
export function superclass(scope: Scope, evaluator: Evaluator): Value | undefined {
  for (let s: Scope | undefined = scope; s; s = s.parent) {
    if (s.kind !== "class") continue;
    const { parent } = s;
    const bases = (s.class?.bases ?? []).map((base) => evaluator.eval(base, parent ?? scope));
    const all = bases.filter((b) => b.t === "ref" || b.t === "class");
    return all.filter((b) => all.length === 1 || isMade(b, evaluator)).at(-1) ?? all.at(-1);
  }
  return undefined;
}

/** Has it a constructor, of its own or of a library? `class Server(metaclass=ABCMeta)` only says what its heirs have. */
function isMade(base: Value, evaluator: Evaluator, depth = 0): boolean {
  if (base.t === "ref") return !/^(?:object|abc\.\w+|(?:typing|typing_extensions)\.\w+.*)$/.test(base.path);
  if (base.t !== "class" || depth > 3) return false;
  const { scope } = base;
  if (scope.class?.members.some((m) => m.fn && m.name === "__init__")) return true;
  return (scope.class?.bases ?? []).some((b) => isMade(evaluator.eval(b, scope.parent ?? scope), evaluator, depth + 1));
}
