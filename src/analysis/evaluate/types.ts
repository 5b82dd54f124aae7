/** What a declared type says of a value; types whose parts stand in several files. */
import { escaped } from "../../base/escaped.ts";
import { type Class, type Expr, type Fn, lastName, type ObjectExpr, type Other } from "../ir.ts";
import { type Binding, lookup, type Scope, type Source, type SourceModule } from "../scope/scope.ts";
import { alternatives, envNames, type Frame, isLost, UNKNOWN, type Value } from "../values.ts";
import type { Evaluator } from "./evaluator.ts";
import { heldBy } from "./variants.ts";

/** What a declared type says of a value that cannot be followed. */
export function typedAs(evaluator: Evaluator, type: Expr, scope: Scope): Value | undefined {
  const held = heldBy(evaluator, type, scope);
  if (held) return held;
  const found = evaluator.eval(type, scope);
  if (found.t === "class") return { t: "instance", scope: found.scope, frame: undefined };
  if (found.t === "ref") return { t: "ref", path: found.path, file: found.file };
  // A variant of Rust's enums: what it holds. A map or a list of Go: what its values are.
  return found.t === "instance" || found.t === "record" || found.t === "array" ? found : undefined;
}

/** In Rust a struct is nothing else: of its callers' values none is one where they were not followed to their end. */
export function hasNoFields(v: Value & { t: "any" }, { language }: SourceModule): boolean {
  return language === "rust" && v.of.every((x) => /^(?:unknown|absent|literal|ref|derived|text)$/.test(x.t));
}

export function isStruct(type: Value | undefined): type is Value & { t: "instance" } {
  return type?.t === "instance" && type.scope.class !== undefined && isStructType(type.scope.class);
}

/** The class itself, where it stands in several parts. */
function wholeClass(evaluator: Evaluator, part: Scope): Scope {
  return evaluator.project.semantics(part.file).whole?.(part) ?? part;
}

/** What `this`, or a receiver, is in a method of the class; Python's `cls` is the class. */
export function selfInstance(evaluator: Evaluator, part: Scope, name?: string): Value {
  if (name === "cls" && part.class) return { t: "class", class: part.class, scope: part };
  return { t: "instance", scope: wholeClass(evaluator, part), frame: undefined };
}

export function classOf(evaluator: Evaluator, part: NonNullable<Binding["class"]>): Value {
  const scope = wholeClass(evaluator, part.scope);
  return { t: "class", class: scope.class ?? part.class, scope };
}

/** The fields of a named tuple, by their places. */
export function namedFields({ class: cls, file }: Scope): string[] | undefined {
  if (file.language !== "python" || !cls?.bases.some((b) => lastName(b) === "NamedTuple")) return undefined;
  return cls.members.filter((m) => !m.fn).map((m) => m.name);
}

/** What the methods of a class, in whatever part of it, give to a field. */
export function fieldSources(evaluator: Evaluator, scope: Scope, name: string): readonly Source[] | undefined {
  const { fields, file } = scope;
  // Ruby's `attr_reader :host` gives out `@host`.
  const own = fields.get(name) ?? (file.language === "ruby" ? fields.get(`@${name}`) : undefined);
  const { parts } = evaluator.project.semantics(file);
  return own ?? parts?.(scope).flatMap((part) => part.fields.get(name) ?? []);
}

