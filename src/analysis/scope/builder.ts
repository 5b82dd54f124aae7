/** Builds the scopes of a file and lists its calls, in one walk. */
import { type Argument, type Class, type Expr, type FileTree, type Fn, lastName, leaves, type Stmt } from "../ir.ts";
import { copiedWhole } from "./copies.ts";
import { listChanged, restOf, takenOut } from "./lists.ts";
import {
  type Binding,
  bareField,
  type Guard,
  heirAround,
  lookup,
  patternNames,
  type Scope,
  type SourceModule,
  selfClass,
} from "./scope.ts";
import {
  COMPUTED,
  copy,
  fieldsOf,
  grown,
  importedBy,
  keeping,
  LAID,
  laidInto,
  push,
  source,
  whereMissing,
} from "./sources.ts";

interface Context {
  scope: Scope;
  guards: readonly Guard[];
  inFunction: boolean;
  inCatch: boolean;
  inLoop: boolean;
  spawned: boolean;
}

/** @param memberScoped names of members are names in a class body (Java, C#, Kotlin). */
export function buildModule(path: string, language: string, text: string, tree: FileTree): SourceModule {
  const module = {
    path,
    language,
    text,
    tree,
    calls: [],
    throws: [],
    assigns: [],
    typedObjects: [],
    members: [],
    exports: new Map(),
    exportStars: [],
    imports: [],
    classes: [],
    fnScopes: new Map(),
    iterated: new Map(),
    handed: new Map(),
    methods: new Map(),
  } as unknown as SourceModule;
  module.scope = { kind: "module", parent: undefined, file: module, names: new Map(), fields: new Map() };
  const builder = new Builder(module);
  const context = { scope: module.scope, guards: [], inFunction: false, inCatch: false, inLoop: false, spawned: false };
  builder.hoist(tree.body, module.scope);
  builder.statements(tree.body, context);
  return module;
}

class Builder {
  readonly module: SourceModule;
  constructor(module: SourceModule) {
    this.module = module;
  }

  binding(scope: Scope, name: string): Binding {
    let found = scope.names.get(name);
    if (!found) scope.names.set(name, (found = { name, scope, sources: [], fields: new Map() }));
    return found;
  }

  /** Declares the names of a body before it is read, so that an inner function's assignment finds the outer name. */
  hoist(body: readonly Stmt[], scope: Scope): void {
    for (const s of body) {
      if (s.kind === "declare") for (const name of patternNames(s.pattern)) this.binding(scope, name);
      else if (s.kind === "function" && s.fn.name) this.binding(scope, s.fn.name);
      else if (s.kind === "class" && s.class.name) this.binding(scope, s.class.name);
      else if (s.kind === "import") for (const n of s.names) this.binding(scope, n.local);
      else if (s.kind === "if") {
        this.hoist(s.consequent, scope);
        this.hoist(s.alternate, scope);
      } else if (s.kind === "block") this.hoist(s.body, scope);
    }
  }

  statements(body: readonly Stmt[], context: Context): void {
    let current = context;
    for (const s of body) {
      this.statement(s, current);
      // `if (!x) return;` guards what follows it.
      if (s.kind === "if" && s.alternate.length === 0 && leaves(s.consequent))
        current = { ...current, guards: [...current.guards, { test: s.test, negated: true }] };
    }
  }

  statement(s: Stmt, c: Context): void {
    switch (s.kind) {
      case "expression":
        this.expr(s.expr, c);
        takenOut(s.expr, c.scope, c.guards);
        return;
      case "declare":
        if (s.value) this.expr(s.value, c);
        if (s.type?.kind === "other") this.expr(s.type, c);
        this.bind(s.pattern, s.value, c.scope, [], s.type, undefined, c.guards);
        return;
      case "if": {
        this.expr(s.test, c);
        this.statements(s.consequent, { ...c, guards: [...c.guards, { test: s.test, negated: false }] });
        this.statements(s.alternate, { ...c, guards: [...c.guards, { test: s.test, negated: true }] });
        return;
      }
      case "block": {
        for (const h of s.head ?? []) this.expr(h, c);
        this.statements(s.body, {
          ...c,
          inLoop: c.inLoop || s.role === "loop",
          inCatch: c.inCatch || s.role === "catch",
          spawned: c.spawned || s.role === "spawn",
        });
        return;
      }
      case "return":
        if (s.value) this.expr(s.value, c);
        return;
      case "throw":
        if (s.value) this.expr(s.value, c);
        this.module.throws.push({ expr: s.value, scope: c.scope, guards: c.guards });
        return;
      case "import":
        this.module.imports.push(s.module);
        for (const n of s.names) {
          const b = this.binding(c.scope, n.local);
          b.import = { module: s.module, imported: n.imported };
        }
        return;
      case "export":
        if (s.value) this.expr(s.value, c);
        if (s.module) this.module.imports.push(s.module);
        if (s.exported === "*" && s.module) this.module.exportStars.push(s.module);
        else this.module.exports.set(s.exported, { local: s.local, value: s.value, module: s.module });
        return;
      case "function": {
        const scope = this.fn(s.fn, c);
        if (s.fn.name) this.binding(c.scope, s.fn.name).fn = { fn: s.fn, scope };
        return;
      }
      case "class":
        this.class(s.class, c);
        return;
    }
  }

