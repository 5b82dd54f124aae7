/** Names that a function of Python says are those around it: `global HOST`, `nonlocal options`. */
import type { Expr, Span, Stmt } from "../ir.ts";
import { named, type SyntaxNode, spanOf } from "../tree-sitter.ts";

const SAID = /^(?:global|nonlocal)_statement$/;
const OTHERS = /^(?:function_definition|class_definition|lambda)$/;

/** The body of a function, which gives such names a value where they are instead of making names of its own. */
export function withOuterNames(body: Stmt[], node: SyntaxNode | undefined): Stmt[] {
  const names = node && /\b(?:global|nonlocal)\b/.test(node.text) ? new Set(said(node)) : undefined;
  return names?.size ? body.map((s) => assigning(s, names)) : body;
}

/** Names that only functions give a value are the module's all the same. */
export function globalNames(root: SyntaxNode): Stmt[] {
  if (!/^\s+global\s/m.test(root.text)) return [];
  const names = new Map<string, Span>();
  const visit = (node: SyntaxNode): void => {
    for (const child of named(node))
      if (child.type !== "global_statement") visit(child);
      else for (const n of named(child)) names.set(n.text, spanOf(n));
  };
  visit(root);
  return [...names].map(([name, span]) => ({ kind: "declare", pattern: { kind: "name", name, ...span }, ...span }));
}

/** In functions within it others may be said. */
function said(node: SyntaxNode): string[] {
  return named(node).flatMap((child) =>
    SAID.test(child.type) ? named(child).map((n) => n.text) : OTHERS.test(child.type) ? [] : said(child),
  );
}

function assigning(s: Stmt, names: ReadonlySet<string>): Stmt {
  const all = (body: readonly Stmt[]): Stmt[] => body.map((inner) => assigning(inner, names));
  if (s.kind === "if") return { ...s, consequent: all(s.consequent), alternate: all(s.alternate) };
  if (s.kind === "block") return { ...s, body: all(s.body) };
  if (s.kind !== "declare" || s.pattern.kind !== "name" || !s.value || !names.has(s.pattern.name)) return s;
  const { pattern: target, value, start, end } = s;
  const expr: Expr = { kind: "assign", target, value, operator: "=", start, end };
  return { kind: "expression", expr, start, end };
}
