/** What a program gives to the fields of its structs and objects: in literals of them, and by assignments from outside of their methods. */
import { escaped } from "../../base/escaped.ts";
import { ownCode } from "../comments.ts";
import { asksForItself } from "../defaults/asked-itself.ts";
import { isMissing, orWritten, unlessLeftOut } from "../defaults/joined.ts";
import { askedFor } from "../defaults/unset.ts";
import { type Expr, lastName } from "../ir.ts";
import {
  type Guard,
  lookup,
  type ObjectSite,
  type Scope,
  type Source,
  type SourceModule,
  selfClass,
} from "../scope/scope.ts";
import { push } from "../scope/sources.ts";
import { WHERE } from "../settings/declared-options.ts";
import {
  alternatives,
  anyOf,
  envNames,
  isLocalAddress,
  OMITTED,
  textOf,
  UNKNOWN,
  usually,
  type Value,
  withDefault,
} from "../values.ts";
import { callerArguments } from "./callers.ts";
import type { Evaluator } from "./evaluator.ts";
import { filledFields } from "./pointers.ts";
import { openedBySetters } from "./setters.ts";

/** Literals with a type, by its last name. */
const LITERALS = new WeakMap<SourceModule, Map<string, ObjectSite[]>>();

function literalsIn(module: SourceModule): Map<string, ObjectSite[]> {
  let known = LITERALS.get(module);
  if (known) return known;
  LITERALS.set(module, (known = new Map()));
  for (const site of module.typedObjects) if (site.object.type) push(known, lastName(site.object.type) ?? "", site);
  return known;
}

/** Values that literals of a struct (`Server{port: p}`) give to a field. */
export function* literalFields(evaluator: Evaluator, scope: Scope, name: string): Generator<Value> {
  const word = scope.class?.name;
  if (!word || evaluator.isHalfSpent()) return;
  // Rust's `Self { port }` is a literal of the type around it.
  for (const module of evaluator.project.mentioning(word, scope.file))
    for (const site of [word, "Self"].flatMap((type) => literalsIn(module).get(type) ?? [])) {
      const { type, entries } = site.object;
      // `Listener{"tcp", host, port}`: by the place of each field.
      const inPlace = entries.length > 0 && entries.every((e) => e.key === undefined && !e.spread);
      const entry = inPlace
        ? entries[placesOf(scope).findIndex((f) => f.name === name)]
        : entries.find((e) => e.key === name);
      if (!entry) continue;
      const made = evaluator.eval(type, site.scope);
      if (made.t === "class" && made.class === scope.class) yield evaluator.eval(entry.value, site.scope);
    }
}

/**
 * Values that are assigned to a field of a struct from outside of its methods: `options.server = …`,
 * `StringVar(&o.server, "server", …)`. With nothing beside them where a struct may not be given any.
 *
 * @param object the literal that is asked, where that is known
 */
export function* assignedFields(
  evaluator: Evaluator,
  scope: Scope,
  name: string,
  asOption = false,
  object?: Expr,
): Generator<Value> {
  if (evaluator.isHalfSpent()) return;
  const word = escaped(name);
  const pattern = new RegExp(`\\.${word}\\s*(?:=[^=]|,\\s*")|(?:\\w:\\s*|SetDefault\\()&[\\w.]+\\.${word}\\b`);
  for (const module of evaluator.project.matching(pattern, scope.file, name))
    for (const { target, value, scope: at, guards } of module.assigns) {
      if (target.kind !== "member" || target.property !== name || (asOption && !isOption(value, at))) continue;
      // `addr := flag.String("addr", c.addr, …); c.addr = *addr`: while that is looked at, what else it is given counts.
      if (evaluator.isOpen(value)) continue;
      const same = isOf(evaluator, target.object, at, scope) && !isAnother(evaluator, target.object, at, object);
      const read = same ? evaluator.eval(value, at) : UNKNOWN;
      const found = guards.some((g) => asksForItself(g, { expr: value, scope: at })) ? whereGiven(read) : read;
      const open = found.t === "unknown" || found.t === "absent" || found.t === "ref";
      if (!same || (asOption && open)) continue;
      const local = !asOption && WHERE.test(name) && isLocalAddress(usually(found));
      if (local && isUnused(evaluator, at)) continue;
      yield found;
      if (local && (isPerhaps(guards, name, at, evaluator) || isCalledPerhaps(evaluator, target.object, at)))
        yield NONE;
    }
}

