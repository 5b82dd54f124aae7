/** PHP's expressions lowered to the common tree. */
import { type Argument, type Entry, type Expr, other } from "../ir.ts";
import { matchOfPhp } from "../switches.ts";
import { field, named, type SyntaxNode, spanOf } from "../tree-sitter.ts";
import { fn } from "./lower.ts";

export function args(node: SyntaxNode | undefined): Argument[] {
  return named(node).map((a) => {
    const name = field(a, "name")?.text;
    const inner = named(a).at(-1);
    const value = a.type === "argument" ? (inner ? expression(inner) : other(spanOf(a))) : expression(a);
    return name ? { name, value } : { value };
  });
}

export function expression(node: SyntaxNode): Expr {
  const span = spanOf(node);
  switch (node.type) {
    case "variable_name":
      return { kind: "name", name: node.text === "$this" ? "this" : node.text, ...span };
    case "name":
    case "qualified_name":
    case "relative_scope":
      return {
        kind: "name",
        name:
          node.text === "self" || node.text === "static"
            ? "this"
            : node.text.replace(/^\\/, node.text.lastIndexOf("\\") > 0 ? "\\" : ""),
        ...span,
      };
    case "integer":
    case "float":
      return { kind: "literal", value: Number(node.text.replaceAll("_", "")), ...span };
    case "boolean":
      return { kind: "literal", value: /true/i.test(node.text), ...span };
    case "null":
      return { kind: "literal", value: null, ...span };
    case "string":
      return { kind: "literal", value: node.text.slice(1, -1), ...span };
    case "encapsed_string": {
      const parts = named(node).map(
        (c): Expr =>
          /string_(content|value)|escape/.test(c.type)
            ? { kind: "literal", value: c.text, ...spanOf(c) }
            : expression(c),
      );
      const only = parts[0];
      if (parts.length === 0) return { kind: "literal", value: "", ...span };
      return parts.length === 1 && only?.kind === "literal" ? { ...only, ...span } : { kind: "text", parts, ...span };
    }
    case "function_call_expression": {
      const callee = field(node, "function");
      return {
        kind: "call",
        callee: callee ? expression(callee) : other(span),
        args: args(field(node, "arguments")),
        ...span,
      };
    }
    case "member_call_expression":
    case "nullsafe_member_call_expression": {
      const object = field(node, "object");
      return {
        kind: "call",
        callee: {
          kind: "member",
          object: object ? expression(object) : other(span),
          property: field(node, "name")?.text ?? "",
          ...span,
        },
        args: args(field(node, "arguments")),
        ...span,
      };
    }
    case "scoped_call_expression":
    case "class_constant_access_expression": {
      const [scope, name] =
        node.type === "scoped_call_expression" ? [field(node, "scope"), field(node, "name")] : named(node);
      const callee: Expr = {
        kind: "member",
        object: scope ? expression(scope) : other(span),
        property: name?.text ?? "",
        ...span,
      };
      return node.type === "scoped_call_expression"
        ? { kind: "call", callee, args: args(field(node, "arguments")), ...span }
        : callee;
    }
    case "object_creation_expression": {
      const type = named(node)[0];
      return {
        kind: "call",
        callee: type ? expression(type) : other(span),
        args: args(named(node).find((n) => n.type === "arguments")),
        isNew: true,
        ...span,
      };
    }
    case "member_access_expression": {
      const object = field(node, "object");
      const computed = field(node, "name");
      // `$this->$key`
      if (object && computed?.type === "variable_name")
        return { kind: "index", object: expression(object), index: expression(computed), ...span };
      return {
        kind: "member",
        object: object ? expression(object) : other(span),
        property: field(node, "name")?.text ?? "",
        ...span,
      };
    }
    case "scoped_property_access_expression": {
      // `self::$settings`
      const [scope, name] = [field(node, "scope"), field(node, "name")];
      return scope && name?.type === "variable_name"
        ? { kind: "member", object: expression(scope), property: name.text.replace(/^\$/, ""), ...span }
        : other(span, named(node).map(expression));
    }
    case "subscript_expression": {
      const [object, index] = named(node);
      return {
        kind: "index",
        object: object ? expression(object) : other(span),
        index: index ? expression(index) : other(span),
        ...span,
      };
    }
    case "assignment_expression":
    case "reference_assignment_expression": {
      const left = field(node, "left");
      const right = field(node, "right");
      // `$list[] = $item`
      const [list, ...at] = left?.type === "subscript_expression" ? named(left) : [];
      if (list && right && at.length === 0) {
        const callee: Expr = { kind: "member", object: expression(list), property: "push", ...span };
        return { kind: "call", callee, args: [{ value: expression(right) }], ...span };
      }
      return left && right
        ? { kind: "assign", target: expression(left), value: expression(right), operator: "=", ...span }
        : other(span);
    }
    case "require_expression":
    case "require_once_expression":
    case "include_expression":
    case "include_once_expression": {
      const path = named(node)[0];
      const callee: Expr = { kind: "name", name: "require", ...span };
      return path ? { kind: "call", callee, args: [{ value: expression(path) }], ...span } : other(span);
    }
    case "augmented_assignment_expression": {
      const left = field(node, "left");
      const right = field(node, "right");
      const joins: Record<string, string> = { "??=": "||", ".=": "." };
      const operator = joins[field(node, "operator")?.text ?? ""];
      if (!left || !right || operator === undefined) return other(span, named(node).map(expression));
      const target = expression(left);
      const value: Expr = { kind: "binary", operator, left: target, right: expression(right), ...span };
      return { kind: "assign", target, value, operator: "=", ...span };
    }
    case "binary_expression": {
      const left = field(node, "left");
      const right = field(node, "right");
      const operator = field(node, "operator")?.text ?? "";
      // Where there is no variable it gives false, which is not null: what stands behind it is never taken.
      if (operator === "??" && left && /^\\?getenv\(/i.test(left.text)) return expression(left);
      const mapped: Record<string, string> = { "??": "||", or: "||", and: "&&" };
      return left && right
        ? {
            kind: "binary",
            operator: mapped[operator] ?? operator,
            left: expression(left),
            right: expression(right),
            ...span,
          }
        : other(span);
    }
    case "match_expression":
      return matchOfPhp(node, expression) ?? other(span);
    case "conditional_expression": {
      const test = field(node, "condition");
      const yes = field(node, "body");
      const no = field(node, "alternative");
      if (!test || !no) return other(span);
      if (!yes) return { kind: "binary", operator: "||", left: expression(test), right: expression(no), ...span };
      return {
        kind: "conditional",
        test: expression(test),
        consequent: expression(yes),
        alternate: expression(no),
        ...span,
      };
    }
    case "cast_expression": {
      const inner = field(node, "value");
      return inner ? expression(inner) : other(span);
    }
    case "parenthesized_expression": {
      const inner = named(node)[0];
      return inner ? expression(inner) : other(span);
    }
    case "list_literal":
      return { kind: "array", items: named(node).map(expression), ...span };
    case "array_creation_expression": {
      const items = named(node);
      if (items.some((i) => named(i).length === 2))
        return {
          kind: "object",
          entries: items.map((i): Entry => {
            const [key, value] = named(i);
            const k = key && expression(key);
            return {
              key: k?.kind === "literal" ? String(k.value) : undefined,
              value: value ? expression(value) : other(spanOf(i)),
              ...spanOf(i),
            };
          }),
          ...span,
        };
      return { kind: "array", items: items.map((i) => expression(named(i)[0] ?? i)), ...span };
    }
    case "anonymous_function":
    case "anonymous_function_creation_expression":
    case "arrow_function":
      return { kind: "function", fn: fn(node), ...span };
    default:
      return other(span, named(node).map(expression));
  }
}
