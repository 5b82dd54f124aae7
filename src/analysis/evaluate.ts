/**
 * Follows values: constants, imports, parameters to their callers, fields of classes, members of configuration objects.
 * Demand-driven and bounded: a query that needs more than its steps, or runs into itself, is `unknown`.
 */
import { type Argument, type Call, type Expr, type Fn, lastName, type Stmt } from "./ir.ts";
import { type Binding, lookup, type Scope, type Source, type SourceModule, selfClass } from "./scope.ts";
import {
  ABSENT,
  alternatives,
  anyOf,
  ENVIRON,
  env,
  envNames,
  type Frame,
  literal,
  UNKNOWN,
  type Value,
  withDefault,
} from "./values.ts";

/** What a language adds: how imports resolve and what its own library gives. */
export interface Semantics {
  /** Project modules that an import names; the first is the module itself, more are its package's other files. */
  resolve(module: SourceModule, specifier: string): SourceModule[];
  /** Path of something outside the project. */
  externalPath(specifier: string, imported: string | undefined): string;
  /** The value of a known function's call, undefined when nothing special is known. */
  call(path: string, view: CallView, evaluator: Evaluator): Value | undefined;
  /** The value of a known path outside the project (`process.env`). */
  value?(path: string): Value | undefined;
  /** Other files whose top-level names are visible without an import (a Go package). */
  siblings?(module: SourceModule, name: string): SourceModule[];
  /** A field of a class that a library fills (pydantic's settings). */
  classField?(scope: Scope, name: string, evaluator: Evaluator): Value | undefined;
  /** A parameter that a decorator fills (click's options). */
  param?(decorators: readonly Expr[], name: string, scope: Scope, evaluator: Evaluator): Value | undefined;
  /** Fields get their values from struct literals. */
  structs?: boolean;
  /** Class members are visible as bare names. */
  bareMembers?: boolean;
  /** A name that nothing declares. */
  unresolved?(name: string, module: SourceModule): Value | undefined;
}

export interface ProjectModel {
  semantics(module: SourceModule): Semantics;
  /** Parsed files that mention a word: where callers are looked for. */
  mentioning(word: string, near: SourceModule): readonly SourceModule[];
}

/** A call with its arguments evaluated on demand. */
export interface CallView {
  path: string;
  call: Call;
  scope: Scope;
  receiver: Value;
  arg(index: number): Value;
  named(name: string): Value;
  /** A key of the object given as argument `index`. */
  option(index: number, key: string): Value;
  count: number;
}

/** Results that keep the meaning of what they are called on or with. */
const SAME_METHOD = new Set(
  "toString trim strip parse unwrap expect to_string to_owned into as_str clone to_i to_s to_sym String int intValue as_ref valueOf toInt toIntOrNull toLong trimEnd trim_end chomp as_deref as_bytes into_string ok freeze dup get".split(
    " ",
  ),
);
const DEFAULT_METHOD = new Set(
  "unwrap_or unwrap_or_else orElse orElseGet unwrap_or_default getOrElse default GetValueOrDefault or or_else map_or".split(
    " ",
  ),
);
const MAX_STEPS = 4_000;
/** For a whole program: what is left after that is unknown. */
const MAX_TOTAL_STEPS = 1_500_000;
const MAX_DEPTH = 10;
const MAX_NESTING = 250;

export class Evaluator {
  readonly project: ProjectModel;
  private steps = 0;
  private total = 0;
  private readonly callers = new Map<Fn, Map<number, Value[]>>();
  private cuts = 0;
  private readonly active = new Map<Expr, number>();
  private nesting = 0;
  private readonly cache = new Map<Expr, Value>();

  constructor(project: ProjectModel) {
    this.project = project;
  }

  /** A fresh question: the whole budget again. */
  query(expr: Expr | undefined, scope: Scope, frame?: Frame): Value {
    this.total += this.steps;
    this.steps = this.total > MAX_TOTAL_STEPS ? MAX_STEPS : 0;
    const value = this.eval(expr, scope, frame);
    // Final for this question, also where it ran out of steps: asked again it would run out again.
    if (expr && !frame) this.cache.set(expr, value);
    return value;
  }