/** `if *host != "" { c.Host = *host }`: a flag or a variable that is nothing by itself gives nothing. */
function whereGiven(v: Value): Value {
  return (v.t === "option" || v.t === "env") && textOf(v.default) === ""
    ? { t: v.t, name: v.name, default: OMITTED }
    : v;
}

/** `func WithLocalhost() Option { return func(s *Server) { s.host = "127.0.0.1" } }`, which nobody takes. */
function isUnused(evaluator: Evaluator, at: Scope): boolean {
  if (!at.fn || at.fn.name !== undefined) return false;
  let outer = at.parent;
  while (outer && outer.fn?.name === undefined) outer = outer.parent;
  const word = outer?.fn?.name;
  if (word === undefined || word === "main" || word === "init" || evaluator.isHalfSpent()) return false;
  const use = new RegExp(`(?<!func )(?<![\\w"])${escaped(word)}(?![\\w"])`);
  return evaluator.project.matching(use, at.file, word).every(({ text }) => !use.test(ownCode(text, at.file.language)));
}

/** What is assigned to a field from outside of the class: `state.host = args.host`, `this.common.host = "0.0.0.0"`. */
export function givenOutside(evaluator: Evaluator, cls: Scope, field: string): Source[] {
  const name = field.replace(/^@+/, "");
  if (!OPEN_FIELDS.test(cls.file.language) || !WHERE.test(name) || evaluator.isHalfSpent()) return [];
  const pattern = new RegExp(`(?:\\.|->|::\\$)${escaped(name)}\\s*(?:=[^=>]|\\|\\|=|\\?\\?=)`);
  const found: Source[] = [];
  for (const module of evaluator.project.matching(pattern, cls.file, name))
    for (const { target, value, scope, guards } of module.assigns) {
      if (target.kind !== "member" || target.property !== name) continue;
      const own = target.object.kind === "name" ? selfClass(scope, target.object.name) : undefined;
      if (own === cls || evaluator.isOpen(value) || !isOf(evaluator, target.object, scope, cls)) continue;
      found.push({ expr: value, scope, ...(guards.length > 0 ? { guards } : {}) });
    }
  return found;
}
const OPEN_FIELDS = /^(javascript|python|ruby|php)$/;

/** What a string is that nobody has given a value. */
export const NONE: Value = { t: "literal", value: "" };

/** Is it only done where something holds that is not known to? Not so where the member is missing, or nothing went wrong before. */
export function isPerhaps(guards: readonly Guard[], name: string, at: Scope, evaluator: Evaluator): boolean {
  return guards.some((g) => {
    const text = at.file.text.slice(g.test.start, Math.min(g.test.end, g.test.start + 160));
    if (/\berr\b|\bok\b|^(true|false)$/.test(text) || isMissing(g, name, at)) return false;
    // `if !*public { c.Host = "127.0.0.1" }`, and nobody says so.
    return askedFor({ test: g.test, negated: !g.negated }, at, evaluator) === undefined;
  });
}

/** `if len(os.Args) > 1 { local(&c) }`: is a function that is given the struct called where something holds only? */
function isCalledPerhaps(evaluator: Evaluator, to: Expr, at: Scope): boolean {
  const { param } = (to.kind === "name" && lookup(at, to.name)) || {};
  const word = param?.fn.name;
  if (word === undefined || evaluator.isHalfSpent()) return false;
  const sites = evaluator.project
    .mentioning(word, at.file)
    .flatMap(({ calls }) => calls.filter(({ call }) => lastName(call.callee) === word));
  return sites.length > 0 && sites.every(({ guards, scope }) => isPerhaps(guards, "", scope, evaluator));
}

