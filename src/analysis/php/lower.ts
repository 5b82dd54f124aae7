/** PHP lowered to the common tree. */
import type { Argument, ClassMember, Entry, Expr, FileTree, Fn, Stmt } from "../ir.ts";
import { other } from "../ir.ts";
import { field, named, type SyntaxNode, spanOf, withTree } from "../tree-sitter.ts";

export function lowerPhp(text: string): FileTree | undefined {
  return withTree("php", text, (root) => ({ body: named(root).flatMap(statement).map(whole) }));
}

/** `return [ … ];` of a file of settings: what whoever requires it gets. */
function whole(s: Stmt): Stmt {
  if (s.kind !== "return" || !s.value) return s;
  return { kind: "export", exported: "default", value: s.value, start: s.start, end: s.end };
}

/** `define("HOST", "127.0.0.1");` */
function defined(node: SyntaxNode): Stmt | undefined {
  if (node.type !== "function_call_expression" || field(node, "function")?.text !== "define") return undefined;
  const [name, value] = args(field(node, "arguments"));
  if (name?.value.kind !== "literal" || !/^\w+$/.test(String(name.value.value)) || !value) return undefined;
  const pattern: Expr = { kind: "name", name: String(name.value.value), start: name.value.start, end: name.value.end };
  return { kind: "declare", pattern, value: value.value, ...spanOf(node) };
}

const block = (node: SyntaxNode | undefined): Stmt[] =>
  !node
    ? []
    : /compound_statement|colon_block|declaration_list/.test(node.type)
      ? named(node).flatMap(statement)
      : statement(node);

function statement(node: SyntaxNode): Stmt[] {
  const span = spanOf(node);
  switch (node.type) {
    case "namespace_use_declaration":
      return named(node).flatMap((clause): Stmt[] => {
        const [path, alias] = [
          named(clause)[0]?.text ?? clause.text,
          field(clause, "alias")?.text ??
            named(clause)
              .find((n) => n.type === "namespace_aliasing_clause")
              ?.text.replace(/^as\s+/, ""),
        ];
        const clean = path.replace(/^\\/, "");
        const cut = clean.lastIndexOf("\\");
        const name = clean.slice(cut + 1);
        return [
          {
            kind: "import",
            module: clean.slice(0, Math.max(0, cut)),
            names: [{ imported: name, local: alias ?? name }],
            ...span,
          },
        ];
      });
    case "namespace_definition":
      return block(field(node, "body"));
    case "expression_statement": {
      const inner = named(node)[0];
      if (inner?.type === "assignment_expression") {
        const left = field(inner, "left");
        const right = field(inner, "right");
        if (left?.type === "variable_name" && right)
          return [
            {
              kind: "declare",
              pattern: { kind: "name", name: left.text, ...spanOf(left) },
              value: expression(right),
              ...span,
            },
          ];
      }
      const constant = inner && defined(inner);
      if (constant) return [constant];
      return inner ? [{ kind: "expression", expr: expression(inner), ...span }] : [];
    }
    case "const_declaration":
      return named(node).flatMap((c): Stmt[] => {
        const [name, value] = named(c);
        return name && value
          ? [
              {
                kind: "declare",
                pattern: { kind: "name", name: name.text, ...spanOf(name) },
                value: expression(value),
                ...spanOf(c),
              },
            ]
          : [];
      });
    case "if_statement":
    case "else_if_clause": {
      const condition = field(node, "condition");
      const alternates = named(node).filter((n) => /else/.test(n.type));
      return [
        {
          kind: "if",
          test: condition ? expression(condition) : other(span),
          consequent: block(field(node, "body")),
          alternate: alternates.flatMap((a) => (a.type === "else_if_clause" ? statement(a) : block(field(a, "body")))),
          ...span,
        },
      ];
    }
    case "while_statement":
    case "for_statement":
    case "foreach_statement":
    case "do_statement":
      return [{ kind: "block", role: "loop", body: block(field(node, "body")), ...span }];
    case "try_statement":
      return [
        { kind: "block", role: "try", body: block(field(node, "body")), ...span },
        ...named(node)
          .filter((n) => n.type === "catch_clause")
          .map((c): Stmt => ({ kind: "block", role: "catch", body: block(field(c, "body")), ...spanOf(c) })),
      ];
    case "compound_statement":
      return [{ kind: "block", role: "plain", body: block(node), ...span }];
    case "return_statement": {
      const value = named(node)[0];
      return [{ kind: "return", value: value ? expression(value) : undefined, ...span }];
    }
    case "function_definition":
      return [{ kind: "function", fn: fn(node), ...span }];
    case "class_declaration":
    case "trait_declaration": {
      const members: ClassMember[] = [];
      const mixins: Expr[] = [];
      for (const m of named(field(node, "body"))) {
        if (m.type === "use_declaration")
          mixins.push(
            ...named(m)
              .filter((n) => /name$/.test(n.type))
              .map(expression),
          );
        else if (m.type === "method_declaration")
          members.push({ name: field(m, "name")?.text ?? "", fn: fn(m), ...spanOf(m) });
        else if (m.type === "property_declaration")
          for (const p of named(m).filter((n) => n.type === "property_element")) {
            const value = field(p, "default_value") ?? named(named(p)[1] ?? p)[0];
            members.push({
              name: named(p)[0]?.text.replace(/^\$/, "") ?? "",
              value: value && value !== named(p)[0] ? expression(value) : undefined,
              ...spanOf(p),
            });
          }
        else if (m.type === "const_declaration")
          for (const s of statement(m))
            if (s.kind === "declare" && s.pattern.kind === "name")
              members.push({ name: s.pattern.name, value: s.value, start: s.start, end: s.end });
      }
      const base = named(named(node).find((n) => n.type === "base_clause"))[0];
      return [
        {
          kind: "class",
          class: {
            name: field(node, "name")?.text,
            bases: base ? [expression(base)] : [],
            mixins,
            members,
            decorators: [],
            ...span,
          },
          ...span,
        },
      ];
    }
    default:
      return /expression|_statement|call/.test(node.type)
        ? [{ kind: "expression", expr: other(span, named(node).map(expression)), ...span }]
        : [];
  }
}