  class(cls: Class, c: Context): Scope {
    const scope: Scope = {
      kind: "class",
      parent: c.scope,
      file: this.module,
      names: new Map(),
      class: cls,
      fields: new Map(),
    };
    if (cls.name) this.binding(c.scope, cls.name).class = { class: cls, scope };
    this.module.classes.push({ class: cls, scope: c.scope, inner: scope });
    for (const d of cls.decorators) this.expr(d, c);
    for (const m of cls.members) {
      // A struct without a name.
      if (m.type?.kind === "other") this.expr(m.type, c);
      for (const d of m.decorators ?? []) this.expr(d, { ...c, scope });
      if (m.value) {
        this.expr(m.value, { ...c, scope });
        push(scope.fields, m.name, { expr: m.value, scope });
      }
    }
    for (const m of cls.members) {
      if (!m.fn) continue;
      const inner = this.fn(m.fn, { ...c, scope });
      m.fn.params.forEach((p) => {
        if (p.field && p.pattern.kind === "name")
          push(scope.fields, p.pattern.name.replace(/^\$/, ""), { expr: p.pattern, scope: inner });
      });
    }
    return scope;
  }

  fn(fn: Fn, c: Context): Scope {
    const scope: Scope = {
      kind: "function",
      parent: c.scope,
      file: this.module,
      names: new Map(),
      fn,
      fields: new Map(),
    };
    this.module.fnScopes.set(fn, scope);
    fn.params.forEach((p, index) => {
      if (p.default) this.expr(p.default, { ...c, scope, inFunction: true });
      if (p.pattern.kind === "name") {
        const b = this.binding(scope, p.pattern.name);
        b.param = { fn, index };
        b.type = p.type;
        if (p.default) b.sources.push({ expr: p.default, scope });
      } else {
        // A destructured parameter: a hidden name holds the whole.
        const hidden = this.binding(scope, `#${index}`);
        hidden.param = { fn, index };
        hidden.type = p.type;
        if (p.default) hidden.sources.push({ expr: p.default, scope });
        this.bind(p.pattern, { kind: "name", name: `#${index}`, start: p.start, end: p.end }, scope, [], undefined);
      }
    });
    for (const d of fn.decorators ?? []) this.expr(d, c);
    this.hoist(fn.body, scope);
    this.statements(fn.body, { ...c, scope, inFunction: true, inLoop: false, inCatch: false, guards: c.guards });
    return scope;
  }

  /** Gives the names of a pattern their sources. */
  bind(
    pattern: Expr,
    value: Expr | undefined,
    scope: Scope,
    path: (string | number | undefined)[],
    type: Expr | undefined,
    fallback?: Expr,
    guards?: readonly Guard[],
  ): void {
    if (pattern.kind === "name") {
      nameFunction(value, pattern.name);
      const b = this.binding(scope, pattern.name);
      if (type) b.type ??= type;
      if (value) b.sources.push(source(value, scope, path, fallback, guards));
    } else if (pattern.kind === "binary" && pattern.operator === "=")
      this.bind(pattern.left, value, scope, path, undefined, pattern.right, guards);
    else if (pattern.kind === "object")
      for (const e of pattern.entries)
        if (e.spread && value && path.length === 0)
          this.bind(e.value, restOf(value, pattern.entries), scope, path, undefined, undefined, guards);
        else this.bind(e.value, value, scope, e.spread ? path : [...path, e.key], undefined, undefined, guards);
    else if (pattern.kind === "array")
      pattern.items.forEach((item, i) => {
        this.bind(item, value, scope, [...path, i], undefined, undefined, guards);
      });
    else if (pattern.kind === "member" && value)
      this.assignTo(
        pattern,
        value,
        { scope, guards: [], inFunction: false, inCatch: false, inLoop: false, spawned: false },
        path,
      );
  }

