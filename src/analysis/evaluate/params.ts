/** What a parameter is: as it is given in the call that is followed, by a decorator, or by all callers together. */
import { escaped } from "../../base/escaped.ts";
import { isMissing, mentions } from "../defaults/joined.ts";
import { type Expr, type Fn, isNamed, lastName } from "../ir.ts";
import { holds } from "../scope/assignments-at.ts";
import { type Binding, type Guard, lookup, type Scope, type Source } from "../scope/scope.ts";
import {
  ABSENT,
  alternatives,
  anyOf,
  eachOf,
  type Frame,
  isNull,
  UNKNOWN,
  type Value,
  withDefault,
} from "../values.ts";
import { calledBack } from "./callbacks.ts";
import { callerArguments, restArguments } from "./callers.ts";
import type { Evaluator } from "./evaluator.ts";

/** @param at where the name stands; within an assignment to it, it means what was given */
export function param(evaluator: Evaluator, b: Binding, frame: Frame | undefined, at?: Expr): Value {
  const { fn, index } = b.param as { fn: Fn; index: number };
  const param = fn.params[index];
  const given = b.sources.filter((s) => !s.guards?.some((g) => isForOtherKind(g, b)));
  const all = given.filter((s) => !s.expr || (!evaluator.isOpen(s.expr) && !isWithin(s.expr, at)));
  // `if (!host) host = "::"`, `host ||= "::"`
  const missing = all.filter((s) => s.guards?.some((g) => isMissing(g, b.name, s.scope)));
  const sources = all.filter((s) => !missing.includes(s));
  const read = (s: Source): Value => evaluator.source(s, frame);
  const completed = (v: Value): Value => missing.reduce((value, s) => withDefault(value, read(s), b.name), v);
  const fallback = () =>
    sources.length ? completed(anyOf(sources.map(read))) : missing.length ? anyOf(missing.map(read)) : undefined;
  for (let f = frame; f; f = f.parent) {
    if (f.fn !== fn) continue;
    if (param?.keywords) return f.arguments.find((a) => a.name === b.name)?.value ?? UNKNOWN;
    if (param?.rest) return { t: "array", items: f.arguments.slice(index).map((a) => a.value) };
    const given = f.arguments.find((a) => isNamed(a, b.name)) ?? f.arguments.filter((a) => a.name === undefined)[index];
    const again = assignedAgain(evaluator, b, param, f, at);
    if (again) return again;
    if (!given || given.value.t === "absent") return fallback() ?? ABSENT;
    const variable = variableOver(evaluator, sources, frame);
    return completed(variable ? withDefault(variable, given.value) : given.value);
  }
  const decorated =
    fn.decorators?.length &&
    evaluator.project.semantics(b.scope.file).param?.(fn.decorators, b.name, b.scope.parent ?? b.scope, evaluator);
  if (decorated) {
    // click gives None where nobody chooses: `host = host or settings.get("host")`, `if host is None: host = "127.0.0.1"`.
    const over = mended(evaluator, b, param);
    return over ? evaluator.source(over, frame) : completed(decorated);
  }
  if (param?.keywords) {
    const told =
      fn.decorators?.length &&
      evaluator.project.semantics(b.scope.file).keywords?.(fn.decorators, b.scope.parent ?? b.scope, evaluator);
    return told || anyOf(callerArguments(evaluator, fn, index, b));
  }
  if (param?.rest) return restArguments(evaluator, fn, index, b) ?? UNKNOWN;
  const over = mended(evaluator, b, param);
  if (over) return evaluator.source(over, frame);
  const either = mendedEitherWay(evaluator, b, param);
  if (either) return anyOf(either.map((s) => evaluator.source(s, frame)));
  const callers = callerArguments(evaluator, fn, index, b);
  const assigned = fallback();
  const inPairs = b.scope.file.language === "ruby" && fn.params.length > 1;
  const list = callers.length === 0 && (index === 0 || inPairs) ? b.scope.file.iterated.get(fn) : undefined;
  const call = callers.length === 0 ? b.scope.file.handed.get(fn) : undefined;
  const handed =
    call && evaluator.project.semantics(b.scope.file).handed?.(call, index, b.scope.parent ?? b.scope, evaluator);
  if (handed) return handed;
  const back = call && calledBack(evaluator, call, fn, index, b.scope.parent ?? b.scope);
  if (back) return back;
  if (list && !assigned) {
    const item = eachOf(evaluator.eval(list.expr, list.scope));
    // Ruby: `list.each { |host, port| … }`
    return inPairs ? evaluator.member(item, String(index)) : item;
  }
  const variable = callers.length > 0 ? variableOver(evaluator, sources, frame) : undefined;
  if (variable) return withDefault(variable, anyOf(callers));
  if (callers.length)
    return anyOf([
      ...callers.map((c) => (c.t === "absent" && assigned ? assigned : completed(c))),
      ...(sources.length > 1 && assigned ? [assigned] : []),
      // `if (secure) address = "tls://" + address`
      ...(sources.length === 1 &&
      assigned?.t === "text" &&
      sources[0]?.expr !== param?.default &&
      mayRun(evaluator, sources[0])
        ? [assigned]
        : []),
    ]);
  return assigned ?? (isCommandLine(b, fn) ? { t: "option", name: "argument" } : UNKNOWN);
}

