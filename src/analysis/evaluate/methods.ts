/** Methods of types that stand for something else: Rust's getters, `fn port(&self) -> u16 { self.port }`; the names of Java's constants. */

import { type Call, lastName } from "../ir.ts";
import type { Scope } from "../scope/scope.ts";
import { alternatives, anyOf, type Frame, literal, type Value } from "../values.ts";
import type { Evaluator } from "./evaluator.ts";

/** Does a type have a field and a method of one name? A field is meant where it is not called. */
export function isFieldToo({ file, class: cls }: Scope, name: string): boolean {
  return file.language === "rust" && cls !== undefined && cls.members.some((m) => !m.fn && m.name === name);
}

/** `config.port()` of a type that has a field of this name as well; undefined where it is any other call. */
export function getterOf(object: Value, name: string): Value | undefined {
  const found = alternatives(object).map((v) => methodOf(v, name));
  return found.length > 0 && found.every((v) => v !== undefined) ? anyOf(found) : undefined;
}

/** The method of this name of a value whose type has such a field too. */
export function methodOf(value: Value, name: string): (Value & { t: "function" }) | undefined {
  const of = value.t === "object" ? value.cls : value.t === "instance" || value.t === "class" ? value.scope : undefined;
  const method = of && isFieldToo(of, name) ? of.class?.members.find((m) => m.fn && m.name === name) : undefined;
  return method?.fn && of ? { t: "function", fn: method.fn, scope: of, self: value } : undefined;
}

/** Java's `HOST("app.host", "localhost")` that is asked for its `name()`: the name of the one that was made of these. */
export function nameOfConstant(
  evaluator: Evaluator,
  { callee, args }: Call,
  scope: Scope,
  frame: Frame | undefined,
): Value | undefined {
  if (scope.file.language !== "java" || args.length > 0 || lastName(callee) !== "name") return undefined;
  const of = callee.kind === "member" ? evaluator.eval(callee.object, scope, frame) : frame?.self;
  const names = of ? alternatives(of).map(constantName) : [];
  const known = names.flatMap((name) => (name === undefined ? [] : [literal(name)]));
  return known.length > 0 && known.length === names.length ? anyOf(known) : undefined;
}

function constantName(v: Value): string | undefined {
  if (v.t !== "instance" || !v.frame) return undefined;
  const given = v.frame.arguments.flatMap(({ value }) => (value.t === "literal" && value.at ? [value.at] : []));
  return v.scope.class?.members.find(
    ({ static: own, value: made }) =>
      own &&
      made &&
      given.some(({ scope, expr }) => scope.file === v.scope.file && made.start < expr.start && expr.end < made.end),
  )?.name;
}
