/** What a function of the project returns; of several results the one that counts while no variable is set. */

import { asksForFile, unlessRead } from "../defaults/file-guards.ts";
import { isForOtherHosts } from "../defaults/host-guards.ts";
import { isMissing } from "../defaults/joined.ts";
import { isForOtherSystem } from "../defaults/other-systems.ts";
import { inUsualBranch, isForOtherTexts } from "../defaults/text-guards.ts";
import { askedFor, unasked } from "../defaults/unset.ts";
import { type Argument, asksForError, type Expr, lastName, type ObjectExpr, type Stmt } from "../ir.ts";
import type { Guard, Scope } from "../scope/scope.ts";
import { WHERE } from "../settings/declared-options.ts";
import {
  allOf,
  alternatives,
  anyOf,
  envNames,
  type Frame,
  isKeyed,
  isLocalAddress,
  isLocalList,
  isLost,
  isNull,
  textOf,
  UNKNOWN,
  usually,
  type Value,
  withDefault,
} from "../values.ts";
import type { Evaluator } from "./evaluator.ts";
import { firstGiven } from "./firsts.ts";

export function returned(evaluator: Evaluator, target: Value & { t: "function" }, frame: Frame): Value {
  const inner = target.scope.file.fnScopes.get(target.fn);
  if (!inner) return UNKNOWN;
  const first = firstGiven(target.fn, inner, evaluator, frame);
  if (first) return first;
  const left = returns(target.fn.body).filter(({ guard }) => !guard || !isRuledOut(guard, inner, evaluator, frame));
  // Where one is given back for sure, those behind it are for other texts.
  const sure = left.slice(0, -1).map(({ guard }) => guard && inUsualBranch(guard, inner, evaluator, frame));
  const at = sure.findIndex((s) => s !== undefined);
  const all = at < 0 ? left : left.slice(0, at + 1);
  const apart = takenApart(all, inner, evaluator, frame) ?? byKey(all, inner, evaluator, frame);
  const found = apart ?? inForce(all, inner, evaluator, frame);
  const value = apart ? found : (sure[at]?.(found) ?? found);
  if (value.t !== "unknown" && value.t !== "ref") return value;
  // What a library made is known by the type that the function declares, where that is one of the project's own.
  const declared = target.fn.returns && evaluator.typed(target.fn.returns, target.scope);
  // So is what a method made that was not followed.
  const made = value.t === "ref" && declared?.t === "ref" && /^\w+\(\)$/.test(value.path);
  // That it is a string says less than the name under which it was lost.
  const named = value.t === "unknown" && value.lost !== undefined && WHERE.test(value.lost.name);
  return (value.t === "ref" || named) && declared?.t !== "instance" && !made ? value : (declared ?? UNKNOWN);
}

/** `return host, port, err`: which one counts is found out of each of the results. */
function takenApart(all: readonly Returned[], scope: Scope, evaluator: Evaluator, frame: Frame): Value | undefined {
  const lists = all.map(({ expr }) => (expr.kind === "call" && lastName(expr.callee) === "results!" ? expr.args : []));
  const count = Math.min(...lists.map((l) => l.length));
  if (lists.length === 0 || count === 0) return undefined;
  const at = (i: number): Returned[] =>
    all.map((r, n) => ({ ...r, expr: (lists[n] as Argument[])[i]?.value ?? r.expr }));
  return allOf(Array.from({ length: count }, (_, i) => inForce(at(i), scope, evaluator, frame)));
}

/** `if fallback != "" { return fallback }` of a call that gives it nothing. */
function isRuledOut(guard: Guard, scope: Scope, evaluator: Evaluator, frame: Frame): boolean {
  const { test, negated } = guard;
  if (isForOtherSystem(guard, scope) || isForOtherTexts(guard, scope, evaluator, frame)) return true;
  if (asksForError(test)) return false;
  return holds(test, scope, evaluator, frame) === negated || isForOtherHosts(guard, scope, evaluator, frame);
}

/** Does a comparison hold by what the call gives alone? Undefined where that cannot be told. */
function holds(test: Expr, scope: Scope, evaluator: Evaluator, frame: Frame): boolean | undefined {
  if (test.kind === "name") return isNothing(evaluator.eval(test, scope, frame)) ? false : undefined;
  if (test.kind !== "binary") return undefined;
  const { operator, left, right } = test;
  if (operator === "&&" || operator === "||") {
    const decides = operator === "||";
    const both = [left, right].map((e) => holds(e, scope, evaluator, frame));
    return both.includes(decides) ? decides : both.every((b) => b === !decides) ? !decides : undefined;
  }
  if (!/^[!=]==?$/.test(operator)) return undefined;
  const both = [left, right].map((e) => evaluator.eval(e, scope, frame));
  // `if (flag !== undefined) return flag`, where the call gives no flag.
  if (both.every(isNothing)) return !operator.startsWith("!");
  const [a, b] = both.map(textOf);
  return a === undefined || b === undefined ? undefined : (a === b) === !operator.startsWith("!");
}

function isNothing(v: Value): boolean {
  return v.t === "absent" || isNull(v);
}

