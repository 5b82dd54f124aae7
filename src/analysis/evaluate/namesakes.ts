/** A field and a method of one name: which of them is meant. */

import type { Expr } from "../ir.ts";
import type { Scope } from "../scope/scope.ts";
import type { Value } from "../values.ts";
import type { Evaluator } from "./evaluator.ts";
import { classMember } from "./members.ts";

/** Rust and Java know a field and a method of one name apart: `self.address` beside `self.address()`. */
export function namesake(
  evaluator: Evaluator,
  object: Value,
  found: Value,
  expr: Expr & { kind: "member" },
  scope: Scope,
): Value | undefined {
  const { language, text } = scope.file;
  const cls =
    object.t === "object" ? object.cls : object.t === "instance" || object.t === "class" ? object.scope : null;
  if (!cls || !/^(rust|java)$/.test(language)) return undefined;
  const called = isCalled(expr, text);
  const members = cls.class?.members.filter((m) => m.name === expr.property) ?? [];
  const frame = object.t === "instance" ? object.frame : undefined;
  if (called && found.t !== "function" && object.t === "object" && members.some((m) => m.fn))
    return classMember(evaluator, cls, expr.property, undefined, object);
  const isField = cls.fields.has(expr.property) || members.some((m) => !m.fn);
  if (called || found.t !== "function" || !isField || !members.some((m) => m.fn)) return undefined;
  return classMember(evaluator, cls, expr.property, frame, object, 0, true);
}

/** `return host;` beside a method `host()`: in Java a name that is not called is the field. */
export function isFieldOf({ class: cls, file }: Scope, name: string, at: Expr): boolean {
  return file.language === "java" && !isCalled(at, file.text) && !!cls?.members.some((m) => !m.fn && m.name === name);
}

/** What Java calls by an object has the place of the whole call. */
function isCalled({ end }: Expr, text: string): boolean {
  return text[end - 1] === ")" || /^\s*(?:::\s*<|\()/.test(text.slice(end, end + 8));
}
