/** Go lowered to the common tree: declarations, statements, functions. */
import {
  type Class,
  type ClassMember,
  type Expr,
  each,
  eachKey,
  type FileTree,
  type Fn,
  lastName,
  other,
  type Param,
  type Stmt,
} from "../ir.ts";
import { field, fields, named, type SyntaxNode, spanOf, withTree } from "../tree-sitter.ts";
import { expression, names, typeExpr } from "./lower-expressions.ts";
import { resultOf, returnedResults, withResults } from "./lower-results.ts";

export function lowerGo(text: string): FileTree | undefined {
  return withTree("go", text, (root) =>
    names.file(() => {
      const body: Stmt[] = [];
      const methods = new Map<string, Stmt[]>();
      let name: string | undefined;
      for (const n of named(root)) {
        if (n.type === "package_clause") name = named(n)[0]?.text;
        else if (n.type === "method_declaration") method(n, methods);
        else statement(n, body);
      }
      attach(body, methods);
      const tree: FileTree = { body };
      if (name) tree.package = name;
      return tree;
    }),
  );
}

const specs = (declaration: SyntaxNode): SyntaxNode[] =>
  declaration.descendantsOfType(["const_spec", "var_spec"]).filter((n) => n !== null);

/** Methods become members of their type's class; a type of another file gets a class of its own here. */
function attach(body: Stmt[], methods: Map<string, Stmt[]>): void {
  for (const s of body) {
    if (s.kind !== "class" || !s.class.name) continue;
    for (const m of methods.get(s.class.name) ?? [])
      if (m.kind === "function") s.class.members.push({ name: m.fn.name ?? "", fn: m.fn, start: m.start, end: m.end });
    methods.delete(s.class.name);
  }
  for (const [type, list] of methods) {
    const [first] = list;
    if (!first) continue;
    const members = list.flatMap((m) =>
      m.kind === "function" ? [{ name: m.fn.name ?? "", fn: m.fn, start: m.start, end: m.end }] : [],
    );
    body.push({
      kind: "class",
      class: { name: type, bases: [], members, decorators: [], start: first.start, end: first.end },
      start: first.start,
      end: first.end,
    });
  }
}

