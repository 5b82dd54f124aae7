/** Python lowered to the common tree. */
import type { Argument, Class, ClassMember, Entry, Expr, FileTree, Fn, Param, Span, Stmt } from "../ir.ts";
import { other } from "../ir.ts";
import { field, fields, named, type SyntaxNode, spanOf, withTree } from "../tree-sitter.ts";

export function lowerPython(text: string): FileTree | undefined {
  return withTree("python", text, (root) => ({ body: statements(named(root)) }));
}

function statements(nodes: readonly SyntaxNode[]): Stmt[] {
  const out: Stmt[] = [];
  for (const n of nodes) statement(n, out);
  return out;
}

const block = (node: SyntaxNode | undefined): Stmt[] => (node ? statements(named(node)) : []);

function statement(node: SyntaxNode, out: Stmt[], decorators: Expr[] = []): void {
  const span = spanOf(node);
  switch (node.type) {
    case "expression_statement":
      for (const child of named(node)) expressionStatement(child, out);
      return;
    case "if_statement":
      out.push(conditional(node, span));
      return;
    case "for_statement":
    case "while_statement": {
      const body = block(field(node, "body"));
      const left = field(node, "left");
      const right = field(node, "right");
      if (left)
        body.unshift({
          kind: "declare",
          pattern: expression(left),
          value: right ? element(right) : undefined,
          ...span,
        });
      const head = [field(node, "condition"), right].filter((n) => n !== undefined).map(expression);
      out.push({ kind: "block", role: "loop", head, body, ...span });
      return;
    }
    case "try_statement":
      for (const child of named(node)) {
        if (child.type === "block") out.push({ kind: "block", role: "try", body: block(child), ...span });
        else if (/except/.test(child.type))
          out.push({
            kind: "block",
            role: "catch",
            body: block(named(child).find((c) => c.type === "block")),
            ...spanOf(child),
          });
        else
          out.push({
            kind: "block",
            role: "plain",
            body: block(named(child).find((c) => c.type === "block")),
            ...span,
          });
      }
      return;
    case "with_statement": {
      const items = named(node).find((c) => c.type === "with_clause");
      for (const item of named(items)) {
        const value = field(item, "value");
        if (value?.type === "as_pattern") {
          const [made, alias] = named(value);
          const name = alias && named(alias)[0];
          if (made && name)
            out.push({ kind: "declare", pattern: expression(name), value: expression(made), ...spanOf(item) });
        } else if (value) out.push({ kind: "expression", expr: expression(value), ...spanOf(item) });
      }
      out.push({ kind: "block", role: "plain", body: block(field(node, "body")), ...span });
      return;
    }
    case "decorated_definition": {
      const list = named(node)
        .filter((c) => c.type === "decorator")
        .map((d) => expression(named(d)[0] as SyntaxNode));
      const definition = field(node, "definition");
      if (definition) statement(definition, out, list);
      return;
    }
    case "function_definition":
      out.push({ kind: "function", fn: fn(node, decorators), ...span });
      return;
    case "class_definition":
      out.push({ kind: "class", class: classOf(node, decorators), ...span });
      return;
    case "return_statement": {
      const value = named(node)[0];
      out.push({ kind: "return", value: value ? expression(value) : undefined, ...span });
      return;
    }
    case "raise_statement": {
      const value = named(node)[0];
      out.push({ kind: "throw", value: value ? expression(value) : undefined, ...span });
      return;
    }
    case "import_statement":
      for (const n of fields(node, "name")) {
        const aliased = n.type === "aliased_import";
        const module = aliased ? (field(n, "name")?.text ?? "") : n.text;
        const local = aliased ? (field(n, "alias")?.text ?? module) : (module.split(".")[0] as string);
        out.push({
          kind: "import",
          module: aliased ? module : local,
          names: [{ imported: undefined, local }],
          ...span,
        });
      }
      return;
    case "import_from_statement": {
      const module = field(node, "module_name")?.text ?? "";
      const names = fields(node, "name").map((n) =>
        n.type === "aliased_import"
          ? { imported: field(n, "name")?.text, local: field(n, "alias")?.text ?? "" }
          : { imported: n.text, local: n.text },
      );
      if (names.length) out.push({ kind: "import", module, names, ...span });
      else out.push({ kind: "export", exported: "*", module, ...span });
      return;
    }
    case "block":
      out.push(...block(node));
      return;
    case "match_statement":
      for (const c of named(field(node, "body") ?? node))
        if (c.type === "case_clause")
          out.push({
            kind: "if",
            test: other(span),
            consequent: block(field(c, "consequence")),
            alternate: [],
            ...spanOf(c),
          });
      return;
    case "assert_statement":
    case "delete_statement":
      out.push({ kind: "expression", expr: other(span, named(node).map(expression)), ...span });
      return;
  }
}

function conditional(node: SyntaxNode, span: Span): Stmt {
  const alternatives = fields(node, "alternative");
  let alternate: Stmt[] = [];
  for (const a of alternatives.reverse()) {
    if (a.type === "else_clause") alternate = block(field(a, "body"));
    else
      alternate = [
        {
          kind: "if",
          test: expression(field(a, "condition") as SyntaxNode),
          consequent: block(field(a, "consequence")),
          alternate,
          ...spanOf(a),
        },
      ];
  }
  const condition = field(node, "condition");
  return {
    kind: "if",
    test: condition ? expression(condition) : other(span),
    consequent: block(field(node, "consequence")),
    alternate,
    ...span,
  };
}

