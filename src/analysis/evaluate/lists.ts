/** What a list, or another collection, gives: its items, and what its methods make of them. */

import { type Call, EACH, EACH_KEY, type Expr } from "../ir.ts";
import type { Scope } from "../scope/scope.ts";
import {
  ABSENT,
  alternatives,
  anyOf,
  ENVIRON,
  eachOf,
  envNames,
  type Frame,
  isKeyed,
  isLost,
  literal,
  partsOf,
  textOf,
  UNKNOWN,
  usually,
  type Value,
} from "../values.ts";
import { heldUnder, indexed } from "./answers.ts";
import { withAssigned } from "./assigned.ts";
import { first, MAX_DEPTH } from "./calls.ts";
import type { Evaluator } from "./evaluator.ts";
import { isLostAddress } from "./lost.ts";
import { member } from "./members.ts";
import { returned } from "./returns.ts";

const LIST_METHOD = /^(iter|into_iter|collect|to_vec|as_slice|into_boxed_slice)$/;

/** `list[0]`, `settings["host"]`, any one of a list. */
export function item(
  evaluator: Evaluator,
  expr: Expr & { kind: "index" },
  scope: Scope,
  frame: Frame | undefined,
): Value {
  const object = evaluator.eval(expr.object, scope, frame);
  const index = evaluator.eval(expr.index, scope, frame);
  // One of a list that was lost is called as the list is: `for address in config.get("server", "hosts")`.
  if (index.t === "literal" && index.value === EACH && isLostAddress(object)) return object;
  if (index.t === "literal" && index.value === EACH) return eachOf(rangedOver(evaluator, object));
  if (index.t === "literal" && index.value === EACH_KEY) return UNKNOWN;
  const held = heldUnder(evaluator, object, index, scope);
  if (held) return held;
  // `os.environ["HOST"]` raises where there is none.
  const variable = object.t === "environ" ? member(evaluator, object, textOf(index) ?? "") : undefined;
  if (variable?.t === "env" && scope.file.language === "python") return { ...variable, needed: true };
  const byName = expr.object.kind === "member" || (expr.object.kind === "name" && isLost(object));
  if (expr.index.kind === "literal" && typeof expr.index.value === "string" && byName)
    return withAssigned(
      evaluator,
      member(evaluator, object, expr.index.value),
      expr.object,
      expr.index.value,
      scope,
      frame,
    );
  // `HOSTS[os.getenv("VISIBILITY", "local")]`: the entry of what it is unless somebody says otherwise.
  const usual = index.t === "env" || index.t === "option" ? textOf(index.default) : undefined;
  const entry = usual !== undefined && isKeyed(object) ? member(evaluator, object, usual) : UNKNOWN;
  if (entry.t === "literal") return { ...(index as Value & { t: "env" | "option" }), default: entry };
  const asked = indexed(evaluator, object, index);
  if (asked) return asked;
  const keys = alternatives(index);
  // Also `process.env["APP_" + name]`.
  const names = keys.map(textOf);
  if (names.every((n) => n !== undefined)) return anyOf(names.map((n) => member(evaluator, object, n)));
  if (object.t === "environ") return { t: "derived", of: [ENVIRON] };
  if (isCommandLine(object)) return object;
  if (object.t === "array") return eachOf(object);
  return envNames(object).size ? { t: "derived", of: [object] } : UNKNOWN;
}

