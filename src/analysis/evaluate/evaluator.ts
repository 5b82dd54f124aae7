/**
 * Follows values: constants, imports, parameters to their callers, fields of classes, members of configuration objects.
 * Demand-driven and bounded: a query that needs more than its steps, or runs into itself, is `unknown`.
 */

import { view } from "../call-views.ts";
import { joined } from "../defaults/joined.ts";
import type { Call, Expr, Fn } from "../ir.ts";
import { flagAround } from "../ruby/option-blocks.ts";
import { isLater, otherSources } from "../scope/assignments-at.ts";
import { type Binding, classAround, lookup, type Scope, type Source, selfClass } from "../scope/scope.ts";
import type { CallView, ProjectModel } from "../semantics.ts";
import { isAskedByName, lostAt, WHERE } from "../settings/declared-options.ts";
import { ABSENT, type Frame, isNull, UNKNOWN, type Value, withDefault } from "../values.ts";
import { withAdded, withAssigned } from "./assigned.ts";
import { apply, call } from "./calls.ts";
import { binary, conditional } from "./choices.ts";
import { converted } from "./conversions.ts";
import { isInheritedOnly, ofHeirs } from "./heirs.ts";
import { imported, moduleIn, outside } from "./imports.ts";
import { item } from "./lists.ts";
import { alongPath } from "./lost.ts";
import { classMember, member } from "./members.ts";
import { getterOf } from "./methods.ts";
import { isFieldOf, namesake } from "./namesakes.ts";
import { allArguments, param } from "./params.ts";
import { withFilled } from "./pointers.ts";
import { lexicalConstant, madeByNew, rubyCallee, rubyConstant } from "./ruby.ts";
import { classOf, hasNoFields, isStruct, objectLiteral, ofParts, selfInstance, typedAs } from "./types.ts";

const MAX_STEPS = 4_000;
/** Where an answer that matters was lost with those. */
const MORE_STEPS = 20_000;
/** For a whole program: what is left after that is unknown. */
const MAX_TOTAL_STEPS = 700_000;
const MAX_NESTING = 250;

/** Types that say less of a value than the name under which it was lost. */
const PLAIN_TYPE = /^(str|int|float|bytes|object|typing\.\w+)$/;
const PLAIN_SCRIPT_TYPE = /^(string|number|any|unknown)$/;

/** What a question may still cost when all was spent: an import, a literal (`signal.Notify(c, syscall.SIGTERM)`). */
const FEW_STEPS = 30;

/** What a condition is asked for may cost: the variable that it is about is mostly near. */
const BRIEF_STEPS = 400;

export class Evaluator {
  readonly project: ProjectModel;
  private steps = 0;
  /** How many a question may take; `limit` may be less for a part of it. */
  private readonly budget: number;
  private limit: number;
  private ranOut = false;
  private patient: Evaluator | undefined;
  private total = 0;
  readonly callers = new Map<Fn, Map<number, Value[]>>();
  /** How often something was cut short: what was found meanwhile is not kept. */
  cuts = 0;
  private readonly active = new Map<Expr, number>();
  private nesting = 0;
  private readonly importing = new Set<Binding>();
  private readonly spreading = new Set<Expr>();
  private readonly callees = new WeakSet<Expr>();
  private readonly cache = new Map<Expr, Value>();
  private readonly tooDear = new Set<Expr>();

  constructor(project: ProjectModel, steps = MAX_STEPS) {
    this.project = project;
    this.budget = this.limit = steps;
  }

  /** The whole budget again: what a call is given is another question than what is called. */
  renew(): void {
    this.total += this.steps;
    this.tooDear.clear();
    this.steps = this.total > MAX_TOTAL_STEPS ? this.budget - FEW_STEPS : 0;
  }

  /** Asks once more, of one with more steps and more files, where what was asked for is lost and some were left out. */
  patiently<T>(ask: (evaluator: Evaluator) => T, isLost: (answer: T) => boolean): T {
    const answer = ask(this);
    const { thorough } = this.project;
    if (!thorough || !(this.ranOut || this.project.leftOut()) || !isLost(answer)) return answer;
    this.patient ??= new Evaluator(thorough, MORE_STEPS);
    return ask(this.patient);
  }

