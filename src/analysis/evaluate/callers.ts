/** What a parameter is: the values that the project's own calls give to it. */
import { asksForItself } from "../defaults/asked-itself.ts";
import { askedFor } from "../defaults/unset.ts";
import { type Argument, type Call, type Expr, type Fn, isNamed } from "../ir.ts";
import { type Binding, type CallSite, type Guard, lookup, type Scope, type SourceModule } from "../scope/scope.ts";
import {
  ABSENT,
  alternatives,
  anyOf,
  type Frame,
  isLocalAddress,
  isLost,
  isNull,
  isOpenAddress,
  OMITTED,
  textOf,
  UNKNOWN,
  usually,
  type Value,
} from "../values.ts";
import { callsByValue } from "./by-value.ts";
import type { Evaluator } from "./evaluator.ts";
import { callsThrough, isOnObject, namesOfHeirs, onObject, type Site } from "./heirs.ts";

/** How many arguments of a rest parameter are followed. */
const MAX_REST = 3;

/** The list that a rest parameter is, as the project's own calls fill it. */
export function restArguments(evaluator: Evaluator, fn: Fn, index: number, b: Binding): Value | undefined {
  const items: Value[] = [];
  for (let i = index; i < index + MAX_REST; i++) {
    const given = callerArguments(evaluator, fn, i, b);
    if (given.length === 0 || given.every((v) => v.t === "absent")) break;
    items.push(anyOf(given));
  }
  return items.length > 0 ? { t: "array", items } : undefined;
}

/** The values that the project's own calls give to a parameter. */
export function callerArguments(evaluator: Evaluator, fn: Fn, index: number, b: Binding): Value[] {
  let known = evaluator.callers.get(fn);
  if (!known) evaluator.callers.set(fn, (known = new Map()));
  const before = known.get(index);
  if (before) return before;
  // Whoever asks again while this is being found out goes in a circle.
  known.set(index, []);
  const from = new Map<Value, CallSite>();
  const found = unlessAsked(evaluator, findCallers(evaluator, fn, index, b, from), from);
  known.set(index, found);
  return found;
}

/** `if (config.isPublic()) serve(null); else serve("localhost");`: localhost, as long as nobody asks for more. */
function unlessAsked(evaluator: Evaluator, found: Value[], from: ReadonlyMap<Value, CallSite>): Value[] {
  const usual = found.filter((v) => isLocalAddress(usually(v)));
  const others = found.filter((v) => !usual.includes(v));
  // What stands under conditions is asked where it decides something: to follow them costs as much as to follow a value.
  if (usual.length === 0 || others.length === 0) return found;
  let name: string | undefined;
  for (const v of others) {
    const site = from.get(v);
    const [asked] = site?.guards.flatMap((g) => askedFor(g, site.scope, evaluator) ?? []) ?? [];
    if (!asked) return found;
    name ??= asked.name;
  }
  return name === undefined ? found : [{ t: "option", name, default: anyOf(usual) }];
}