function method(node: SyntaxNode, methods: Map<string, Stmt[]>): void {
  const receiver = named(field(node, "receiver"))[0];
  const type = receiver && field(receiver, "type");
  const owner = type?.text.replace(/^\*/, "").replace(/\[.*$/, "") ?? "";
  const self = receiver && field(receiver, "name")?.text;
  const f = fn(node, self);
  if (self) f.self = self;
  const list = methods.get(owner) ?? [];
  list.push({ kind: "function", fn: f, ...spanOf(node) });
  methods.set(owner, list);
}

const list = (nodes: readonly SyntaxNode[]): Stmt[] => {
  const out: Stmt[] = [];
  for (const n of nodes) {
    if (n.type === "statement_list") for (const s of named(n)) statement(s, out);
    else statement(n, out);
  }
  return out;
};

const block = (node: SyntaxNode | undefined): Stmt[] => names.block(() => list(named(node)));

function statement(node: SyntaxNode, out: Stmt[]): void {
  const span = spanOf(node);
  switch (node.type) {
    case "import_declaration":
      for (const spec of node.descendantsOfType("import_spec")) {
        if (!spec) continue;
        const module = (field(spec, "path")?.text ?? "").replace(/["`]/g, "");
        const alias = field(spec, "name")?.text;
        if (alias === "_" || alias === ".") out.push({ kind: "import", module, names: [], ...span });
        // `import . "shop/config"`: the package's names stand here as they are.
        if (alias === ".") out.push({ kind: "export", exported: "*", module, ...span });
        else if (alias !== "_")
          out.push({
            kind: "import",
            module,
            names: [{ imported: undefined, local: alias ?? packageName(module) }],
            ...span,
          });
      }
      return;
    case "const_declaration":
    case "var_declaration":
      for (const spec of specs(node)) {
        const values = named(field(spec, "value"));
        const given = values.map(expression);
        const [only] = given;
        const single = values.length === 1 && fields(spec, "name").length > 1;
        const type = field(spec, "type");
        fields(spec, "name")
          .filter((n) => n.type === "identifier")
          .forEach((n, i) => {
            const v = single ? only && resultOf(only, i, n.text) : given[i];
            const made = type && typeExpr(type);
            // `var server http.Server`: its address is assigned later. A pointer is given the server that it is.
            const empty: Expr | undefined =
              type?.type !== "pointer_type" && made?.kind === "member" && made.property === "Server"
                ? { kind: "object", entries: [], type: made, ...spanOf(spec) }
                : undefined;
            out.push({
              kind: "declare",
              pattern: { kind: "name", name: names.declare(n.text), ...spanOf(n) },
              value: v ?? empty,
              type: made,
              ...spanOf(spec),
            });
          });
      }
      return;
    case "short_var_declaration":
    case "assignment_statement":
      assignment(node, node.type === "short_var_declaration", out);
      return;
    case "function_declaration":
      out.push({ kind: "function", fn: fn(node), ...span });
      return;
    case "type_declaration":
      for (const spec of named(node)) {
        const name = field(spec, "name")?.text;
        const type = field(spec, "type");
        const alias = spec.type === "type_alias" && type ? typeExpr(type) : undefined;
        const at = spanOf(spec);
        if (name && type?.type === "struct_type") out.push({ kind: "class", class: structOf(name, type, spec), ...at });
        // `type IntVar = Variable[int]`
        else if (name && alias)
          out.push({ kind: "declare", pattern: { kind: "name", name, ...at }, value: alias, ...at });
      }
      return;
    case "if_statement":
      names.block(() => conditional(node, out));
      return;
    case "for_statement":
      out.push(names.block(() => loop(node)));
      return;
    case "expression_switch_statement":
    case "type_switch_statement":
    case "select_statement":
      names.block(() => choice(node, out));
      return;
    case "go_statement": {
      const inner = named(node)[0];
      if (inner)
        out.push({
          kind: "block",
          role: "spawn",
          body: [{ kind: "expression", expr: expression(inner), ...span }],
          ...span,
        });
      return;
    }
    case "defer_statement": {
      const inner = named(node)[0];
      if (inner) out.push({ kind: "expression", expr: expression(inner), ...span });
      return;
    }
    case "return_statement": {
      const list = named(node)[0];
      const value = list?.type === "expression_list" ? named(list) : list ? [list] : [];
      const all = value.map(expression);
      const given = returnedResults(all, span);
      // Of several results the first is mostly the value; the others (`c.init()`, an error) are only looked at.
      if (given === all[0]) for (const expr of all.slice(1)) out.push({ kind: "expression", expr, ...span });
      out.push({ kind: "return", value: given, ...span });
      return;
    }
    case "block":
    case "labeled_statement":
      out.push({ kind: "block", role: "plain", body: block(node), ...span });
      return;
    case "statement_list":
      out.push(...list(named(node)));
      return;
    case "expression_statement": {
      const inner = named(node)[0];
      if (inner) out.push({ kind: "expression", expr: expression(inner), ...span });
      return;
    }
    case "send_statement":
      out.push({ kind: "expression", expr: other(span, named(node).map(expression)), ...span });
      return;
    default:
      if (/_expression$|^identifier$/.test(node.type))
        out.push({ kind: "expression", expr: expression(node), ...span });
  }
}

/** `if v := f(); v != "" { … } else { … }`: the variable is in all of it. */
function conditional(node: SyntaxNode, out: Stmt[]): void {
  const initializer = field(node, "initializer");
  if (initializer) statement(initializer, out);
  const condition = field(node, "condition");
  const alternative = field(node, "alternative");
  out.push({
    kind: "if",
    test: condition ? expression(condition) : other(spanOf(node)),
    consequent: block(field(node, "consequence")),
    alternate: alternative?.type === "if_statement" ? list([alternative]) : block(alternative),
    ...spanOf(node),
  });
}

/** `switch host := addr(); { case host != "": … }`: the variable is in all of it; the default is where no case holds. */
function choice(node: SyntaxNode, out: Stmt[]): void {
  const initializer = field(node, "initializer");
  if (initializer) statement(initializer, out);
  const value = field(node, "value");
  const cases = named(node).filter((c) => /_case$/.test(c.type) && c.type !== "default_case");
  const usual = named(node).find((c) => c.type === "default_case");
  const isSwitch = node.type === "expression_switch_statement";
  let rest: Stmt[] = usual ? block(usual) : [];
  for (const c of cases.reverse()) {
    const [first, ...more] = isSwitch ? named(field(c, "value")) : [];
    // `switch { case addr != "": … }`, `switch mode { case "dev", "test": … }`
    const holds = (v: SyntaxNode): Expr =>
      value
        ? { kind: "binary", operator: "===", left: expression(value), right: expression(v), ...spanOf(v) }
        : expression(v);
    const test = first
      ? more.reduce<Expr>(
          (left, v) => ({ kind: "binary", operator: "||", left, right: holds(v), ...spanOf(v) }),
          holds(first),
        )
      : value
        ? expression(value)
        : other(spanOf(c));
    rest = [{ kind: "if", test, consequent: block(c), alternate: rest, ...spanOf(c) }];
  }
  out.push(...rest);
}

function loop(node: SyntaxNode): Stmt {
  const body: Stmt[] = [];
  const head: Expr[] = [];
  for (const n of named(node)) {
    if (n.type === "range_clause") {
      const right = field(n, "right");
      const list = right && expression(right);
      if (!list) continue;
      head.push(list);
      named(field(n, "left")).forEach((l, i) => {
        if (l.text === "_") return;
        const value = i === 0 ? eachKey(list) : each(list);
        const declares = l.type === "identifier" && n.children.some((c) => c?.type === ":=");
        const pattern: Expr = declares ? { kind: "name", name: names.declare(l.text), ...spanOf(l) } : expression(l);
        body.push({ kind: "declare", pattern, value, ...spanOf(l) });
      });
    } else if (n.type === "for_clause") {
      const init = field(n, "initializer");
      if (init) statement(init, body);
    } else if (n.type !== "block") head.push(expression(n));
  }
  body.push(...block(field(node, "body")));
  return { kind: "block", role: "loop", head, body, ...spanOf(node) };
}

/** The name that an import path has in code: `echo` of `github.com/labstack/echo/v4`. */
export function packageName(path: string): string {
  const parts = path.split("/");
  let last = parts.at(-1) ?? path;
  if (/^v\d+$/.test(last) && parts.length > 1) last = parts.at(-2) ?? last;
  return last
    .replace(/\.v\d+$/, "")
    .replace(/^go-/, "")
    .replace(/[-.]go$/, "")
    .replace(/-/g, "");
}

function assignment(node: SyntaxNode, declares: boolean, out: Stmt[]): void {
  const span = spanOf(node);
  const left = named(field(node, "left"));
  const right = named(field(node, "right"));
  const single = right.length === 1 && left.length > 1;
  // All of them before any name on the left is a new one.
  const values = left.map((_, i) => (single ? right[0] : right[i])).map((r) => r && expression(r));
  left.forEach((l, i) => {
    const value = values[i];
    if (!value) return;
    const taken = single ? resultOf(value, i, l.text) : value;
    if (l.type === "identifier") {
      if (l.text === "_") {
        if (i === 0) out.push({ kind: "expression", expr: value, ...span });
        return;
      }
      if (declares)
        out.push({
          kind: "declare",
          pattern: { kind: "name", name: names.declare(l.text), ...spanOf(l) },
          value: taken,
          ...span,
        });
      else
        out.push({
          kind: "expression",
          expr: {
            kind: "assign",
            target: { kind: "name", name: names.of(l.text), ...spanOf(l) },
            value: taken,
            operator: field(node, "operator")?.text ?? "=",
            ...span,
          },
          ...span,
        });
    } else
      out.push({
        kind: "expression",
        expr: {
          kind: "assign",
          target: expression(l),
          value: taken,
          operator: "=",
          ...span,
        },
        ...span,
      });
  });
}

export function structOf(name: string | undefined, type: SyntaxNode, spec: SyntaxNode): Class {
  const members: ClassMember[] = [];
  const bases: Expr[] = [];
  for (const f of named(named(type)[0])) {
    if (f.type !== "field_declaration") continue;
    const names = fields(f, "name");
    const inner = field(f, "type");
    const tag = field(f, "tag")?.text;
    const span = spanOf(f);
    const type = inner && typeExpr(inner);
    if (names.length === 0 && inner) bases.push(type ?? other(span));
    // What is embedded is a field too, by the name of its type.
    for (const n of names.length > 0 ? names.map((n) => n.text) : [(type && lastName(type)) ?? []].flat()) {
      const m: ClassMember = { name: n, type, ...span };
      if (tag) m.decorators = [{ kind: "literal", value: tag.replace(/^`|`$/g, ""), ...span }];
      members.push(m);
    }
  }
  return { name, bases, members, decorators: [], ...spanOf(spec) };
}

/** @param self the receiver's name */
export function fn(node: SyntaxNode, self?: string): Fn {
  return names.fn(() => {
    if (self) names.declare(self);
    const params: Param[] = [];
    for (const p of named(field(node, "parameters"))) {
      const type = field(p, "type");
      const typed = type ? typeExpr(type) : undefined;
      const called = fields(p, "name");
      const rest = p.type === "variadic_parameter_declaration";
      for (const n of called)
        params.push({
          pattern: { kind: "name", name: names.declare(n.text), ...spanOf(n) },
          type: typed,
          rest,
          ...spanOf(p),
        });
      if (called.length === 0) params.push({ pattern: other(spanOf(p)), ...spanOf(p) });
    }
    const result = field(node, "result");
    const first = result?.type === "parameter_list" ? named(result)[0] : result;
    const resultType = first && (first.type === "parameter_declaration" ? field(first, "type") : first);
    return {
      name: field(node, "name")?.text,
      params,
      body: withResults(result, () => list(named(field(node, "body")))),
      returns: resultType ? typeExpr(resultType) : undefined,
      ...spanOf(node),
    };
  });
}
