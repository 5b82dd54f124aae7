/** The calls that reach a constructor through the classes that inherit it. */
import { escaped } from "../../base/escaped.ts";
import { type Call, type Class, type Expr, type Fn, lastName } from "../ir.ts";
import { bareField, type CallSite, classAround, lookup, type Scope } from "../scope/scope.ts";
import { WHERE } from "../settings/declared-options.ts";
import { alternatives, anyOf, type Frame, type Value } from "../values.ts";
import { bindArguments, MAX_DEPTH } from "./calls.ts";
import type { Evaluator } from "./evaluator.ts";
import { openedAgain } from "./ruby.ts";

export type Site = Pick<CallSite, "call" | "scope">;

const LANGUAGES = /^(javascript|python|ruby|php|java|csharp)$/;
const MAKES = /^(constructor|__init__|initialize|__construct)$/;
const DEEPEST = 3;

/** `super(host)`, `super().__init__(host)`, `parent::__construct($host)`; `new Web(host)` where `Web` has no constructor of its own. */
function* callsByHeirs(evaluator: Evaluator, owner: Scope, depth = 0): Generator<Site> {
  if (depth >= DEEPEST || !LANGUAGES.test(owner.file.language) || evaluator.isHalfSpent()) return;
  for (const heir of heirsOf(evaluator, owner)) {
    // In Java and C# a constructor is called as its class is.
    const maker = heir.class?.members.find((m) => m.fn && (MAKES.test(m.name) || m.name === heir.class?.name))?.fn;
    if (maker) {
      for (const site of heir.file.calls)
        if (isToBase(site.call, owner.file.language) && site.scope.fn === maker && classAround(site.scope) === heir)
          yield site;
    } else {
      yield* direct(evaluator, heir);
      yield* callsByHeirs(evaluator, heir, depth + 1);
    }
  }
}

/** The same, and what another constructor of the class gives to this one: `Web(int port) { this("localhost", port); }`. */
export function* callsThrough(evaluator: Evaluator, owner: Scope, fn: Fn): Generator<Site> {
  for (const { call, scope } of /^(?:java|csharp)$/.test(owner.file.language) ? owner.file.calls : [])
    if (call.callee.kind === "name" && call.callee.name === "this" && call.args.length === fn.params.length)
      if (scope.fn !== fn && classAround(scope) === owner) yield { call, scope };
  yield* callsByHeirs(evaluator, owner);
}

/** What the constructor of a base is given by the one of a class on top of it, in the call that is followed. */
export function frameOfBase(
  evaluator: Evaluator,
  heir: Scope,
  base: Scope,
  frame: Frame | undefined,
  self: Value | undefined,
): Frame | undefined {
  const maker = base.class?.members.find((m) => m.fn && MAKES.test(m.name))?.fn;
  if (!frame || !maker || frame.depth >= MAX_DEPTH || !heir.class?.members.some((m) => m.fn === frame.fn)) return frame;
  for (const site of heir.file.calls) {
    if (site.scope.fn !== frame.fn) continue;
    const { call, scope } = onObject(site, base.class?.name);
    if (call !== site.call || isToBase(call, heir.file.language))
      return bindArguments(evaluator, maker, call.args, scope, frame, self, frame.depth + 1);
  }
  return frame;
}

/** The class, and those on top of it that are made by its constructor, with their names. */
export function namesOfHeirs(evaluator: Evaluator, owner: Scope, depth = 0): Map<Class, string> {
  const { class: cls } = owner;
  const made = new Map<Class, string>(cls?.name ? [[cls, cls.name]] : []);
  if (depth < DEEPEST)
    for (const heir of heirsOf(evaluator, owner))
      if (!heir.class?.members.some((m) => m.fn && MAKES.test(m.name)))
        for (const [c, name] of namesOfHeirs(evaluator, heir, depth + 1)) made.set(c, name);
  return made;
}

function heirsOf(evaluator: Evaluator, owner: Scope): Scope[] {
  const name = owner.class?.name;
  if (!name) return [];
  const word = escaped(name);
  const extending = new RegExp(
    `\\b(?:extends\\s|class\\s|inherits\\(|include\\s|prepend\\s|extend\\s|use\\s)[^\\n]{0,300}?\\b${word}\\b|\\bnew\\s+${word}\\b[^{};]{0,300}\\{|\\bimpl\\b[^\\n{}]{0,200}\\b${word}\\b[^\\n{}]{0,200}\\sfor\\s`,
  );
  // Ruby has no other names for a class than its own: what is called otherwise need not be looked up.
  const own = owner.file.language === "ruby" ? name.slice(name.lastIndexOf(":") + 1) : undefined;
  const mayBe = (base: Expr): boolean => {
    const called = lastName(base);
    return called !== undefined && (own === undefined || called === own);
  };
  return evaluator.project
    .matching(extending, owner.file, name)
    .flatMap((module) =>
      module.classes
        .filter(
          ({ class: cls, scope }) =>
            cls !== owner.class &&
            [...cls.bases, ...(cls.mixins ?? [])].some((base) => mayBe(base) && isClass(evaluator, base, scope, owner)),
        )
        .map(({ inner }) => inner),
    );
}

/** A class by those that inherit from it, or that take it in as a module or a trait. */
interface Family {
  heirs: Scope[];
  /** Is it made itself, by its own name? */
  made: boolean;
  /** It is being found out. */
  open?: true;
}
const FAMILIES = new WeakMap<Evaluator, Map<Scope, Family>>();

/**
 * What the classes on top of one say of a member that it lacks (`self.address` in a base, or beside a mixin), or of where it
 * listens: the base's own counts too where objects of it are made, or one of them leaves it be.
 *
 * @param own what the class itself says
 */
