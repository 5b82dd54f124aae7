/** Objects that answer for what they are asked by name: `__getattr__`, `method_missing`, `__getitem__`. */

import { lastName } from "../ir.ts";
import type { Scope } from "../scope/scope.ts";
import { anyOf, type Frame, isKeyed, textOf, UNKNOWN, type Value } from "../values.ts";
import type { Evaluator } from "./evaluator.ts";
import { classMember, isGroup } from "./members.ts";
import { returned } from "./returns.ts";

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
  // Ruby's `Settings["host"]`, where the class or the module itself answers.
  const answers = object.t === "instance" || (object.t === "class" && object.scope.file.language === "ruby");
  if (!answers) return undefined;
  const frame = object.t === "instance" ? object.frame : undefined;
  const method = classMember(evaluator, object.scope, INDEXED[object.scope.file.language] ?? "", frame, object);
  const found = method.t === "function" ? answer(evaluator, method, key) : UNKNOWN;
  return found.t === "unknown" || found.t === "absent" ? undefined : found;
}
const INDEXED: Partial<Record<string, string>> = { python: "__getitem__", ruby: "[]", php: "offsetGet" };

/**
 * `get("server.host")` of the program's own, which walks an object by the parts of its key: the member, looked for in what the
 * function begins with.
 */
export function dotted(evaluator: Evaluator, target: Value & { t: "function" }, given: Frame): Value | undefined {
  const { fn, scope } = target;
  const { file } = scope;
  const key = textOf(given.arguments[0]?.value);
  const by = WALKS.exec(file.text.slice(fn.start, Math.min(fn.end, fn.start + 1500)))?.[1];
  const inner = file.fnScopes.get(fn);
  if (key === undefined || by === undefined || !inner || evaluator.isHalfSpent()) return undefined;
  const begun = [...inner.names.values()].flatMap(({ param, sources }) => (param ? [] : (sources[0]?.expr ?? [])));
  const folded = file.calls.flatMap(({ call, scope: at }) =>
    at === inner && FOLDS.test(lastName(call.callee) ?? "") ? call.args.map((a) => a.value) : [],
  );
  for (const expr of [...folded, ...begun]) {
    const whole = evaluator.eval(expr, inner, given);
    if (!isKeyed(whole)) continue;
    const found = key.split(by).reduce<Value>((v, part) => evaluator.member(v, part), whole);
    if (found.t !== "unknown" && found.t !== "absent") return found;
  }
  return undefined;
}
const WALKS = /\b(?:explode\(|split\(?)\s*["'`]([.:/])["'`]/;
const FOLDS = /^(?:reduce|inject|array_reduce)$/;

/** The groups of an object that holds nothing else: settings by the name of an environment. */
function groupsOf(evaluator: Evaluator, { expr, scope, frame }: Value & { t: "object" }): Value[] {
  const all = expr.entries.map((e) => (e.spread ? UNKNOWN : evaluator.eval(e.value, scope, frame)));
  return all.every(isGroup) ? all : [UNKNOWN];
}

/** `configuration["Web:Host"]`: what something of a library holds under a key. */
export function heldUnder(evaluator: Evaluator, object: Value, index: Value, { file }: Scope): Value | undefined {
  const key = object.t === "ref" ? textOf(index) : undefined;
  if (object.t !== "ref" || key === undefined) return undefined;
  return evaluator.project.semantics(file).keyed?.(object.path, key, file, evaluator);
}
