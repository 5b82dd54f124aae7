/** A call as the catalogues look at it: its arguments by place, by name, and inside of objects. */

import type { Evaluator } from "./evaluate/evaluator.ts";
import { member } from "./evaluate/members.ts";
import { lacked } from "./evaluate/spread.ts";
import { type Call, type Expr, lastName } from "./ir.ts";
import type { Scope } from "./scope/scope.ts";
import type { CallView } from "./semantics.ts";
import { lostOf, WHERE } from "./settings/declared-options.ts";
import { ABSENT, alternatives, anyOf, type Frame, isKeyed, PARSED, UNKNOWN, type Value } from "./values.ts";

export function view(
  evaluator: Evaluator,
  target: Value & { t: "ref" },
  expr: Call,
  scope: Scope,
  frame: Frame | undefined,
): CallView {
  const arg = (index: number): Value => {
    let at = 0;
    for (const a of expr.args) {
      if (a.name !== undefined) continue;
      if (!a.spread) {
        if (at++ === index) return evaluator.eval(a.value, scope, frame);
        continue;
      }
      // Python's `**options` fills no place.
      if (scope.file.language === "python" && scope.file.text.startsWith("**", a.value.start - 2)) continue;
      const list = evaluator.eval(a.value, scope, frame);
      if (list.t !== "array") return UNKNOWN;
      if (index < at + list.items.length) return list.items[index - at] as Value;
      at += list.items.length;
    }
    return ABSENT;
  };
  return {
    path: target.path,
    call: expr,
    scope,
    receiver: target.receiver ?? UNKNOWN,
    arg,
    named: (name) => {
      const a = expr.args.find((x) => x.name === name);
      if (a) return evaluator.eval(a.value, scope, frame);
      for (const s of expr.args.filter((x) => x.spread)) {
        const { start, end } = s.value;
        const read = evaluator.eval({ kind: "member", object: s.value, property: name, start, end }, scope, frame);
        const inner = (read.t === "unknown" && lacked(evaluator, s.value, name, scope, frame)) || read;
        if (inner.t !== "absent" && (inner.t !== "ref" || isWritten(evaluator, s.value, name, scope, frame)))
          return inner;
        // Of what a library read from a file: by its name it may be found there.
        const owner = lastName(s.value);
        const lost = { name, ...(owner === undefined ? {} : { owner }), file: scope.file };
        if (inner.t === "ref" && WHERE.test(name)) return PARSED.test(inner.path) ? { t: "unknown", lost } : UNKNOWN;
      }
      return scope.file.language === "ruby" ? inHash(evaluator, expr, name, scope, frame) : ABSENT;
    },
    option: (index, key) => {
      const value = arg(index);
      // With what is assigned to the object before it is given: `options.key = …`.
      const given = expr.args.filter((x) => x.name === undefined)[index]?.value;
      if (given?.kind === "name" && alternatives(value).some((v) => v.t === "object")) {
        const { start, end } = given;
        return evaluator.eval({ kind: "member", object: given, property: key, start, end }, scope, frame);
      }
      return value.t === "absent" ? ABSENT : anyOf(alternatives(value).map((v) => member(evaluator, v, key)));
    },
    count: expr.args.length,
  };
}

/** `OpenStruct.new(defaults)`, `SimpleNamespace(**settings)`: what is read of it by a name is what it was given under that name. */
export function namespaceOf({ call, scope, named }: CallView, evaluator: Evaluator): Value {
  const whole = call.args.filter((a) => a.name === undefined).map((a) => evaluator.eval(a.value, scope));
  const members = new Map(call.args.flatMap(({ name }) => (name === undefined ? [] : [[name, named(name)] as const])));
  // What it is given afterwards is laid to an object of its own.
  if (whole.length === 0) return { t: "record", members };
  // What lies below says what it lacks.
  const rest = whole.every(isKeyed) ? ABSENT : UNKNOWN;
  return { t: "layers", of: [...whole, { t: "record", members, rest }] };
}

/** Is it an object of the program's that names the member, whatever was found under it? */
function isWritten(evaluator: Evaluator, spread: Expr, name: string, scope: Scope, frame: Frame | undefined): boolean {
  return alternatives(evaluator.eval(spread, scope, frame)).some(
    (v) =>
      (v.t === "object" && v.expr.entries.some((e) => e.key === name)) || (v.t === "record" && v.members.has(name)),
  );
}

/** Ruby's keywords, given as a hash: `HTTPServer.new(config)`. */
function inHash(evaluator: Evaluator, expr: Call, name: string, scope: Scope, frame: Frame | undefined): Value {
  const given = expr.args.filter((a) => a.name === undefined && !a.spread && a.value.kind !== "function").at(-1)?.value;
  if (!given || given.kind === "literal") return ABSENT;
  const { start, end } = given;
  const found = evaluator.eval({ kind: "member", object: given, property: name, start, end }, scope, frame);
  // What it may hold is only asked after where something has to be there.
  const nothing = found.t === "unknown" || found.t === "derived";
  // A hash that is known holds something there which is not.
  const held = found.t === "ref" && /^(object|record|layers)$/.test(evaluator.eval(given, scope, frame).t);
  const lost = held ? lostOf(found) : undefined;
  if (held) return WHERE.test(name) ? { t: "unknown", ...(lost && { lost }) } : ABSENT;
  return found.t === "ref" || (nothing && !WHERE.test(name)) ? ABSENT : found;
}