/** Does nobody give the parameter, which is None by default? Its declared type says nothing of it then: `policy: Policy | None = None`. */
export function isLeftOut(evaluator: Evaluator, e: Expr, scope: Scope, frame: Frame | undefined): boolean {
  const b = e.kind === "name" ? lookup(scope, e.name) : undefined;
  const declared = b?.param && b.type ? b.param.fn.params[b.param.index]?.default : undefined;
  if (!b || declared?.kind !== "literal" || declared.value !== null) return false;
  const given = alternatives(param(evaluator, b, frame, e));
  return given.every((v) => v.t === "absent" || isNull(v));
}

/** `if (typeof options === "function") { callback = options; options = {}; }`: another way to call the function. */
function isForOtherKind({ test, negated }: Guard, { name, scope, sources }: Binding): boolean {
  if (negated || scope.file.language !== "javascript" || sources.length < 2) return false;
  const text = scope.file.text.slice(test.start, Math.min(test.end, test.start + 80));
  return new RegExp(`^typeof ${escaped(name)} ===? ["'](?:number|string|function)["']$`).test(text);
}

/** JavaScript's `arguments` in a function: what the call that is followed, or all callers together, give it. */
export function allArguments(evaluator: Evaluator, scope: Scope, frame: Frame | undefined): Value | undefined {
  const { fn } = scope;
  if (!fn || scope.file.language !== "javascript") return undefined;
  for (let f = frame; f; f = f.parent) if (f.fn === fn) return { t: "array", items: f.arguments.map((a) => a.value) };
  return restArguments(evaluator, fn, 0, { name: "arguments", scope, sources: [], fields: new Map() });
}

/** `public static void main(String[] args)`, that nobody calls. */
function isCommandLine({ name, scope }: Binding, fn: Fn): boolean {
  return name === "args" && /^[mM]ain$/.test(fn.name ?? "") && /^(?:java|csharp)$/.test(scope.file.language);
}

/** `if p := os.Getenv("PORT"); p != "" { port = p }` over a parameter: the variable, where it is set. */
function variableOver(evaluator: Evaluator, sources: readonly Source[], frame: Frame | undefined): Value | undefined {
  const [only, ...others] = sources.filter((s) => s.guards);
  const value = only && others.length === 0 ? evaluator.source(only, frame) : undefined;
  return value?.t === "env" && value.default === undefined ? value : undefined;
}

/** `options = { host: options.host }` */
function isWithin(assigned: Expr, at: Expr | undefined): boolean {
  return at !== undefined && assigned.kind === "object" && holds(assigned, at);
}

/** Not where no caller of the function gives what its condition asks for: `$secure` that is false in every call. */
function mayRun(evaluator: Evaluator, source: Source | undefined): boolean {
  return !source?.guards?.some(({ test, negated }) => {
    const values = alternatives(evaluator.eval(test, source.scope));
    return !negated && values.every((v) => v.t === "absent" || (v.t === "literal" && !v.value));
  });
}

/** `options = { … }` over a parameter of that name: what counts after it. */
function assignedAgain(
  evaluator: Evaluator,
  b: Binding,
  param: Fn["params"][number] | undefined,
  frame: Frame,
  at: Expr | undefined,
): Value | undefined {
  const last = b.sources.at(-1);
  if (
    !last?.expr ||
    isWithin(last.expr, at) ||
    last.expr === param?.default ||
    last.guards ||
    last.path ||
    last.scope !== b.scope
  )
    return undefined;
  if (last.expr.kind === "object" && !evaluator.isOpen(last.expr)) return evaluator.source(last, frame);
  const over = mended(evaluator, b, param);
  return over && evaluator.source(over, frame);
}

/** `host = host or "127.0.0.1"` over a parameter of that name. */
function mended(evaluator: Evaluator, b: Binding, param: Fn["params"][number] | undefined): Source | undefined {
  return b.sources.findLast((s) => !s.guards && completes(evaluator, s, b, param));
}

/** `if x: host = host or "127.0.0.1" else: host = host or environ["HOST"]` */
function mendedEitherWay(
  evaluator: Evaluator,
  b: Binding,
  param: Fn["params"][number] | undefined,
): Source[] | undefined {
  const all = b.sources.filter((s) => s.guards?.length === 1 && completes(evaluator, s, b, param));
  const [one, other] = all.slice(-2).map((s) => s.guards?.[0]);
  return one && other && one.test === other.test && one.negated !== other.negated ? all.slice(-2) : undefined;
}

function completes(
  evaluator: Evaluator,
  { expr, path, scope }: Source,
  b: Binding,
  param: Fn["params"][number] | undefined,
): boolean {
  return (
    expr !== undefined &&
    expr !== param?.default &&
    (isOverDefaults(expr, b.name) || (expr.kind === "binary" && mentions(expr, b.name, scope))) &&
    !path &&
    scope === b.scope &&
    !evaluator.isOpen(expr)
  );
}

/** `options = Object.assign({ host: "localhost" }, options)`, `options = { host: "localhost", ...options }` */
function isOverDefaults(e: Expr, name: string): boolean {
  const isIt = ({ value: v }: { value: Expr }): boolean => v.kind === "name" && v.name === name;
  if (e.kind === "object") return e.entries.some((entry) => entry.spread === true && isIt(entry));
  return e.kind === "call" && e.args.length > 1 && LAYS.test(lastName(e.callee) ?? "") && e.args.some(isIt);
}
const LAYS =
  /^(?:assign(?:In)?|x?tend|extend|(?:deep_?)?merge(?:_?deep)?|defaults(?:Deep)?|defu|array_(?:replace|merge)(?:_recursive)?)$/i;
