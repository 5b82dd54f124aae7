/** What a member of a value is: of objects, structs, classes and their bases. */

import { assignedTo, joined, orWritten } from "../defaults/joined.ts";
import { lastName, type ObjectExpr } from "../ir.ts";
import type { Scope, Source } from "../scope/scope.ts";
import { COMPUTED, LAID } from "../scope/sources.ts";
import { WHERE } from "../settings/declared-options.ts";
import {
  ABSENT,
  alternatives,
  anyOf,
  env,
  type Frame,
  havingMembers,
  isKeyed,
  isLeftOff,
  isLocalAddress,
  isLost,
  isNull,
  isOmitted,
  literal,
  textOf,
  UNKNOWN,
  type Value,
  withDefault,
} from "../values.ts";
import { answer } from "./answers.ts";
import { held, isGivenOption, isSaidOver, laterMember, withLaid } from "./assigned.ts";
import { described } from "./descriptors.ts";
import type { Evaluator } from "./evaluator.ts";
import { frameOfBase, ofHeirs } from "./heirs.ts";
import { outside } from "./imports.ts";
import { isFieldToo } from "./methods.ts";
import { ofModule } from "./modules.ts";
import { filledFields } from "./pointers.ts";
import { reopened } from "./ruby.ts";
import {
  assignedFields,
  givenOutside,
  isStruct,
  literalFields,
  overLiteral,
  overWritten,
  placesOf,
  unlessGiven,
  unlessOpened,
  unlessSet,
  unlessVariable,
} from "./structs.ts";
import { constructorFields, fieldSources, isSureIn, isWrapped, namedFields, ofBaseInstead, onceMade } from "./types.ts";

export function member(evaluator: Evaluator, object: Value, property: string): Value {
  switch (object.t) {
    case "any":
      return anyOf(havingMembers(object.of).map((o) => member(evaluator, o, property)));
    case "environ":
      if (/^[A-Z][A-Z0-9_]*$/.test(property)) return env((object.prefix ?? "") + property);
      return object;
    case "option":
      // What the user's file may say over a group of defaults.
      if (object.default && (isGroup(object.default) || object.default.t === "instance")) {
        const usual = member(evaluator, object.default, property);
        return usual.t === "literal" ? { t: "option", name: property, default: usual, open: true } : usual;
      }
      // `address = ("localhost", 8000); if args.listen: address = parse(args.listen)`: each of the two, unless somebody says otherwise.
      if (object.default?.t === "array" && /^\d+$/.test(property)) {
        const usual = object.default.items[Number(property)];
        return usual ? { ...object, default: usual } : UNKNOWN;
      }
      // What wraps an entry of settings: `Address.Value`.
      if (/^[vV]alue$/.test(property) && object.default?.t === "literal") return object;
      // `process.argv[2]`; an address in a type of the program's own, which a parser made of it.
      if (object.default === undefined) return /^\d+$/.test(property) ? object : UNKNOWN;
      return /addr/i.test(property) && /^[\w.]*:\d+$/.test(textOf(object.default) ?? "") ? object : UNKNOWN;
    case "env":
      // A group of settings, each of which has its own default.
      if (object.default && (isGroup(object.default) || object.default.t === "instance"))
        return member(evaluator, object.default, property);
      return { t: "derived", of: [object] };
    case "derived":
    case "text":
      return { t: "derived", of: [object] };
    case "record":
      return laterMember(evaluator, object, property, object.members.get(property) ?? object.rest ?? ABSENT);
    case "layers":
      return layered(
        object.of.map((layer) => member(evaluator, layer, property)),
        property,
      );
    case "array": {
      // An end point of C#'s is a list of its two parts.
      const part = object.items.length === 2 ? ["Address", "Port"].indexOf(property) : -1;
      if (part >= 0) return object.items[part] as Value;
      return (/^-?\d+$/.test(property) ? object.items.at(Number(property)) : undefined) ?? UNKNOWN;
    }
    case "object":
      return objectMember(evaluator, object, property);
    case "module": {
      const value = ofModule(evaluator, object.module, property);
      if (value) return value;
      if (property === "default") return object;
      const sub = evaluator.project.semantics(object.module).resolve(object.module, `.${property}`);
      return sub[0] ? { t: "module", module: sub[0] } : UNKNOWN;
    }
    case "class":
    case "instance":
      if (object.t === "instance" && OWN_CLASS.test(property) && object.scope.class)
        return { t: "class", class: object.scope.class, scope: object.scope };
      if (isWrapped(object.scope, property)) return object;
      return ofClass(evaluator, object, property);
    case "ref": {
      // `Server::class`
      if (property === "default" || (property === "class" && object.file.language === "php")) return object;
      const path = `${object.path}.${property}`;
      const own = reopened(evaluator, object.path, property, object.file);
      if (own) return own;
      const keyed = object.file.language === "javascript" ? evaluator.project.semantics(object.file).keyed : undefined;
      return (
        keyed?.(object.path, property, object.file, evaluator) ??
        outside(evaluator, path, object.file) ?? { t: "ref", path, receiver: object, file: object.file }
      );
    }
    case "function":
      // Rust's `rocket::custom` beside a function that is called `rocket`: a path begins with a crate.
      return object.scope.file.language === "rust" && object.fn.name !== undefined
        ? { t: "ref", path: `${object.fn.name}.${property}`, file: object.scope.file }
        : UNKNOWN;
    default:
      // A member of Python's enumerations is what it holds, and so is what C# may leave out (`int? Port`).
      return object.t === "literal" && /^[vV]alue$/.test(property) ? object : UNKNOWN;
  }
}