/** Undefined where it is no list, or another method. */
export function ofList(
  evaluator: Evaluator,
  object: Value,
  method: string,
  expr: Call,
  scope: Scope,
  frame: Frame | undefined,
): Value | undefined {
  if (isCommandLine(object)) return ofCommandLine(object, method);
  // Java's `Optional.ofNullable(env.get("HOST")).filter(s -> !s.isBlank())`: what it is, or nothing.
  if (method === "filter" && scope.file.language === "java" && object.t === "env") return object;
  const depth = (frame?.depth ?? 0) + 1;
  if (object.t === "array" && LIST_METHOD.test(method)) return object;
  // `[host, port].join(":")`
  if (object.t === "array" && method === "join" && expr.args.length === 1) {
    const between = evaluator.eval(first(expr), scope, frame);
    return { t: "text", parts: object.items.flatMap((item, i) => (i > 0 ? [between, item] : [item])) };
  }
  // C#'s `urls.Split(';')`
  const by =
    method === "Split" && scope.file.language === "csharp" ? evaluator.eval(first(expr), scope, frame) : ABSENT;
  const separator = textOf(by);
  if (separator && textOf(usually(object)) !== undefined) return { t: "array", items: partsOf(object, separator) };
  const each = method === "map" && lists(object) ? evaluator.eval(first(expr), scope, frame) : undefined;
  if (each?.t === "function" && depth <= MAX_DEPTH) {
    const given = (value: Value): Frame => ({
      fn: each.fn,
      arguments: [{ value }],
      self: each.self,
      parent: frame,
      depth,
    });
    return ofLists(object, (items) => ({
      t: "array",
      items: items.map((item) => returned(evaluator, each, given(item))),
    }));
  }
  // Which ones stay, and so which is the first, is not known.
  if (method === "filter" && lists(object))
    return ofLists(object, (items) => ({ t: "array", items: items.length > 0 ? [anyOf(items)] : [] }));
  if (object.t !== "array" || method !== "find") return undefined;
  const asked = evaluator.eval(first(expr), scope, frame);
  return (asked.t === "function" ? called(evaluator, object.items, asked, frame) : undefined) ?? anyOf(object.items);
}

/** The arguments that the program is started with, of which nobody gives any by itself. */
export function isCommandLine(v: Value): v is Value & { t: "option" } {
  return v.t === "option" && v.default === undefined && (v.name === "argument" || v.name === "argv");
}

/** `args.slice(2)`, `argv.shift()`, `args.indexOf("--host")`. */
function ofCommandLine(object: Value & { t: "option" }, method: string): Value | undefined {
  if (/^(slice|splice|filter|shift|pop|concat|find|findLast|at|next|split|replace)$/.test(method)) return object;
  if (/^(indexOf|lastIndexOf|findIndex|index)$/.test(method)) return { ...object, default: literal(-1) };
  return /^(includes|some|include\?)$/.test(method) ? { ...object, default: literal(false) } : undefined;
}

/** `list.find((x) => x.name === name)`: the item that is called so, where the names of all are known. */
function called(
  evaluator: Evaluator,
  items: readonly Value[],
  { fn, scope, self }: Value & { t: "function" },
  frame: Frame | undefined,
): Value | undefined {
  const [only] = fn.body;
  const test = fn.body.length === 1 && only?.kind === "return" ? only.value : undefined;
  const inner = scope.file.fnScopes.get(fn);
  if (test?.kind !== "binary" || !/^===?$/.test(test.operator) || !inner) return undefined;
  const depth = (frame?.depth ?? 0) + 1;
  for (const item of items) {
    const within: Frame = { fn, arguments: [{ value: item }], self, parent: frame, depth };
    const [left, right] = [test.left, test.right].map((e) => textOf(evaluator.eval(e, inner, within)));
    if (left === undefined || right === undefined) return undefined;
    if (left === right) return item;
  }
  return undefined;
}

/** What a loop over Go's map gives: its items, without their keys. */
export function rangedOver(evaluator: Evaluator, v: Value): Value {
  // `make(map[string]*Server)`: what is put into it later is known by its type.
  if (v.t === "record" && v.rest?.t === "instance" && v.members.size === 0) return { t: "array", items: [v.rest] };
  if (v.t !== "object" || v.scope.file.language !== "go" || v.cls || v.type !== undefined) return v;
  return { t: "array", items: v.expr.entries.map((e) => evaluator.eval(e.value, v.scope, v.frame)) };
}

/** A list, or one of several of which some are known. */
function lists(v: Value): boolean {
  return alternatives(v).some((x) => x.t === "array");
}

/** What is made of the lists that are known; of one that is not, nothing is. */
function ofLists(v: Value, make: (items: readonly Value[]) => Value): Value {
  return anyOf(alternatives(v).map((x) => (x.t === "array" ? make(x.items) : UNKNOWN)));
}