/** @param from is filled with the call that gives each of the values */
function findCallers(evaluator: Evaluator, fn: Fn, index: number, b: Binding, from: Map<Value, CallSite>): Value[] {
  const owner = b.scope.parent?.kind === "class" ? b.scope.parent : undefined;
  const isConstructor =
    owner !== undefined &&
    (fn.name === "constructor" ||
      fn.name === "__init__" ||
      fn.name === "initialize" ||
      fn.name === "__construct" ||
      fn.name === owner.class?.name);
  const word = isConstructor ? owner.class?.name : fn.name;
  const here = word ? undefined : onTheSpot(fn, b.scope.file);
  if (here) {
    const arg = pick(here.call.args, index, b.name);
    return [arg ? evaluator.eval(arg.value, here.scope) : ABSENT];
  }
  if (evaluator.isHalfSpent()) return [];
  const out: Value[] = [];
  const take = (site: CallSite): void => {
    const { call, scope } = onObject(site, word);
    // In Ruby a method's name by itself is a call of it; in Rust a field may have the same name.
    const callee = evaluator.atMost(CALLEE_STEPS, () =>
      /^ru(?:by|st)$/.test(scope.file.language) ? evaluator.callee(call, scope) : evaluator.eval(call.callee, scope),
    );
    const target = alternatives(callee).map((t) => (t.t === "module" ? evaluator.member(t, "default") : t));
    const hit = isConstructor
      ? (target.some((t) => t.t === "class" && t.class === owner.class) || isNamedNew(call, scope, owner, target)) &&
        !makesAnother(call, fn, owner)
      : target.some((t) => t.t === "function" && overload(t, call).fn === fn);
    if (!hit) return;
    const before = out.length;
    give({ call, scope }, site.guards);
    // What is given is kept apart from the same value of another call.
    for (const [i, v] of out.slice(before).entries()) from.set((out[before + i] = { ...v }), site);
  };
  // `if matches.get_flag("public") { builder.addr("0.0.0.0:80"); }`: a field is what it was made with where nobody asks for it.
  const whereAsked = (v: Value, scope: Scope, guards: readonly Guard[]): Value => {
    if (fn.self === undefined || guards.length === 0 || !isOpenAddress(v)) return v;
    const [asked] = guards.flatMap((g) => askedFor(g, scope, evaluator) ?? []);
    return asked ? { t: asked.by, name: asked.name, default: OMITTED } : v;
  };
  const give = ({ call, scope }: Site, guards: readonly Guard[] = []): void => {
    if (fn.params[index]?.keywords) {
      out.push(keywordsGiven(evaluator, fn, call.args, scope));
      return;
    }
    const arg = pick(call.args, index, b.name);
    if (arg && isHandedOn(arg.value, b, scope)) return;
    const value = arg
      ? whereAsked(whereGiven(evaluator.eval(arg.value, scope), arg.value, scope, guards, evaluator), scope, guards)
      : (hashOf(evaluator, fn, call.args, index, scope) ?? spreadMember(evaluator, call, b.name, index, scope));
    // An overload that hands on what nobody gives it: `init(port) { init(port, null); }`.
    const lost = isLost(value);
    if (value.t === "absent" && isFilledIn(fn, index, b)) out.push(UNKNOWN);
    else if (!(lost && fn.name !== undefined && scope.fn !== fn && scope.fn?.name === fn.name)) out.push(value);
  };
  if (word) {
    // Everything in Rust has a `new`: what names the type is looked at.
    const named = (b.scope.file.language === "rust" && !fn.self && owner?.class?.name) || word;
    for (const module of evaluator.project.mentioning(named, b.scope.file))
      for (const site of module.calls) {
        const last = calledName(site.call);
        if (last === word || (isConstructor && last === "new") || isOnObject(site.call, word, module.language))
          take(site);
        if (out.length >= MAX_CALLS) return out;
      }
  }
  if (isConstructor)
    for (const site of callsThrough(evaluator, owner, fn)) {
      give(site);
      if (out.length >= MAX_CALLS) return out;
    }
  if (out.length === 0 && word) {
    const made = isConstructor ? namesOfHeirs(evaluator, owner) : undefined;
    const isIt = (t: Value): boolean =>
      made ? t.t === "class" && made.has(t.class) : t.t === "function" && t.fn === fn;
    for (const site of callsByValue(evaluator, made ? [...made.values()] : [word], b.scope.file, isIt)) {
      give(site);
      if (out.length >= MAX_CALLS) return out;
    }
  }
  const whole = isConstructor ? owner : fn;
  if (out.length > 0 || !isWholeExport(whole, b.scope.file)) return out;
  // `const start = require("./server"); start(options)`: whoever imports it gives it a name of its own.
  for (const module of evaluator.project.matching(importing(b.scope.file.path), b.scope.file))
    for (const site of module.calls) {
      if (isImported(site.call.callee, site.scope)) take(site);
      if (out.length >= MAX_CALLS) return out;
    }
  return out;
}

/** `if addr != "" { opts = append(opts, WithAddr(addr)) }`: by a call that is only made where somebody gives it, nothing else is given. */
function whereGiven(v: Value, expr: Expr, scope: Scope, guards: readonly Guard[], evaluator: Evaluator): Value {
  if (guards.length === 0) return v;
  if (v.t !== "option" && v.t !== "env") {
    // `if (options.host) setHost(options.host)` of `host: flags.host ?? null`: it is never the null.
    const there = alternatives(v).filter((a) => a.t !== "absent" && !isNull(a) && textOf(a) !== "");
    const isLess = there.length > 0 && there.length < alternatives(v).length;
    return isLess && guards.some((g) => asksForItself(g, { expr, scope })) ? anyOf(there) : v;
  }
  if (v.default && v.default.t !== "absent" && textOf(v.default) !== "") return v;
  const isAsked = (g: Guard): boolean =>
    asksForItself(g, { expr, scope }) || askedFor(g, scope, evaluator) !== undefined;
  return guards.some(isAsked) ? { t: v.t, name: v.name, default: OMITTED } : v;
}

