/** `function Server() {…}` with `Server.prototype.listen = function () {…}`: a class, as it was written before there were any. */
import type { Assign, Call, ClassMember, Expr, Fn, Stmt } from "../ir.ts";

/** The statements of a body with such functions as classes. */
export function withPrototypes(body: Stmt[]): Stmt[] {
  const members = new Map<string, ClassMember[]>();
  const bases = new Map<string, Expr>();
  const rest: Stmt[] = [];
  for (const s of body) {
    const found = s.kind === "expression" ? extension(s.expr) : undefined;
    if (!found) {
      rest.push(s);
      continue;
    }
    const known = members.get(found.of) ?? [];
    members.set(found.of, [...known, ...found.members]);
    if (found.base) bases.set(found.of, found.base);
  }
  if (members.size === 0) return body;
  const made = new Set<string>();
  const out = rest.map((s): Stmt => {
    const fn = constructorOf(s);
    const own = fn?.name === undefined ? undefined : members.get(fn.name);
    if (!fn?.name || !own || made.has(fn.name)) return s;
    made.add(fn.name);
    const { start, end } = s;
    const base = bases.get(fn.name);
    const first: ClassMember = { name: "constructor", fn: { ...fn, name: "constructor" }, start, end };
    const cls = { name: fn.name, bases: base ? [base] : [], members: [first, ...own], decorators: [], start, end };
    return { kind: "class", class: cls, start, end };
  });
  // What extends something that is not made here stays as it was.
  return [...members.keys()].every((name) => made.has(name)) ? out : body;
}

/** `function Server() {…}`, `var Server = function () {…}`, `var Server = module.exports = function Server() {…}`. */
function constructorOf(s: Stmt): Fn | undefined {
  if (s.kind === "function") return s.fn;
  if (s.kind !== "declare" || s.pattern.kind !== "name" || s.value?.kind !== "function") return undefined;
  return { ...s.value.fn, name: s.pattern.name };
}

interface Extension {
  of: string;
  members: ClassMember[];
  base?: Expr;
}

function extension(e: Expr): Extension | undefined {
  if (e.kind === "assign") return assigned(e);
  return e.kind === "call" ? called(e) : undefined;
}

function assigned({ target, value }: Assign): Extension | undefined {
  if (target.kind !== "member") return undefined;
  const whole = prototypeOf(target);
  if (whole !== undefined) return wholly(whole, value);
  const of = prototypeOf(target.object);
  return of === undefined ? undefined : { of, members: [member(target.property, value)] };
}

/** `Server.prototype = {…}`, `= Object.create(Base.prototype)`, `= extend(Object.create(Base.prototype), {…})`. */
function wholly(of: string, value: Expr): Extension | undefined {
  const mixed = value.kind === "call" && MIXES.test(calledName(value)) ? value.args.map((a) => a.value) : [value];
  const members = mixed.flatMap(membersOf);
  const base = mixed
    .map((e) => (e.kind === "member" ? prototypeBase(e) : baseOf(e).base))
    .find((b) => b && !isNamed(b, of));
  // What was made in another way keeps what stands in it.
  return members.length > 0 || base || value.kind === "object" ? { of, members, ...(base && { base }) } : undefined;
}

const MIXES = /^_?(assign|extend|merge|mixin)$/;

function calledName({ callee }: Call): string {
  return callee.kind === "member" ? callee.property : callee.kind === "name" ? callee.name : "";
}

/** The `Base` of `Base.prototype`. */
function prototypeBase(e: Expr & { kind: "member" }): Expr | undefined {
  return prototypeOf(e) === undefined ? undefined : e.object;
}

function isNamed(e: Expr, name: string): boolean {
  return e.kind === "name" && e.name === name;
}

/** `util.inherits(Server, EventEmitter)`, `Object.assign(Server.prototype, {…})`. */
function called(call: Call): Extension | undefined {
  const [first, second] = call.args.map((a) => a.value);
  const name = calledName(call);
  if (!first || !second) return undefined;
  if (name === "inherits" && first.kind === "name") return { of: first.name, members: [], base: second };
  const of = MIXES.test(name) ? prototypeOf(first) : undefined;
  return of === undefined ? undefined : { of, members: membersOf(second) };
}

/** The `Server` of `Server.prototype`. */
function prototypeOf(e: Expr): string | undefined {
  return e.kind === "member" && e.property === "prototype" && e.object.kind === "name" ? e.object.name : undefined;
}

function membersOf(e: Expr): ClassMember[] {
  return e.kind === "object" ? e.entries.flatMap((x) => (x.key === undefined ? [] : [member(x.key, x.value)])) : [];
}

/** `Object.create(Base.prototype)`, `new Base()` */
function baseOf(e: Expr): { base?: Expr } {
  const first = e.kind === "call" ? e.args[0]?.value : undefined;
  const of = first && prototypeOf(first);
  if (first?.kind === "member" && of !== undefined) return { base: first.object };
  return e.kind === "call" && e.isNew ? { base: e.callee } : {};
}

function member(name: string, value: Expr): ClassMember {
  const { start, end } = value;
  return value.kind === "function" ? { name, fn: { ...value.fn, name }, start, end } : { name, value, start, end };
}