  /** A fresh question. */
  query(expr: Expr | undefined, scope: Scope, frame?: Frame): Value {
    this.renew();
    let value: Value;
    try {
      value = this.eval(expr, scope, frame);
    } catch {
      // Deeper than the stack, or not understood: what else is in the file is still found out.
      value = this.cutShort();
    }
    // Final for this question, also where it ran out of steps: asked again it would run out again.
    if (expr && !frame) this.cache.set(expr, value);
    return value;
  }

  /** A question that is not worth much: what it is cut short at is not kept. */
  brief(expr: Expr, scope: Scope, steps = BRIEF_STEPS): Value {
    this.renew();
    try {
      return this.atMost(steps, () => this.eval(expr, scope));
    } catch {
      return this.cutShort();
    }
  }

  /** The callee of a call, as a fresh question. */
  queryCallee(call: Call, scope: Scope): Value {
    const value = this.query(call.callee, scope);
    return /^(java|ruby)$/.test(scope.file.language) ? this.callee(call, scope) : value;
  }

  eval(expr: Expr | undefined, scope: Scope, frame?: Frame): Value {
    if (!expr) return ABSENT;
    if (++this.steps > this.limit) return this.cutShort();
    if (expr.kind === "literal") return { t: "literal", value: expr.value, at: { scope, expr } };
    if (!frame) {
      const known = this.cache.get(expr);
      if (known) return known;
    }
    // Into itself, or (through calls that are followed) into itself again and again.
    const entered = this.active.get(expr) ?? 0;
    if (entered > (frame ? 2 : 0) || this.nesting > MAX_NESTING) return this.cutShort();
    this.active.set(expr, entered + 1);
    const cutsBefore = this.cuts;
    this.nesting++;
    let value: Value;
    try {
      value = this.evalNode(expr, scope, frame);
    } finally {
      this.nesting--;
      this.active.set(expr, entered);
      if (!entered) this.active.delete(expr);
    }
    // A name that says where a server listens is kept over what it came from.
    const found = value.t === "unknown" ? value.lost : undefined;
    if ((value.t === "unknown" && !(found && WHERE.test(found.name))) || (value.t === "ref" && isAskedByName(expr))) {
      const lost = lostAt(this, expr, scope, frame);
      if (lost && (!found || (lost.t === "unknown" && WHERE.test(lost.lost?.name ?? "")))) value = lost;
    }
    if (!frame && this.cuts === cutsBefore) this.cache.set(expr, value);
    return value;
  }

  private evalNode(expr: Expr, scope: Scope, frame: Frame | undefined): Value {
    switch (expr.kind) {
      case "name":
        return this.bare(this.name(expr.name, scope, frame, expr), expr.name, scope, frame);
      case "member": {
        const object = this.eval(expr.object, scope, frame);
        const found =
          (this.callees.has(expr) && getterOf(object, expr.property)) || member(this, object, expr.property);
        const own = namesake(this, object, found, expr, scope) ?? found;
        // No dictionary of Python has attributes: the name is something else by then.
        const other =
          own.t === "absent" && object.t === "object" && !object.expr.type && scope.file.language === "python";
        return withAssigned(this, other ? UNKNOWN : own, expr.object, expr.property, scope, frame);
      }
      case "index": {
        const found = item(this, expr, scope, frame);
        // Python raises where a dictionary lacks the key: by then it holds it, from wherever that came.
        return found.t === "absent" && scope.file.language === "python" ? UNKNOWN : found;
      }
      case "call":
        return call(this, expr, scope, frame);
      case "binary":
        return binary(this, expr, scope, frame);
      case "conditional":
        return conditional(this, expr, scope, frame);
      case "text":
        return { t: "text", parts: expr.parts.map((p) => this.eval(p, scope, frame)) };
      case "object":
        return objectLiteral(this, expr, scope, frame);
      case "array":
        return { t: "array", items: expr.items.map((i) => this.eval(i, scope, frame)) };
      case "function":
        return { t: "function", fn: expr.fn, scope, self: frame?.self };
      case "assign":
        return this.eval(expr.value, scope, frame);
      case "other":
        return ofParts(this, expr, scope, frame);
      default:
        return UNKNOWN;
    }
  }

