/** Of two values, which is in force when nobody chooses anything: `test ? then : otherwise`, `a || b`; and what two make. */
import { escaped } from "../../base/escaped.ts";
import { unlessRead } from "../defaults/file-guards.ts";
import { differs } from "../defaults/host-guards.ts";
import { asksForArguments } from "../defaults/joined.ts";
import { holdsOnLinux } from "../defaults/other-systems.ts";
import { withoutVariables } from "../defaults/unset.ts";
import { format } from "../format.ts";
import { type Binary, type Call, type Conditional, type Expr, lastName } from "../ir.ts";
import type { Scope } from "../scope/scope.ts";
import { followedByName } from "../settings/declared-options.ts";
import {
  anyOf,
  envNames,
  type Frame,
  isAllInterfaces,
  isKeyed,
  isLocal,
  isLost,
  isNull,
  literal,
  textOf,
  UNKNOWN,
  type Value,
  withDefault,
} from "../values.ts";
import type { Evaluator } from "./evaluator.ts";
import { isLeftOut } from "./params.ts";
import { asksFor, isOpenVariable } from "./returns.ts";
import { namedFields } from "./types.ts";
import { byVariant } from "./variants.ts";

export function conditional(evaluator: Evaluator, expr: Conditional, scope: Scope, frame: Frame | undefined): Value {
  const then = evaluator.eval(expr.consequent, scope, frame);
  const otherwise = evaluator.eval(expr.alternate, scope, frame);
  const variant = byVariant(evaluator, expr.test, [then, otherwise], scope);
  if (variant) return variant;
  const test = evaluator.eval(expr.test, scope, frame);
  if (test.t === "literal") return test.value ? then : otherwise;
  // `policy if policy is not None else Policy(host)`, where nobody gives one.
  const unsaid = (e: Expr, v: Value): boolean =>
    v.t === "instance" && asksOf(expr.test, e, scope) && isLeftOut(evaluator, e, scope, frame);
  if (unsaid(expr.consequent, then)) return otherwise;
  if (unsaid(expr.alternate, otherwise)) return then;
  const onLinux = holdsOnLinux(expr.test, scope);
  if (onLinux !== undefined) return onLinux ? then : otherwise;
  const other = differs(expr.test, scope, evaluator, frame);
  if (other !== undefined) return other ? then : otherwise;
  // `host ? host : "localhost"`, `host != null ? cast(host) : "localhost"`, `host == null ? "localhost" : host`
  const given = isGiven(expr.test);
  // `row[0] if row else "localhost"`: a part of what may be missing.
  if (
    given
      ? holdsText(expr.consequent, given, scope)
      : sameText(expr.test, expr.consequent, scope) || isPartOf(expr.consequent, expr.test, scope)
  )
    return withDefault(then, otherwise, nameOf(expr.consequent, scope));
  const asked = asksForArguments(expr.test, scope);
  if (asked === "given") return withDefault({ t: "option", name: "argument" }, otherwise);
  if (asked === "none") return withDefault({ t: "option", name: "argument" }, then);
  const lacking = isLacking(expr.test);
  if (lacking && holdsText(expr.alternate, lacking, scope)) return withDefault(otherwise, then, nameOf(lacking, scope));
  const said = unlessSaid(expr, scope);
  if (said) {
    const other = evaluator.eval(said.otherwise, scope, frame);
    // Of no host the framework makes all of them: `host === "*" ? undefined : host`.
    if (isAll(other) || (said.word === "*" && (other.t === "absent" || isNull(other))))
      return evaluator.eval(said.plain, scope, frame);
  }
  const chosen = isOneOfWords(expr.test, expr.consequent, scope) ? "then" : orElse(expr, scope);
  if (chosen === "then") return withDefault(then, otherwise, nameOf(expr.consequent, scope));
  if (chosen === "otherwise") return withDefault(otherwise, then, nameOf(expr.alternate, scope));
  // `typeof raw === "string" && raw.length > 0 ? raw : "localhost"`, `name in process.env ? process.env[name] : "localhost"`
  if (asksWhetherSet(expr.test, then, scope, evaluator, frame)) return withDefault(then, otherwise);
  if (asksWhetherSet(expr.test, otherwise, scope, evaluator, frame)) return withDefault(otherwise, then);
  return withoutVariables(expr.test, then, otherwise, scope, evaluator) ?? anyOf([then, otherwise]);
}