  eval(expr: Expr | undefined, scope: Scope, frame?: Frame): Value {
    if (!expr) return ABSENT;
    if (++this.steps > MAX_STEPS) {
      this.cuts++;
      return UNKNOWN;
    }
    if (expr.kind === "literal") return { t: "literal", value: expr.value, at: { scope, expr } };
    if (!frame) {
      const known = this.cache.get(expr);
      if (known) return known;
    }
    // Into itself, or (through calls that are followed) into itself again and again.
    const entered = this.active.get(expr) ?? 0;
    if (entered > (frame ? 2 : 0) || this.nesting > MAX_NESTING) {
      this.cuts++;
      return UNKNOWN;
    }
    const cutsBefore = this.cuts;
    this.active.set(expr, entered + 1);
    this.nesting++;
    let value: Value;
    try {
      value = this.evalNode(expr, scope, frame);
    } finally {
      this.nesting--;
      if (entered) this.active.set(expr, entered);
      else this.active.delete(expr);
    }
    if (!frame && this.cuts === cutsBefore) this.cache.set(expr, value);
    return value;
  }

  private evalNode(expr: Expr, scope: Scope, frame: Frame | undefined): Value {
    switch (expr.kind) {
      case "name":
        return this.name(expr.name, scope, frame);
      case "member": {
        const own = this.assignedFields(expr.object, expr.property, scope, frame);
        const value = this.member(this.eval(expr.object, scope, frame), expr.property);
        if (own.length === 0) return value;
        return value.t === "unknown" || value.t === "ref" ? anyOf(own) : anyOf([value, ...own]);
      }
      case "index": {
        const object = this.eval(expr.object, scope, frame);
        const index = this.eval(expr.index, scope, frame);
        const keys = alternatives(index);
        if (keys.every((k) => k.t === "literal" && (typeof k.value === "string" || typeof k.value === "number")))
          return anyOf(keys.map((k) => this.member(object, String((k as { value: unknown }).value))));
        if (object.t === "environ") return { t: "derived", of: [ENVIRON] };
        return envNames(object).size ? { t: "derived", of: [object] } : UNKNOWN;
      }
      case "call":
        return this.call(expr, scope, frame);
      case "binary":
        return this.binary(expr, scope, frame);
      case "conditional": {
        const then = this.eval(expr.consequent, scope, frame);
        const otherwise = this.eval(expr.alternate, scope, frame);
        const test = this.eval(expr.test, scope, frame);
        if (test.t === "literal") return test.value ? then : otherwise;
        return anyOf([then, otherwise]);
      }
      case "text":
        return { t: "text", parts: expr.parts.map((p) => this.eval(p, scope, frame)) };
      case "object": {
        const value: Value = { t: "object", expr, scope, frame };
        if (!expr.type) return value;
        const type = this.eval(expr.type, scope, frame);
        if (type.t === "ref") value.type = type.path;
        else if (type.t === "class") value.cls = type.scope;
        return value;
      }
      case "array":
        return { t: "array", items: expr.items.map((i) => this.eval(i, scope, frame)) };
      case "function":
        return { t: "function", fn: expr.fn, scope, self: frame?.self };
      case "assign":
        return this.eval(expr.value, scope, frame);
      case "other": {
        const only = expr.body?.length === 1 ? expr.body[0] : undefined;
        if (only?.kind === "class") {
          const found = scope.file.classes.find((c) => c.class === only.class);
          if (found) return { t: "class", class: only.class, scope: found.inner };
        }
        const of = expr.children.map((c) => this.eval(c, scope, frame)).filter((v) => envNames(v).size > 0);
        return of.length ? { t: "derived", of } : UNKNOWN;
      }
      default:
        return UNKNOWN;
    }
  }

