/** A visit of every expression of a file, for facts that are not calls. */
import type { Expr, FileTree, Fn, Stmt } from "../ir.ts";

/** `parents`: the expressions around it, nearest last. */
export type Visitor = (e: Expr, parents: readonly Expr[]) => void;

export function walkTree(tree: FileTree, visit: Visitor): void {
  const parents: Expr[] = [];
  const expr = (e: Expr | undefined): void => {
    if (!e || parents.length > 400) return;
    visit(e, parents);
    parents.push(e);
    children(e, expr, statements, fn);
    parents.pop();
  };
  const fn = (f: Fn): void => {
    for (const p of f.params) expr(p.default);
    for (const d of f.decorators ?? []) expr(d);
    statements(f.body);
  };
  const statements = (body: readonly Stmt[]): void => {
    for (const s of body) statement(s, expr, statements, fn);
  };
  statements(tree.body);
}

function children(
  e: Expr,
  expr: (e: Expr | undefined) => void,
  statements: (s: readonly Stmt[]) => void,
  fn: (f: Fn) => void,
): void {
  switch (e.kind) {
    case "member":
      expr(e.object);
      return;
    case "index":
      expr(e.object);
      expr(e.index);
      return;
    case "call":
      expr(e.callee);
      for (const a of e.args) expr(a.value);
      return;
    case "binary":
      expr(e.left);
      expr(e.right);
      return;
    case "conditional":
      expr(e.test);
      expr(e.consequent);
      expr(e.alternate);
      return;
    case "text":
      for (const p of e.parts) expr(p);
      return;
    case "object":
      for (const x of e.entries) expr(x.value);
      return;
    case "array":
      for (const x of e.items) expr(x);
      return;
    case "function":
      fn(e.fn);
      return;
    case "assign":
      expr(e.target);
      expr(e.value);
      return;
    case "other":
      for (const x of e.children) expr(x);
      if (e.body) statements(e.body);
      return;
    default:
      return;
  }
}

function statement(
  s: Stmt,
  expr: (e: Expr | undefined) => void,
  statements: (s: readonly Stmt[]) => void,
  fn: (f: Fn) => void,
): void {
  switch (s.kind) {
    case "expression":
      expr(s.expr);
      return;
    case "declare":
    case "return":
    case "throw":
    case "export":
      expr(s.value);
      return;
    case "if":
      expr(s.test);
      statements(s.consequent);
      statements(s.alternate);
      return;
    case "block":
      for (const h of s.head ?? []) expr(h);
      statements(s.body);
      return;
    case "function":
      fn(s.fn);
      return;
    case "class":
      for (const d of s.class.decorators) expr(d);
      for (const m of s.class.members) {
        for (const d of m.decorators ?? []) expr(d);
        expr(m.value);
        if (m.fn) fn(m.fn);
      }
      return;
    default:
      return;
  }
}
