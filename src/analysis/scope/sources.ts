/** What gives names and their members a value, apart from declarations. */
import { type Argument, type Call, type Expr, lastName, other } from "../ir.ts";
import { copiedWhole } from "./copies.ts";
import { type Guard, lookup, type Scope, type Source, selfClass } from "./scope.ts";

export function source(
  expr: Expr,
  scope: Scope,
  path: (string | number | undefined)[],
  fallback?: Expr,
  guards: readonly Guard[] = [],
): Source {
  const s: Source = { expr, scope };
  if (path.length) s.path = path;
  if (guards.length) s.guards = guards;
  if (fallback) s.fallback = fallback;
  return s;
}

export function push<T>(map: Map<string, T[]>, key: string, value: T): void {
  const list = map.get(key);
  if (list) list.push(value);
  else map.set(key, [value]);
}

/** Under this name stands what is assigned to members whose names are computed: `options[key] = …`. */
export const COMPUTED = "[]";

/** Under this name stand whole objects that are laid into another. */
export const LAID = "...";
const LAYS = /^(merge!|update|reverse_merge!|deep_merge!)$/;

/** A whole object that is copied into another, member by member. */
export function copy(whole: Expr, scope: Scope, guards: readonly Guard[]): Source {
  return { ...source(whole, scope, [], undefined, guards), over: true };
}

/** `options.update({ port: 80 })`, `Object.assign(options, { port: 80 })`: members of a name get values. */
export function laidInto(call: Call, scope: Scope, guards: readonly Guard[]): void {
  const { args } = call;
  const onto = args.length > 0 ? ontoWhat(call, scope) : undefined;
  const owner = onto && fieldsOf(onto.object, scope);
  if (!owner) return;
  const give = (key: string, value: Expr): void =>
    push(owner.fields, owner.head + key, source(value, scope, [], undefined, guards));
  if (onto.computed) {
    const [key, given] = args.slice(-2);
    const value = given && lastName(call.callee) === "defineProperty" ? described(given) : given;
    if (!key || !value) return;
    const copied = copiedWhole(key.value, value.value, onto.object, scope, guards);
    if (copied) push(owner.fields, owner.head + LAID, copy(copied, scope, guards));
    else give(key.value.kind === "literal" ? String(key.value.value) : COMPUTED, value.value);
    return;
  }
  for (const { name, value } of args)
    if (name !== undefined) give(name, value);
    else if (value.kind === "object") {
      for (const entry of value.entries) if (entry.key !== undefined) give(entry.key, entry.value);
    } else if (value !== onto.object && value.kind !== "literal" && value.kind !== "function") give(LAID, value);
}

/** Where the members are kept that a name (`this` too), or a member of one, is given: the latter under `options.`. */
export function fieldsOf(e: Expr, scope: Scope): { fields: Map<string, Source[]>; head: string } | undefined {
  const root = e.kind === "member" ? e.object : e;
  const fields = root.kind === "name" ? (selfClass(scope, root.name) ?? lookup(scope, root.name))?.fields : undefined;
  return fields && { fields, head: e.kind === "member" ? `${e.property}.` : "" };
}

/** `merge` of lodash writes into the first; others by that name give a new object. */
function isLodash(callee: Expr, scope: Scope): boolean {
  const root = callee.kind === "member" ? callee.object : callee;
  const binding = root.kind === "name" && scope.file.language === "javascript" ? lookup(scope, root.name) : undefined;
  const required = binding?.sources.map(({ expr }) => {
    const made = expr?.kind === "member" ? expr.object : expr;
    return made?.kind === "call" && lastName(made.callee) === "require" ? made.args[0]?.value : undefined;
  });
  const from = [binding?.import?.module, ...(required ?? []).map((e) => e?.kind === "literal" && e.value)];
  return from.some((m) => typeof m === "string" && /^lodash(-es)?([./]|$)/.test(m));
}

interface Onto {
  object: Expr;
  /** One member under a name that is an argument: `setattr(self, key, value)`. */
  computed?: boolean;
}