/** Is a function that is given a pointer given another one than to this literal, by whoever calls it? */
function isAnother(evaluator: Evaluator, to: Expr, at: Scope, object: Expr | undefined): boolean {
  const binding = object && to.kind === "name" ? lookup(at, to.name) : undefined;
  if (!binding?.param || at.fn?.self === binding.name) return false;
  const given = callerArguments(evaluator, binding.param.fn, binding.param.index, binding).flatMap(alternatives);
  return given.length > 0 && given.every((v) => v.t === "instance" || (v.t === "object" && v.expr !== object));
}

/** Is it of the type, or does it embed one? What a parameter or a variable is declared as goes before what it is given. */
export function isOf(evaluator: Evaluator, e: Expr, at: Scope, cls: Scope): boolean {
  const named = e.kind === "name" ? lookup(at, e.name) : undefined;
  const typed = named?.type && evaluator.typed(named.type, named.scope);
  const all = alternatives(typed?.t === "instance" ? typed : evaluator.eval(e, at));
  // `module.exports = new Settings()`
  return all
    .flatMap((o) => (o.t === "module" ? alternatives(evaluator.member(o, "default")) : [o]))
    .some((o) => {
      const of = o.t === "instance" || o.t === "class" ? o.scope : o.t === "object" ? o.cls : undefined;
      return of !== undefined && isA(evaluator, of, cls);
    });
}

function isA(evaluator: Evaluator, scope: Scope, cls: Scope, depth = 0): boolean {
  if (scope === cls) return true;
  if (depth > 2 || !evaluator.project.semantics(scope.file).structs) return false;
  return (scope.class?.bases ?? []).some((b) =>
    alternatives(evaluator.eval(b, scope.parent ?? scope)).some(
      (v) => v.t === "class" && isA(evaluator, v.scope, cls, depth + 1),
    ),
  );
}

/** `func WithAddr(addr string) Option { return func(o *options) { o.addr = addr } }`: what the function around it is given. */
function isOption(value: Expr, at: Scope): boolean {
  const given = value.kind === "name" ? lookup(at, value.name) : undefined;
  return given?.param !== undefined && given.scope !== at && at.fn !== undefined && at.fn.name === undefined;
}

/** `c.Host = "localhost"; if h, ok := os.LookupEnv("HOST"); ok { c.Host = h }`: what is given to a field, where a variable goes over localhost. */
export function unlessVariable(values: readonly Value[], name: string): Value {
  const [variable, ...others] = values.filter((v) => v.t === "env" && v.default === undefined);
  const usual = values.filter((v) => v !== variable);
  if (!variable || others.length > 0 || usual.length === 0 || !usual.every((v) => isLocalAddress(usually(v))))
    return unlessLeftOut(anyOf(values), name);
  return withDefault(variable, anyOf(usual), name);
}

/** `config.Port = os.Getenv("PORT")`, in a function that mends the defaults: the variable goes over what was written. */
export function overWritten(evaluator: Evaluator, written: Value, cls: Scope, name: string): Value {
  if (!evaluator.project.semantics(cls.file).structs) return written;
  // Whether something goes over it is not found out any more.
  if (evaluator.isHalfSpent()) return evaluator.cutShort();
  const given = [...assignedFields(evaluator, cls, name, true)];
  if (given.length > 0) return orWritten(anyOf(given), written, name);
  const later = [...assignedFields(evaluator, cls, name), ...filledFields(evaluator, cls, name)];
  const set = later.filter((v) => envNames(v).size > 0);
  // `StringVar(&r.addr, "addr", r.addr, …)`: the flag of a field that is what it was made with unless it is given.
  const flag = written.t === "literal" && later.find((v) => v.t === "option" && isNoDefault(v.default));
  if (set.length === 0 && flag) return withDefault(flag, written, name);
  const isLocal = set.length === 0 && isLocalAddress(usually(written));
  if (set.length === 0) return isLocal ? anyOf([written, ...openedBySetters(evaluator, cls, name)]) : written;
  return anyOf(set.flatMap((v) => (v.t === "env" ? [withDefault(v, written, name)] : [written, v])));
}

