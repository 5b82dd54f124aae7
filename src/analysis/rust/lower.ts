/** Rust lowered to the common tree. */
import type { Argument, ClassMember, Entry, Expr, FileTree, Fn, Stmt } from "../ir.ts";
import { other } from "../ir.ts";
import { field, named, type SyntaxNode, spanOf, withTree } from "../tree-sitter.ts";

export function lowerRust(text: string): FileTree | undefined {
  return withTree("rust", text, (root) => ({ body: items(named(root)) }));
}

/** `#[…]` stands before what it is about. */
function items(nodes: readonly SyntaxNode[]): Stmt[] {
  const out: Stmt[] = [];
  let attributes: Expr[] = [];
  for (const n of nodes) {
    if (n.type === "attribute_item") {
      attributes.push({ kind: "literal", value: n.text, ...spanOf(n) });
      continue;
    }
    // Tests are not in the program.
    if (
      attributes.some((a) => a.kind === "literal" && /cfg\(test\)|#\[(tokio::|actix_\w+::)?test/.test(String(a.value)))
    ) {
      attributes = [];
      continue;
    }
    item(n, out, attributes);
    attributes = [];
  }
  return out;
}

function item(node: SyntaxNode, out: Stmt[], decorators: Expr[]): void {
  const span = spanOf(node);
  switch (node.type) {
    case "use_declaration": {
      const argument = field(node, "argument");
      if (argument)
        for (const [module, imported, local] of uses(argument, ""))
          out.push({ kind: "import", module, names: [{ imported, local }], ...span });
      return;
    }
    case "function_item":
      out.push({ kind: "function", fn: { ...fn(node), decorators }, ...span });
      return;
    case "mod_item":
      out.push(...items(named(field(node, "body"))));
      return;
    case "struct_item": {
      const members: ClassMember[] = [];
      let own: Expr[] = [];
      for (const f of named(field(node, "body"))) {
        if (f.type === "attribute_item") own.push({ kind: "literal", value: f.text, ...spanOf(f) });
        else if (f.type === "field_declaration") {
          const type = field(f, "type");
          members.push({
            name: field(f, "name")?.text ?? "",
            type: type ? typeExpr(type) : undefined,
            decorators: own,
            ...spanOf(f),
          });
          own = [];
        }
      }
      out.push({
        kind: "class",
        class: { name: field(node, "name")?.text, bases: [], members, decorators, ...span },
        ...span,
      });
      return;
    }
    case "impl_item": {
      const name = field(node, "type")?.text.replace(/<.*$/s, "");
      const functions = items(named(field(node, "body"))).flatMap((s) => (s.kind === "function" ? [s] : []));
      const existing = out.find((s) => s.kind === "class" && s.class.name === name);
      const members = functions.map(
        (s): ClassMember => ({ name: s.fn.name ?? "", fn: s.fn, start: s.start, end: s.end }),
      );
      if (existing?.kind === "class") existing.class.members.push(...members);
      else out.push({ kind: "class", class: { name, bases: [], members, decorators: [], ...span }, ...span });
      return;
    }
    case "const_item":
    case "static_item":
    case "let_declaration": {
      const name = field(node, "name") ?? field(node, "pattern");
      const value = field(node, "value");
      const type = field(node, "type");
      if (name)
        out.push({
          kind: "declare",
          pattern: pattern(name),
          value: value ? expression(value) : undefined,
          type: type ? typeExpr(type) : undefined,
          ...span,
        });
      return;
    }
    case "expression_statement": {
      const inner = named(node)[0];
      if (inner) item(inner, out, decorators);
      return;
    }
    case "if_expression":
      out.push(conditional(node));
      return;
    case "return_expression": {
      const value = named(node)[0];
      out.push({ kind: "return", value: value ? expression(value) : undefined, ...span });
      return;
    }
    case "loop_expression":
    case "while_expression":
    case "for_expression":
      out.push({ kind: "block", role: "loop", body: block(field(node, "body")), ...span });
      return;
    case "block":
    case "unsafe_block":
    case "async_block":
      out.push({ kind: "block", role: "plain", body: block(node.type === "block" ? node : named(node)[0]), ...span });
      return;
    case "macro_definition":
    case "inner_attribute_item":
    case "line_comment":
    case "block_comment":
      return;
    default:
      out.push({ kind: "expression", expr: expression(node), ...span });
  }
}

const block = (node: SyntaxNode | undefined): Stmt[] => {
  const list = items(named(node));
  const last = named(node).at(-1);
  const tail = list.at(-1);
  // A block's last expression without a semicolon is its value.
  if (last && tail?.kind === "expression" && last.type !== "expression_statement")
    list[list.length - 1] = { kind: "return", value: tail.expr, start: tail.start, end: tail.end };
  return list;
};

function conditional(node: SyntaxNode): Stmt {
  const span = spanOf(node);
  const condition = field(node, "condition");
  const alternative = named(field(node, "alternative"))[0];
  const list: Stmt[] = [];
  if (alternative?.type === "if_expression") list.push(conditional(alternative));
  else if (alternative) list.push(...block(alternative));
  return {
    kind: "if",
    test: condition ? expression(condition) : other(span),
    consequent: block(field(node, "consequence")),
    alternate: list,
    ...span,
  };
}

function pattern(node: SyntaxNode): Expr {
  if (node.type === "mut_pattern" || node.type === "ref_pattern") {
    const inner = named(node).at(-1);
    return inner ? pattern(inner) : other(spanOf(node));
  }
  if (node.type === "tuple_pattern") return { kind: "array", items: named(node).map(pattern), ...spanOf(node) };
  return node.type === "identifier" ? { kind: "name", name: node.text, ...spanOf(node) } : other(spanOf(node));
}

function* uses(node: SyntaxNode, prefix: string): Generator<[string, string | undefined, string]> {
  const join = (a: string, b: string): string => (a ? `${a}::${b}` : b);
  switch (node.type) {
    case "identifier":
    case "crate":
    case "self":
      if (node.type === "self") yield [prefix, undefined, prefix.split("::").at(-1) ?? prefix];
      else yield prefix ? [prefix, node.text, node.text] : [node.text, undefined, node.text];
      return;
    case "scoped_identifier": {
      const path = join(prefix, field(node, "path")?.text ?? "");
      const name = field(node, "name")?.text ?? "";
      yield [path, name, name];
      return;
    }
    case "use_as_clause": {
      const path = join(prefix, field(node, "path")?.text ?? "");
      const cut = path.lastIndexOf("::");
      yield [path.slice(0, Math.max(0, cut)), path.slice(cut < 0 ? 0 : cut + 2), field(node, "alias")?.text ?? ""];
      return;
    }
    case "scoped_use_list":
      for (const inner of named(field(node, "list"))) yield* uses(inner, join(prefix, field(node, "path")?.text ?? ""));
      return;
    case "use_list":
      for (const inner of named(node)) yield* uses(inner, prefix);
      return;
  }
}

function typeExpr(node: SyntaxNode): Expr | undefined {
  const text = node.text.replace(/^&('\w+\s+)?(mut\s+)?/, "").replace(/<.*$/s, "");
  if (!/^[\w:]+$/.test(text)) return undefined;
  return pathOf(text, node);
}

function pathOf(text: string, node: SyntaxNode): Expr {
  const span = spanOf(node);
  const parts = text.split("::").filter(Boolean);
  return parts.slice(1).reduce<Expr>((object, property) => ({ kind: "member", object, property, ...span }), {
    kind: "name",
    name: parts[0] ?? "",
    ...span,
  });
}

function fn(node: SyntaxNode): Fn {
  const result: Fn = { name: field(node, "name")?.text, params: [], body: block(field(node, "body")), ...spanOf(node) };
  for (const p of named(field(node, "parameters"))) {
    if (p.type === "self_parameter") result.self = "self";
    else if (p.type === "parameter") {
      const name = field(p, "pattern");
      const type = field(p, "type");
      result.params.push({
        pattern: name ? pattern(name) : other(spanOf(p)),
        type: type ? typeExpr(type) : undefined,
        ...spanOf(p),
      });
    }
  }
  const returns = field(node, "return_type");
  if (returns) result.returns = typeExpr(returns);
  return result;
}

const args = (node: SyntaxNode | undefined): Argument[] =>
  named(node)
    .filter((a) => a.type !== "attribute_item")
    .map((a) => ({ value: expression(a) }));

function expression(node: SyntaxNode): Expr {
  const span = spanOf(node);
  switch (node.type) {
    case "identifier":
    case "type_identifier":
    case "self":
    case "crate":
      return { kind: "name", name: node.text, ...span };
    case "scoped_identifier":
    case "scoped_type_identifier":
      return pathOf(node.text.replace(/::<[^>]*>/g, ""), node);
    case "generic_function": {
      const inner = field(node, "function");
      return inner ? expression(inner) : other(span);
    }
    case "string_literal":
      return { kind: "literal", value: node.text.replace(/^b?"|"$/g, ""), ...span };
    case "raw_string_literal":
      return { kind: "literal", value: node.text.replace(/^r#*"|"#*$/g, ""), ...span };
    case "integer_literal":
    case "float_literal":
      return { kind: "literal", value: Number(node.text.replace(/_|[uif](8|16|32|64|size)$/g, "")), ...span };
    case "boolean_literal":
      return { kind: "literal", value: node.text === "true", ...span };
    case "field_expression": {
      const object = field(node, "value");
      return {
        kind: "member",
        object: object ? expression(object) : other(span),
        property: field(node, "field")?.text ?? "",
        ...span,
      };
    }
    case "call_expression": {
      const callee = field(node, "function");
      return {
        kind: "call",
        callee: callee ? expression(callee) : other(span),
        args: args(field(node, "arguments")),
        ...span,
      };
    }
    case "macro_invocation":
      return macro(node);
    case "reference_expression":
    case "try_expression":
    case "await_expression":
    case "parenthesized_expression":
    case "type_cast_expression":
    case "unary_expression": {
      const inner = field(node, "value") ?? named(node)[0];
      if (!inner) return other(span);
      if (node.type === "unary_expression" && node.text.startsWith("!"))
        return {
          kind: "call",
          callee: { kind: "name", name: "!", ...span },
          args: [{ value: expression(inner) }],
          ...span,
        };
      return expression(inner);
    }
    case "binary_expression": {
      const left = field(node, "left");
      const right = field(node, "right");
      if (!left || !right) return other(span);
      return {
        kind: "binary",
        operator: field(node, "operator")?.text ?? "",
        left: expression(left),
        right: expression(right),
        ...span,
      };
    }
    case "assignment_expression": {
      const left = field(node, "left");
      const right = field(node, "right");
      if (!left || !right) return other(span);
      return { kind: "assign", target: expression(left), value: expression(right), operator: "=", ...span };
    }
    case "if_expression": {
      const then = block(field(node, "consequence")).at(-1);
      const alternative = named(field(node, "alternative"))[0];
      const otherwise = alternative
        ? alternative.type === "if_expression"
          ? expression(alternative)
          : tail(block(alternative).at(-1), span)
        : other(span);
      const condition = field(node, "condition");
      return {
        kind: "conditional",
        test: condition ? expression(condition) : other(span),
        consequent: tail(then, span),
        alternate: otherwise,
        ...span,
      };
    }
    case "match_expression": {
      const arms = named(field(node, "body"))
        .map((a) => field(a, "value"))
        .filter((v) => v !== undefined)
        .map((v) => (v.type === "block" ? tail(block(v).at(-1), spanOf(v)) : expression(v)));
      const value = field(node, "value");
      const [head, ...rest] = arms;
      const all = rest.reduce<Expr | undefined>(
        (a, b) => a && { kind: "conditional", test: other(span), consequent: a, alternate: b, ...span },
        head,
      );
      // `match env::var("PORT") { Ok(p) => p, … }`: what is matched is a possibility too.
      return {
        kind: "conditional",
        test: other(span),
        consequent: value ? expression(value) : other(span),
        alternate: all ?? other(span),
        ...span,
      };
    }
    case "block":
    case "async_block":
    case "unsafe_block":
      return other(span, [], block(node.type === "block" ? node : named(node)[0]));
    case "closure_expression": {
      const inner = field(node, "body");
      const list: Stmt[] = !inner
        ? []
        : inner.type === "block"
          ? block(inner)
          : [{ kind: "return", value: expression(inner), ...spanOf(inner) }];
      return {
        kind: "function",
        fn: {
          name: undefined,
          params: named(field(node, "parameters")).map((p) => ({ pattern: pattern(p), ...spanOf(p) })),
          body: list,
          ...span,
        },
        ...span,
      };
    }
    case "tuple_expression":
    case "array_expression":
      return { kind: "array", items: named(node).map(expression), ...span };
    case "struct_expression": {
      const name = field(node, "name");
      return {
        kind: "object",
        entries: named(field(node, "body")).map((f): Entry => {
          const value = field(f, "value");
          if (f.type === "shorthand_field_initializer")
            return { key: f.text, value: { kind: "name", name: f.text, ...spanOf(f) }, ...spanOf(f) };
          return {
            key: field(f, "field")?.text ?? field(f, "name")?.text,
            value: value ? expression(value) : other(spanOf(f)),
            ...spanOf(f),
          };
        }),
        ...(name ? { type: pathOf(name.text.replace(/<.*$/s, ""), name) } : {}),
        ...span,
      };
    }
    case "return_expression":
      return other(span, named(node).map(expression));
    default:
      return other(span, named(node).map(expression));
  }
}

function tail(s: Stmt | undefined, span: { start: number; end: number }): Expr {
  if (s?.kind === "return" && s.value) return s.value;
  if (s?.kind === "expression") return s.expr;
  return other(span);
}

/** `format!("{}:{}", host, port)`, `format!("{host}:{port}")`; others are calls with what they hold as text. */
function macro(node: SyntaxNode): Expr {
  const span = spanOf(node);
  const name = field(node, "macro")?.text ?? "";
  const tokens = named(node).find((n) => n.type === "token_tree");
  const parts = tokens ? named(tokens) : [];
  if (/(^|::)format$/.test(name) && parts[0]?.type === "string_literal") {
    const pattern = parts[0].text.slice(1, -1);
    const given = splitTokens(tokens?.text ?? "").slice(1);
    const out: Expr[] = [];
    let used = 0;
    let last = 0;
    for (const m of pattern.matchAll(/\{(\w*)[^}]*\}/g)) {
      if (m.index > last) out.push({ kind: "literal", value: pattern.slice(last, m.index), ...span });
      const word = m[1] && !/^\d+$/.test(m[1]) ? m[1] : (given[m[1] ? Number(m[1]) : used++] ?? "");
      const bare = word
        .trim()
        .replace(/^\w+\s*=\s*/, "")
        .replace(/^&/, "")
        .replace(/\(\)$/, "");
      out.push(/^[\w.:]+$/.test(bare) ? dotted(bare, span) : other(span));
      last = m.index + m[0].length;
    }
    if (last < pattern.length) out.push({ kind: "literal", value: pattern.slice(last), ...span });
    return { kind: "text", parts: out, ...span };
  }
  if (/^(env|option_env)$/.test(name) && parts[0])
    return {
      kind: "call",
      callee: { kind: "name", name: `${name}!`, ...span },
      args: [{ value: expression(parts[0]) }],
      ...span,
    };
  return { kind: "call", callee: { kind: "name", name: `${name}!`, ...span }, args: [], ...span };
}

function dotted(text: string, span: { start: number; end: number }): Expr {
  const [head = "", ...rest] = text.split(/\.|::/);
  return rest.reduce<Expr>((object, property) => ({ kind: "member", object, property, ...span }), {
    kind: "name",
    name: head,
    ...span,
  });
}

function splitTokens(text: string): string[] {
  return text
    .replace(/^[([{]|[)\]}]$/g, "")
    .split(/,(?![^(]*\))/)
    .map((s) => s.trim());
}
