/** PHP lowered to the common tree. */
import { type ClassMember, type Expr, each, eachKey, type FileTree, type Fn, other, type Stmt } from "../ir.ts";
import { casesOf } from "../switches.ts";
import { field, named, type SyntaxNode, spanOf, withTree } from "../tree-sitter.ts";
import { args, expression } from "./lower-expressions.ts";

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
    case "switch_statement":
      return casesOf(node, expression, (nodes) => nodes.flatMap(statement)) ?? [];
    case "namespace_definition":
      return block(field(node, "body"));
    case "expression_statement": {
      const inner = named(node)[0];
      if (inner && /^(?:reference_)?assignment_expression$/.test(inner.type)) {
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
    case "foreach_statement":
      return [{ kind: "block", role: "loop", body: [...items(node), ...block(field(node, "body"))], ...span }];
    case "while_statement":
    case "for_statement":
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
    case "unset_statement": {
      const callee: Expr = { kind: "name", name: "unset", ...span };
      return named(node).map((n) => ({
        kind: "expression",
        expr: { kind: "call", callee, args: [{ value: expression(n) }], ...span },
        ...span,
      }));
    }
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

/** `foreach ($options as $key => $value)`: what the names of a turn hold. */
function items(node: SyntaxNode): Stmt[] {
  const [list, as] = named(node);
  if (!list || !as || as === field(node, "body")) return [];
  const whole = expression(list);
  const [key, item] = as.type === "pair" ? named(as) : [undefined, as];
  const declare = (name: SyntaxNode, value: Expr): Stmt => ({
    kind: "declare",
    pattern: expression(name.type === "by_ref" ? (named(name)[0] ?? name) : name),
    value,
    ...spanOf(name),
  });
  return [...(key ? [declare(key, eachKey(whole))] : []), ...(item ? [declare(item, each(whole))] : [])];
}

export function fn(node: SyntaxNode): Fn {
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
