/** Classes, records and functions of C# in the common tree. */
import type { ClassMember, Expr, Fn, Param, Stmt } from "../ir.ts";
import { other } from "../ir.ts";
import { field, named, type SyntaxNode, spanOf } from "../tree-sitter.ts";
import { attributesOf } from "./attributes.ts";
import { args, block, expression, getter, statement, typeOf } from "./lower.ts";

export function classOf(node: SyntaxNode): Stmt {
  const span = spanOf(node);
  const members: ClassMember[] = [];
  for (const m of named(field(node, "body"))) {
    if (/^(method|constructor)_declaration$/.test(m.type))
      members.push({ name: field(m, "name")?.text ?? "", fn: fn(m), ...spanOf(m) });
    else if (m.type === "field_declaration") {
      for (const s of statement(m)) {
        if (s.kind === "declare" && s.pattern.kind === "name")
          members.push({ name: s.pattern.name, value: s.value, type: s.type, start: s.start, end: s.end });
      }
    } else if (m.type === "property_declaration") {
      const value = field(m, "value") ?? getter(m);
      const arrow = value?.type === "arrow_expression_clause" ? named(value)[0] : value;
      members.push({
        name: field(m, "name")?.text ?? "",
        value: arrow ? expression(arrow) : undefined,
        type: typeOf(field(m, "type")),
        decorators: attributesOf(m),
        ...spanOf(m),
      });
    } else if (/_declaration$/.test(m.type))
      members.push({ name: "", value: other(spanOf(m), [], statement(m)), ...spanOf(m) });
  }
  // `record Settings(int Port)`, `class Server(Settings settings)`: fields that a constructor is given.
  const primary = named(node).find((n) => n.type === "parameter_list");
  for (const p of named(primary))
    members.push({ name: field(p, "name")?.text ?? "", type: typeOf(field(p, "type")), ...spanOf(p) });
  if (primary) {
    const name = field(node, "name")?.text ?? "";
    const params = paramsOf(primary).map((p) => ({ ...p, field: true }));
    members.push({ name, fn: { name, params, body: [], ...spanOf(primary) }, ...spanOf(primary) });
  }
  const bases = named(named(node).find((n) => n.type === "base_list")).map(expression);
  return {
    kind: "class",
    class: { name: field(node, "name")?.text, bases, members, decorators: [], ...span },
    ...span,
  };
}

export function fn(node: SyntaxNode): Fn {
  return {
    name: field(node, "name")?.text,
    params: paramsOf(field(node, "parameters")),
    body: [...toBase(node), ...block(field(node, "body"))],
    returns: typeOf(field(node, "returns") ?? field(node, "type")),
    ...spanOf(node),
  };
}

/** `public Web() : base("0.0.0.0", port) {}` */
function toBase(method: SyntaxNode): Stmt[] {
  const given = named(method).find((n) => n.type === "constructor_initializer");
  if (!given) return [];
  const span = spanOf(given);
  const callee: Expr = { kind: "name", name: /^:?\s*this\b/.test(given.text) ? "this" : "super", ...span };
  const list = args(named(given).find((n) => n.type === "argument_list"));
  return [{ kind: "expression", expr: { kind: "call", callee, args: list, ...span }, ...span }];
}

export function paramsOf(list: SyntaxNode | undefined): Param[] {
  if (!list) return [];
  // `params string[] urls` stands in the list itself.
  const rest = field(list, "name");
  const all = named(list).filter((p) => p.type === "parameter" || !rest);
  const last: Param[] = rest
    ? [{ pattern: { kind: "name", name: rest.text, ...spanOf(rest) }, rest: true, ...spanOf(rest) }]
    : [];
  return all.map(paramOf).concat(last);
}

export function paramOf(p: SyntaxNode): Param {
  const name = field(p, "name") ?? p;
  const given = named(p).filter((n) => n.startIndex > name.endIndex)[0];
  const usual = given?.type === "equals_value_clause" ? named(given)[0] : given;
  return {
    pattern: { kind: "name", name: name.text, ...spanOf(name) },
    default: usual && expression(usual),
    type: typeOf(field(p, "type")),
    ...spanOf(p),
  };
}