function isNoDefault(v: Value | undefined): boolean {
  return v === undefined || v.t === "absent";
}

/** What a struct's literal says of a field, where a library fills it afterwards: `cfg := Config{Port: "8080"}; env.Parse(&cfg)`. */
export function overLiteral(evaluator: Evaluator, written: Value, cls: Scope, name: string): Value {
  const tagged =
    cls.file.language === "go" ? evaluator.project.semantics(cls.file).classField?.(cls, name, evaluator) : undefined;
  const isBare = tagged?.t === "env" && (!tagged.default || tagged.default.t === "absent");
  if (isBare && !evaluator.isHalfSpent() && evaluator.project.matching(FILLS, cls.file).length > 0)
    return { ...tagged, default: written };
  return WHERE.test(name) ? overWritten(evaluator, written, cls, name) : written;
}

/** Libraries of Go that read the environment by a struct's tags. */
const FILLS =
  /\bopts\.(?:Parse|New)\w*\(|\benv\.(?:Parse|Must|Load)\w*\(|\benvconfig\.(?:Must)?Process\w*\(|\bcleanenv\.Read\w+\(/;

/** `if s.host == "" { s.host = "localhost" }` of a struct that is made as `Server{host: "0.0.0.0"}`. */
export function unlessOpened(evaluator: Evaluator, value: Value, scope: Scope, name: string): Value {
  if (!isStruct(evaluator, scope) || !isLocalAddress(usually(value))) return value;
  const opened = [...literalFields(evaluator, scope, name)].filter((v) => {
    const usual = usually(v);
    return textOf(usual) && !isLocalAddress(usual);
  });
  return opened.length > 0 ? anyOf([value, ...opened]) : value;
}

/** `private String host = "localhost"` beside a setter that nobody is seen to call. */
export function unlessSet(value: Value, scope: Scope, name: string): Value {
  if (value.t !== "any" || !/^(java|csharp|php|python)$/.test(scope.file.language)) return value;
  const written = value.of.filter((v) => v.t !== "unknown" && v.t !== "ref");
  if (written.length === value.of.length || !written.every(isLocalAddress)) return value;
  return { t: "option", name, default: anyOf(written), open: true };
}

/** `fn with_addr(self, addr: SocketAddr) -> Self { App { addr, ..self } }`, which nobody calls: of what it is given only the type is known. */
export function unlessGiven(values: readonly Value[], name: string): Value {
  const known = values.filter((v) => v.t !== "ref" || v.path.includes("("));
  const isUsual = known.length > 0 && known.length < values.length && known.every((v) => isLocalAddress(usually(v)));
  return isUsual ? { t: "option", name, default: anyOf(known), open: true } : anyOf(values);
}

export function isStruct(evaluator: Evaluator, { file }: Scope): boolean {
  return evaluator.project.semantics(file).structs === true;
}

interface Place {
  name: string | undefined;
  start: number;
  embedded: boolean;
}

const PLACES = new WeakMap<Scope, Place[]>();

/** The fields of a struct in the order in which they stand, with those types that are embedded in it. */
export function placesOf(scope: Scope): Place[] {
  const known = PLACES.get(scope);
  if (known) return known;
  const cls = scope.class;
  const fields = (cls?.members ?? []).filter((m) => !m.fn).map(({ name, start }) => ({ name, start, embedded: false }));
  const bases = (cls?.bases ?? []).map((b) => ({ name: lastName(b), start: b.start, embedded: true }));
  const places = [...fields, ...bases].sort((a, b) => a.start - b.start);
  PLACES.set(scope, places);
  return places;
}
