/** Java lowered to the common tree: files, statements, classes, methods. */
import {
  type Class,
  type ClassMember,
  type Expr,
  each,
  type FileTree,
  type Fn,
  other,
  type Param,
  type Stmt,
} from "../ir.ts";
import { casesOf } from "../switches.ts";
import { field, fields, named, type SyntaxNode, spanOf, withTree } from "../tree-sitter.ts";
import { partsOfRecord, settingOf, settingOfParameter, writtenByLombok } from "./generated-members.ts";
import { annotations, args, declared, expression, names, typeExpr } from "./lower-expressions.ts";

export function lowerJava(text: string): FileTree | undefined {
  return withTree("java", text, (root) =>
    names.file(() => {
      const body: Stmt[] = [];
      let pkg: string | undefined;
      for (const n of named(root)) {
        if (n.type === "package_declaration") pkg = named(n).at(-1)?.text;
        else statement(n, body);
      }
      const tree: FileTree = { body };
      if (pkg) tree.package = pkg;
      return tree;
    }),
  );
}

export const statements = (node: SyntaxNode | undefined): Stmt[] => {
  const out: Stmt[] = [];
  for (const n of named(node)) statement(n, out);
  return out;
};

const block = (node: SyntaxNode | undefined): Stmt[] => {
  if (!node) return [];
  if (/block$|_body$|^switch_block_statement_group$/.test(node.type)) return names.block(() => statements(node));
  const out: Stmt[] = [];
  statement(node, out);
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
        const given = field(d, "value");
        const name = field(d, "name");
        const value = given && expression(given);
        if (name)
          out.push({
            kind: "declare",
            pattern:
              node.type === "field_declaration" ? { kind: "name", name: name.text, ...spanOf(name) } : declared(name),
            value,
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
    // `super(8080)`, `this(8080)`
    case "explicit_constructor_invocation": {
      const name = field(node, "constructor");
      const callee: Expr = { kind: "name", name: name?.text ?? "super", ...span };
      out.push({
        kind: "expression",
        expr: { kind: "call", callee, args: args(field(node, "arguments")), ...span },
        ...span,
      });
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
    case "enhanced_for_statement":
      out.push(names.block(() => loopOver(node)));
      return;
    case "for_statement":
    case "while_statement":
    case "do_statement":
      out.push({ kind: "block", role: "loop", body: block(field(node, "body")), ...span });
      return;
    case "try_statement":
    case "try_with_resources_statement":
      names.block(() => attempt(node, out));
      return;
    case "block":
    case "synchronized_statement":
    case "labeled_statement":
    case "switch_block_statement_group":
    case "static_initializer":
      out.push({
        kind: "block",
        role: "plain",
        body: names.block(() => named(node).flatMap((n) => block(n))),
        ...span,
      });
      return;
    case "switch_expression":
    case "switch_statement":
      out.push(...(casesOf(node, expression, (nodes) => names.block(() => nodes.flatMap((n) => block(n)))) ?? []));
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

function classOf(node: SyntaxNode): Class {
  const members: ClassMember[] = [];
  for (const p of named(field(node, "parameters"))) {
    const name = field(p, "name")?.text;
    const type = field(p, "type");
    if (name) members.push({ name, type: type ? typeExpr(type) : undefined, ...spanOf(p) });
  }
  members.push(...membersOf(field(node, "body"), field(node, "name")));
  members.push(
    ...(node.type === "record_declaration"
      ? partsOfRecord(node, method(node).params, members)
      : writtenByLombok(node, members)),
  );
  const superclass = field(node, "superclass");
  const interfaces = named(named(field(node, "interfaces"))[0]);
  const bases = [...named(superclass), ...interfaces].map((t) => typeExpr(t)).filter((t) => t !== undefined);
  return { name: field(node, "name")?.text, bases, members, decorators: annotations(node), ...spanOf(node) };
}

/** What stands in the body of a class. */
export function membersOf(body: SyntaxNode | undefined, owner?: SyntaxNode): ClassMember[] {
  const members: ClassMember[] = [];
  const all = named(body).flatMap((n) => (n.type === "enum_body_declarations" ? named(n) : [n]));
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
      const member = { name: f.name ?? "", fn: f, decorators, ...span };
      if (m.type === "method_declaration" && !field(m, "body")) f.body = settingOf(member);
      members.push(member);
    } else if (m.type === "field_declaration" || m.type === "constant_declaration") {
      const list: Stmt[] = [];
      statement(m, list);
      for (const d of m.type === "field_declaration" ? list : constants(m))
        if (d.kind === "declare" && d.pattern.kind === "name")
          members.push({ name: d.pattern.name, value: d.value, type: d.type, decorators, start: d.start, end: d.end });
    } else if (m.type === "enum_constant") members.push(constant(m, owner));
    else if (/^(class|interface|record|enum)_declaration$/.test(m.type)) {
      const inner = classOf(m);
      members.push({
        name: inner.name ?? "",
        value: other(span, [], [{ kind: "class", class: inner, ...span }]),
        ...span,
      });
    } else if (m.type === "static_initializer" || m.type === "block")
      members.push({ name: "", fn: { name: undefined, params: [], body: block(named(m)[0] ?? m), ...span }, ...span });
  }
  return members;
}

/** `HOST("app.host", "localhost")`: one object of its enumeration. */
function constant(node: SyntaxNode, of: SyntaxNode | undefined): ClassMember {
  const span = spanOf(node);
  const given = args(field(node, "arguments"));
  const callee: Expr = { kind: "name", name: of?.text ?? "", ...span };
  return {
    name: field(node, "name")?.text ?? "",
    value: { kind: "call", callee, args: given, isNew: true, ...span },
    static: true,
    ...span,
  };
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

function loopOver(node: SyntaxNode): Stmt {
  const name = field(node, "name");
  const list = field(node, "value");
  const body: Stmt[] = [];
  if (name && list) {
    const value = each(expression(list));
    body.push({ kind: "declare", pattern: declared(name), value, ...spanOf(name) });
  }
  body.push(...block(field(node, "body")));
  return { kind: "block", role: "loop", body, ...spanOf(node) };
}

/** `try (var server = open()) { … } catch (…) { … }` */
function attempt(node: SyntaxNode, out: Stmt[]): void {
  for (const r of named(field(node, "resources"))) {
    const name = field(r, "name");
    const given = field(r, "value");
    const value = given && expression(given);
    if (name && value) out.push({ kind: "declare", pattern: declared(name), value, ...spanOf(r) });
  }
  out.push({ kind: "block", role: "try", body: block(field(node, "body")), ...spanOf(node) });
  for (const c of named(node)) {
    if (c.type === "catch_clause")
      out.push({ kind: "block", role: "catch", body: block(field(c, "body")), ...spanOf(c) });
    else if (c.type === "finally_clause")
      out.push({ kind: "block", role: "plain", body: block(named(c)[0]), ...spanOf(c) });
  }
}

export function fn(node: SyntaxNode): Fn {
  return names.fn(() => method(node));
}

function method(node: SyntaxNode): Fn {
  const params: Param[] = named(field(node, "parameters")).map((p): Param => {
    const name =
      field(p, "name") ??
      (p.type === "identifier" ? p : named(named(p).find((x) => x.type === "variable_declarator"))[0]);
    const type = field(p, "type");
    const setting = name && settingOfParameter(name.text, annotations(p));
    return {
      pattern: name ? declared(name) : other(spanOf(p)),
      ...(setting ? { default: setting } : {}),
      type: type ? typeExpr(type) : undefined,
      rest: p.type === "spread_parameter",
      ...spanOf(p),
    };
  });
  const type = field(node, "type");
  return {
    name: field(node, "name")?.text,
    params,
    body: statements(field(node, "body")),
    returns: type ? typeExpr(type) : undefined,
    ...spanOf(node),
  };
}