  /** Values assigned to `object.property` elsewhere, when `object` is a plain name. */
  private assignedFields(object: Expr, property: string, scope: Scope, frame: Frame | undefined): Value[] {
    if (object.kind === "member" && object.object.kind === "name") {
      const self = selfClass(scope, object.object.name);
      const fields = self?.fields ?? lookup(scope, object.object.name)?.fields;
      const list = fields?.get(`${object.property}.${property}`) ?? [];
      return list.map((s) => this.source(s, undefined));
    }
    if (object.kind !== "name") return [];
    const binding = lookup(scope, object.name);
    return (binding?.fields.get(property) ?? []).map((s) => this.source(s, s.scope === scope ? frame : undefined));
  }

  private binary(expr: Expr & { kind: "binary" }, scope: Scope, frame: Frame | undefined): Value {
    const { operator } = expr;
    if (operator === "||") return withDefault(this.eval(expr.left, scope, frame), this.eval(expr.right, scope, frame));
    if (operator === "&&" || operator === "=") return this.eval(expr.right, scope, frame);
    const left = this.eval(expr.left, scope, frame);
    const right = this.eval(expr.right, scope, frame);
    if (operator === "+" || operator === "." || operator === "..") {
      if (
        left.t === "literal" &&
        right.t === "literal" &&
        typeof left.value === "number" &&
        typeof right.value === "number"
      )
        return literal(left.value + right.value);
      return { t: "text", parts: [left, right].flatMap((v) => (v.t === "text" ? v.parts : [v])) };
    }
    if (operator === "%" && left.t === "literal" && typeof left.value === "string")
      return format(left.value, right.t === "array" ? right.items : [right]);
    const of = [left, right].filter((v) => envNames(v).size > 0);
    return of.length ? { t: "derived", of } : UNKNOWN;
  }

  name(name: string, scope: Scope, frame: Frame | undefined): Value {
    if (name === "this") {
      if (frame?.self) return frame.self;
      const self = selfClass(scope, "this");
      return self ? { t: "instance", scope: self, frame: undefined } : UNKNOWN;
    }
    const self = selfClass(scope, name);
    if (self && !scope.names.has(name)) return frame?.self ?? { t: "instance", scope: self, frame: undefined };
    const semantics = this.project.semantics(scope.file);
    for (let s: Scope | undefined = scope; s; s = s.parent) {
      const binding = s.names.get(name);
      if (binding) {
        if (self && binding.param?.fn.self === name)
          return frame?.self ?? { t: "instance", scope: self, frame: undefined };
        return this.binding(binding, frame);
      }
      if (s.kind === "class" && semantics.bareMembers) {
        const member = this.classMember(
          s,
          name,
          frame?.self?.t === "instance" ? frame.self.frame : undefined,
          frame?.self,
        );
        if (member.t !== "absent") return member;
      }
    }
    for (const sibling of semantics.siblings?.(scope.file, name) ?? []) {
      const binding = sibling.scope.names.get(name);
      if (binding && !binding.import) return this.binding(binding, undefined);
    }
    return (
      semantics.unresolved?.(name, scope.file) ??
      this.outside(name, scope.file) ?? { t: "ref", path: name, file: scope.file }
    );
  }

  binding(b: Binding, frame: Frame | undefined): Value {
    if (b.import) return this.imported(b.scope.file, b.import.module, b.import.imported);
    if (b.class) return { t: "class", class: b.class.class, scope: b.class.scope };
    if (b.fn && b.sources.length === 0) return { t: "function", fn: b.fn.fn, scope: b.scope, self: undefined };
    let value: Value = UNKNOWN;
    if (b.param) value = this.param(b, frame);
    else if (b.sources.length)
      value = anyOf(b.sources.map((s) => this.source(s, s.scope === b.scope || frame ? frame : undefined)));
    if ((value.t === "unknown" || value.t === "absent" || isNull(value)) && b.type) {
      const type = this.typed(b.type, b.scope);
      if (type) return type;
    }
    return value;
  }

  private source(s: Source, frame: Frame | undefined): Value {
    let value = this.eval(s.expr, s.scope, frame);
    for (const key of s.path ?? []) {
      if (key === undefined) return envNames(value).size ? { t: "derived", of: [value] } : UNKNOWN;
      value = this.member(value, String(key));
    }
    return s.fallback ? withDefault(value, this.eval(s.fallback, s.scope, frame)) : value;
  }

