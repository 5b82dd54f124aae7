/** The calls that reach a constructor through the classes that inherit it. */
import { escaped } from "../base/escaped.ts";
import type { Evaluator } from "./evaluate.ts";
import { type Call, type Expr, lastName } from "./ir.ts";
import { type CallSite, classAround, type Scope } from "./scope.ts";
import { alternatives, anyOf, type Value } from "./values.ts";

export type Site = Pick<CallSite, "call" | "scope">;

const LANGUAGES = /^(javascript|python|ruby|php|java|csharp)$/;
const MAKES = /^(constructor|__init__|initialize|__construct)$/;
const DEEPEST = 3;

/** `super(host)`, `super().__init__(host)`, `parent::__construct($host)`; `new Web(host)` where `Web` has no constructor of its own. */
export function* callsByHeirs(evaluator: Evaluator, owner: Scope, depth = 0): Generator<Site> {
  if (depth >= DEEPEST || !LANGUAGES.test(owner.file.language) || evaluator.isHalfSpent()) return;
  for (const heir of heirsOf(evaluator, owner)) {
    // In Java and C# a constructor is called as its class is.
    const maker = heir.class?.members.find((m) => m.fn && (MAKES.test(m.name) || m.name === heir.class?.name))?.fn;
    if (maker) {
      for (const site of heir.file.calls)
        if (isToBase(site.call) && site.scope.fn === maker && classAround(site.scope) === heir) yield site;
    } else {
      yield* direct(evaluator, heir);
      yield* callsByHeirs(evaluator, heir, depth + 1);
    }
  }
}

/**
 * What the classes on top of one say of a member that it lacks (`self.address` in a base, or beside a mixin), or that they
 * have anew (`self.get_listen()`): the base's own counts too where objects of it are made, or one of them leaves it be.
 */
export function ofHeirs(evaluator: Evaluator, scope: Scope, name: string, own: Value): Value {
  if (scope.file.language !== "python" || evaluator.isHalfSpent()) return own;
  const heirs = heirsOf(evaluator, scope);
  const anew = (heir: Scope): boolean => heir.class?.members.some((m) => m.name === name) || heir.fields.has(name);
  const found = heirs
    .filter((heir) => own.t === "absent" || anew(heir))
    .map((heir) => evaluator.classMember(heir, name, undefined, { t: "instance", scope: heir, frame: undefined }))
    .filter((v) => v.t !== "absent");
  if (found.length === 0) return own;
  const alone = own.t !== "absent" && found.length === heirs.length && direct(evaluator, scope).next().done;
  return anyOf(own.t === "absent" || alone ? found : [own, ...found]);
}

function heirsOf(evaluator: Evaluator, owner: Scope): Scope[] {
  const name = owner.class?.name;
  if (!name) return [];
  const word = escaped(name);
  const extending = new RegExp(`\\b(?:extends\\s|class\\s|inherits\\()[^\\n]{0,300}?\\b${word}\\b`);
  return evaluator.project
    .matching(extending, owner.file)
    .flatMap((module) =>
      module.classes
        .filter(
          ({ class: cls, scope }) =>
            cls !== owner.class &&
            cls.bases.some((base) => lastName(base) !== undefined && isClass(evaluator, base, scope, owner)),
        )
        .map(({ inner }) => inner),
    );
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
function isToBase({ callee }: Call): boolean {
  if (callee.kind === "name") return callee.name === "super";
  if (callee.kind !== "member" || !MAKES.test(callee.property)) return false;
  const { object } = callee;
  return object.kind === "name"
    ? object.name === "parent"
    : object.kind === "call" && lastName(object.callee) === "super";
}

/** `Base.__init__(self, host)`, `Server.call(this, options)`: the class, or the function, is called on an object that is there. */
export function isOnObject({ callee, args }: Call, word: string | undefined): boolean {
  if (callee.kind !== "member" || !/^(__init__|call)$/.test(callee.property) || args.length === 0) return false;
  const first = args[0]?.value;
  return lastName(callee.object) === word && first?.kind === "name" && /^(this|self)$/.test(first.name);
}

/** The same as a call of what is called. */
export function onObject(site: Site, word: string | undefined): Site {
  const { call, scope } = site;
  if (call.callee.kind !== "member" || !isOnObject(call, word)) return site;
  return { call: { ...call, callee: call.callee.object, args: call.args.slice(1) }, scope };
}