function expressionStatement(node: SyntaxNode, out: Stmt[]): void {
  const span = spanOf(node);
  if (node.type === "assignment") {
    const left = field(node, "left");
    const right = field(node, "right");
    const type = field(node, "type");
    if (!left) return;
    const target = expression(left);
    const value = right ? (right.type === "assignment" ? chained(right, out) : expression(right)) : undefined;
    if (target.kind === "member" || target.kind === "index") {
      if (value)
        out.push({ kind: "expression", expr: { kind: "assign", target, value, operator: "=", ...span }, ...span });
    } else out.push({ kind: "declare", pattern: target, value, type: type ? typeName(type) : undefined, ...span });
    return;
  }
  out.push({ kind: "expression", expr: expression(node), ...span });
}

/** `a = b = value`. */
function chained(node: SyntaxNode, out: Stmt[]): Expr {
  expressionStatement(node, out);
  const right = field(node, "right");
  return right ? expression(right) : other(spanOf(node));
}

/** What a loop variable is: each item of a list. */
function element(node: SyntaxNode): Expr {
  const list = expression(node);
  if (list.kind !== "array" || list.items.length === 0) return other(spanOf(node), [list]);
  return list.items.reduce((a, b) => ({
    kind: "conditional",
    test: other(spanOf(node)),
    consequent: a,
    alternate: b,
    ...spanOf(node),
  }));
}

/** `Optional[X]`, `X | None`, `"X"`: X. */
function typeName(node: SyntaxNode): Expr | undefined {
  const inner = node.type === "type" ? named(node)[0] : node;
  if (!inner) return undefined;
  if (inner.type === "identifier" || inner.type === "attribute") return expression(inner);
  if (inner.type === "generic_type" || inner.type === "subscript") {
    const last = named(inner).at(-1);
    const argument = last?.type === "type_parameter" ? named(last)[0] : last;
    return argument ? typeName(argument) : undefined;
  }
  if (inner.type === "binary_operator" || inner.type === "union_type") {
    const first = named(inner)[0];
    return first && typeName(first);
  }
  return undefined;
}

function fn(node: SyntaxNode, decorators: Expr[]): Fn {
  const params: Param[] = [];
  for (const p of named(field(node, "parameters"))) params.push(...param(p));
  const body = field(node, "body");
  const result: Fn = {
    name: field(node, "name")?.text,
    params,
    body:
      node.type === "lambda"
        ? body
          ? [{ kind: "return", value: expression(body), ...spanOf(body) }]
          : []
        : block(body),
    decorators,
    async: node.child(0)?.type === "async",
    ...spanOf(node),
  };
  const returns = field(node, "return_type");
  if (returns) result.returns = typeName(returns);
  return result;
}

function param(p: SyntaxNode): Param[] {
  const span = spanOf(p);
  const type = field(p, "type");
  const typed = type ? typeName(type) : undefined;
  switch (p.type) {
    case "identifier":
      return [{ pattern: expression(p), ...span }];
    case "default_parameter":
    case "typed_default_parameter": {
      const name = field(p, "name");
      const value = field(p, "value");
      return name
        ? [{ pattern: expression(name), default: value ? expression(value) : undefined, type: typed, ...span }]
        : [];
    }
    case "typed_parameter": {
      const inner = named(p)[0];
      return inner ? param(inner).map((x) => ({ ...x, type: typed })) : [];
    }
    case "list_splat_pattern":
    case "dictionary_splat_pattern": {
      const inner = named(p)[0];
      return inner ? [{ pattern: expression(inner), rest: true, ...span }] : [];
    }
    default:
      return [];
  }
}

function classOf(node: SyntaxNode, decorators: Expr[]): Class {
  const members: ClassMember[] = [];
  for (const s of block(field(node, "body"))) {
    if (s.kind === "function") {
      const f = s.fn;
      const self = f.params[0]?.pattern;
      const isStatic = f.decorators?.some((d) => d.kind === "name" && d.name === "staticmethod");
      if (!isStatic && self?.kind === "name") {
        f.self = self.name;
        f.params = f.params.slice(1);
      }
      members.push({ name: f.name ?? "", fn: f, decorators: f.decorators ?? [], start: s.start, end: s.end });
    } else if (s.kind === "declare" && s.pattern.kind === "name") {
      members.push({ name: s.pattern.name, value: s.value, type: s.type, start: s.start, end: s.end });
    } else if (s.kind === "class") {
      members.push({ name: s.class.name ?? "", value: other(s, [], [s]), start: s.start, end: s.end });
    }
  }
  return {
    name: field(node, "name")?.text,
    bases: named(field(node, "superclasses"))
      .filter((b) => b.type !== "keyword_argument")
      .map(expression),
    members,
    decorators,
    ...spanOf(node),
  };
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

function expression(node: SyntaxNode): Expr {
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
      return { kind: "index", object, index: index ? expression(index) : other(span), ...span };
    }
    case "call": {
      const callee = field(node, "function");
      return {
        kind: "call",
        callee: callee ? expression(callee) : other(span),
        args: args(field(node, "arguments")),
        ...span,
      };
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
      return { kind: "assign", target: expression(target), value: expression(value), operator: "=", ...span };
    }
    case "unary_operator": {
      const inner = field(node, "argument");
      return other(span, inner ? [expression(inner)] : []);
    }
    case "keyword_argument":
    case "type_conversion":
      return other(span);
    default:
      return other(span, named(node).map(expression));
  }
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