interface Returned {
  expr: Expr;
  guard: Guard | undefined;
  /** The condition around that one. */
  outer?: Guard | undefined;
  /** What it returns where something failed. */
  caught: boolean;
}

/** The values that a function returns, without those of functions inside it. */
function returns(body: readonly Stmt[], guard?: Guard, caught = false, outer?: Guard): Returned[] {
  const out: Returned[] = [];
  for (const s of body) {
    if (s.kind === "return" && s.value) out.push({ expr: s.value, guard, caught, outer });
    else if (s.kind === "if")
      out.push(
        ...returns(s.consequent, { test: s.test, negated: false }, caught, guard),
        ...returns(s.alternate, { test: s.test, negated: true }, caught, guard),
      );
    else if (s.kind === "block") out.push(...returns(s.body, guard, caught || s.role === "catch", outer));
  }
  return out;
}

/** `if (env) return { value: env, from: "env" }; return { value: fallback, from: "default" }`: each member by itself. */
function byKey(all: readonly Returned[], scope: Scope, evaluator: Evaluator, frame: Frame): Value | undefined {
  const made = all.flatMap(({ expr }) => (expr.kind === "object" && !expr.type && isPlain(expr) ? [expr.entries] : []));
  const isShared = (key: string | undefined): boolean => made.every((m) => m.some((e) => e.key === key));
  if (made.length < 2 || made.length < all.length || !made[0]?.some((e) => isShared(e.key))) return undefined;
  const members = new Map<string, Value>();
  for (const key of new Set(made.flat().map((e) => e.key as string))) {
    const having = all.flatMap((r, i) => {
      const own = made[i]?.find((e) => e.key === key);
      return own ? [{ ...r, expr: own.value }] : [];
    });
    members.set(key, inForce(having, scope, evaluator, frame));
  }
  return { t: "record", members };
}

function isPlain({ entries }: ObjectExpr): boolean {
  return entries.every((e) => e.key !== undefined && !e.spread);
}

/** `if v := os.Getenv(name); v != "" { return v }; return fallback`, and the other way round. */
function inForce(all: readonly Returned[], scope: Scope, evaluator: Evaluator, frame: Frame): Value {
  const values = all.map((r) => evaluator.eval(r.expr, scope, frame));
  const isOfVariable = ({ guard, outer }: Returned, v: Value): boolean =>
    [guard, outer].some((g) => g && (isFailure(g) || asksFor(g, v, scope, evaluator, frame)));
  let value = values.at(-1);
  if (!value) return anyOf([]);
  for (let i = all.length - 2; i >= 0; i--) {
    const { guard } = all[i] as Returned;
    const own = values[i] as Value;
    // `try: return self.parser.get(section, key) except NoOptionError: return default`
    const inFile = guard && asksForFile(guard);
    // `if os.path.exists(path): return json.load(file)`, or else the program's own table; the other way round, and where it fails.
    // `try { return InetAddress.getByName(host) } catch (UnknownHostException e) { return null }`: failing it is no address.
    if ((all[i + 1] as Returned).caught && isNull(value)) value = own;
    else if (isKeyed(value) && isWhollyLost(own) && ((all[i + 1] as Returned).caught || inFile === true))
      value = unlessRead(value);
    else if (isKeyed(own) && isWhollyLost(value) && inFile === false) value = unlessRead(own);
    else if (isGivenInstead(all[i + 1] as Returned, own)) value = withDefault(own, value);
    else if (guard && isOpenVariable(own) && value.t !== "unknown") value = withDefault(own, value);
    // Nor is a property of the system given by itself.
    else if (guard && isBareOption(own) && isLocalAddress(usually(value))) value = withDefault(own, value);
    // `for (…) if (a === "--" + name) return …; return fallback;`
    else if (guard && isWhollyLost(own) && isDefault(all.at(-1) as Returned)) value = withDefault(own, value);
    // `for key in path.split("."): if key not in node: return default; node = node[key]`, and `return node` at last
    else if (givesUp(all[i] as Returned) && (isWhollyLost(value) || value.t === "option"))
      value = withDefault(isWhollyLost(value) ? UNKNOWN : value, own, keyOf(frame));
    else if (guard && isLostOrNone(own) && isLocalAddress(value) && asksWhetherThere(guard, all[i] as Returned, scope))
      value = withDefault(UNKNOWN, value);
    else if (guard && isLocalAddress(own) && isLackingOf(guard, all.at(-1) as Returned, scope))
      value = withDefault(value, own);
    else if (isOpenVariable(value) && isOfVariable(all[i] as Returned, value)) value = withDefault(value, own);
    else value = (guard && byGuard(guard, own, value, scope, evaluator)) ?? anyOf([own, value]);
  }
  return value;
}

/** Localhost by a condition that nobody makes true, or false, before it is set: what stands under it, or what comes after. */
function byGuard(guard: Guard, own: Value, value: Value, scope: Scope, evaluator: Evaluator): Value | undefined {
  const isHere = isLocalAddress(usually(value)) || isLocalList(value);
  const asked = isHere ? askedFor(guard, scope, evaluator) : undefined;
  if (asked) return { t: asked.by, name: asked.name, default: value };
  const left = isLocalAddress(own) ? unasked(guard, scope, evaluator) : undefined;
  return left && { t: left.by, name: left.name, default: own };
}

