/** Python lowered to the common tree: statements, functions, classes. */
import { parseablePython } from "../comments.ts";
import {
  type Class,
  type ClassMember,
  type Expr,
  each,
  type FileTree,
  type Fn,
  other,
  type Param,
  type Span,
  type Stmt,
} from "../ir.ts";
import { field, fields, named, type SyntaxNode, spanOf, withTree } from "../tree-sitter.ts";
import { expression, typeName } from "./lower-expressions.ts";
import { globalNames, withOuterNames } from "./outer-names.ts";

export function lowerPython(text: string): FileTree | undefined {
  return withTree("python", parseablePython(text), (root) => ({
    body: [...globalNames(root), ...statements(named(root))],
  }));
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
          value: right ? each(expression(right)) : undefined,
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
          // `with gr.Blocks() as shared.gradio["interface"]`
          if (made && name) out.push(assigned(expression(name), expression(made), spanOf(item)));
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
      out.push(
        ...cases(
          field(node, "subject"),
          named(field(node, "body") ?? node).filter((c) => c.type === "case_clause"),
        ),
      );
      return;
    case "delete_statement":
      for (const n of named(node)) {
        const args = [{ value: expression(n) }];
        const expr: Expr = { kind: "call", callee: { kind: "name", name: "del", ...span }, args, ...span };
        out.push({ kind: "expression", expr, ...span });
      }
      return;
    case "assert_statement":
      out.push({ kind: "expression", expr: other(span, named(node).map(expression)), ...span });
      return;
  }
}

/** `match mode: case "dev": … case _: …`: each case where those before it do not hold. */
function cases(subject: SyntaxNode | undefined, clauses: readonly SyntaxNode[]): Stmt[] {
  const [first, ...others] = clauses;
  if (!first) return [];
  const patterns = named(first).filter((n) => n.type === "case_pattern");
  const [pattern] = patterns;
  const guard = field(first, "guard");
  const consequent = block(field(first, "consequence"));
  if (pattern?.text === "_" && patterns.length === 1 && !guard) return consequent;
  const value = patterns.length === 1 ? named(pattern)[0] : undefined;
  // The condition ends where what it leads to begins: `case "dev"`.
  const span = { ...spanOf(first), end: (guard ?? patterns.at(-1) ?? first).endIndex };
  const test: Expr =
    subject && value && /^(string|integer)$/.test(value.type) && !guard
      ? { kind: "binary", operator: "==", left: expression(subject), right: expression(value), ...span }
      : other(span);
  return [{ kind: "if", test, consequent, alternate: cases(subject, others), ...spanOf(first) }];
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

/** What a name, a field or an entry of a table becomes. */
function assigned(target: Expr, value: Expr, span: Span): Stmt {
  return target.kind === "member" || target.kind === "index"
    ? { kind: "expression", expr: { kind: "assign", target, value, operator: "=", ...span }, ...span }
    : { kind: "declare", pattern: target, value, ...span };
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
      if (value) out.push(assigned(target, value, span));
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
export function fn(node: SyntaxNode, decorators: Expr[]): Fn {
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
        : withOuterNames(block(body), body),
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
      const keywords = p.type === "dictionary_splat_pattern";
      return inner ? [{ pattern: expression(inner), rest: true, ...(keywords ? { keywords } : {}), ...span }] : [];
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
