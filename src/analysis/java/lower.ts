/** Java lowered to the common tree. */
import type { Argument, Class, ClassMember, Expr, FileTree, Fn, Param, Stmt } from "../ir.ts";
import { other } from "../ir.ts";
import { field, fields, named, type SyntaxNode, spanOf, withTree } from "../tree-sitter.ts";

export function lowerJava(text: string): FileTree | undefined {
  return withTree("java", text, (root) => {
    const body: Stmt[] = [];
    let pkg: string | undefined;
    for (const n of named(root)) {
      if (n.type === "package_declaration") pkg = named(n).at(-1)?.text;
      else statement(n, body);
    }
    const tree: FileTree = { body };
    if (pkg) tree.package = pkg;
    return tree;
  });
}

const block = (node: SyntaxNode | undefined): Stmt[] => {
  const out: Stmt[] = [];
  if (!node) return out;
  if (/block$|_body$|^switch_block_statement_group$/.test(node.type)) for (const n of named(node)) statement(n, out);
  else statement(node, out);
  return out;
};

function statement(node: SyntaxNode, out: Stmt[]): void {
  const span = spanOf(node);
  switch (node.type) {
    case "import_declaration": {
      const path = named(node).find((n) => /identifier/.test(n.type))?.text ?? "";
      if (named(node).some((n) => n.type === "asterisk")) {
        out.push({ kind: "export", exported: "*", module: path, ...span });
        return;
      }
      const cut = path.lastIndexOf(".");
      out.push({
        kind: "import",
        module: path.slice(0, cut),
        names: [{ imported: path.slice(cut + 1), local: path.slice(cut + 1) }],
        ...span,
      });
      return;
    }
    case "class_declaration":
    case "interface_declaration":
    case "record_declaration":
    case "enum_declaration":
      out.push({ kind: "class", class: classOf(node), ...span });
      return;
    case "local_variable_declaration":
    case "field_declaration": {
      const type = field(node, "type");
      for (const d of fields(node, "declarator")) {
        const value = field(d, "value");
        const name = field(d, "name");
        if (name)
          out.push({
            kind: "declare",
            pattern: { kind: "name", name: name.text, ...spanOf(name) },
            value: value ? expression(value) : undefined,
            type: type ? typeExpr(type) : undefined,
            ...spanOf(d),
          });
      }
      return;
    }
    case "expression_statement": {
      const inner = named(node)[0];
      if (inner) out.push({ kind: "expression", expr: expression(inner), ...span });
      return;
    }
    case "if_statement": {
      const condition = field(node, "condition");
      out.push({
        kind: "if",
        test: condition ? expression(condition) : other(span),
        consequent: block(field(node, "consequence")),
        alternate: block(field(node, "alternative")),
        ...span,
      });
      return;
    }
    case "for_statement":
    case "while_statement":
    case "do_statement":
    case "enhanced_for_statement":
      out.push({ kind: "block", role: "loop", body: block(field(node, "body")), ...span });
      return;
    case "try_statement":
    case "try_with_resources_statement": {
      for (const r of named(field(node, "resources"))) {
        const name = field(r, "name");
        const value = field(r, "value");
        if (name && value)
          out.push({
            kind: "declare",
            pattern: { kind: "name", name: name.text, ...spanOf(name) },
            value: expression(value),
            ...spanOf(r),
          });
      }
      out.push({ kind: "block", role: "try", body: block(field(node, "body")), ...span });
      for (const c of named(node)) {
        if (c.type === "catch_clause")
          out.push({ kind: "block", role: "catch", body: block(field(c, "body")), ...spanOf(c) });
        else if (c.type === "finally_clause")
          out.push({ kind: "block", role: "plain", body: block(named(c)[0]), ...spanOf(c) });
      }
      return;
    }
    case "block":
    case "synchronized_statement":
    case "labeled_statement":
    case "switch_block_statement_group":
    case "static_initializer":
      out.push({ kind: "block", role: "plain", body: named(node).flatMap((n) => block(n)), ...span });
      return;
    case "switch_expression":
    case "switch_statement":
      for (const g of named(field(node, "body")))
        out.push({
          kind: "if",
          test: other(span),
          consequent: named(g).flatMap((n) => block(n)),
          alternate: [],
          ...spanOf(g),
        });
      return;
    case "return_statement":
    case "yield_statement": {
      const value = named(node)[0];
      out.push({ kind: "return", value: value ? expression(value) : undefined, ...span });
      return;
    }
    case "throw_statement": {
      const value = named(node)[0];
      out.push({ kind: "throw", value: value ? expression(value) : undefined, ...span });
      return;
    }
    default:
      if (/expression|invocation|identifier|literal|access/.test(node.type))
        out.push({ kind: "expression", expr: expression(node), ...span });
  }
}

