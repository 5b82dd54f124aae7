/** A member of a name, with what is assigned to it, or laid over its object, apart from where the object is made. */

import { assignedTo } from "../defaults/joined.ts";
import type { Expr } from "../ir.ts";
import { BY_CASE } from "../port-mention.ts";
import { isAfter } from "../scope/assignments-at.ts";
import { ADDED, MOVED, placed } from "../scope/lists.ts";
import { type Binding, lookup, type Scope, type Source, selfClass } from "../scope/scope.ts";
import { COMPUTED, LAID } from "../scope/sources.ts";
import { variableCalled } from "../settings/setting-owners.ts";
import {
  ABSENT,
  alternatives,
  anyOf,
  ENVIRON,
  env,
  envNames,
  type Frame,
  isEmptyList,
  isLocalAddress,
  isLost,
  PARSED,
  textOf,
  UNKNOWN,
  type Value,
  withDefault,
} from "../values.ts";
import { callerArguments } from "./callers.ts";
import type { Evaluator } from "./evaluator.ts";
import { assignedByKey } from "./keyed.ts";
import { isGroup, member } from "./members.ts";

export function withAssigned(
  evaluator: Evaluator,
  value: Value,
  object: Expr,
  property: string,
  scope: Scope,
  frame: Frame | undefined,
): Value {
  if (object.kind === "index") return assignedByKey(evaluator, value, object, property, scope);
  const own = assignedFields(object, property, scope).filter((s) => !isAfter(s, object, scope));
  const read = (s: Source): Value => evaluator.source(s, s.scope === scope ? frame : undefined);
  const whole = withLaid(evaluator, value, assignedFields(object, LAID, scope), property, read);
  return own.length === 0 ? whole : assignedTo(whole, own, property, evaluator, read);
}

/**
 * A list that was empty, or held some items, with those that are put into it by its name. Where some are moved, each may
 * stand in any place.
 */
export function withAdded(evaluator: Evaluator, value: Value, b: Binding, frame: Frame | undefined): Value {
  const { fields, scope } = b;
  const table = filledTable(value, b);
  if (table) return table;
  const items = value.t === "array" ? value.items : value.t === "ref" && NEW_LIST.test(value.path) ? [] : undefined;
  if (!items || fields.size === 0) return value;
  const read = (s: Source): Value => evaluator.source(s, s.scope === scope ? frame : undefined);
  const added = fields.get(ADDED) ?? [];
  // What grows in many places is a list of the program's work.
  const all = [...items, ...added.slice(0, MOST).map(read), ...(added.length > MOST ? [UNKNOWN] : [])];
  for (const [place, key] of placed(b))
    if (place < all.length) all[place] = anyOf([all[place] as Value, ...(fields.get(key) ?? []).map(read)]);
  const each = fields.has(MOVED) ? anyOf(all) : undefined;
  return { t: "array", items: each ? all.map(() => each) : all };
}

/** PHP's `$config = []`, into which values are put by their keys, wherever it goes; beside it may be what was not followed. */
function filledTable(value: Value, b: Binding): Value | undefined {
  if (b.scope.file.language !== "php" || ![...b.fields.keys()].some((key) => /^[a-z_]\w*$/i.test(key)))
    return undefined;
  const all = alternatives(value);
  const others = all.filter((v) => !isEmptyList(v));
  if (others.length === all.length || !others.every(isLost)) return undefined;
  return { t: "record", members: new Map(), holder: b, ...(others.length > 0 && { rest: UNKNOWN }) };
}

const MOST = 8;
const NEW_LIST = /(?:^|\.)(?:\w*List|\w*(?<!Flag)Set|Vec\.new|Vec\.with_capacity|SmallVec\.new)\(\)$/;

/** What is assigned to `object.property` elsewhere, when `object` is a plain name. */
function assignedFields(of: Expr, property: string, scope: Scope): readonly Source[] {
  // In Ruby to read a member is to call it.
  const object = of.kind === "call" && of.args.length === 0 && scope.file.language === "ruby" ? of.callee : of;
  if (object.kind === "member" && object.object.kind === "name") {
    const self = selfClass(scope, object.object.name);
    const fields = self?.fields ?? lookup(scope, object.object.name)?.fields;
    return fields?.get(`${object.property}.${property}`) ?? [];
  }
  return object.kind === "name" ? (lookup(scope, object.name)?.fields.get(property) ?? []) : [];
}

type Held = Value & { t: "object" | "record" };