export function ofHeirs(evaluator: Evaluator, scope: Scope, name: string, own: Value): Value {
  const isMethod = own.t === "function" || scope.class?.members.some((m) => m.getter && m.name === name);
  // `self._app = None`, which those on top of it fill.
  const isEmpty = scope.fields.get(name)?.every(({ expr }) => expr?.kind === "literal" && expr.value === null);
  if (own.t !== "absent" && !WHERE.test(name) && !isMethod && !isEmpty) return own;
  if (!scope.class?.name || !mayHaveHeirs(scope) || evaluator.isHalfSpent()) return own;
  const known = FAMILIES.get(evaluator) ?? new Map<Scope, Family>();
  FAMILIES.set(evaluator, known);
  let family = known.get(scope);
  if (!family) {
    // Whoever asks again while this is being found out gets what the class says itself.
    known.set(scope, { heirs: [], made: true, open: true });
    const cutsBefore = evaluator.cuts;
    const heirs = [...allHeirs(evaluator, scope)];
    family = { heirs, made: heirs.length === 0 || !direct(evaluator, scope).next().done };
    if (scope.file.language === "ruby") family.heirs.push(...openedAgain(evaluator, scope));
    // What was found when a question had used up its steps is asked again.
    if (evaluator.cuts === cutsBefore) known.set(scope, family);
    else known.delete(scope);
  }
  // What is said meanwhile is not kept.
  if (family.open) evaluator.cutShort();
  const says = ({ class: cls, fields }: Scope): boolean =>
    fields.has(name) ||
    fields.has(`@${name}`) ||
    cls?.members.some((m) => m.name === name) === true ||
    (cls?.mixins ?? []).length > 0;
  if (own.t !== "absent" && !family.heirs.some(says)) return own;
  const theirs = family.heirs.map((heir) =>
    evaluator.classMember(heir, name, undefined, { t: "instance", scope: heir, frame: undefined }),
  );
  return anyOf([...(family.made ? [own] : []), ...theirs]);
}
const OPEN = /^(javascript|ruby|php|python|java|csharp)$/;

/** In Rust only a trait has any. */
function mayHaveHeirs({ class: cls, file }: Scope): boolean {
  if (file.language !== "rust") return OPEN.test(file.language);
  return (
    cls !== undefined &&
    /^(?:pub\b(?:\([^)]{0,40}\))?\s*)?(?:unsafe\s+)?trait\b/.test(file.text.slice(cls.start, cls.end))
  );
}

function* allHeirs(evaluator: Evaluator, owner: Scope, depth = 0): Generator<Scope> {
  if (depth < DEEPEST)
    for (const heir of heirsOf(evaluator, owner)) {
      yield heir;
      yield* allHeirs(evaluator, heir, depth + 1);
    }
}

/** Is it this class, by its name or as all that a module gives? */
function isClass(evaluator: Evaluator, expr: Expr, scope: Scope, owner: Scope): boolean {
  return alternatives(evaluator.eval(expr, scope))
    .map((v) => (v.t === "module" ? evaluator.member(v, "default") : v))
    .some((v) => v.t === "class" && v.class === owner.class);
}

function* direct(evaluator: Evaluator, heir: Scope): Generator<Site> {
  const name = heir.class?.name;
  if (!name) return;
  for (const module of evaluator.project.mentioning(name, heir.file))
    for (const { call, scope } of module.calls) {
      const callee = call.callee.kind === "member" && call.callee.property === "new" ? call.callee.object : call.callee;
      if (lastName(callee) !== name) continue;
      if (isClass(evaluator, callee, scope, heir)) yield { call, scope };
    }
}

/** Is it the call of the base's constructor in one that goes over it? */
export function isToBase({ callee }: Call, language: string): boolean {
  // Python's `super(Server, self)` only asks for the base.
  if (callee.kind === "name") return callee.name === "super" && language !== "python";
  if (callee.kind !== "member" || !MAKES.test(callee.property)) return false;
  const { object } = callee;
  return object.kind === "name"
    ? object.name === "parent"
    : object.kind === "call" && lastName(object.callee) === "super";
}

/** `Base.__init__(self, host)`, `Server.call(this, options)`: the class, or the function, is called on an object that is there. */
export function isOnObject({ callee, args }: Call, word: string | undefined, language?: string): boolean {
  // Ruby's `opener.call(host)`
  if (language === "ruby" && callee.kind === "member" && callee.property === "call")
    return lastName(callee.object) === word;
  if (callee.kind !== "member" || !/^(__init__|call)$/.test(callee.property) || args.length === 0) return false;
  const first = args[0]?.value;
  return lastName(callee.object) === word && first?.kind === "name" && /^(this|self)$/.test(first.name);
}

/** The same as a call of what is called. */
export function onObject(site: Site, word: string | undefined): Site {
  const { call, scope } = site;
  const { language } = scope.file;
  if (call.callee.kind !== "member" || !isOnObject(call, word, language)) return site;
  return {
    call: { ...call, callee: call.callee.object, args: language === "ruby" ? call.args : call.args.slice(1) },
    scope,
  };
}

/** A base that is not in the project seems to have every name: what is in sight outside of the class goes over it. */
export function isInheritedOnly(found: Value, cls: Scope, name: string): boolean {
  if (found.t !== "ref" && found.t !== "unknown") return false;
  if (cls.fields.has(name) || cls.class?.members.some((m) => m.name === name)) return false;
  if (/^[A-Z]/.test(name) || lookup(cls.parent, name) !== undefined) return true;
  return cls.parent !== undefined && bareField(cls.parent, name) !== undefined;
}