/** `private host = ""` of a class whose constructors, each of them, give it another value: what was declared is gone by then. */
export function onceMade(sources: readonly Source[], scope: Scope, field: string): readonly Source[] {
  const { members = [], name } = scope.class ?? {};
  const constructors = members.flatMap((m) => (m.fn && (CONSTRUCTOR.test(m.name) || m.name === name) ? [m.fn] : []));
  const gives = (fn: Fn): boolean =>
    sources.some((s) => s.scope.fn === fn && !s.guards?.length && !readsBack(s, field)) ||
    /\bthis\s*\(/.test(scope.file.text.slice(fn.start, fn.end).slice(0, 200));
  const isDeclared = (s: Source): boolean => s.scope === scope;
  return constructors.length > 0 && constructors.every(gives) ? sources.filter((s) => !isDeclared(s)) : sources;
}

/** `$this->config = array_merge($this->config, $given)`, `host = props.get("host", host)`: what it was declared with is in it. */
function readsBack({ expr, scope }: Source, field: string): boolean {
  const text = expr ? scope.file.text.slice(expr.start, Math.min(expr.end, expr.start + 300)) : "";
  if (new RegExp(`\\b(?:this|self)\\s*(?:\\.|->)\\s*${escaped(field)}\\b`).test(text)) return true;
  if (!BARE_FIELDS.test(scope.file.language) || lookup(scope, field)?.scope.fn) return false;
  return new RegExp(`(?<![\\w$.])${escaped(field)}(?![\\w$(])`).test(text.replace(/"(?:[^"\\\n]|\\.)*"/g, '""'));
}

/** Where a field is read by its name alone. */
const BARE_FIELDS = /^(?:java|csharp)$/;

export const CONSTRUCTOR = /^(__init__|__construct|constructor)$/;

/** The only constructor gives it something that was not followed, whatever the class says. */
export function isSureIn(
  { members, name }: NonNullable<Scope["class"]>,
  s: Source,
  read: (s: Source) => Value,
): boolean {
  const constructors = members.filter((m) => m.fn && (CONSTRUCTOR.test(m.name) || m.name === name));
  const only = constructors.length === 1 ? constructors[0]?.fn : undefined;
  return only !== undefined && s.scope.fn === only && !s.guards?.length && isLost(read(s));
}

/** JavaScript's `static flags = {…}` of a class whose base has a field of that name: `this.flags` is the base's. */
export function ofBaseInstead(evaluator: Evaluator, scope: Scope, name: string, self: Value): Value | undefined {
  const { class: cls, file, parent } = scope;
  if (file.language !== "javascript" || self.t !== "instance" || !cls?.bases.length) return undefined;
  const own = cls.members.filter((m) => m.name === name);
  if (own.length === 0 || !own.every((m) => m.static && !m.fn)) return undefined;
  for (const base of cls.bases.flatMap((b) => alternatives(evaluator.eval(b, parent ?? scope)))) {
    const given = base.t === "class" ? (base.scope.fields.get(name) ?? []) : [];
    if (base.t === "class" && given.some((s) => s.scope.fn !== undefined))
      return evaluator.classMember(base.scope, name, undefined, self);
  }
  return undefined;
}

/** An object as it is written; `addresses{"a", "b"}` of a type that is no struct is a list. */
export function objectLiteral(evaluator: Evaluator, expr: ObjectExpr, scope: Scope, frame: Frame | undefined): Value {
  const value: Value = { t: "object", expr, scope, frame };
  if (!expr.type) return value;
  const type = evaluator.eval(expr.type, scope, frame);
  // A type of which only methods are known, or nothing.
  const isPlain = type.t === "class" ? !isStructType(type.class) : type.t === "ref" && !type.path.includes(".");
  if (
    scope.file.language === "go" &&
    isPlain &&
    expr.entries.length > 0 &&
    expr.entries.every((e) => e.key === undefined)
  )
    return { t: "array", items: expr.entries.map((e) => evaluator.eval(e.value, scope, frame)) };
  if (type.t === "ref") value.type = type.path;
  else if (type.t === "class") value.cls = type.scope;
  return value;
}

function isStructType({ members, bases }: Class): boolean {
  return bases.length > 0 || members.some((m) => !m.fn);
}

/** `options.Value`, `monitor.CurrentValue` of C#, which wrap an object of a class that has no such member. */
export function isWrapped({ class: cls, file }: Scope, property: string): boolean {
  return (
    file.language === "csharp" &&
    /^(?:Current)?Value$/.test(property) &&
    !cls?.bases.length &&
    !cls?.members.some((m) => m.name === property)
  );
}

/** TypeScript's `constructor(private readonly host: string)`: parameters that are fields too. */
export function* constructorFields(scope: Scope, name: string): Generator<Binding> {
  for (const m of scope.class?.members ?? []) {
    const param = m.fn?.params.find((p) => p.field && p.pattern.kind === "name" && p.pattern.name === name);
    const inner = param && m.fn && scope.file.fnScopes.get(m.fn);
    const binding = inner?.names.get(name);
    if (binding) yield binding;
  }
}

/** What stands in no node of the tree: a class as a value, or something that is made of its parts. */
export function ofParts(evaluator: Evaluator, expr: Other, scope: Scope, frame: Frame | undefined): Value {
  const only = expr.body?.length === 1 ? expr.body[0] : undefined;
  if (only?.kind === "class") {
    const found = scope.file.classes.find((c) => c.class === only.class);
    if (found) return { t: "class", class: only.class, scope: found.inner };
  }
  const of = expr.children.map((c) => evaluator.eval(c, scope, frame)).filter((v) => envNames(v).size > 0);
  return of.length ? { t: "derived", of } : UNKNOWN;
}