function ofClass(evaluator: Evaluator, object: Value & { t: "class" | "instance" }, asked: string): Value {
  const { scope } = object;
  const property = (/^\d+$/.test(asked) && namedFields(scope)?.[Number(asked)]) || asked;
  const frame = object.t === "instance" ? object.frame : undefined;
  const found =
    ofBaseInstead(evaluator, scope, property, object) ??
    described(evaluator, classMember(evaluator, scope, property, frame, object), property);
  const name = found.t === "absent" ? scope.class?.name : undefined;
  const other = name !== undefined && reopened(evaluator, name, property, scope.file);
  if (other || object.t === "class" || frame) return other || found;
  return ofHeirs(evaluator, scope, property, found);
}

/** `self.class.DEFAULTS`, `this.constructor.defaults`, `self.__class__.host` */
const OWN_CLASS = /^(class|constructor|__class__)$/;

/** One member through layers of objects: what lies on top, where it says anything. */
export function layered(found: readonly Value[], name: string): Value {
  let value: Value = ABSENT;
  for (const v of found) {
    const covered: Value = value;
    if (v.t === "absent") continue;
    if (covered.t === "absent") value = v;
    else if (isGroup(covered) && (isGroup(v) || isLost(v))) value = { t: "layers", of: [covered, v] };
    else if (isLost(v) && covered.t === "array")
      value = { t: "array", items: covered.items.map((item) => withDefault(v, item, name)) };
    else value = isLost(v) || v.t === "env" || v.t === "option" ? withDefault(v, covered, name) : v;
  }
  return value;
}

export function isGroup(v: Value): boolean {
  return isKeyed(v) || v.t === "module";
}

/** With what is assigned to it after it was made, wherever it went since. */
function objectMember(evaluator: Evaluator, object: Value & { t: "object" }, property: string): Value {
  return laterMember(evaluator, object, property, writtenMember(evaluator, object, property));
}

function writtenMember(evaluator: Evaluator, object: Value & { t: "object" }, property: string): Value {
  let open = false;
  let found: Value | undefined;
  for (const [i, entry] of object.expr.entries.entries()) {
    if (entry.spread) {
      const inner = evaluator.within(entry.value, () =>
        member(evaluator, evaluator.eval(entry.value, object.scope, object.frame), property),
      );
      if (inner === undefined) continue;
      if (inner.t === "unknown") open = true;
      // What the user's file, variables or a library say over the defaults: `{ ...defaults, ...JSON.parse(file) }`.
      else if (found && isSaidOver(inner, found)) found = { t: "option", name: property, default: found, open: true };
      else if (found && isLeftOff(inner)) found = withDefault(inner, found);
      else if (inner.t !== "absent") found = inner;
    } else if (entry.key === property) {
      found = evaluator.eval(entry.value, object.scope, object.frame);
      if (found.t === "function" && !found.self) found = { ...found, self: object };
    } else if (entry.key === undefined && object.cls && isStruct(evaluator, object.cls)) {
      // `Address{"localhost", 80}`: by its place, in the order of the type.
      const place = placesOf(object.cls)[i];
      if (place?.name !== property && (!place?.embedded || found)) continue;
      const value = evaluator.eval(entry.value, object.scope, object.frame);
      found = place.name === property ? value : ofEmbedded(evaluator, value, property);
    } else if (entry.key === undefined) open = true;
  }
  // A method of a library's type.
  if (!found && object.type && !open && /^[A-Z]\w*$/.test(property) && object.expr.type)
    return structMember(object, property);
  if (!found && object.cls)
    return zeroStruct(evaluator, object, property) ?? classMember(evaluator, object.cls, property, undefined, object);
  if (found && isUsual(found) && object.cls) return ofItsType(evaluator, object.cls, property) ?? found;
  if (found?.t === "literal" && object.cls) return overLiteral(evaluator, found, object.cls, property);
  return found ?? (open ? UNKNOWN : ABSENT);
}

