/** Expressions, types and annotations of Java in the common tree. */

import { type Argument, type Expr, type Fn, other, type Param, type Stmt } from "../ir.ts";
import { BlockNames } from "../scope/block-names.ts";
import { switchOfJava } from "../switches.ts";
import { field, named, type SyntaxNode, spanOf } from "../tree-sitter.ts";
import { membersOf, statements } from "./lower.ts";

export function annotations(node: SyntaxNode): Expr[] {
  const modifiers = named(node).find((n) => n.type === "modifiers");
  return named(modifiers)
    .filter((n) => /annotation$/.test(n.type))
    .map((a) => ({
      kind: "call",
      callee: nameOf(field(a, "name") ?? a),
      args: args(field(a, "arguments")),
      ...spanOf(a),
    }));
}

/** Of the variables where the file that is being read stands. */
export const names = new BlockNames();

export function typeExpr(node: SyntaxNode): Expr | undefined {
  const span = spanOf(node);
  if (node.type === "type_identifier" || node.type === "identifier") return { kind: "name", name: node.text, ...span };
  if (node.type === "scoped_type_identifier" || node.type === "scoped_identifier") return nameOf(node);
  if (node.type === "generic_type" || node.type === "annotated_type") {
    const inner = named(node)[0];
    return inner && typeExpr(inner);
  }
  return undefined;
}

function nameOf(node: SyntaxNode): Expr {
  const span = spanOf(node);
  const parts = node.text.split(".");
  return parts
    .slice(1)
    .reduce<Expr>((object, property) => ({ kind: "member", object, property: property.trim(), ...span }), {
      kind: "name",
      name: (parts[0] ?? "").trim(),
      ...span,
    });
}

export function args(node: SyntaxNode | undefined): Argument[] {
  return named(node).map((a) => {
    if (a.type === "element_value_pair") {
      const value = field(a, "value");
      return { name: field(a, "key")?.text ?? "", value: value ? expression(value) : other(spanOf(a)) };
    }
    return { value: expression(a) };
  });
}

const OPERATORS: Record<string, string> = { "==": "===", "!=": "!==" };

export function expression(node: SyntaxNode): Expr {
  const span = spanOf(node);
  switch (node.type) {
    case "identifier":
      return { kind: "name", name: names.of(node.text), ...span };
    case "type_identifier":
      return { kind: "name", name: node.text, ...span };
    case "this":
      return { kind: "name", name: "this", ...span };
    case "super":
      return { kind: "name", name: "super", ...span };
    case "scoped_identifier":
    case "scoped_type_identifier":
      return nameOf(node);
    case "string_literal":
      return { kind: "literal", value: node.text.replace(/^"+|"+$/g, "").replace(/\\(["\\])/g, "$1"), ...span };
    case "character_literal":
      return { kind: "literal", value: node.text.slice(1, -1), ...span };
    case "decimal_integer_literal":
    case "decimal_floating_point_literal":
      return { kind: "literal", value: Number(node.text.replace(/[_lLfFdD]/g, "")), ...span };
    case "true":
    case "false":
      return { kind: "literal", value: node.type === "true", ...span };
    case "null_literal":
      return { kind: "literal", value: null, ...span };
    case "field_access": {
      const object = field(node, "object");
      return {
        kind: "member",
        object: object ? expression(object) : other(span),
        property: field(node, "field")?.text ?? "",
        ...span,
      };
    }
    case "method_invocation": {
      const object = field(node, "object");
      const name = field(node, "name")?.text ?? "";
      const callee: Expr = object
        ? { kind: "member", object: expression(object), property: name, ...span }
        : { kind: "name", name, ...span };
      return { kind: "call", callee, args: args(field(node, "arguments")), ...span };
    }
    case "object_creation_expression": {
      const type = field(node, "type");
      const made: Expr = {
        kind: "call",
        callee: (type && typeExpr(type)) ?? other(span),
        args: args(field(node, "arguments")),
        isNew: true,
        ...span,
      };
      const body = named(node).find((n) => n.type === "class_body");
      if (!body) return made;
      // A class without a name: `new Server() { @Override String host() { … } }`.
      const base = type && typeExpr(type);
      const cls = { name: undefined, bases: base ? [base] : [], members: membersOf(body), decorators: [], ...span };
      return other(span, [made], [{ kind: "class", class: cls, ...span }]);
    }
    case "parenthesized_expression":
    case "cast_expression":
    case "expression_statement":
    case "await_expression": {
      const inner = field(node, "value") ?? named(node).at(-1);
      return inner ? expression(inner) : other(span);
    }
    case "array_access": {
      const object = field(node, "array");
      const index = field(node, "index");
      return {
        kind: "index",
        object: object ? expression(object) : other(span),
        index: index ? expression(index) : other(span),
        ...span,
      };
    }
    case "array_initializer":
      return { kind: "array", items: named(node).map(expression), ...span };
    case "array_creation_expression": {
      const value = field(node, "value");
      return value ? expression(value) : other(span);
    }
    case "unary_expression": {
      const operand = field(node, "operand");
      if (!operand) return other(span);
      if (field(node, "operator")?.text === "!")
        return {
          kind: "call",
          callee: { kind: "name", name: "!", ...span },
          args: [{ value: expression(operand) }],
          ...span,
        };
      return other(span, [expression(operand)]);
    }
    case "binary_expression": {
      const left = field(node, "left");
      const right = field(node, "right");
      const operator = field(node, "operator")?.text ?? "";
      if (!left || !right) return other(span);
      return {
        kind: "binary",
        operator: OPERATORS[operator] ?? operator,
        left: expression(left),
        right: expression(right),
        ...span,
      };
    }
    case "switch_expression":
      return switchOfJava(node, expression, statements) ?? other(span);
    case "ternary_expression": {
      const [test, consequent, alternate] = [
        field(node, "condition"),
        field(node, "consequence"),
        field(node, "alternative"),
      ];
      if (!test || !consequent || !alternate) return other(span);
      return {
        kind: "conditional",
        test: expression(test),
        consequent: expression(consequent),
        alternate: expression(alternate),
        ...span,
      };
    }
    case "assignment_expression": {
      const left = field(node, "left");
      const right = field(node, "right");
      if (!left || !right) return other(span);
      return { kind: "assign", target: expression(left), value: expression(right), operator: "=", ...span };
    }
    case "lambda_expression":
      return { kind: "function", fn: names.fn(() => lambda(node)), ...span };
    default:
      return other(
        span,
        named(node)
          .filter((n) => !/type|modifiers/.test(n.type))
          .map(expression),
      );
  }
}

function lambda(node: SyntaxNode): Fn {
  const body = field(node, "body");
  const given = field(node, "parameters");
  const params = (given?.type === "identifier" ? [given] : named(given)).map((p): Param => {
    const n = field(p, "name") ?? p;
    const type = field(p, "type");
    return { pattern: declared(n), type: type ? typeExpr(type) : undefined, ...spanOf(p) };
  });
  const list: Stmt[] = !body
    ? []
    : body.type === "block"
      ? statements(body)
      : [{ kind: "return", value: expression(body), ...spanOf(body) }];
  return { name: undefined, params, body: list, ...spanOf(node) };
}

/** The name of a variable of a function, where it is declared. */
export function declared(name: SyntaxNode): Expr {
  return { kind: "name", name: names.declare(name.text), ...spanOf(name) };
}