  name(name: string, scope: Scope, frame: Frame | undefined, at?: Expr): Value {
    if (name === "this") {
      if (frame?.self) return frame.self;
      const self = selfClass(scope, "this");
      return self ? { t: "instance", scope: self, frame: undefined } : this.holderOf(scope);
    }
    const self = selfClass(scope, name);
    if (self && !scope.names.has(name)) return frame?.self ?? selfInstance(this, self, name);
    const semantics = this.project.semantics(scope.file);
    for (let s: Scope | undefined = scope; s; s = s.parent) {
      const binding = s.names.get(name);
      if (binding && !(isLater(binding, at) && lookup(s.parent, name))) {
        if (self && binding.param?.fn.self === name) return frame?.self ?? selfInstance(this, self, name);
        return this.binding(binding, frame, at);
      }
      // By its own name a class is meant, not its constructor.
      if (s.kind === "class" && semantics.bareMembers && s.class?.name !== name) {
        const made = frame?.self?.t === "instance" ? frame.self.frame : undefined;
        const isField = at !== undefined && isFieldOf(s, name, at);
        const own = classMember(this, s, name, made, frame?.self, 0, isField);
        const member = frame?.self ? own : ofHeirs(this, s, name, own);
        if (member.t !== "absent" && !isInheritedOnly(member, s, name)) return member;
      }
    }
    const own = name === "Self" && classAround(scope)?.class?.name;
    if (own) return this.name(own, scope, frame);
    const within = lexicalConstant(this, scope, name);
    if (within) return within;
    for (const sibling of semantics.siblings?.(scope.file, name) ?? []) {
      const binding = sibling.scope.names.get(name);
      if (binding && (!binding.import || /^(?:rust|python)$/.test(scope.file.language)))
        return this.binding(binding, undefined);
      const constant = rubyConstant(this, sibling, name);
      if (constant) return constant;
    }
    if (name === "exports" && scope.file.language === "javascript") return { t: "module", module: scope.file };
    const all = name === "arguments" ? allArguments(this, scope, frame) : undefined;
    if (all) return all;
    return (
      semantics.unresolved?.(name, scope.file) ??
      outside(this, name, scope.file) ?? { t: "ref", path: name, file: scope.file }
    );
  }

  /** What `this` is in a method of an object: `const app = { host, run() { listen(this.host) } }`. */
  private holderOf(scope: Scope): Value {
    for (let s: Scope | undefined = scope; s; s = s.parent) {
      const held = s.fn && s.file.methods.get(s.fn);
      if (held) return this.eval(held.object, held.scope);
    }
    return UNKNOWN;
  }

  /** In Ruby the name of a method is a call of it. */
  private bare(value: Value, name: string, scope: Scope, frame: Frame | undefined): Value {
    if (value.t !== "function" || scope.file.language !== "ruby" || value.fn.name !== name) return value;
    const self = value.self ?? frame?.self;
    return apply(this, self ? { ...value, self } : value, frame);
  }

  /** What is called. In Java a variable does not hide a method of its name. */
  callee(expr: Call, scope: Scope, frame?: Frame): Value {
    const { callee } = expr;
    const made = madeByNew(this, callee, scope, frame);
    if (made) return made;
    this.callees.add(callee);
    if (callee.kind === "name" && scope.file.language === "ruby") return rubyCallee(this, callee, scope, frame);
    if (callee.kind !== "name" || scope.file.language !== "java") return this.eval(callee, scope, frame);
    const found = lookup(scope, callee.name);
    if (!found || found.fn || found.import || found.class) return this.eval(callee, scope, frame);
    const hidden = scope.file.scope.names.get(callee.name);
    if (hidden?.import) return this.binding(hidden, frame);
    return this.project.semantics(scope.file).unresolved?.(callee.name, scope.file) ?? this.eval(callee, scope, frame);
  }

