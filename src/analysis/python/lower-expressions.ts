/** Expressions and type names of Python in the common tree. */
import { type Argument, type Entry, type Expr, other, type Span } from "../ir.ts";
import { field, fields, named, type SyntaxNode, spanOf } from "../tree-sitter.ts";
import { withDeferred } from "./deferred.ts";
import { fn } from "./lower.ts";

/** `Optional[X]`, `X | None`, `"X"`: X. */
export function typeName(node: SyntaxNode): Expr | undefined {
  const inner = node.type === "type" ? named(node)[0] : node;
  if (!inner) return undefined;
  if (inner.type === "identifier" || inner.type === "attribute") return expression(inner);
  if (inner.type === "generic_type" || inner.type === "subscript") {
    const last = named(inner).at(-1);
    const argument = last?.type === "type_parameter" ? named(last)[0] : last;
    return argument ? typeName(argument) : undefined;
  }
  // `app: "Flask"`, of what is imported for the types alone.
  if (inner.type === "string") {
    const dotted = /^["']([A-Za-z_][\w.]*)["']$/.exec(inner.text)?.[1];
    return dotted
      ?.split(".")
      .reduce<Expr | undefined>(
        (object, name) =>
          object
            ? { kind: "member", object, property: name, ...spanOf(inner) }
            : { kind: "name", name, ...spanOf(inner) },
        undefined,
      );
  }
  if (inner.type === "binary_operator" || inner.type === "union_type") {
    const first = named(inner)[0];
    return first && typeName(first);
  }
  return undefined;
}

function args(node: SyntaxNode | undefined): Argument[] {
  if (node?.type === "generator_expression") return [{ value: other(spanOf(node), named(node).map(expression)) }];
  return named(node).map((a): Argument => {
    if (a.type === "keyword_argument") {
      const value = field(a, "value");
      return { name: field(a, "name")?.text ?? "", value: value ? expression(value) : other(spanOf(a)) };
    }
    const inner = named(a)[0];
    if (a.type === "dictionary_splat" || a.type === "list_splat")
      return { value: inner ? expression(inner) : other(spanOf(a)), spread: true };
    return { value: expression(a) };
  });
}

const OPERATORS: Record<string, string> = { or: "||", and: "&&", "==": "===", "!=": "!==", is: "===", "is not": "!==" };

export function expression(node: SyntaxNode): Expr {
  const span = spanOf(node);
  switch (node.type) {
    case "identifier":
      return { kind: "name", name: node.text, ...span };
    case "string":
      return string(node, span);
    case "concatenated_string":
      return { kind: "text", parts: named(node).map(expression), ...span };
    case "integer":
    case "float":
      return { kind: "literal", value: Number(node.text.replaceAll("_", "")), ...span };
    case "true":
    case "false":
      return { kind: "literal", value: node.type === "true", ...span };
    case "none":
      return { kind: "literal", value: null, ...span };
    case "attribute": {
      const object = field(node, "object");
      return {
        kind: "member",
        object: object ? expression(object) : other(span),
        property: field(node, "attribute")?.text ?? "",
        ...span,
      };
    }
    case "subscript": {
      const object = expression(field(node, "value") as SyntaxNode);
      const index = fields(node, "subscript")[0];
      // `address[:2]`: its items stand where they stood; `host[1:-1]`: an address without its brackets.
      if (index?.type === "slice" && /^(?:0?\s*:\s*\d*|1\s*:\s*-1)$/.test(index.text)) return object;
      return { kind: "index", object, index: index ? expression(index) : other(span), ...span };
    }
    case "call": {
      const callee = field(node, "function");
      return withDeferred({
        kind: "call",
        callee: callee ? expression(callee) : other(span),
        args: args(field(node, "arguments")),
        ...span,
      });
    }
    case "await":
    case "parenthesized_expression":
    case "as_pattern": {
      const inner = named(node)[0];
      return inner ? expression(inner) : other(span);
    }
    case "not_operator":
      return {
        kind: "call",
        callee: { kind: "name", name: "!", ...span },
        args: [{ value: expression(field(node, "argument") as SyntaxNode) }],
        ...span,
      };
    case "boolean_operator":
    case "binary_operator": {
      const operator = field(node, "operator")?.text ?? "";
      return {
        kind: "binary",
        operator: OPERATORS[operator] ?? operator,
        left: expression(field(node, "left") as SyntaxNode),
        right: expression(field(node, "right") as SyntaxNode),
        ...span,
      };
    }
    case "comparison_operator": {
      const [left, right] = named(node);
      const operator = fields(node, "operators")
        .map((o) => o.text)
        .join(" ");
      if (!left || !right) return other(span);
      return {
        kind: "binary",
        operator: OPERATORS[operator] ?? operator,
        left: expression(left),
        right: expression(right),
        ...span,
      };
    }
    case "conditional_expression": {
      const [consequent, test, alternate] = named(node);
      if (!consequent || !test || !alternate) return other(span);
      return {
        kind: "conditional",
        test: expression(test),
        consequent: expression(consequent),
        alternate: expression(alternate),
        ...span,
      };
    }
    case "dictionary":
      return {
        kind: "object",
        entries: named(node).map((p): Entry => {
          if (p.type !== "pair") {
            const inner = named(p)[0];
            return { key: undefined, spread: true, value: inner ? expression(inner) : other(spanOf(p)), ...spanOf(p) };
          }
          const key = expression(field(p, "key") as SyntaxNode);
          return {
            key: key.kind === "literal" ? String(key.value) : undefined,
            value: expression(field(p, "value") as SyntaxNode),
            ...spanOf(p),
          };
        }),
        ...span,
      };
    case "dictionary_comprehension": {
      const kept = keptItems(node);
      return kept ? expression(kept) : other(span, named(node).map(expression));
    }
    case "list":
    case "tuple":
    case "set":
    case "expression_list":
    case "pattern_list":
    case "tuple_pattern":
    case "list_pattern":
      return { kind: "array", items: named(node).map(expression), ...span };
    case "lambda":
      return { kind: "function", fn: fn(node, []), ...span };
    case "named_expression":
    case "assignment":
    case "augmented_assignment": {
      const target = field(node, "left") ?? field(node, "name");
      const value = field(node, "right") ?? field(node, "value");
      if (!target || !value) return other(span);
      const given = expression(value);
      // `command += " --reload"`; of numbers and lists the last one is all that is looked at.
      const isMore = node.type === "augmented_assignment" && field(node, "operator")?.text === "+=";
      const more: Expr | undefined =
        isMore && value.type === "string"
          ? { kind: "binary", operator: "+", left: expression(target), right: given, ...span }
          : undefined;
      return { kind: "assign", target: expression(target), value: more ?? given, operator: "=", ...span };
    }
    case "unary_operator": {
      const inner = field(node, "argument");
      // `addresses[-1]`
      if (/^-\d+$/.test(node.text)) return { kind: "literal", value: Number(node.text), ...span };
      return other(span, inner ? [expression(inner)] : []);
    }
    case "keyword_argument":
    case "type_conversion":
      return other(span);
    default:
      return other(span, named(node).map(expression));
  }
}

/** `{k: v for k, v in options.items() if v is not None}`: the dictionary, of which only what is nothing is left out. */
function keptItems(node: SyntaxNode): SyntaxNode | undefined {
  const [pair, clause, condition, more] = named(node);
  if (!pair || clause?.type !== "for_in_clause" || more) return undefined;
  const [key, value] = ["key", "value"].map((name) => field(pair, name)?.text);
  const names = named(field(clause, "left")).map((n) => n.text);
  if (names.length !== 2 || names[0] !== key || names[1] !== value) return undefined;
  if (condition && !(value && new RegExp(`^if\\s+${value}(\\s+is\\s+not\\s+None)?$`).test(condition.text)))
    return undefined;
  const callee = field(field(clause, "right") as SyntaxNode, "function");
  const from = callee && field(callee, "attribute")?.text === "items" ? field(callee, "object") : undefined;
  return from ?? undefined;
}

function string(node: SyntaxNode, span: Span): Expr {
  const parts: Expr[] = [];
  for (const child of named(node)) {
    if (child.type === "string_content")
      parts.push({ kind: "literal", value: unescaped(child.text), ...spanOf(child) });
    else if (child.type === "interpolation") {
      const inner = field(child, "expression");
      if (inner) parts.push(expression(inner));
    }
  }
  if (parts.length === 0) return { kind: "literal", value: "", ...span };
  if (parts.length === 1 && parts[0]?.kind === "literal") return { ...parts[0], ...span };
  return { kind: "text", parts, ...span };
}

function unescaped(text: string): string {
  return text.includes("\\") ? text.replace(/\\([\\'"])/g, "$1") : text;
}
