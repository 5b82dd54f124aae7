/** What a dictionary lacks that is spread into a call of Python's: `options = {"debug": False}; app.run(**options)`. */
import { escaped } from "../../base/escaped.ts";
import type { Expr } from "../ir.ts";
import { lookup, type Scope } from "../scope/scope.ts";
import { COMPUTED, LAID } from "../scope/sources.ts";
import { alternatives, anyOf, type Frame, isKeyed, type Value } from "../values.ts";
import { withAssigned } from "./assigned.ts";
import type { Evaluator } from "./evaluator.ts";
import { member } from "./members.ts";

/** The member, or that it is not there, of one that is known whole; undefined where something else may be put into it. */
export function lacked(
  evaluator: Evaluator,
  spread: Expr,
  name: string,
  scope: Scope,
  frame: Frame | undefined,
): Value | undefined {
  if (scope.file.language !== "python") return undefined;
  const all = alternatives(evaluator.eval(spread, scope, frame));
  if (!all.every((v) => v.t === "object" || v.t === "record") || isFilled(evaluator, spread, scope)) return undefined;
  const found = anyOf(all.map((v) => member(evaluator, v, name)));
  return withAssigned(evaluator, found, spread, name, scope, frame);
}

/** By keys that are computed, by what was not followed, or by whom it is handed to. */
function isFilled(evaluator: Evaluator, spread: Expr, scope: Scope): boolean {
  if (spread.kind !== "name") return spread.kind !== "object";
  const binding = lookup(scope, spread.name);
  if (!binding || binding.param || binding.import) return true;
  const { fields, sources, scope: home } = binding;
  const laid = fields.get(LAID) ?? [];
  const given = [...sources, ...laid].map((s) => evaluator.source(s, undefined));
  const word = escaped(spread.name);
  const isPut = new RegExp(
    `(?<!\\*)[(,=:]\\s*${word}\\s*[,)\\n]|\\breturn\\s+${word}\\b|\\b${word}\\[[^"'\\]]|\\b${word}\\.(?!get|pop|update|setdefault|items|keys|copy)\\w`,
  );
  return fields.has(COMPUTED) || !given.every(isKeyed) || isPut.test(home.file.text);
}