/** A member of an object that a name holds, with what is assigned to it after the object was made, wherever that went since. */
export function laterMember(evaluator: Evaluator, object: Held, property: string, made: Value): Value {
  const frame = object.t === "object" ? object.frame : undefined;
  const read = (s: Source): Value => evaluator.source(s, frame?.fn === s.scope.fn ? frame : undefined);
  const whole = withLaid(evaluator, made, object.holder?.fields.get(LAID), property, read);
  const own = object.holder?.fields.get(property);
  const value = own
    ? (unlessGiven(whole, own, object.holder, property, read) ?? assignedTo(whole, own, property, evaluator, read))
    : whole;
  // Its members get their names while it runs: one that is not there may be there then.
  const { holder } = object;
  if (!holder) return value;
  const computed = holder.fields.get(COMPUTED);
  if (!computed) return held(value, holder, property);
  const told = computed.flatMap((s) => toldByName(evaluator, s, property));
  if (told.length > 0) return anyOf([value, ...told]);
  if (value.t === "absent") return { t: "unknown", lost: { name: property, file: holder.scope.file } };
  return overByVariable(value, computed, property, read);
}

/** What is spread over a default and may say something else: the user's file, variables, an object that was not followed. */
export function isSaidOver(v: Value, usual: Value): boolean {
  if (v.t === "ref") return usual.t === "literal" || PARSED.test(v.path);
  return v.t === "derived" || v.t === "environ";
}

const INNER = new WeakMap<Map<string, Source[]>, Map<string, Binding>>();

/** An object within another: with what is assigned to its members by way of the other, `config.http.port = 80`. */
export function held(value: Value, { fields, scope }: Pick<Binding, "fields" | "scope">, name: string): Value {
  if ((value.t !== "object" && value.t !== "record") || value.holder) return value;
  const known = INNER.get(fields) ?? new Map<string, Binding>();
  INNER.set(fields, known);
  let inner = known.get(name);
  if (!inner) {
    const head = `${name}.`;
    const own = [...fields].flatMap(([key, all]) =>
      key.startsWith(head) && key !== head + LAID ? [[key.slice(head.length), all] as const] : [],
    );
    known.set(name, (inner = { name, scope, sources: [], fields: new Map(own) }));
  }
  return inner.fields.size > 0 ? { ...value, holder: inner } : value;
}

/** `set(key, value) { this.settings[key] = value; }`: what those that call it give for a name. */
function toldByName(evaluator: Evaluator, { key, expr, scope }: Source, name: string): Value[] {
  const [asked, given] = [key, expr].map((e) => (e?.kind === "name" ? lookup(scope, e.name) : undefined));
  if (!asked?.param || !given?.param || asked.param.fn !== given.param.fn) return [];
  const { fn } = asked.param;
  const keys = callerArguments(evaluator, fn, asked.param.index, asked);
  const values = callerArguments(evaluator, fn, given.param.index, given);
  return keys.length === values.length ? values.filter((_, i) => textOf(keys[i]) === name) : [];
}

/** `options[key] = process.env[key.toUpperCase()]`: what it is where no variable of its name says otherwise. */
function overByVariable(value: Value, computed: readonly Source[], name: string, read: (s: Source) => Value): Value {
  if (isGroup(value) || !/^\w+$/.test(name)) return value;
  for (const s of computed) {
    const names = envNames(read(s));
    if (!names.has("*")) continue;
    const variable = variableCalled(name);
    return BY_CASE.test(s.scope.file.text) ? env(variable, value) : anyOf([value, { t: "derived", of: [ENVIRON] }]);
  }
  return value;
}

/** With the member of whole objects that were laid over it, as far as they are known. */
export function withLaid(
  evaluator: Evaluator,
  made: Value,
  laid: readonly Source[] | undefined,
  property: string,
  read: (s: Source) => Value,
): Value {
  let value = made;
  for (const s of laid ?? []) {
    // Ruby's `@host` is what `host` of the other is.
    const found = s.expr && evaluator.isOpen(s.expr) ? ABSENT : member(evaluator, read(s), property.replace(/^@+/, ""));
    // `settings[key] = process.env[key]` for each key: what it was, where no variable of its name is set.
    if (found.t === "env" && !found.default && value.t !== "absent") value = withDefault(found, value);
    else if (found.t !== "absent" && found.t !== "unknown" && found.t !== "ref")
      value = s.over && !s.guards ? found : anyOf([value, found]);
  }
  return value;
}

/** `options = { host: "127.0.0.1" }; parser.on("-h") { |v| options[:host] = v }`: what it is unless that happens. */
function unlessGiven(
  made: Value,
  own: readonly Source[],
  holder: Binding | undefined,
  name: string,
  read: (s: Source) => Value,
): Value | undefined {
  if (!isLocalAddress(made) || own.some((s) => s.taken)) return undefined;
  const aside = own.every((s) => (s.guards?.length ?? 0) > 0 || s.scope.fn !== holder?.scope.fn);
  const open = aside && own.every((s) => isLost(read(s)) || isGivenOption(read(s)));
  return open ? { t: "option", name, default: made, open: true } : undefined;
}

export function isGivenOption(v: Value): boolean {
  return v.t === "option" && v.default === undefined;
}