/** `start(port + 1, host)` within `start` itself: it says nothing of what the parameter is. */
function isHandedOn(e: Expr, b: Binding, scope: Scope): boolean {
  const root = e.kind === "binary" && /^[+-]$/.test(e.operator) ? e.left : e;
  return root.kind === "name" && lookup(scope, root.name) === b;
}

/** `new Web(8080)`, where the class has a constructor with so many parameters beside this one. */
function makesAnother({ args }: Call, fn: Fn, { class: cls, file }: Scope): boolean {
  if (!/^(?:java|csharp)$/.test(file.language) || args.length === fn.params.length) return false;
  if (args.some((a) => a.spread || a.name !== undefined)) return false;
  return cls?.members.some((m) => m.fn && m.name === fn.name && m.fn.params.length === args.length) === true;
}

const MAX_CALLS = 8;
/** What it may cost to find out what one of the calls calls. */
const CALLEE_STEPS = 500;

/** Python calls no function without what it must be given: a decorator gives it. */
function isFilledIn({ params, decorators }: Fn, index: number, { scope }: Binding): boolean {
  const param = params[index];
  return (
    scope.file.language === "python" && !!decorators?.length && !param?.default && !param?.rest && !param?.keywords
  );
}

/** Functions that are called where they stand, by their module. */
const CALLED = new WeakMap<SourceModule, Map<Fn, CallSite>>();

/** `go func(addr string) { … }(addr)`, `(port => { … })(3000)`: the call. */
function onTheSpot(fn: Fn, file: SourceModule): CallSite | undefined {
  let called = CALLED.get(file);
  if (!called) {
    called = new Map();
    for (const site of file.calls) if (site.call.callee.kind === "function") called.set(site.call.callee.fn, site);
    CALLED.set(file, called);
  }
  return called.get(fn);
}

function calledName({ callee }: Call): string | undefined {
  return callee.kind === "name" ? callee.name : callee.kind === "member" ? callee.property : undefined;
}

/** Is it what a file of JavaScript exports as a whole? */
function isWholeExport(of: Fn | Scope, file: SourceModule): boolean {
  const entry = file.language === "javascript" ? file.exports.get("default") : undefined;
  let value: Expr | undefined = entry?.value;
  while (value?.kind === "assign") value = value.value;
  const name = entry?.local ?? (value?.kind === "name" ? value.name : undefined);
  const binding = name === undefined ? undefined : lookup(file.scope, name);
  if ("kind" in of) {
    const only = value?.kind === "other" && value.body?.length === 1 ? value.body[0] : undefined;
    return binding?.class?.scope === of || (only?.kind === "class" && only.class === of.class);
  }
  return value?.kind === "function" ? value.fn === of : binding?.fn?.fn === of || holdsFunction(binding, of);
}

function holdsFunction(binding: Binding | undefined, fn: Fn): boolean {
  return binding?.sources.some(({ expr }) => expr?.kind === "function" && expr.fn === fn) ?? false;
}

/** `require("../lib/server")`, `from "./server.js"`, and by its folder where it is an index. */
function importing(path: string): RegExp {
  const [file = "", folder] = path.split("/").reverse();
  const word = (text: string): string => text.replace(/[^\w]/g, "\\$&");
  const names = [word(file.replace(/\.[cm]?[jt]sx?$/, "")), ...(folder ? [word(folder)] : [])].join("|");
  return new RegExp(
    `(?:\\brequire|\\bimport|\\bfrom)\\s*\\(?\\s*["'](?:(?:[^"'\\n]*/)?(?:${names})(?:\\.[cm]?[jt]s)?|\\.{1,2})/?["']`,
  );
}

/** A name that an import made, or the import itself: `require("./server")(options)`. */
function isImported(callee: Expr, scope: Scope): boolean {
  if (callee.kind === "call") return callee.callee.kind === "name" && callee.callee.name === "require";
  const root = callee.kind === "member" && callee.property === "default" ? callee.object : callee;
  const binding = root.kind === "name" ? lookup(scope, root.name) : undefined;
  return binding?.import !== undefined || (binding?.sources.some((s) => s.expr && isRequire(s.expr)) ?? false);
}

function isRequire(e: Expr): boolean {
  return (
    e.kind === "call" &&
    ((e.callee.kind === "name" && /^(require|import)$/.test(e.callee.name)) || e.args.some((a) => isRequire(a.value)))
  );
}