  assignTo(target: Expr, value: Expr, c: Context, path: (string | number | undefined)[] = []): void {
    nameFunction(value, lastName(target));
    if (target.kind === "name") {
      const item = source(value, c.scope, path, undefined, c.guards);
      const found = lookup(c.scope, target.name);
      const cls = found ? undefined : (bareField(c.scope, target.name) ?? heirAround(c.scope));
      if (cls) push(cls.fields, target.name, item);
      else (found ?? this.binding(c.scope, target.name)).sources.push(item);
    } else if (target.kind === "object" || target.kind === "array")
      this.bind(keeping(target, value), value, c.scope, path, undefined);
    else if (target.kind === "index" && target.index.kind === "literal" && target.object.kind === "name") {
      // `options["port"] = …`
      const owner = selfClass(c.scope, target.object.name) ?? lookup(c.scope, target.object.name);
      if (owner) push(owner.fields, String(target.index.value), source(value, c.scope, path, undefined, c.guards));
    } else if (target.kind === "index" && target.object.kind === "name") {
      const owner = selfClass(c.scope, target.object.name) ?? lookup(c.scope, target.object.name);
      const whole = path.length === 0 ? copiedWhole(target.index, value, target.object, c.scope, c.guards) : undefined;
      if (owner && whole) push(owner.fields, LAID, copy(whole, c.scope, c.guards));
      else if (owner) push(owner.fields, COMPUTED, { ...source(value, c.scope, path), key: target.index });
    } else if (target.kind === "index" && path.length === 0) {
      // `this.settings[key] = …`
      const of = fieldsOf(target.object, c.scope);
      const key = target.index.kind === "literal" ? String(target.index.value) : COMPUTED;
      if (of) push(of.fields, of.head + key, { ...source(value, c.scope, [], undefined, c.guards), key: target.index });
    } else if (target.kind === "member") {
      const item = source(value, c.scope, path, undefined, c.guards);
      if (target.object.kind === "name") {
        const self = selfClass(c.scope, target.object.name);
        if (self) push(self.fields, target.property, item);
        else {
          const owner = lookup(c.scope, target.object.name);
          if (owner) push(owner.fields, target.property, item);
        }
        if (target.object.name === "exports") this.module.exports.set(target.property, { value });
        if (target.object.name === "module" && target.property === "exports")
          this.module.exports.set("default", { value });
      } else if (
        target.object.kind === "member" &&
        target.object.property === "exports" &&
        target.object.object.kind === "name" &&
        target.object.object.name === "module"
      )
        this.module.exports.set(target.property, { value });
      else if (target.object.kind === "member" && target.object.object.kind === "name") {
        // `this.options.port = …`, `config.server.port = …`
        const self = selfClass(c.scope, target.object.object.name);
        const fields = self?.fields ?? lookup(c.scope, target.object.object.name)?.fields;
        if (fields) push(fields, `${target.object.property}.${target.property}`, item);
      }
    }
  }

  expr(e: Expr, c: Context): void {
    switch (e.kind) {
      case "literal":
      case "name":
        return;
      case "member":
        this.module.members.push({ expr: e, scope: c.scope, guards: c.guards });
        this.expr(e.object, c);
        return;
      case "index":
        this.module.members.push({ expr: e, scope: c.scope, guards: c.guards });
        this.expr(e.object, c);
        this.expr(e.index, c);
        return;
      case "call": {
        this.module.calls.push({
          call: e,
          scope: c.scope,
          guards: c.guards,
          inFunction: c.inFunction,
          inCatch: c.inCatch,
          inLoop: c.inLoop,
          spawned: c.spawned,
        });
        this.expr(e.callee, c);
        laidInto(e, c.scope, c.guards);
        listChanged(e, c.scope, c.guards);
        const specifier = importedBy(e);
        if (specifier !== undefined) this.module.imports.push(specifier);
        const callback = e.args[0]?.value;
        if (callback?.kind === "function" && e.callee.kind === "member" && EACH_METHOD.test(e.callee.property))
          this.module.iterated.set(callback.fn, { expr: e.callee.object, scope: c.scope });
        e.args.forEach((a: Argument) => {
          if (a.value.kind === "function") this.module.handed.set(a.value.fn, e);
          this.expr(a.value, c);
        });
        return;
      }
      case "binary": {
        this.expr(e.left, c);
        // `a && b()`: the left guards the right.
        const right = e.operator === "&&" ? { ...c, guards: [...c.guards, { test: e.left, negated: false }] } : c;
        this.expr(e.right, right);
        return;
      }
      case "conditional":
        this.expr(e.test, c);
        this.expr(e.consequent, { ...c, guards: [...c.guards, { test: e.test, negated: false }] });
        this.expr(e.alternate, { ...c, guards: [...c.guards, { test: e.test, negated: true }] });
        return;
      case "text":
        for (const p of e.parts) this.expr(p, c);
        return;
      case "object":
        if (e.type) this.module.typedObjects.push({ object: e, scope: c.scope, guards: c.guards });
        if (e.type?.kind === "other") this.expr(e.type, c);
        for (const entry of e.entries) {
          nameFunction(entry.value, entry.key);
          if (entry.value.kind === "function") this.module.methods.set(entry.value.fn, { object: e, scope: c.scope });
          this.expr(entry.value, c);
        }
        return;
      case "array":
        for (const i of e.items) this.expr(i, c);
        return;
      case "function":
        this.fn(e.fn, c);
        return;
      case "assign":
        this.expr(e.value, c);
        this.expr(e.target, c);
        this.assignTo(e.target, grown(e), { ...c, guards: [...c.guards, ...whereMissing(e)] });
        this.module.assigns.push({ target: e.target, value: e.value, scope: c.scope, guards: c.guards });
        return;
      case "other":
        for (const child of e.children) this.expr(child, c);
        if (e.body) this.statements(e.body, c);
        return;
    }
  }
}

const EACH_METHOD = /^([fF]orEach|map|flatMap|each|for_each|collect)$/;

/** `const start = (port) => …`: callers look for `start`. */
function nameFunction(value: Expr | undefined, name: string | undefined): void {
  if (value?.kind === "function" && name) value.fn.name ??= name;
}
