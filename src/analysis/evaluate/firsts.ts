/** Functions of the project that give the first of what they are given that is anything: `coalesce(flag, "localhost:80")`. */

import { EACH, type Expr, type Fn, type Stmt } from "../ir.ts";
import type { Scope } from "../scope/scope.ts";
import { type Frame, literal, type Value, withDefault } from "../values.ts";
import type { Evaluator } from "./evaluator.ts";

/** `func first(all ...string) string { for _, v := range all { if v != "" { return v } }; return "" }` */
export function firstGiven(fn: Fn, inner: Scope, evaluator: Evaluator, frame: Frame): Value | undefined {
  if (inner.file.language !== "go" || fn.body.length !== 2) return undefined;
  const [loop, last] = fn.body;
  const list = loop?.kind === "block" && loop.role === "loop" ? lookedThrough(loop.body, inner) : undefined;
  if (!list || last?.kind !== "return") return undefined;
  const items = evaluator.eval(list, inner, frame);
  if (items.t !== "array" || items.items.length === 0) return undefined;
  const otherwise = last.value ? evaluator.eval(last.value, inner, frame) : literal("");
  return items.items.reduceRight((fallback, item) => withDefault(item, fallback), otherwise);
}

/** The list of a loop that returns the first item which is not empty. */
function lookedThrough(body: readonly Stmt[], { file }: Scope): Expr | undefined {
  const item = body.find((s) => s.kind === "declare" && isEach(s.value));
  const ask = body.at(-1);
  if (item?.kind !== "declare" || item.pattern.kind !== "name" || ask?.kind !== "if") return undefined;
  const { name } = item.pattern;
  const [only, ...more] = ask.consequent;
  const gives = only?.kind === "return" && only.value?.kind === "name" && only.value.name === name;
  const asked = file.text.slice(ask.test.start, ask.test.end);
  const isThere = /^(?:strings\.TrimSpace\()?(\w+)\)? != ""$|^len\((\w+)\) (?:> 0|!= 0)$/.test(asked);
  const list = item.value?.kind === "index" ? item.value.object : undefined;
  return gives && more.length === 0 && isThere ? list : undefined;
}

function isEach(e: Expr | undefined): boolean {
  return e?.kind === "index" && e.index.kind === "literal" && e.index.value === EACH;
}
