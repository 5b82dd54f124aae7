/** Branches over a word that a host is not while nobody gives another: `if host == "*" { return "0.0.0.0" }` of one that is localhost. */
import type { Evaluator } from "../evaluate/evaluator.ts";
import { type Call, type Expr, isUndefined, lastName } from "../ir.ts";
import type { Guard, Scope } from "../scope/scope.ts";
import {
  alternatives,
  type Frame,
  isAllInterfaces,
  isLocalAddress,
  isLost,
  isNull,
  textOf,
  usually,
  type Value,
} from "../values.ts";

/** What it may cost to find out what a condition is about. */
const STEPS = 800;

/** Is a branch not run because of what its host is while nobody gives another? */
export function isForOtherHosts({ test, negated }: Guard, scope: Scope, evaluator: Evaluator, frame?: Frame): boolean {
  return differs(test, scope, evaluator, frame) === negated;
}

/**
 * False for a condition that asks whether a host is another word, or nothing; true for one that asks whether it is not.
 * That it is the word which it asks for is not said: there the branch is mostly for another way to write the same.
 */
export function differs(
  test: Expr,
  scope: Scope,
  evaluator: Evaluator,
  frame: Frame | undefined,
  depth = 0,
): boolean | undefined {
  if (depth > 4) return undefined;
  const inner = (e: Expr): boolean | undefined => differs(e, scope, evaluator, frame, depth + 1);
  const isHere = (of: Expr | undefined, words: readonly Expr[]): boolean =>
    of !== undefined && isOther(of, words, scope, evaluator, frame);
  if (test.kind === "call") {
    const denied = test.callee.kind === "name" && test.callee.name === "!" ? test.args[0]?.value : undefined;
    if (denied) {
      const asked = inner(denied);
      if (asked !== undefined) return !asked;
      return isPath(denied) && MAY_HOLD.test(lastName(denied) ?? "") && isHere(denied, []) ? false : undefined;
    }
    const asked = askedOf(test);
    return asked && isHere(asked.of, asked.words) ? false : undefined;
  }
  if (test.kind !== "binary") return undefined;
  const { operator, left, right } = test;
  if (operator === "||" || operator === "&&") {
    const decides = operator === "||";
    const sides = [inner(left), inner(right)];
    return sides.includes(decides) ? decides : sides.every((s) => s === !decides) ? !decides : undefined;
  }
  if (/^(?:not )?in$/.test(operator))
    return right.kind === "array" && isHere(left, right.items) ? operator !== "in" : undefined;
  if (!/^(?:[!=]==?|is|is not)$/.test(operator)) return undefined;
  const isOn = right.kind === "literal" && right.value === true;
  if (isOn && isPath(left))
    return isNoSwitch(left, scope, evaluator, frame) ? /^(?:!|is not)/.test(operator) : undefined;
  const word = [right, left].find(isWord);
  const of = word === right ? left : right;
  if (!word || !isPath(of)) return undefined;
  return isHere(of, [word]) ? /^(?:!|is not)/.test(operator) : undefined;
}

/** `host.is_empty()`, `string.IsNullOrEmpty(host)`, `"*".equals(host)`, `["*", "all"].includes(host)` */
function askedOf({ callee, args }: Call): { of: Expr | undefined; words: readonly Expr[] } | undefined {
  const name = lastName(callee) ?? "";
  const on = callee.kind === "member" ? callee.object : undefined;
  const [first, second] = args.map((a) => a.value);
  if (EMPTY.test(name)) return { of: first ?? on, words: [] };
  if (EQUAL.test(name)) {
    const sides = second ? [first, second] : [on, first];
    const word = sides.find((e) => e !== undefined && isWord(e));
    return word && { of: sides.find((e) => e !== word), words: [word] };
  }
  return HOLDS.test(name) && on?.kind === "array" && first ? { of: first, words: on.items } : undefined;
}
const EMPTY = /^(?:is_?(?:null_?or_?)?(?:empty|blank|null|none|nil|white_?space)|empty\??|blank\?|nil\?)$/i;
const EQUAL = /^(?:equals(?:_?ignore_?case)?|eq_ignore_ascii_case|EqualFold|eql\?)$/i;
const HOLDS = /^(?:includes|contains|include\?|indexOf)$/i;

function isWord(e: Expr): boolean {
  return e.kind === "literal" ? typeof e.value === "string" || e.value === null : isUndefined(e);
}

/** What holds a host: `host`, `args.host`, `self.host()`, `host.trim()`. */
function isPath(e: Expr): boolean {
  return e.kind === "name" || e.kind === "member" || e.kind === "call" || e.kind === "index";
}

/** Is it a host, localhost while nobody gives another, and none of these words? */
function isOther(
  of: Expr,
  words: readonly Expr[],
  scope: Scope,
  evaluator: Evaluator,
  frame: Frame | undefined,
): boolean {
  // While it is looked at what is assigned in the branch, the branch counts.
  if (evaluator.isOpen(of)) return false;
  const all = alternatives(evaluator.asked(of, STEPS, scope, frame)).map(usually);
  if (!all.some(isLocalAddress) || !all.every(isHost)) return false;
  return words.every((w) => {
    const word = textOf(w.kind === "literal" ? { t: "literal", value: w.value } : undefined);
    return (word !== undefined || isWord(w)) && all.every((v) => textOf(v) !== word);
  });
}

/** `host === true` of one that nobody gives, or of one whose switch was not followed: it is a switch only where somebody writes it. */
function isNoSwitch(of: Expr, scope: Scope, evaluator: Evaluator, frame: Frame | undefined): boolean {
  if (!HOST.test(lastName(of) ?? "") || evaluator.isOpen(of)) return false;
  const all = alternatives(evaluator.asked(of, STEPS, scope, frame));
  return all.every((v) => isLost(v) || isNull(v) || v.t === "absent" || isHost(usually(v)) || isBare(v));
}
/** What may be called so holds a host, or a word for one: of many conditions only these are looked at. */
const MAY_HOLD = /host|addr|bind|listen|interface|^ip$|value|given|input|raw|text|str|trim|^\w{1,2}$/i;
const HOST = /host|addr|bind|listen|interface|^ip$/i;

function isBare(v: Value): boolean {
  return (v.t === "option" || v.t === "env") && (v.default === undefined || v.default.t === "absent");
}

function isHost(v: Value): boolean {
  return isLocalAddress(v) || isAllInterfaces(v);
}