  /** What a declared type says of a value that cannot be followed. */
  typed(type: Expr, scope: Scope): Value | undefined {
    const found = this.eval(type, scope);
    if (found.t === "class") return { t: "instance", scope: found.scope, frame: undefined };
    if (found.t === "ref") return { t: "ref", path: found.path, file: found.file };
    return undefined;
  }

  private param(b: Binding, frame: Frame | undefined): Value {
    const { fn, index } = b.param as { fn: Fn; index: number };
    const param = fn.params[index];
    const fallback = () => (b.sources.length ? anyOf(b.sources.map((s) => this.source(s, frame))) : undefined);
    for (let f = frame; f; f = f.parent) {
      if (f.fn !== fn) continue;
      if (param?.rest) return { t: "array", items: f.arguments.slice(index).map((a) => a.value) };
      const given =
        f.arguments.find((a) => a.name === b.name) ?? f.arguments.filter((a) => a.name === undefined)[index];
      return given && given.value.t !== "absent" ? given.value : (fallback() ?? ABSENT);
    }
    const decorated =
      fn.decorators?.length &&
      this.project.semantics(b.scope.file).param?.(fn.decorators, b.name, b.scope.parent ?? b.scope, this);
    if (decorated) return decorated;
    const callers = param?.rest ? [] : this.callerArguments(fn, index, b);
    const assigned = fallback();
    if (callers.length)
      return anyOf([
        ...callers.map((c) => (c.t === "absent" && assigned ? assigned : c)),
        ...(b.sources.length > 1 && assigned ? [assigned] : []),
      ]);
    return assigned ?? UNKNOWN;
  }

  /** The values that the project's own calls give to a parameter. */
  private callerArguments(fn: Fn, index: number, b: Binding): Value[] {
    let known = this.callers.get(fn);
    if (!known) this.callers.set(fn, (known = new Map()));
    const before = known.get(index);
    if (before) return before;
    // Whoever asks again while this is being found out goes in a circle.
    known.set(index, []);
    const found = this.findCallers(fn, index, b);
    known.set(index, found);
    return found;
  }

  private findCallers(fn: Fn, index: number, b: Binding): Value[] {
    const owner = b.scope.parent?.kind === "class" ? b.scope.parent : undefined;
    const isConstructor =
      owner !== undefined &&
      (fn.name === "constructor" ||
        fn.name === "__init__" ||
        fn.name === "initialize" ||
        fn.name === "__construct" ||
        fn.name === owner.class?.name);
    const word = isConstructor ? owner.class?.name : fn.name;
    if (!word || this.steps > MAX_STEPS / 2) return [];
    const out: Value[] = [];
    for (const module of this.project.mentioning(word, b.scope.file)) {
      for (const site of module.calls) {
        const { call } = site;
        const callee = call.callee;
        const last = callee.kind === "name" ? callee.name : callee.kind === "member" ? callee.property : undefined;
        if (last !== word && !(isConstructor && last === "new")) continue;
        const target = alternatives(this.eval(callee, site.scope));
        const hit = isConstructor
          ? target.some((t) => t.t === "class" && t.class === owner.class)
          : target.some((t) => t.t === "function" && t.fn === fn);
        if (!hit) continue;
        const arg = pick(call.args, index, b.name);
        out.push(arg ? this.eval(arg.value, site.scope) : ABSENT);
        if (out.length >= 8) return out;
      }
    }
    return out;
  }

  imported(file: SourceModule, specifier: string, name: string | undefined): Value {
    const semantics = this.project.semantics(file);
    const modules = semantics.resolve(file, specifier);
    if (modules.length === 0) {
      // `from package import module`, without an __init__ file.
      const inner = name === undefined ? undefined : semantics.resolve(file, `${specifier}.${name}`)[0];
      if (inner && file.language !== "javascript") return { t: "module", module: inner };
      const path = semantics.externalPath(specifier, name);
      return this.outside(path, file) ?? { t: "ref", path, file };
    }
    for (const module of modules) {
      const whole: Value = { t: "module", module };
      if (name === undefined) return whole;
      const value = this.exported(module, name);
      if (value) return value;
    }
    const inner = file.language === "javascript" ? undefined : semantics.resolve(file, `${specifier}.${name}`)[0];
    return inner ? { t: "module", module: inner } : UNKNOWN;
  }