/** What a struct has by one that is embedded in it. */
function ofEmbedded(evaluator: Evaluator, value: Value, property: string): Value | undefined {
  const found = isKeyed(value) ? member(evaluator, value, property) : ABSENT;
  return found.t === "absent" ? undefined : found;
}

const ZEROS = new WeakMap<ObjectExpr, Map<string, Value & { t: "object" }>>();

/** The struct that a literal of Go leaves out (`Config{Metrics: Endpoint{…}}` asked for its `HTTP`): what other literals of its type hold is not in it. */
function zeroStruct(
  evaluator: Evaluator,
  { expr, scope, cls }: Value & { t: "object" },
  name: string,
): Value | undefined {
  if (scope.file.language !== "go" || !cls || !expr.entries.some((e) => e.key !== undefined)) return undefined;
  const known = ZEROS.get(expr) ?? new Map<string, Value & { t: "object" }>();
  ZEROS.set(expr, known);
  const before = known.get(name);
  if (before) return before;
  const beside = expr.entries.map((e) => (e.value.kind === "object" ? evaluator.eval(e.value, scope) : undefined));
  const type = cls.class?.members.find((m) => m.name === name && !m.fn && m.type)?.type;
  const typed = type && type.kind !== "other" ? evaluator.typed(type, cls) : undefined;
  // Where one of its type stands beside it, the literal says what each of them is.
  if (typed?.t !== "instance" || !beside.some((v) => v?.t === "object" && v.cls === typed.scope)) return undefined;
  const { start, end } = expr;
  const zero: Value & { t: "object" } = {
    t: "object",
    expr: { kind: "object", entries: [], start, end },
    scope,
    frame: undefined,
    cls: typed.scope,
  };
  known.set(name, zero);
  LEFT_OUT.add(zero.expr);
  return zero;
}
const LEFT_OUT = new WeakSet<ObjectExpr>();

function isZero(v: Value | undefined): boolean {
  return v?.t === "object" && LEFT_OUT.has(v.expr);
}

/** Rust's `server: Default::default()`: what the field's own type says. */
function isUsual(v: Value): boolean {
  return v.t === "ref" && /^(?:std\.default\.)?Default\(\)$/.test(v.path);
}

function ofItsType(evaluator: Evaluator, cls: Scope, name: string): Value | undefined {
  const type = cls.class?.members.find((m) => m.name === name && m.type)?.type;
  return type && evaluator.typed(type, cls);
}

function structMember(object: Value & { t: "object" }, property: string): Value {
  const method = /^(Listen|Serve|Run|Start|Handle|Close|Shutdown|New|Get|Set|Build|With)/.test(property);
  if (!method) return ABSENT;
  return { t: "ref", path: `${object.type}.${property}`, receiver: object, file: object.scope.file };
}

/** The member of a class, with what is assigned to it from outside of the class. */
export function classMember(
  evaluator: Evaluator,
  scope: Scope,
  name: string,
  frame: Frame | undefined,
  self: Value | undefined,
  depth = 0,
  onlyFields = false,
): Value {
  const own = ownMember(evaluator, scope, name, frame, self, depth, onlyFields);
  const given = own.t === "function" ? [] : givenOutside(evaluator, scope, name);
  if (given.length === 0) return own;
  const read = (s: Source): Value => evaluator.source(s, undefined);
  if (isLocalAddress(own) && given.every((s) => isLost(read(s)) || isGivenOption(read(s))))
    return { t: "option", name, default: own, open: true };
  return assignedTo(isNull(own) ? UNKNOWN : own, given, name, evaluator, read);
}