function fn(node: SyntaxNode): Fn {
  const inner = field(node, "body");
  return {
    name: field(node, "name")?.text,
    params: named(field(node, "parameters")).map((p) => {
      const name = field(p, "name");
      const value = field(p, "default_value");
      return {
        pattern: name ? { kind: "name", name: name.text, ...spanOf(name) } : other(spanOf(p)),
        default: value ? expression(value) : undefined,
        field: p.type === "property_promotion_parameter",
        ...spanOf(p),
      };
    }),
    body:
      node.type === "arrow_function" && inner
        ? [{ kind: "return", value: expression(inner), ...spanOf(inner) }]
        : block(inner),
    ...spanOf(node),
  };
}

function args(node: SyntaxNode | undefined): Argument[] {
  return named(node).map((a) => {
    const name = field(a, "name")?.text;
    const inner = named(a).at(-1);
    const value = a.type === "argument" ? (inner ? expression(inner) : other(spanOf(a))) : expression(a);
    return name ? { name, value } : { value };
  });
}

function expression(node: SyntaxNode): Expr {
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
      return {
        kind: "member",
        object: object ? expression(object) : other(span),
        property: field(node, "name")?.text ?? "",
        ...span,
      };
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
    case "assignment_expression": {
      const left = field(node, "left");
      const right = field(node, "right");
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
      if (!left || !right || field(node, "operator")?.text !== "??=") return other(span, named(node).map(expression));
      const target = expression(left);
      const value: Expr = { kind: "binary", operator: "||", left: target, right: expression(right), ...span };
      return { kind: "assign", target, value, operator: "=", ...span };
    }
    case "binary_expression": {
      const left = field(node, "left");
      const right = field(node, "right");
      const operator = field(node, "operator")?.text ?? "";
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