/** By its name what is given for where nothing is found. */
function isDefault({ expr, guard }: Returned): boolean {
  return !guard && expr.kind === "name" && OTHERWISE.test(expr.name);
}

/** The same on the way, where something was looked for in vain. */
function givesUp({ expr, guard, caught }: Returned): boolean {
  return (guard !== undefined || caught) && expr.kind === "name" && OTHERWISE.test(expr.name);
}
const OTHERWISE = /^\$?_?(?:default|fallback|dflt|otherwise|def(?:_?val(?:ue)?)?$)/i;

/** What a call asks for: `host` of `get("server.host", "127.0.0.1")` and of `get("server", "host", default="127.0.0.1")`. */
function keyOf({ arguments: given }: Frame): string | undefined {
  const texts = given.flatMap(({ name, value }) =>
    name === undefined && !isLocalAddress(value) ? (textOf(value) ?? []) : [],
  );
  return texts.at(-1)?.split(/[./:]/).at(-1);
}

/** A name, for something that was not followed and failed: a parameter, or a constant. */
function isGivenInstead({ caught, expr }: Returned, own: Value): boolean {
  return caught && expr.kind === "name" && isWhollyLost(own);
}

/** `port, err := strconv.Atoi(v); if err != nil { return fallback }`: nor is what is not set a number. */
function isFailure({ test, negated }: Guard): boolean {
  return (
    !negated &&
    test.kind === "binary" &&
    test.operator.startsWith("!=") &&
    test.left.kind === "name" &&
    /^err(or)?\b/.test(test.left.name) &&
    test.right.kind === "literal" &&
    test.right.value === null
  );
}

/** A variable without a default of its own. */
export function isOpenVariable(v: Value): boolean {
  return v.t === "env" && (v.default === undefined || isNothing(v.default));
}

function isBareOption(v: Value): boolean {
  return v.t === "option" && (v.default === undefined || isNothing(v.default));
}

function isWhollyLost(v: Value): boolean {
  return alternatives(v).every((a) => isLost(a) || isEmptyTable(a));
}

/** `self.data = {}`, which a file may fill. */
function isEmptyTable(v: Value): boolean {
  return v.t === "object" && v.expr.entries.length === 0;
}

/** Not followed, and nothing before: `self.value = None`. What a setter gives to other objects of the class may stand beside it. */
function isLostOrNone(v: Value): boolean {
  const all = alternatives(v).filter((a) => !isNothing(a));
  const isOthers = (a: Value): boolean => a.t === "literal" && typeof a.value !== "string";
  const isFirstNone = all.length < alternatives(v).length;
  return all.length > 0 && all.every((a) => isLost(a) || (isFirstNone && (isOthers(a) || isLocalAddress(usually(a)))));
}

/** `if (settings.contains(key)) return settings.get(key)`, `if (host != null) return host`: of what is there it gives what it is. */
function asksWhetherThere(guard: Guard, { expr }: Returned, scope: Scope): boolean {
  const { test, negated } = guard;
  if (!negated && test.kind === "call" && HAS.test(lastName(test.callee) ?? "")) return true;
  const name = lastName(expr);
  return name !== undefined && isMissing({ test, negated: !negated }, name, scope);
}
const HAS = /^(?:has|contains|includes|exists|isset|is_?set|in$|key\?)/i;

/** `if (host == null) return "localhost"; return host` */
function isLackingOf(guard: Guard, { expr }: Returned, scope: Scope): boolean {
  const name = lastName(expr);
  return name !== undefined && isMissing(guard, name, scope);
}

/** Is the variable asked for by the condition? By `raw.length > 0`, `typeof raw === "string"` and `name in process.env`, too. */
export function asksFor(
  { test }: Pick<Guard, "test">,
  v: Value,
  scope: Scope,
  evaluator: Evaluator,
  frame: Frame | undefined,
): boolean {
  const asked = operands(test).map((e) => evaluator.eval(e, scope, frame));
  const isWhole = asked.some((x) => x.t === "environ");
  return asked.some(
    (x) =>
      (isWhole && v.t === "env" && textOf(x) === v.name) ||
      alternatives(x).some((one) => [...envNames(one)].some((n) => envNames(v).has(n))),
  );
}

/** What a condition asks about: `v == null || v.isEmpty()`. */
function operands(e: Expr, depth = 0): Expr[] {
  if (depth > 4) return [];
  if (e.kind === "binary") return [...operands(e.left, depth + 1), ...operands(e.right, depth + 1)];
  if (e.kind === "member") return [e, ...operands(e.object, depth + 1)];
  if (e.kind === "other") return e.children.flatMap((x) => operands(x, depth + 1));
  if (e.kind !== "call") return [e];
  const inner = [...(e.callee.kind === "member" ? [e.callee.object] : []), ...e.args.map((a) => a.value)];
  return [e, ...inner.flatMap((x) => operands(x, depth + 1))];
}