/** `setattr(self, key, value)`, `Object.assign(this, options)`, `self.__dict__.update(options)`. */
function ontoWhat({ callee, args }: Call, scope: Scope): Onto | undefined {
  const first = args[0]?.value as Expr;
  if (callee.kind === "name" && callee.name === "setattr") return { object: first, computed: true };
  // Ruby: `send("#{key}=", value)`, `instance_variable_set("@#{key}", value)`
  const isSent = args.length === 2 && scope.file.language === "ruby" && SENDS.test(lastName(callee) ?? "");
  if (isSent && first.kind === "text")
    return {
      object: callee.kind === "member" ? callee.object : { ...first, kind: "name", name: "this" },
      computed: true,
    };
  // lodash: `merge(config, require("./environment"))`
  if (lastName(callee) === "merge" && args.length > 1 && isLodash(callee, scope)) return { object: first };
  if (callee.kind !== "member") return undefined;
  if (callee.property === "set")
    return args.length === 2 && isMap(callee.object, scope) ? { object: callee.object, computed: true } : undefined;
  if (callee.property === "defineProperty") return args.length === 3 ? { object: first, computed: true } : undefined;
  // `options.setdefault("port", 8081)`
  if (callee.property === "setdefault") return { object: callee.object, computed: true };
  if (callee.property === "assign") return args.length > 1 ? { object: first } : undefined;
  // `_.extend(this, { port: 80 }, options)`
  if (/^_?extend$/.test(callee.property) && args.length > 1 && first.kind === "name") return { object: first };
  if (!LAYS.test(callee.property)) return undefined;
  const { object } = callee;
  if (object.kind === "member" && object.property === "__dict__") return { object: object.object };
  const inner = object.kind === "call" && object.callee.kind === "name" && object.callee.name === "vars";
  return { object: inner ? (object.args[0]?.value ?? object) : object };
}

/** `address += ":8080"`: what the name held, with something behind it. */
export function grown({ target, value, operator, start, end }: Expr & { kind: "assign" }): Expr {
  if (operator !== "+=" || target.kind !== "name") return value;
  return { kind: "binary", operator: "+", left: target, right: value, start, end };
}

/** `[host, port] = host.split(":")`: what is taken apart keeps the value that it has. */
export function keeping(target: Expr, value: Expr): Expr {
  if (target.kind !== "array" || value.kind !== "call" || !SPLITS.test(lastName(value.callee) ?? "")) return target;
  const whole = value.callee.kind === "member" ? value.callee.object : value.args[1]?.value;
  const isWhole = (item: Expr): boolean => item.kind === "name" && whole?.kind === "name" && item.name === whole.name;
  return { ...target, items: target.items.map((item) => (isWhole(item) ? other(item) : item)) };
}
const SPLITS = /^(?:explode|r?split|r?partition)$/;

/** `host ||= "::"`: assigned where the name was nothing. */
export function whereMissing({ target, operator }: Expr & { kind: "assign" }): Guard[] {
  return operator === "||=" || operator === "??=" ? [{ test: target, negated: true }] : [];
}

/** A name that is given a `new Map(…)`. */
function isMap(e: Expr, scope: Scope): boolean {
  const sources =
    e.kind === "name" && scope.file.language === "javascript" ? lookup(scope, e.name)?.sources : undefined;
  return (
    sources?.some(({ expr }) => expr?.kind === "call" && expr.isNew === true && lastName(expr.callee) === "Map") ===
    true
  );
}

/** `{ get: () => host }`, `{ value: host }`: what the member is that is described so. */
function described({ value: e }: Argument): Argument | undefined {
  const entry = e.kind === "object" ? e.entries.find(({ key }) => key === "get" || key === "value") : undefined;
  if (!entry || entry.key === "value") return entry && { value: entry.value };
  return { value: { kind: "call", callee: entry.value, args: [], start: entry.start, end: entry.end } };
}

/** Ruby's calls that give a member a value by its name. */
const SENDS = /^(?:send|public_send|__send__|instance_variable_set)$/;

/** The module of `require("x")` and `import("x")`. */
export function importedBy(e: Call): string | undefined {
  const name = e.callee.kind === "name" ? e.callee.name : "";
  const first = e.args[0]?.value;
  if (name !== "require" && name !== "import") return undefined;
  return first?.kind === "literal" && typeof first.value === "string" ? first.value : undefined;
}
