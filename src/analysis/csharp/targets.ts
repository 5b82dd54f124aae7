/** What C# gives several names to at once: a tuple that is taken apart, and what a call hands out beside its result. */
import type { Expr, Stmt } from "../ir.ts";
import { field, named, type SyntaxNode, spanOf } from "../tree-sitter.ts";
import { expression } from "./lower.ts";

/** The names of `var (host, port) = …`, `(var host, var port) = …` and `(host, port) = …`; undefined for what is no tuple. */
export function targetsOf(left: SyntaxNode | undefined): SyntaxNode[] | undefined {
  if (left?.type === "tuple_pattern") return named(left);
  return left?.type === "tuple_expression" ? named(left).map((a) => named(a).at(-1) ?? a) : undefined;
}

/** One declaration or assignment for each of the names. */
export function takenApart(targets: readonly SyntaxNode[], whole: Expr): Stmt[] {
  return targets.flatMap((target, item): Stmt[] => {
    const span = spanOf(target);
    const value: Expr = { kind: "index", object: whole, index: { kind: "literal", value: item, ...span }, ...span };
    const declared =
      target.type === "declaration_expression" ? (field(target, "name") ?? named(target).at(-1)) : undefined;
    const name = declared ?? target;
    if (name.text === "_") return [];
    if (declared || target.parent?.type === "tuple_pattern")
      return [{ kind: "declare", pattern: { kind: "name", name: name.text, ...spanOf(name) }, value, ...span }];
    return [
      {
        kind: "expression",
        expr: { kind: "assign", target: expression(name), value, operator: "=", ...span },
        ...span,
      },
    ];
  });
}

/**
 * `IPAddress.TryParse(text, out var address)`: what is read of the text, as the text has it.
 * `settings.TryGetValue("host", out var host)`: what stands there by that key.
 */
export function readInto(callee: SyntaxNode | undefined, given: SyntaxNode | undefined): Expr | undefined {
  const method = /\.(TryParse|TryGetValue)$/.exec(callee?.text.slice(-20) ?? "")?.[1];
  if (method === undefined) return undefined;
  const [first, ...others] = named(given);
  const into = others.at(-1);
  const name = /^out\s+(?:[\w.?]+\s+)?([A-Za-z]\w*)$/.exec(into?.text ?? "")?.[1];
  const text = first && named(first).at(-1);
  if (!into || !text || name === undefined || name === "_") return undefined;
  const target: Expr = { kind: "name", name, ...spanOf(into) };
  const object = method === "TryGetValue" ? field(callee as SyntaxNode, "expression") : undefined;
  const value: Expr = object
    ? { kind: "index", object: expression(object), index: expression(text), ...spanOf(into) }
    : expression(text);
  return { kind: "assign", target, value, operator: "=", ...spanOf(into) };
}
