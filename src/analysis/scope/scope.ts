/** Names, where they get their values, and every call of a file: for any language. */
import type { Call, Class, Expr, FileTree, Fn } from "../ir.ts";

/** A place that gives a binding (or a field) its value. */
export interface Source {
  /** Undefined: declared without a value. */
  expr: Expr | undefined;
  scope: Scope;
  /** Keys into the value (destructuring); `undefined` for one that cannot be known. */
  path?: (string | number | undefined)[];
  /** Where the destructured key is absent. */
  fallback?: Expr;
  /** Conditions around an assignment. */
  guards?: readonly Guard[];
  /** Of a whole object that is copied into another: what it has goes over what was there. */
  over?: true;
  /** The member is taken out of its object there. */
  taken?: true;
  /** Of a member whose name is computed: the name. */
  key?: Expr;
}

export interface Binding {
  name: string;
  scope: Scope;
  sources: Source[];
  /** Values assigned to its members: `server.addr = …`. */
  fields: Map<string, Source[]>;
  type?: Expr | undefined;
  import?: { module: string; imported: string | undefined };
  param?: { fn: Fn; index: number };
  fn?: { fn: Fn; scope: Scope };
  class?: { class: Class; scope: Scope };
}

export interface Scope {
  kind: "module" | "function" | "class";
  parent: Scope | undefined;
  file: SourceModule;
  names: Map<string, Binding>;
  fn?: Fn;
  class?: Class;
  /** Of a class: values assigned to `this.x` anywhere in it. */
  fields: Map<string, Source[]>;
}

/** A condition that must hold for a place to be reached. */
export interface Guard {
  test: Expr;
  /** The else branch. */
  negated: boolean;
}

export interface CallSite {
  call: Call;
  scope: Scope;
  guards: readonly Guard[];
  /** Inside a function (not at the top of a module). */
  inFunction: boolean;
  inCatch: boolean;
  inLoop: boolean;
  /** Go's `go f()`, a thread. */
  spawned: boolean;
}

export interface ThrowSite {
  expr: Expr | undefined;
  scope: Scope;
  guards: readonly Guard[];
}

export interface ObjectSite {
  object: Expr & { kind: "object" };
  scope: Scope;
  guards: readonly Guard[];
}

export interface ExportEntry {
  local?: string | undefined;
  value?: Expr | undefined;
  module?: string | undefined;
}

/** A parsed file with its scopes. */
export interface SourceModule {
  path: string;
  language: string;
  text: string;
  tree: FileTree;
  scope: Scope;
  calls: CallSite[];
  throws: ThrowSite[];
  /** Assignments outside declarations, for facts like `process.env.PORT = …`. */
  assigns: { target: Expr; value: Expr; scope: Scope; guards: readonly Guard[] }[];
  typedObjects: ObjectSite[];
  /** Member reads, for names of environment variables. */
  members: { expr: Expr; scope: Scope; guards: readonly Guard[] }[];
  exports: Map<string, ExportEntry>;
  exportStars: string[];
  imports: string[];
  classes: { class: Class; scope: Scope; inner: Scope }[];
  fnScopes: Map<Fn, Scope>;
  /** Callbacks that are called for each item of a list: `list.forEach(fn)`. */
  iterated: Map<Fn, { expr: Expr; scope: Scope }>;
  /** Callbacks, with the call that they are given to. */
  handed: Map<Fn, Call>;
  /** Functions that are members of an object: what `this` is in them. */
  methods: Map<Fn, { object: Expr; scope: Scope }>;
}

export function patternNames(p: Expr): string[] {
  if (p.kind === "name") return [p.name];
  if (p.kind === "object") return p.entries.flatMap((e) => patternNames(e.value));
  if (p.kind === "array") return p.items.flatMap(patternNames);
  if (p.kind === "binary" && p.operator === "=") return patternNames(p.left);
  return [];
}

/** The function that a place stands in. */
export function functionAround(scope: Scope): Fn | undefined {
  let around: Scope | undefined = scope;
  while (around && !around.fn) around = around.parent;
  return around?.fn;
}

export function lookup(scope: Scope | undefined, name: string): Binding | undefined {
  for (let s = scope; s; s = s.parent) {
    const found = s.names.get(name);
    if (found) return found;
  }
  return undefined;
}

/** The class whose object `name` (`this`, a receiver) is, from inside one of its functions. */
export function selfClass(scope: Scope, name: string): Scope | undefined {
  for (let s: Scope | undefined = scope; s; s = s.parent) {
    if (s.kind === "class") return name === "this" ? s : undefined;
    if (s.fn?.self === name) return s.parent?.kind === "class" ? s.parent : undefined;
  }
  return undefined;
}

/** The class whose field a bare name is (Java, C#). */
export function bareField(scope: Scope, name: string): Scope | undefined {
  if (!/^(java|csharp)$/.test(scope.file.language)) return undefined;
  let s: Scope | undefined = scope;
  while (s && !(s.kind === "class" && s.class?.members.some((m) => m.name === name && !m.fn))) s = s.parent;
  return s;
}

/** The class that inherits what is assigned to by a name that nothing declares (Java, C#). */
export function heirAround(scope: Scope): Scope | undefined {
  const around = /^(java|csharp)$/.test(scope.file.language) ? classAround(scope) : undefined;
  return around?.class?.bases.length ? around : undefined;
}

/** The class that a place stands in. */
export function classAround(scope: Scope | undefined): Scope | undefined {
  return !scope || scope.kind === "class" ? scope : classAround(scope.parent);
}

/** The innermost function's scope around a place. */
export function scopeAt(module: SourceModule, span: { start: number; end: number }): Scope {
  let found: Scope = module.scope;
  let size = Number.POSITIVE_INFINITY;
  for (const [fn, scope] of module.fnScopes)
    if (fn.start <= span.start && span.end <= fn.end && fn.end - fn.start < size) {
      found = scope;
      size = fn.end - fn.start;
    }
  return found;
}