  /** `at`: where the name stands; within its own assignment it means what was assigned before. */
  binding(b: Binding, frame: Frame | undefined, at?: Expr): Value {
    if (b.import) return this.importedBinding(b, b.import);
    if (b.class) return classOf(this, b.class);
    if (b.fn && b.sources.length === 0) return { t: "function", fn: b.fn.fn, scope: b.scope, self: undefined };
    let value: Value = UNKNOWN;
    if (b.param) value = param(this, b, frame, at);
    else if (b.sources.length)
      value = joined(otherSources(b, at), b.name, this, (s) =>
        this.source(s, s.scope === b.scope || frame ? frame : undefined),
      );
    value = withFilled(this, value, b, frame);
    const isNone = value.t === "unknown" || value.t === "absent" || isNull(value);
    if (b.type && (isNone || (value.t === "any" && hasNoFields(value, b.scope.file)))) {
      const type = this.typed(b.type, b.scope);
      if (!isNone) return isStruct(type) ? type : withAdded(this, value, b, frame);
      const plain = b.scope.file.language === "javascript" ? PLAIN_SCRIPT_TYPE : PLAIN_TYPE;
      const says = type?.t !== "ref" || !plain.test(type.path);
      if (type && (says || value.t !== "unknown" || !value.lost)) return type;
    }
    // What a library made of a type of the project: `let settings: Settings = toml::from_str(…)?`.
    const made = value.t === "ref" && value.path.includes("(") && b.type ? this.typed(b.type, b.scope) : undefined;
    const other = made?.t === "instance" ? made : converted(this, value, b);
    if (other) return other;
    if ((value.t === "object" || value.t === "record") && !value.holder && b.fields.size > 0)
      return { ...value, holder: b };
    return withAdded(this, value, b, frame);
  }

  /** A module that seems to import the name from itself means something outside of the project. */
  private importedBinding(b: Binding, from: NonNullable<Binding["import"]>): Value {
    const { file } = b.scope;
    if (this.importing.has(b)) {
      const inner = moduleIn(this, file, from.module, from.imported);
      if (inner) return inner;
      const path = this.project.semantics(file).externalPath(from.module, from.imported);
      return outside(this, path, file) ?? { t: "ref", path, file };
    }
    this.importing.add(b);
    try {
      return imported(this, file, from.module, from.imported);
    } finally {
      this.importing.delete(b);
    }
  }

  source(s: Source, frame: Frame | undefined): Value {
    const value = alongPath(this, s, this.eval(s.expr, s.scope, frame));
    if (s.fallback) return withDefault(value, this.eval(s.fallback, s.scope, frame));
    // Who does not give the flag does not set it.
    const flag = value.t === "literal" ? flagAround(s.scope) : undefined;
    return flag === undefined ? value : { t: "option", name: flag };
  }

  /** What a declared type says of a value that cannot be followed. */
  typed(type: Expr, scope: Scope): Value | undefined {
    return typedAs(this, type, scope);
  }

  /** The member of a value: of an object, a module, a class, the environment. */
  member(object: Value, property: string): Value {
    return member(this, object, property);
  }

  /** The member of a class, looked for in its bases too; absent where there is none. */
  classMember(scope: Scope, name: string, frame: Frame | undefined, self: Value | undefined): Value {
    return classMember(this, scope, name, frame, self);
  }

  /** What a function of the project returns when it is called without arguments. */
  apply(target: Value & { t: "function" }): Value {
    return apply(this, target);
  }

  view(target: Value & { t: "ref" }, expr: Call, scope: Scope, frame: Frame | undefined): CallView {
    return view(this, target, expr, scope, frame);
  }

  /** Is it being evaluated? */
  isOpen = (expr: Expr): boolean => this.active.has(expr);

  /** Undefined where it is being spread already: `config = { ...config, port }`. */
  within<T>(expr: Expr, run: () => T): T | undefined {
    if (this.spreading.has(expr)) return undefined;
    this.spreading.add(expr);
    try {
      return run();
    } finally {
      this.spreading.delete(expr);
    }
  }

  /** What looks through the whole project is not begun late in a question: what is found without it is not kept. */
  isHalfSpent(): boolean {
    const spent = this.steps > this.budget / 2;
    if (spent) {
      this.cuts++;
      this.ranOut = true;
    }
    return spent;
  }

  /** What a condition on the way is about: where that was too dear once, it is not asked for again in the same question. */
  asked(expr: Expr, steps: number, scope: Scope, frame?: Frame): Value {
    if (this.tooDear.has(expr)) return this.cutShort();
    const most = this.steps + steps;
    const value = this.atMost(steps, () => this.eval(expr, scope, frame));
    if (this.steps > most) this.tooDear.add(expr);
    return value;
  }

  /** A question on the way, which may not cost all that is left: one call of many that may be one of a function. */
  atMost<T>(steps: number, run: () => T): T {
    const { limit } = this;
    this.limit = Math.min(limit, this.steps + steps);
    try {
      return run();
    } finally {
      this.limit = limit;
    }
  }

  /** Given up, not found out: what led here is not remembered. */
  cutShort(): Value {
    this.cuts++;
    this.ranOut ||= this.steps > this.budget;
    return UNKNOWN;
  }
}
