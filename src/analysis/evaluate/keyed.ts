/** Members of the entries of a table, which other functions change by the entry's key: `options["LISTEN"].value = …`. */
import { escaped } from "../../base/escaped.ts";
import { type Expr, lastName } from "../ir.ts";
import type { Scope } from "../scope/scope.ts";
import { anyOf, env, isLocalAddress, textOf, type Value } from "../values.ts";
import type { Evaluator } from "./evaluator.ts";

const WHOLE_ENVIRONMENT = /\bos\.Environ\(\)|\benv::vars\(|\((?:process\.env|os\.environ)\)|\bos\.environ\.items\(/;

/** With what is assigned to it elsewhere, where it is an address of localhost or empty: what is filled in by any key is lost. */
export function assignedByKey(
  evaluator: Evaluator,
  value: Value,
  object: Expr & { kind: "index" },
  property: string,
  { file }: Scope,
): Value {
  const { index } = object;
  const key = index.kind === "literal" && typeof index.value === "string" ? index.value : "";
  const items = value.t === "array" ? value.items : [value];
  const isEmpty = textOf(value) === "";
  if (!/^[\w.-]{3,}$/.test(key) || !(isEmpty || (items.length > 0 && items.every(isLocalAddress)))) return value;
  if (isEmpty && /^[A-Z][A-Z\d_]+$/.test(key)) {
    // `for _, line := range os.Environ() { … field := options[key]; field.value = … }`
    const filled = evaluator.project.matching(new RegExp(`\\b\\w+\\.${escaped(property)}\\s*=[^=]`), file);
    if (filled.some((m) => WHOLE_ENVIRONMENT.test(m.text))) return env(key, value);
  }
  const by = isEmpty ? String.raw`\w+` : `["'\`]${escaped(key)}["'\`]`;
  const all: Value[] = [];
  for (const module of evaluator.project.matching(new RegExp(`\\[${by}\\]\\.${escaped(property)}\\s*=[^=]`), file))
    for (const { target, value: given, scope } of module.assigns) {
      if (target.kind !== "member" || target.property !== property || target.object.kind !== "index") continue;
      const at = target.object.index;
      const isOwn = at.kind === "literal" && at.value === key;
      if (isOwn) all.push(evaluator.eval(given, scope));
      else if (isEmpty && at.kind === "name" && lastName(target.object.object) === lastName(object.object))
        return { t: "unknown", lost: { name: key, file } };
    }
  return all.length > 0 ? anyOf([value, ...all]) : value;
}