  private outside(path: string, file: SourceModule): Value | undefined {
    return this.project.semantics(file).value?.(path);
  }

  exported(module: SourceModule, name: string, seen = new Set<SourceModule>()): Value | undefined {
    if (seen.has(module)) return undefined;
    seen.add(module);
    const entry = module.exports.get(name);
    if (entry?.module) return this.imported(module, entry.module, entry.local);
    if (entry?.value) return this.eval(entry.value, module.scope);
    if (entry?.local) return this.name(entry.local, module.scope, undefined);
    const semantics = this.project.semantics(module);
    for (const star of module.exportStars)
      for (const target of semantics.resolve(module, star)) {
        const found = this.exported(target, name, seen);
        if (found) return found;
      }
    // Languages without export lists: every top-level name.
    if (module.language !== "javascript") {
      for (const file of [module, ...(semantics.siblings?.(module, name) ?? [])]) {
        const binding = file.scope.names.get(name);
        if (binding) return this.binding(binding, undefined);
      }
      return undefined;
    }
    const whole = name === "default" ? undefined : module.exports.get("default");
    if (whole?.value || whole?.local) {
      const value = whole.value
        ? this.eval(whole.value, module.scope)
        : this.name(whole.local as string, module.scope, undefined);
      const found = this.member(value, name);
      return found.t === "absent" ? undefined : found;
    }
    return undefined;
  }

  member(object: Value, property: string): Value {
    switch (object.t) {
      case "any":
        return anyOf(object.of.map((o) => this.member(o, property)));
      case "environ":
        if (/^[A-Z][A-Z0-9_]*$/.test(property)) return env((object.prefix ?? "") + property);
        return object;
      case "env":
      case "derived":
      case "text":
        return { t: "derived", of: [object] };
      case "record":
        return object.members.get(property) ?? object.rest ?? ABSENT;
      case "array": {
        if (/^\d+$/.test(property)) return object.items[Number(property)] ?? UNKNOWN;
        return UNKNOWN;
      }
      case "object":
        return this.objectMember(object, property);
      case "module": {
        const value = this.exported(object.module, property);
        if (value) return value;
        if (property === "default") return object;
        const sub = this.project.semantics(object.module).resolve(object.module, `.${property}`);
        return sub[0] ? { t: "module", module: sub[0] } : UNKNOWN;
      }
      case "class":
      case "instance":
        return this.classMember(object.scope, property, object.t === "instance" ? object.frame : undefined, object);
      case "ref": {
        if (property === "default") return object;
        const path = `${object.path}.${property}`;
        return this.outside(path, object.file) ?? { t: "ref", path, receiver: object, file: object.file };
      }
      default:
        return UNKNOWN;
    }
  }

  private objectMember(object: Value & { t: "object" }, property: string): Value {
    let open = false;
    let found: Value | undefined;
    for (const entry of object.expr.entries) {
      if (entry.spread) {
        const inner = this.member(this.eval(entry.value, object.scope, object.frame), property);
        if (inner.t === "unknown") open = true;
        else if (inner.t !== "absent") found = inner;
      } else if (entry.key === property) {
        found = this.eval(entry.value, object.scope, object.frame);
        if (found.t === "function" && !found.self) found = { ...found, self: object };
      } else if (entry.key === undefined) open = true;
    }
    // A method of a library's type.
    if (!found && object.type && !open && /^[A-Z]\w*$/.test(property) && object.expr.type)
      return this.structMember(object, property);
    if (!found && object.cls) return this.classMember(object.cls, property, undefined, object);
    return found ?? (open ? UNKNOWN : ABSENT);
  }