/** A text that it has to be, or to hold. */
const SAYS =
  /[=!]==?\s*["'`][^"'`]+["'`]|["'`][^"'`]+["'`]\s*[=!]==?|[.\w](?:includes|contains|startsWith|endsWith|test|match|indexOf|equals\w*)\(/i;

/** Does the condition ask whether the variable is there, and not what it says? */
function asksWhetherSet(test: Expr, v: Value, scope: Scope, evaluator: Evaluator, frame: Frame | undefined): boolean {
  if (!isOpenVariable(v)) return false;
  const text = scope.file.text.slice(test.start, test.end).replace(/\btypeof [\w.?[\]$]+ ?[!=]==? ?["'`]\w+["'`]/g, "");
  return !SAYS.test(text) && asksFor({ test }, v, scope, evaluator, frame);
}

/** Does the condition ask after the name? */
function asksOf({ start, end }: Expr, e: Expr, { file: { text } }: Scope): boolean {
  return e.kind === "name" && text.slice(start, end).split(/\W+/).includes(e.name);
}

function sameText(a: Expr, b: Expr, { file: { text } }: Scope): boolean {
  // Of `api?.host != null ? api.host : …` both are the same, too.
  const read = ({ start, end }: Expr): string => text.slice(start, end).replaceAll("?.", ".");
  return Math.abs(a.end - a.start - (b.end - b.start)) < 8 && read(a) === read(b);
}

/** `x.host`, `x[0]` of `x`. */
function isPartOf(e: Expr, x: Expr, scope: Scope): boolean {
  return (e.kind === "member" || e.kind === "index") && x.kind === "name" && sameText(e.object, x, scope);
}

/** The `x` of `x != null`. */
function isGiven(test: Expr): Expr | undefined {
  return test.kind === "binary" && /^!==?$/.test(test.operator) && isNothing(test.right) ? test.left : undefined;
}

/** The `x` of `x == null`. */
function isLacking(test: Expr): Expr | undefined {
  return test.kind === "binary" && /^===?$/.test(test.operator) && isNothing(test.right) ? test.left : undefined;
}

function isNothing(e: Expr): boolean {
  return (
    (e.kind === "literal" && (e.value === null || e.value === "")) || (e.kind === "name" && e.name === "undefined")
  );
}

/** `x` itself, a call that is given it (`Integer.parseInt(x)`), or a choice of which it is one. */
function holdsText(e: Expr, x: Expr, scope: Scope): boolean {
  if (e.kind === "conditional") return holdsText(e.consequent, x, scope) || holdsText(e.alternate, x, scope);
  return sameText(e, x, scope) || (e.kind === "call" && e.args.some((a) => sameText(a.value, x, scope)));
}

/** `x == "*" ? IPAddress.Any : parse(x)`, `host === true ? "0.0.0.0" : host`: a word that somebody has to write, and what `x` is without it. */
function unlessSaid(
  { test, consequent, alternate }: Conditional,
  scope: Scope,
): { plain: Expr; otherwise: Expr; word: string } | undefined {
  if (test.kind !== "binary" || !/^[!=]==?$/.test(test.operator)) return undefined;
  const { left, right } = test;
  const word = right.kind === "literal" && (right.value === true ? "true" : right.value);
  if (typeof word !== "string" || word === "") return undefined;
  const [plain, otherwise] = test.operator.startsWith("!") ? [consequent, alternate] : [alternate, consequent];
  return holdsText(plain, left, scope) ? { plain, otherwise, word } : undefined;
}

/** `x === "0.0.0.0" || x === "127.0.0.1" ? x : "127.0.0.1"`: one of the words that may be given. */
function isOneOfWords(test: Expr, x: Expr, scope: Scope): boolean {
  if (test.kind !== "binary") return false;
  if (test.operator === "||") return isOneOfWords(test.left, x, scope) && isOneOfWords(test.right, x, scope);
  return /^===?$/.test(test.operator) && test.right.kind === "literal" && sameText(test.left, x, scope);
}

/** The same as other languages write it: `isset($x) ? $x : 80`, `x is None ? 80 : x`: the branch that counts where it is there. */
function orElse(
  { test, consequent, alternate }: Expr & { kind: "conditional" },
  scope: Scope,
): "then" | "otherwise" | undefined {
  const asked = scope.file.text.slice(test.start, Math.min(test.end, test.start + 160));
  const isAsked = (e: Expr): boolean => {
    if (e.kind === "literal" || e.end - e.start > 80) return false;
    const text = scope.file.text.slice(e.start, e.end);
    const at = asked.indexOf(text);
    // The first may stand in another name.
    const isWord = (): boolean => new RegExp(`(?<![\\w.$])${escaped(text)}(?![\\w.$])`).test(asked);
    return at >= 0 && (!/[\w.$]/.test(asked[at + e.end - e.start] ?? "") || isWord());
  };
  // `v === undefined || v === "" ? usual : String(v)`, `v.trim()`
  const isMade = (e: Expr): boolean =>
    isAsked(e) ||
    (e.kind === "call" &&
      (e.args.length > 0
        ? e.args.length === 1 && e.callee.kind === "name" && e.args.some((a) => isAsked(a.value))
        : e.callee.kind === "member" && isAsked(e.callee.object)));
  if (/\b(and|or)\b|[<>]/.test(asked.replaceAll("->", "."))) return undefined;
  const key = keyAsked(test);
  if (key !== undefined && keyRead(consequent) === key) return "then";
  const missing =
    /^(!|not )|[=!]?==? ?(null|nil|undefined|None|""|''|["']undefined["'])|\bis None\b|\.nil\?|\bempty\(|\.blank\?|\.empty\?|^is_null\(/.test(
      asked,
    ) && !/!==?|\bis not\b|^!empty|^(!|not )\s*(empty|is_null)/.test(asked);
  // `v == null || v.isEmpty() ? "localhost" : v`
  if (missing) return !asked.includes("&&") && isMade(alternate) ? "otherwise" : undefined;
  if (asked.includes("||")) return undefined;
  const compared = /===?\s*["'\d\w]/.test(asked) && !/^typeof [\w.?$]+ ?===? ?["'](?:string|number)["']$/.test(asked);
  return !compared && isAsked(consequent) ? "then" : undefined;
}

/** `cmd.hasOption("host") ? cmd.getOptionValue("host") : …`: the key that is asked for before it is read. */
function keyAsked(test: Expr): string | undefined {
  if (
    test.kind !== "call" ||
    !/^_?(?:has|contains|exists|is_?(?:set|present|given)|got)/i.test(lastName(test.callee) ?? "")
  )
    return undefined;
  return onlyText(test.args);
}

/** The key by which it is read, also within what makes something of it: `parse(cmd.get("host"))`. */
function keyRead(e: Expr, depth = 0): string | undefined {
  if (e.kind === "index") return e.index.kind === "literal" ? String(e.index.value) : undefined;
  if (e.kind !== "call") return undefined;
  const first = e.args.length === 1 && depth < 2 ? e.args[0]?.value : undefined;
  return onlyText(e.args) ?? (first ? keyRead(first, depth + 1) : undefined);
}

/** The one text among what is given: `array_key_exists("host", $options)`. */
function onlyText(args: Call["args"]): string | undefined {
  // `values.has(key) ? values.get(key) : DEFAULTS.get(key)`
  const [one, ...more] = args;
  if (one?.value.kind === "name" && more.length === 0) return `${one.value.name}()`;
  const texts = args.filter((a) => a.value.kind === "literal" && typeof a.value.value === "string");
  const [only] = texts;
  return texts.length === 1 && only?.value.kind === "literal" ? String(only.value.value) : undefined;
}

/** `a || b`, `a + b`, `"%s:%d" % (a, b)`. */
export function binary(evaluator: Evaluator, expr: Binary, scope: Scope, frame: Frame | undefined): Value {
  const { operator } = expr;
  if (operator === "||") {
    const fallback = evaluator.eval(expr.right, scope, frame);
    const value = evaluator.eval(expr.left, scope, frame);
    if (fallback.t === "absent") return value;
    if (value.t === "instance" && isLeftOut(evaluator, expr.left, scope, frame)) return fallback;
    // Rust's `match read(path) { Ok(text) => toml::from_str(&text)?, Err(_) => Config::default() }`
    if (isLost(value) && isKeyed(fallback) && scope.file.language === "rust") return unlessRead(fallback);
    return withDefault(
      isAllInterfaces(fallback) ? declaredLocal(value, scope, evaluator) : value,
      fallback,
      nameOf(expr.left, scope),
    );
  }
  if (operator === "&&" || operator === "=") return evaluator.eval(expr.right, scope, frame);
  const left = evaluator.eval(expr.left, scope, frame);
  const right = evaluator.eval(expr.right, scope, frame);
  if (operator === "+" || operator === "." || operator === "..") {
    // PHP's union of arrays: the left one counts.
    const isPhp = operator === "+" && scope.file.language === "php";
    if (isPhp ? isKeyed(left) || isKeyed(right) : isKeyed(left) && isKeyed(right))
      return { t: "layers", of: [right, left] };
    if (
      left.t === "literal" &&
      right.t === "literal" &&
      typeof left.value === "number" &&
      typeof right.value === "number"
    )
      return literal(left.value + right.value);
    return { t: "text", parts: [left, right].flatMap((v) => (v.t === "text" ? v.parts : [v])) };
  }
  // Python's `DEFAULTS | given`
  if (operator === "|" && (isKeyed(left) || isKeyed(right)) && scope.file.language === "python")
    return { t: "layers", of: [left, right] };
  const pattern =
    operator === "%" && !(left.t === "literal" && typeof left.value === "number") ? textOf(left) : undefined;
  if (pattern !== undefined) return format(pattern, itemsOf(evaluator, right) ?? [right]);
  const of = [left, right].filter((v) => envNames(v).size > 0);
  return of.length ? { t: "derived", of } : UNKNOWN;
}

/** Of a tuple, also of one whose items have names. */
function itemsOf(evaluator: Evaluator, v: Value): readonly Value[] | undefined {
  if (v.t === "array") return v.items;
  const made = v.t === "layers" ? v.of[0] : v;
  const fields = made?.t === "instance" ? namedFields(made.scope) : undefined;
  return fields?.map((name) => evaluator.member(v, name));
}

/** The same, as an address or as `HttpListener` has it: `ip == "0.0.0.0" ? "+" : ip`. */
function isAll(v: Value): boolean {
  return isAllInterfaces(v) || /^[*+]$/.test(textOf(v) ?? "");
}

/** `options.host || "0.0.0.0"`, where the option is declared with a localhost of its own: it is always there. */
function declaredLocal(value: Value, scope: Scope, evaluator: Evaluator): Value {
  if (value.t === "env" && value.default) return { ...value, default: declaredLocal(value.default, scope, evaluator) };
  if (value.t !== "unknown" || !value.lost || evaluator.isHalfSpent()) return value;
  // Declared here, without a localhost: what another program calls so is not this one's.
  if (new RegExp(`option\\w*\\(\\s*["'\`][^"'\`]*\\b${escaped(value.lost.name)}\\b`).test(scope.file.text))
    return value;
  const declared = followedByName(value, undefined, scope, evaluator);
  const usual = declared.t === "option" && !declared.open ? declared.default : undefined;
  return usual && isLocal(usual) ? declared : value;
}

/** How the source names what an option is read from. */
export function nameOf(e: Expr, scope: Scope): string {
  return scope.file.text.slice(e.start, e.end).replace(/\s+/g, " ").slice(0, 40);
}
