/** Objects that answer for what they are asked by name: `__getattr__`, `method_missing`, `__getitem__`. */
import type { Evaluator } from "./evaluate.ts";
import { classMember, isGroup } from "./evaluate-members.ts";
import { returned } from "./evaluate-returns.ts";
import { anyOf, UNKNOWN, type Value } from "./values.ts";

/** What a method gives that is asked for a member by its name. */
export function answer(evaluator: Evaluator, method: Value & { t: "function" }, key: Value): Value {
  return returned(evaluator, method, {
    fn: method.fn,
    arguments: [{ value: key }],
    self: method.self,
    parent: undefined,
    depth: 1,
  });
}

/** `settings["host"]` of an object whose class says what that is, `settings[process.env.NODE_ENV]` of one with a group for each. */
export function indexed(evaluator: Evaluator, object: Value, key: Value): Value | undefined {
  if (object.t === "object" && key.t === "env") return anyOf(groupsOf(evaluator, object));
  if (object.t !== "instance") return undefined;
  const method = classMember(evaluator, object.scope, INDEXED[object.scope.file.language] ?? "", object.frame, object);
  const found = method.t === "function" ? answer(evaluator, method, key) : UNKNOWN;
  return found.t === "unknown" || found.t === "absent" ? undefined : found;
}
const INDEXED: Partial<Record<string, string>> = { python: "__getitem__", ruby: "[]", php: "offsetGet" };

/** The groups of an object that holds nothing else: settings by the name of an environment. */
function groupsOf(evaluator: Evaluator, { expr, scope, frame }: Value & { t: "object" }): Value[] {
  const all = expr.entries.map((e) => (e.spread ? UNKNOWN : evaluator.eval(e.value, scope, frame)));
  return all.every(isGroup) ? all : [UNKNOWN];
}
