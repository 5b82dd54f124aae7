/**
 * One small tree for every language. A front end (`javascript/`, `python/`, …) lowers what its parser gives into these
 * nodes; scopes, value following and the knowledge of frameworks are written once against them.
 *
 * What a rule never asks about (operators' exact meaning, types beyond names, patterns of a match) is lowered to
 * `other`, whose children are still visited. Offsets are UTF-16 units into the file's text, end exclusive.
 */

export interface Span {
  start: number;
  end: number;
}

export type Expr =
  | Literal
  | Name
  | Member
  | Index
  | Call
  | Binary
  | Conditional
  | Text
  | ObjectExpr
  | ArrayExpr
  | FunctionExpr
  | Assign
  | Other;

export interface Literal extends Span {
  kind: "literal";
  value: string | number | boolean | null;
}

export interface Name extends Span {
  kind: "name";
  /** `this` (also for `self`, `@x`, `$this`) is a name. */
  name: string;
}

export interface Member extends Span {
  kind: "member";
  object: Expr;
  property: string;
}

export interface Index extends Span {
  kind: "index";
  object: Expr;
  index: Expr;
}

export interface Argument {
  /** Of a keyword argument. */
  name?: string;
  value: Expr;
  /** `...list`, `*list`, `**dict`. */
  spread?: boolean;
}

/** Is it given for the parameter of this name? PHP's `new Settings(host: $host)` leaves out the sign of a variable. */
export function isNamed({ name }: { name?: string | undefined }, parameter: string): boolean {
  return name !== undefined && (name === parameter || `$${name}` === parameter);
}

export interface Call extends Span {
  kind: "call";
  callee: Expr;
  args: Argument[];
  isNew?: boolean;
  /** Of generic calls (`builder.GetService<T>()`, `parse::<u16>()`). */
  typeArgs?: string[];
}

export interface Binary extends Span {
  kind: "binary";
  /** `||` for every "else use the right side" (`or`, `??`, `?:`), `&&`, `+`, comparison operators as they are. */
  operator: string;
  left: Expr;
  right: Expr;
}

export interface Conditional extends Span {
  kind: "conditional";
  test: Expr;
  consequent: Expr;
  alternate: Expr;
}

/** A string with values in it. */
export interface Text extends Span {
  kind: "text";
  parts: Expr[];
}

export interface Entry extends Span {
  /** Undefined when computed or spread. */
  key: string | undefined;
  value: Expr;
  spread?: boolean;
  shorthand?: boolean;
}

export interface ObjectExpr extends Span {
  kind: "object";
  entries: Entry[];
  /** Of a composite or struct literal: what it makes. */
  type?: Expr;
}

export interface ArrayExpr extends Span {
  kind: "array";
  items: Expr[];
}

export interface FunctionExpr extends Span {
  kind: "function";
  fn: Fn;
}

/** An assignment; a declaration is a statement of its own. */
export interface Assign extends Span {
  kind: "assign";
  target: Expr;
  value: Expr;
  operator: string;
}

export interface Other extends Span {
  kind: "other";
  children: Expr[];
  /** Functions and blocks that were inside. */
  body?: Stmt[];
}

export interface Param extends Span {
  /** A name, or a pattern written as an object or array expression. */
  pattern: Expr;
  default?: Expr | undefined;
  type?: Expr | undefined;
  rest?: boolean;
  /** Python's `**options`: what is given by name and is no parameter. */
  keywords?: boolean;
  /** `constructor(private x)` and its kin: also a field of the class. */
  field?: boolean;
}

export interface Fn extends Span {
  name: string | undefined;
  params: Param[];
  body: Stmt[];
  /** Where the receiver is a parameter (`self`, Go's receiver): its name. */
  self?: string;
  async?: boolean;
  decorators?: Expr[];
  /** Declared type of the result, where it is a name. */
  returns?: Expr | undefined;
}

export interface ClassMember extends Span {
  name: string;
  value?: Expr | undefined;
  fn?: Fn | undefined;
  type?: Expr | undefined;
  static?: boolean;
  /** To read it is to call it. */
  getter?: boolean;
  decorators?: Expr[];
}