function ownMember(
  evaluator: Evaluator,
  scope: Scope,
  name: string,
  frame: Frame | undefined,
  self: Value | undefined,
  depth: number,
  onlyFields: boolean,
): Value {
  const cls = scope.class;
  if (!cls || depth > 4) return ABSENT;
  const filled = evaluator.project.semantics(scope.file).classField?.(scope, name, evaluator);
  if (filled) return WHERE.test(name) ? overWritten(evaluator, filled, scope, name) : filled;
  const isField = self?.t !== "class" && isFieldToo(scope, name);
  const methods = onlyFields || isField ? [] : cls.members.filter((m) => m.fn && m.name === name);
  const own = methods.find((m) => m.getter) ?? methods[0];
  const [elsewhere] = own || onlyFields ? [] : (evaluator.project.semantics(scope.file).parts?.(scope, name) ?? []);
  const method = own ?? elsewhere?.class?.members.find((m) => m.fn && m.name === name);
  if (method?.fn) {
    const inner: Value = { t: "function", fn: method.fn, scope: own ? scope : (elsewhere as Scope), self };
    const isProperty = method.getter || method.decorators?.some((d) => PROPERTY.test(lastName(d) ?? ""));
    return isProperty ? evaluator.apply(inner) : inner;
  }
  const given = fieldSources(evaluator, scope, name);
  const sources = self?.t === "class" ? given : given && onceMade(given, scope, name);
  let lost = UNKNOWN;
  const read = (s: Source): Value => evaluator.source(s, s.scope.fn && frame?.fn === s.scope.fn ? frame : undefined);
  const written = sources?.length ? joined(sources, name, evaluator, read) : ABSENT;
  const value = withLaid(evaluator, written, scope.fields.get(LAID), name, read);
  if (sources?.length || value.t !== "absent") {
    // `s.host, s.port, _ = net.SplitHostPort(l.Addr().String())`: read back, where a struct is given the address elsewhere.
    const back = value.t === "ref" && value.path.includes("(") && WHERE.test(name) && isStruct(evaluator, scope);
    // Of what a setter is given no more is known than that it is a string: a library may fill it.
    const bare = value.t === "ref" && PRIMITIVE.test(value.path);
    if (back || bare) lost = value;
    else if (value.t !== "absent" && alternatives(value).every(isOmitted) && isStruct(evaluator, scope))
      return orWritten(value, anyOf([...literalFields(evaluator, scope, name)]), name);
    else if (value.t !== "unknown" && !isNull(value)) {
      if (sources?.some((s) => isSureIn(cls, s, read))) return value;
      return unlessOpened(
        evaluator,
        unlessSet(held(value, { fields: scope.fields, scope }, name), scope, name),
        scope,
        name,
      );
    }
    if (value.t === "unknown") lost = value;
  }
  if (isStruct(evaluator, scope)) {
    const object = self?.t === "object" ? self.expr : undefined;
    const later = (): Iterable<Value> => assignedFields(evaluator, scope, name, false, object);
    const others = (): Iterable<Value> => (isZero(self) ? [] : literalFields(evaluator, scope, name));
    for (const found of [others, later, filledFields]) {
      const values = [...found(evaluator, scope, name)].filter(
        (v) => v.t !== "unknown" && v.t !== "absent" && !isUsual(v),
      );
      if (values.length && found === others && WHERE.test(name))
        return overWritten(evaluator, unlessGiven(values, name), scope, name);
      if (values.length) return unlessVariable(values, name);
    }
  }
  const declared = cls.members.find((m) => m.name === name && m.type);
  const typed = declared?.type && evaluator.typed(declared.type, scope);
  if (typed && typed.t !== "ref") return typed;
  for (const binding of constructorFields(scope, name)) {
    const value = evaluator.binding(binding, frame);
    if (value.t !== "unknown") return value;
  }
  if (sources?.length || declared) {
    // That it is a string says less than the name under which it was lost.
    const type = typed?.t === "ref" && PRIMITIVE.test(typed.path) ? undefined : typed;
    return evaluator.project.semantics(scope.file).lostField?.(scope, name, evaluator) ?? type ?? lost;
  }
  // What a base outside of the project has is not known: one of the project that has it goes first.
  let outer: Value | undefined;
  for (const base of [...(cls.mixins ?? []), ...cls.bases]) {
    const value = evaluator.eval(base, scope.parent ?? scope);
    for (const b of alternatives(value)) {
      if (b.t === "class") {
        const given = frameOfBase(evaluator, scope, b.scope, frame, self);
        const found = classMember(evaluator, b.scope, name, given, self, depth + 1);
        if (found.t === "ref" || found.t === "unknown") outer ??= found;
        else if (found.t !== "absent") return found;
      } else if (cls.mixins?.includes(base)) continue;
      else if (b.t === "ref") outer ??= { t: "ref", path: `${b.path}.${name}`, file: b.file };
      else if (b.t === "unknown") outer ??= UNKNOWN;
    }
  }
  if (outer) return outer;
  // What it is asked for it makes up.
  const dynamic = cls.members.find((m) => m.fn && DYNAMIC.test(m.name))?.fn;
  const told =
    dynamic && self ? answer(evaluator, { t: "function", fn: dynamic, scope, self }, literal(name)) : UNKNOWN;
  if (told.t !== "unknown" && told.t !== "absent") return told;
  // Python's `__new__` gives what it makes members as it likes.
  const isMade = cls.members.some((m) => m.fn && m.name === "__new__");
  return dynamic || isMade || scope.fields.has(COMPUTED) || scope.fields.has(LAID)
    ? { t: "unknown", lost: { name, file: scope.file } }
    : ABSENT;
}

/** Types of plain values, in the languages that declare them. */
const PRIMITIVE = /^(string|String|&?str|u?int(8|16|32|64)?|[ui](16|32|64|size)|ushort|short|long|Integer|Long)$/;
/** Methods that answer for members which are not there. */
const DYNAMIC = /^(__getattr__|__getattribute__|method_missing|__get)$/;
/** Decorators that make a method a member. */
const PROPERTY = /property$|^reify$|^lazy/i;