  private structMember(object: Value & { t: "object" }, property: string): Value {
    const method = /^(Listen|Serve|Run|Start|Handle|Close|Shutdown|New|Get|Set|Build|With)/.test(property);
    if (!method) return ABSENT;
    return { t: "ref", path: `${object.type}.${property}`, receiver: object, file: object.scope.file };
  }

  /** Values that literals of a struct (`Server{port: p}`) give to a field. */
  private *literalFields(scope: Scope, name: string): Generator<Value> {
    const word = scope.class?.name;
    if (!word || this.steps > MAX_STEPS / 2) return;
    for (const module of this.project.mentioning(word, scope.file))
      for (const site of module.typedObjects) {
        const { type, entries } = site.object;
        if (!type || lastName(type) !== word) continue;
        const entry = entries.find((e) => e.key === name);
        if (!entry) continue;
        const made = this.eval(type, site.scope);
        if (made.t === "class" && made.class === scope.class) yield this.eval(entry.value, site.scope);
      }
  }

  classMember(scope: Scope, name: string, frame: Frame | undefined, self: Value | undefined, depth = 0): Value {
    const cls = scope.class;
    if (!cls || depth > 4) return ABSENT;
    const filled = this.project.semantics(scope.file).classField?.(scope, name, this);
    if (filled) return filled;
    const method = cls.members.find((m) => m.fn && m.name === name);
    if (method?.fn) {
      const inner: Value = { t: "function", fn: method.fn, scope, self };
      // A getter or a property: its value is what it returns.
      return inner;
    }
    const sources = scope.fields.get(name);
    if (sources?.length) {
      const value = anyOf(
        sources.map((s) => this.source(s, s.scope.fn && frame?.fn === s.scope.fn ? frame : undefined)),
      );
      if (value.t !== "unknown" && !isNull(value)) return value;
    }
    if (this.project.semantics(scope.file).structs) {
      const values = [...this.literalFields(scope, name)].filter((v) => v.t !== "unknown");
      if (values.length) return anyOf(values);
    }
    const declared = cls.members.find((m) => m.name === name && m.type);
    const typed = declared?.type && this.typed(declared.type, scope);
    if (typed) return typed;
    for (const binding of this.constructorFields(scope, name)) {
      const value = this.binding(binding, frame);
      if (value.t !== "unknown") return value;
    }
    if (sources?.length || declared) return UNKNOWN;
    for (const base of cls.bases) {
      const value = this.eval(base, scope.parent ?? scope);
      for (const b of alternatives(value)) {
        if (b.t === "class") {
          const found = this.classMember(b.scope, name, undefined, self, depth + 1);
          if (found.t !== "absent") return found;
        } else if (b.t === "ref") return { t: "ref", path: `${b.path}.${name}`, file: b.file };
        else if (b.t === "unknown") return UNKNOWN;
      }
    }
    return ABSENT;
  }

  private *constructorFields(scope: Scope, name: string): Generator<Binding> {
    for (const m of scope.class?.members ?? []) {
      const param = m.fn?.params.find((p) => p.field && p.pattern.kind === "name" && p.pattern.name === name);
      const inner = param && m.fn && scope.file.fnScopes.get(m.fn);
      const binding = inner?.names.get(name);
      if (binding) yield binding;
    }
  }

  private call(expr: Call, scope: Scope, frame: Frame | undefined): Value {
    const name = expr.callee.kind === "name" ? expr.callee.name : undefined;
    const first = expr.args[0]?.value;
    if (
      (name === "require" || name === "import") &&
      expr.args.length === 1 &&
      first &&
      scope.file.language === "javascript"
    ) {
      return anyOf(
        alternatives(this.eval(first, scope, frame)).map((spec) => {
          const text =
            spec.t === "literal" && typeof spec.value === "string"
              ? spec.value
              : spec.t === "env" && spec.default?.t === "literal"
                ? String(spec.default.value)
                : undefined;
          return text === undefined ? UNKNOWN : this.imported(scope.file, text, undefined);
        }),
      );
    }
    const targets = alternatives(this.eval(expr.callee, scope, frame));
    return anyOf(targets.map((t) => this.applied(t, expr, scope, frame)));
  }

