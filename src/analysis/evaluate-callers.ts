/** What a parameter is: the values that the project's own calls give to it. */
import type { Evaluator } from "./evaluate.ts";
import { overload } from "./evaluate-calls.ts";
import type { Argument, Fn } from "./ir.ts";
import type { Binding } from "./scope.ts";
import { ABSENT, alternatives, anyOf, type Value } from "./values.ts";

/** How many arguments of a rest parameter are followed. */
const MAX_REST = 3;

/** The list that a rest parameter is, as the project's own calls fill it. */
export function restArguments(evaluator: Evaluator, fn: Fn, index: number, b: Binding): Value | undefined {
  const items: Value[] = [];
  for (let i = index; i < index + MAX_REST; i++) {
    const given = callerArguments(evaluator, fn, i, b);
    if (given.length === 0 || given.every((v) => v.t === "absent")) break;
    items.push(anyOf(given));
  }
  return items.length > 0 ? { t: "array", items } : undefined;
}

/** The values that the project's own calls give to a parameter. */
export function callerArguments(evaluator: Evaluator, fn: Fn, index: number, b: Binding): Value[] {
  let known = evaluator.callers.get(fn);
  if (!known) evaluator.callers.set(fn, (known = new Map()));
  const before = known.get(index);
  if (before) return before;
  // Whoever asks again while this is being found out goes in a circle.
  known.set(index, []);
  const found = findCallers(evaluator, fn, index, b);
  known.set(index, found);
  return found;
}

function findCallers(evaluator: Evaluator, fn: Fn, index: number, b: Binding): Value[] {
  const owner = b.scope.parent?.kind === "class" ? b.scope.parent : undefined;
  const isConstructor =
    owner !== undefined &&
    (fn.name === "constructor" ||
      fn.name === "__init__" ||
      fn.name === "initialize" ||
      fn.name === "__construct" ||
      fn.name === owner.class?.name);
  const word = isConstructor ? owner.class?.name : fn.name;
  if (!word || evaluator.isHalfSpent()) return [];
  // Everything in Rust has a `new`: what names the type is looked at.
  const named = (b.scope.file.language === "rust" && !fn.self && owner?.class?.name) || word;
  const out: Value[] = [];
  for (const module of evaluator.project.mentioning(named, b.scope.file)) {
    for (const site of module.calls) {
      const { call } = site;
      const callee = call.callee;
      const last = callee.kind === "name" ? callee.name : callee.kind === "member" ? callee.property : undefined;
      if (last !== word && !(isConstructor && last === "new")) continue;
      const target = alternatives(evaluator.eval(callee, site.scope));
      const hit = isConstructor
        ? target.some((t) => t.t === "class" && t.class === owner.class)
        : target.some((t) => t.t === "function" && overload(t, call).fn === fn);
      if (!hit) continue;
      const arg = pick(call.args, index, b.name);
      const value = arg ? evaluator.eval(arg.value, site.scope) : ABSENT;
      // An overload that hands on what nobody gives it: `init(port) { init(port, null); }`.
      const lost = value.t === "unknown" || value.t === "ref";
      if (lost && site.scope.fn !== fn && site.scope.fn?.name === fn.name) continue;
      out.push(value);
      if (out.length >= 8) return out;
    }
  }
  return out;
}

function pick(args: readonly Argument[], index: number, name: string): Argument | undefined {
  const named = args.find((a) => a.name === name);
  if (named) return named;
  const positional = args.filter((a) => a.name === undefined);
  // What stands behind a spread list stands nobody knows where.
  const spread = positional.findIndex((a) => a.spread);
  return spread >= 0 && spread <= index ? undefined : positional[index];
}