function annotations(node: SyntaxNode): Expr[] {
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

function classOf(node: SyntaxNode): Class {
  const members: ClassMember[] = [];
  const body = field(node, "body");
  const all = named(body).flatMap((n) => (n.type === "enum_body_declarations" ? named(n) : [n]));
  for (const p of named(field(node, "parameters"))) {
    const name = field(p, "name")?.text;
    const type = field(p, "type");
    if (name) members.push({ name, type: type ? typeExpr(type) : undefined, ...spanOf(p) });
  }
  for (const m of all) {
    const span = spanOf(m);
    const decorators = annotations(m);
    if (
      m.type === "method_declaration" ||
      m.type === "constructor_declaration" ||
      m.type === "compact_constructor_declaration"
    ) {
      const f = fn(m);
      f.decorators = decorators;
      members.push({ name: f.name ?? "", fn: f, decorators, ...span });
    } else if (m.type === "field_declaration" || m.type === "constant_declaration") {
      const list: Stmt[] = [];
      statement(m.type === "constant_declaration" ? m : m, list);
      for (const d of m.type === "field_declaration" ? list : constants(m))
        if (d.kind === "declare" && d.pattern.kind === "name")
          members.push({ name: d.pattern.name, value: d.value, type: d.type, decorators, start: d.start, end: d.end });
    } else if (/^(class|interface|record|enum)_declaration$/.test(m.type)) {
      const inner = classOf(m);
      members.push({
        name: inner.name ?? "",
        value: other(span, [], [{ kind: "class", class: inner, ...span }]),
        ...span,
      });
    } else if (m.type === "static_initializer" || m.type === "block")
      members.push({ name: "", fn: { name: undefined, params: [], body: block(named(m)[0] ?? m), ...span }, ...span });
  }
  const superclass = field(node, "superclass");
  const interfaces = named(named(field(node, "interfaces"))[0]);
  const bases = [...named(superclass), ...interfaces].map((t) => typeExpr(t)).filter((t) => t !== undefined);
  return { name: field(node, "name")?.text, bases, members, decorators: annotations(node), ...spanOf(node) };
}

function constants(node: SyntaxNode): Stmt[] {
  const out: Stmt[] = [];
  for (const d of fields(node, "declarator")) {
    const value = field(d, "value");
    const name = field(d, "name");
    if (name)
      out.push({
        kind: "declare",
        pattern: { kind: "name", name: name.text, ...spanOf(name) },
        value: value ? expression(value) : undefined,
        ...spanOf(d),
      });
  }
  return out;
}

function fn(node: SyntaxNode): Fn {
  const params: Param[] = named(field(node, "parameters")).map((p): Param => {
    const name =
      field(p, "name") ??
      (p.type === "identifier" ? p : named(named(p).find((x) => x.type === "variable_declarator"))[0]);
    const type = field(p, "type");
    return {
      pattern: name ? { kind: "name", name: name.text, ...spanOf(name) } : other(spanOf(p)),
      type: type ? typeExpr(type) : undefined,
      rest: p.type === "spread_parameter",
      ...spanOf(p),
    };
  });
  const type = field(node, "type");
  return {
    name: field(node, "name")?.text,
    params,
    body: block(field(node, "body")),
    returns: type ? typeExpr(type) : undefined,
    ...spanOf(node),
  };
}

function typeExpr(node: SyntaxNode): Expr | undefined {
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

function args(node: SyntaxNode | undefined): Argument[] {
  return named(node).map((a) => {
    if (a.type === "element_value_pair") {
      const value = field(a, "value");
      return { name: field(a, "key")?.text ?? "", value: value ? expression(value) : other(spanOf(a)) };
    }
    return { value: expression(a) };
  });
}

const OPERATORS: Record<string, string> = { "==": "===", "!=": "!==" };

function expression(node: SyntaxNode): Expr {
  const span = spanOf(node);
  switch (node.type) {
    case "identifier":
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
      const inner = other(
        span,
        [made],
        named(body).flatMap((m) =>
          m.type === "method_declaration" ? [{ kind: "function" as const, fn: fn(m), ...spanOf(m) }] : [],
        ),
      );
      return inner;
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
    case "lambda_expression": {
      const body = field(node, "body");
      const given = field(node, "parameters");
      const names = given?.type === "identifier" ? [given] : named(given);
      const params = names.map((p): Param => {
        const n = field(p, "name") ?? p;
        const type = field(p, "type");
        return {
          pattern: { kind: "name", name: n.text, ...spanOf(n) },
          type: type ? typeExpr(type) : undefined,
          ...spanOf(p),
        };
      });
      const list: Stmt[] = !body
        ? []
        : body.type === "block"
          ? block(body)
          : [{ kind: "return", value: expression(body), ...spanOf(body) }];
      return { kind: "function", fn: { name: undefined, params, body: list, ...span }, ...span };
    }
    default:
      return other(
        span,
        named(node)
          .filter((n) => !/type|modifiers/.test(n.type))
          .map(expression),
      );
  }
}