  private applied(target: Value, expr: Call, scope: Scope, frame: Frame | undefined): Value {
    const depth = (frame?.depth ?? 0) + 1;
    if (target.t === "function") {
      if (depth > MAX_DEPTH) {
        this.cuts++;
        return UNKNOWN;
      }
      return this.returned(
        target,
        this.bindArguments(target.fn, expr.args, scope, frame, target.self, depth),
        target.scope,
      );
    }
    if (target.t === "class") return this.instance(target.scope, expr.args, scope, frame, depth);
    if (target.t === "module") {
      const whole = this.exported(target.module, "default");
      return whole && whole.t !== "module" ? this.applied(whole, expr, scope, frame) : UNKNOWN;
    }
    if (target.t === "ref") {
      const known = this.project.semantics(scope.file).call(target.path, this.view(target, expr, scope, frame), this);
      if (known) return known;
      return this.opaque(target, expr, scope, frame);
    }
    if (expr.callee.kind === "member") {
      const object = this.eval(expr.callee.object, scope, frame);
      const method = expr.callee.property;
      if (SAME_METHOD.has(method) && (object.t !== "environ" || expr.args.length === 0)) return object;
      if (DEFAULT_METHOD.has(method)) return withDefault(object, this.callOrValue(expr.args[0]?.value, scope, frame));
      if (object.t === "environ") {
        const key = this.eval(expr.args[0]?.value, scope, frame);
        if (key.t === "literal" && typeof key.value === "string" && /^[A-Z][A-Z0-9_]*$/.test(key.value))
          return env(
            (object.prefix ?? "") + key.value,
            expr.args[1] ? this.eval(expr.args[1].value, scope, frame) : undefined,
          );
        return object;
      }
      if (object.t === "record" && method === "get")
        return this.member(object, String((this.eval(first(expr), scope, frame) as { value?: unknown }).value));
      if (object.t === "array" && (method === "find" || method === "filter")) return anyOf(object.items);
      if (envNames(object).size) return { t: "derived", of: [object] };
    }
    return this.opaqueArguments(expr, scope, frame);
  }

  /** What a function of the project returns when it is called without arguments. */
  apply(target: Value & { t: "function" }): Value {
    return this.returned(
      target,
      { fn: target.fn, arguments: [], self: target.self, parent: undefined, depth: 1 },
      target.scope,
    );
  }

  private callOrValue(expr: Expr | undefined, scope: Scope, frame: Frame | undefined): Value {
    const value = this.eval(expr, scope, frame);
    if (value.t !== "function") return value;
    return this.returned(
      value,
      { fn: value.fn, arguments: [], self: value.self, parent: frame, depth: (frame?.depth ?? 0) + 1 },
      value.scope,
    );
  }

  private opaque(target: Value & { t: "ref" }, expr: Call, scope: Scope, frame: Frame | undefined): Value {
    for (const a of expr.args) {
      const v = a.value.kind === "literal" || a.value.kind === "function" ? UNKNOWN : this.eval(a.value, scope, frame);
      if (
        v.t === "environ" ||
        (v.t === "object" &&
          v.expr.entries.length < 12 &&
          v.expr.entries.some((e) => this.eval(e.value, v.scope, v.frame).t === "environ"))
      )
        return ENVIRON;
    }
    const value: Value = { t: "ref", path: `${target.path}()`, call: { call: expr, scope, frame }, file: target.file };
    if (target.receiver) value.receiver = target.receiver;
    return value;
  }

  private opaqueArguments(expr: Call, scope: Scope, frame: Frame | undefined): Value {
    const of: Value[] = [];
    for (const a of expr.args) {
      if (a.value.kind === "function") continue;
      const v = this.eval(a.value, scope, frame);
      if (v.t === "environ") return ENVIRON;
      if (envNames(v).size) of.push(v);
    }
    return of.length ? { t: "derived", of } : UNKNOWN;
  }