/** Ruby's `Web::Server.new` where `Web` is spread over files: the class by its name and its modules. */
function isNamedNew({ callee }: Call, scope: Scope, owner: Scope, target: readonly Value[]): boolean {
  if (scope.file.language !== "ruby" || callee.kind !== "member" || callee.property !== "new") return false;
  if (target.some((t) => t.t === "class" || t.t === "function")) return false;
  const [name, ...around] = scope.file.text.slice(callee.object.start, callee.object.end).split("::").reverse();
  const { text } = owner.file;
  return (
    name === owner.class?.name &&
    // What stands before it may be any expression: `pick(*names)::Server.new`.
    around.filter(Boolean).every((m) => /^\w+$/.test(m) && new RegExp(`\\b(module|class)\\s+${m}\\b`).test(text))
  );
}

/** `run(**options)`: the member of that name; `run(...args)`: the item at that place. */
function spreadMember(evaluator: Evaluator, { args }: Call, name: string, index: number, scope: Scope): Value {
  if (args.some(isRest)) return UNKNOWN;
  const at = args.findIndex((a) => a.spread);
  const values = args.filter((a) => a.spread).map((a) => evaluator.eval(a.value, scope));
  const found = values
    .filter((v) => v.t === "object" || v.t === "record" || v.t === "layers")
    .map((v) => evaluator.member(v, name))
    .find((v) => v.t !== "absent");
  const [list] = values;
  return found ?? (list?.t === "array" ? list.items[index - at] : undefined) ?? ABSENT;
}

/** What Python's `**options` holds in a call: all that is given by name and is no parameter of the function. */
export function keywordsGiven(
  evaluator: Evaluator,
  fn: Fn,
  args: readonly Argument[],
  scope: Scope,
  frame?: Frame,
): Value {
  const taken = namesOf(fn);
  const members = new Map<string, Value>();
  const spread: Value[] = [];
  for (const { name, value, spread: whole } of args) {
    if (name !== undefined && !taken.has(name)) members.set(name, evaluator.eval(value, scope, frame));
    else if (whole) spread.push(evaluator.eval(value, scope, frame));
  }
  const own: Value = { t: "record", members };
  return spread.length > 0 ? { t: "layers", of: [...spread, own] } : own;
}

/** Ruby's `Server.new(host: "localhost")` where the method takes a hash: what is given by name. */
export function hashOf(
  evaluator: Evaluator,
  fn: Fn,
  args: readonly Argument[],
  index: number,
  scope: Scope,
  frame?: Frame,
): Value | undefined {
  if (scope.file.language !== "ruby" || index !== args.filter(isByPlace).length) return undefined;
  const taken = namesOf(fn);
  const isLeft = args.some((a) => (a.name !== undefined && !taken.has(a.name)) || (a.spread && a.name === undefined));
  return isLeft ? keywordsGiven(evaluator, fn, args, scope, frame) : undefined;
}

function namesOf(fn: Fn): Set<string> {
  return new Set(fn.params.map((p) => (p.pattern.kind === "name" && !p.rest ? p.pattern.name : "")));
}

function isByPlace({ name, spread, value }: Argument): boolean {
  return name === undefined && !spread && value.kind !== "function";
}

/** What a call that is not finished will be given yet: `partial(run, app)`. It stands nowhere. */
function isRest({ spread, value }: Argument): boolean {
  return spread === true && value.kind === "other" && value.start === value.end;
}

function pick(args: readonly Argument[], index: number, name: string): Argument | undefined {
  const named = args.find((a) => isNamed(a, name));
  if (named) return named;
  const positional = args.filter((a) => a.name === undefined);
  // What stands behind a spread list stands nobody knows where.
  const spread = positional.findIndex((a) => a.spread);
  return spread >= 0 && spread <= index ? undefined : positional[index];
}

/** Of several methods of one name the one with as many parameters as there are arguments. */
export function overload(target: Value & { t: "function" }, { args }: Call): Value & { t: "function" } {
  const { fn } = target;
  const members = target.scope.class?.members;
  if (!members || !fn.name || fn.params.length === args.length || args.some((a) => a.spread)) return target;
  const better = members.find((m) => m.name === fn.name && m.fn && m.fn.params.length === args.length)?.fn;
  return better && members.some((m) => m.fn === fn) ? { ...target, fn: better } : target;
}