export interface Class extends Span {
  name: string | undefined;
  bases: Expr[];
  /** Ruby's modules and PHP's traits: their methods are the class's own. */
  mixins?: Expr[];
  members: ClassMember[];
  decorators: Expr[];
}

export interface ImportedName {
  /** Undefined: the whole module (a namespace or default import). */
  imported: string | undefined;
  local: string;
}

export type Stmt =
  | ({ kind: "expression"; expr: Expr } & Span)
  | ({ kind: "declare"; pattern: Expr; value?: Expr | undefined; type?: Expr | undefined } & Span)
  | ({ kind: "if"; test: Expr; consequent: Stmt[]; alternate: Stmt[] } & Span)
  | ({ kind: "block"; body: Stmt[]; role: "loop" | "try" | "catch" | "plain" | "spawn"; head?: Expr[] } & Span)
  | ({ kind: "return"; value?: Expr | undefined } & Span)
  | ({ kind: "throw"; value?: Expr | undefined } & Span)
  | ({ kind: "import"; module: string; names: ImportedName[] } & Span)
  /** `export { local as exported } from "module"`; `*` for all. */
  | ({
      kind: "export";
      exported: string;
      local?: string | undefined;
      value?: Expr | undefined;
      module?: string | undefined;
    } & Span)
  | ({ kind: "function"; fn: Fn } & Span)
  | ({ kind: "class"; class: Class } & Span);

/** A file after its front end. */
export interface FileTree {
  body: Stmt[];
  /** Go and Java: the package that the file belongs to. */
  package?: string;
}

export function other(span: Span, children: readonly (Expr | undefined)[] = [], body?: Stmt[]): Other {
  const node: Other = {
    kind: "other",
    children: children.filter((c) => c !== undefined),
    start: span.start,
    end: span.end,
  };
  if (body?.length) node.body = body;
  return node;
}

/** Any one item of a list, as a loop gives it. */
export function each(list: Expr): Index {
  const { start, end } = list;
  return { kind: "index", object: list, index: { kind: "literal", value: EACH, start, end }, start, end };
}

export const EACH = "[*]";

/** Any one key of an object, as a loop over it gives it. */
export function eachKey(of: Expr): Index {
  const { start, end } = of;
  return { kind: "index", object: of, index: { kind: "literal", value: EACH_KEY, start, end }, start, end };
}

export const EACH_KEY = "[key]";

/** The last identifier of a callee: `listen` of `a.b.listen`. */
export function lastName(expr: Expr): string | undefined {
  if (expr.kind === "name") return expr.name;
  if (expr.kind === "member") return expr.property;
  if (expr.kind === "index" && expr.index.kind === "literal" && typeof expr.index.value === "string")
    return expr.index.value;
  return undefined;
}

/** The calls that stand before one in its chain, from the last to the first: of `a().b().c()` those of `b` and `a`. */
export function* callsBefore({ callee }: Call): Generator<Call> {
  for (let e = callee; e.kind === "member" && e.object.kind === "call"; e = e.object.callee) yield e.object;
}

/** Does the branch leave what it is in? */
export function leaves(body: readonly Stmt[]): boolean {
  const last = body.at(-1);
  if (!last) return false;
  if (last.kind === "return" || last.kind === "throw") return true;
  return last.kind === "block" && last.role === "plain" && leaves(last.body);
}

/** `err != nil`, `if (error)`, `err`: whether something failed is no setting, and following where it came from costs most of all. */
export function asksForError(test: Expr): boolean {
  const asked = test.kind === "binary" && test.right.kind === "literal" && test.right.value === null ? test.left : test;
  return asked.kind === "name" && /^(?:e|ex|err|error|\w*[a-z\d_]Err(?:or)?)(?:'\d+)?$/.test(asked.name);
}

/** JavaScript's word for nothing. */
export function isUndefined(e: Expr): boolean {
  return e.kind === "name" && e.name === "undefined";
}