  instance(cls: Scope, args: Argument[], scope: Scope, frame: Frame | undefined, depth: number): Value {
    const value: Value & { t: "instance" } = { t: "instance", scope: cls, frame: undefined };
    const maker = cls.class?.members.find(
      (m) =>
        m.fn &&
        (m.name === "constructor" ||
          m.name === "__init__" ||
          m.name === "initialize" ||
          m.name === "__construct" ||
          m.name === cls.class?.name),
    );
    if (maker?.fn) value.frame = this.bindArguments(maker.fn, args, scope, frame, value, depth);
    return value;
  }

  private bindArguments(
    fn: Fn,
    args: Argument[],
    scope: Scope,
    frame: Frame | undefined,
    self: Value | undefined,
    depth: number,
  ): Frame {
    return {
      fn,
      arguments: args.map((a) => ({ name: a.name, value: a.spread ? UNKNOWN : this.eval(a.value, scope, frame) })),
      self,
      parent: frame,
      depth,
    };
  }

  private returned(target: Value & { t: "function" }, frame: Frame, _scope: Scope): Value {
    const inner = target.scope.file.fnScopes.get(target.fn);
    if (!inner) return UNKNOWN;
    const values = returns(target.fn.body).map((e) => this.eval(e, inner, frame));
    if (values.length) {
      const value = anyOf(values);
      if (value.t !== "unknown") return value;
    }
    return (target.fn.returns && this.typed(target.fn.returns, target.scope)) ?? UNKNOWN;
  }

  view(target: Value & { t: "ref" }, expr: Call, scope: Scope, frame: Frame | undefined): CallView {
    const arg = (index: number): Value => {
      const a = expr.args.filter((x) => x.name === undefined)[index];
      return !a ? ABSENT : a.spread ? UNKNOWN : this.eval(a.value, scope, frame);
    };
    return {
      path: target.path,
      call: expr,
      scope,
      receiver: target.receiver ?? UNKNOWN,
      arg,
      named: (name) => {
        const a = expr.args.find((x) => x.name === name);
        if (a) return this.eval(a.value, scope, frame);
        for (const s of expr.args.filter((x) => x.spread)) {
          const inner = this.member(this.eval(s.value, scope, frame), name);
          if (inner.t !== "absent" && inner.t !== "ref") return inner;
        }
        return ABSENT;
      },
      option: (index, key) => {
        const value = arg(index);
        return value.t === "absent" ? ABSENT : anyOf(alternatives(value).map((v) => this.member(v, key)));
      },
      count: expr.args.length,
    };
  }
}

function first(expr: Call): Expr | undefined {
  return expr.args[0]?.value;
}

function isNull(v: Value): boolean {
  return v.t === "literal" && v.value === null;
}

function pick(args: readonly Argument[], index: number, name: string): Argument | undefined {
  if (args.some((a) => a.spread)) return undefined;
  return args.find((a) => a.name === name) ?? args.filter((a) => a.name === undefined)[index];
}

/** The values that a function returns, without those of functions inside it. */
export function returns(body: readonly Stmt[]): Expr[] {
  const out: Expr[] = [];
  for (const s of body) {
    if (s.kind === "return" && s.value) out.push(s.value);
    else if (s.kind === "if") out.push(...returns(s.consequent), ...returns(s.alternate));
    else if (s.kind === "block") out.push(...returns(s.body));
  }
  return out;
}

/** `"%s:%d" % (a, b)`, `Sprintf("%s:%d", a, b)`, `"{}:{}".format(a, b)`. */
export function format(pattern: string, values: readonly Value[]): Value {
  const parts: Value[] = [];
  let used = 0;
  let last = 0;
  for (const m of pattern.matchAll(/%[-+0-9.]*[a-zA-Z]|\{[^{}]*\}/g)) {
    if (m.index > last) parts.push(literal(pattern.slice(last, m.index)));
    parts.push(values[used++] ?? UNKNOWN);
    last = m.index + m[0].length;
  }
  if (last < pattern.length) parts.push(literal(pattern.slice(last)));
  return { t: "text", parts };
}
