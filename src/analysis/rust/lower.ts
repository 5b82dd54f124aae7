/** Rust lowered to the common tree: items, statements, functions. */
import { type ClassMember, type Expr, each, type FileTree, type Fn, other, type Stmt } from "../ir.ts";
import { field, named, type SyntaxNode, spanOf, withTree } from "../tree-sitter.ts";
import { boundBy, expression, names, pattern, typeExpr } from "./lower-expressions.ts";

export function lowerRust(text: string): FileTree | undefined {
  // What a macro is given is no tree; `join!(a, b)`, `format!(…)` and `vec![…]` are read as what they look like.
  const readable = text
    .replace(/\b((?:try_)?join|format)!(?=\s*\()/g, "$1 ")
    .replace(/\bvec!(?=\s*\[)/g, "    ")
    // `lazy_static! { static ref ADDR: String = …; }` is what it declares.
    .replace(/\blazy_static!(?=\s*\{)/g, "mod lazy_st ")
    .replace(/\bstatic ref(?= )/g, "static    ");
  return withTree("rust", readable, (root) => names.file(() => ({ body: items(named(root)) }), pathHeads(readable)));
}

/** Modules and crates that paths begin with: in `let config = config::Config::new()` a variable is called as one of them. */
function pathHeads(text: string): ReadonlySet<string> {
  return new Set([...text.matchAll(/(?<![\w:])([a-z_]\w*)::/g)].map(([, head]) => head as string));
}

/** `#[test]`, `#[cfg(test)]`, `#[cfg(feature = "test-suite")]`, `#[cfg(any(test, feature = "tests"))]`, `#[cfg(all(test, unix))]` */
const OF_TESTS = ((): RegExp => {
  const word = String.raw`(?:test|feature\s*=\s*"(?:[\w-]+-)?tests?(?:-(?:suite|utils?|helpers?|support|fixtures?))?")`;
  return new RegExp(
    String.raw`cfg\(\s*(?:${word}|any\(\s*${word}(?:,\s*${word})*\s*,?\s*\)|all\((?:[^()]*,)?\s*${word}\s*[,)])|#\[(?:tokio::|actix_\w+::)?test`,
  );
})();

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
    if (attributes.some((a) => a.kind === "literal" && OF_TESTS.test(String(a.value)))) {
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
        // `use crate::config::*` brings every name, and `pub use` gives them on.
        for (const [module, imported, local] of uses(argument, ""))
          if (local === "*") out.push({ kind: "export", exported: "*", module, ...span });
          else out.push({ kind: "import", module, names: [{ imported, local }], ...span });
      return;
    }
    case "function_item":
      out.push({ kind: "function", fn: { ...fn(node), decorators }, ...span });
      return;
    case "mod_item":
      out.push(...items(named(field(node, "body"))));
      return;
    case "struct_item": {
      const members = fields(field(node, "body"));
      out.push({
        kind: "class",
        class: { name: field(node, "name")?.text, bases: [], members, decorators, ...span },
        ...span,
      });
      return;
    }
    case "type_item": {
      // `type GlobalConfig = Arc<RwLock<Config>>;` is used as Config is.
      const [name, type] = [field(node, "name"), field(node, "type")];
      const value = type && typeExpr(type);
      if (name && value) out.push({ kind: "declare", pattern: pattern(name), value, ...span });
      return;
    }
    case "enum_item":
      enumeration(node, out, decorators);
      return;
    case "impl_item": {
      const name = field(node, "type")?.text.replace(/<.*$/s, "").replace(/^.*::/s, "");
      const functions = items(named(field(node, "body"))).flatMap((s) => (s.kind === "function" ? [s] : []));
      const existing = out.find((s) => s.kind === "class" && s.class.name === name);
      const members = functions.map(
        (s): ClassMember => ({ name: s.fn.name ?? "", fn: s.fn, start: s.start, end: s.end }),
      );
      // `type Args = CliArgs;` of a trait's implementation.
      for (const t of named(field(node, "body")).filter((n) => n.type === "type_item")) {
        const type = field(t, "type");
        members.push({ name: field(t, "name")?.text ?? "", type: type && typeExpr(type), ...spanOf(t) });
      }
      // `const DEFAULT_HOST: &str = "127.0.0.1";` of the type.
      for (const c of named(field(node, "body")).filter((n) => n.type === "const_item")) {
        const value = field(c, "value");
        if (value)
          members.push({ name: field(c, "name")?.text ?? "", value: expression(value), static: true, ...spanOf(c) });
      }
      // `impl Server for Plain {}`: what the trait does where the type does not say otherwise.
      const trait = field(node, "trait");
      const mixins = trait && !OF_RUST.test(trait.text) ? [typeExpr(trait)].filter((t) => t !== undefined) : [];
      if (existing?.kind === "class") {
        existing.class.members.push(...members);
        if (mixins.length > 0) existing.class.mixins = [...(existing.class.mixins ?? []), ...mixins];
      } else out.push({ kind: "class", class: { name, bases: [], mixins, members, decorators: [], ...span }, ...span });
      return;
    }
    case "trait_item": {
      // Methods that have a body; what only says that there is one is found by whoever has it.
      const functions = items(named(field(node, "body"))).flatMap((s) => (s.kind === "function" ? [s] : []));
      const members = functions.map(({ fn, start, end }): ClassMember => ({ name: fn.name ?? "", fn, start, end }));
      if (members.length > 0)
        out.push({
          kind: "class",
          class: { name: field(node, "name")?.text, bases: [], members, decorators, ...span },
          ...span,
        });
      return;
    }
    case "const_item":
    case "static_item":
    case "let_declaration": {
      const name = field(node, "name") ?? field(node, "pattern");
      const value = field(node, "value");
      const type = field(node, "type");
      // On the right stands what the name meant before.
      const given = value && expression(value);
      if (name)
        out.push({
          kind: "declare",
          pattern: pattern(name),
          value: given,
          type: type ? typeExpr(type) : undefined,
          ...span,
        });
      // `let Some(given) = env::var_os("LISTEN") else { return usual };`
      const otherwise = field(node, "alternative");
      if (otherwise && value)
        out.push({ kind: "if", test: expression(value), consequent: [], alternate: block(otherwise), ...span });
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
    case "for_expression": {
      out.push(names.block(() => loop(node)));
      return;
    }
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

/** Traits that no program makes itself. */
const OF_RUST =
  /^(?:\w+::)*(?:Default|Clone|Copy|(?:Try)?From|(?:Try)?Into|FromStr|ToString|Display|Debug|Deref(?:Mut)?|Drop|Iterator|Future|Stream|Error|Serialize|Deserialize|Hash|(?:Partial)?(?:Eq|Ord)|AsRef|Borrow)\b/;

function loop(node: SyntaxNode): Stmt {
  const list = node.type === "for_expression" ? field(node, "value") : undefined;
  const item = field(node, "pattern");
  const value = item && list && each(expression(list));
  const bound: Stmt[] = value ? [{ kind: "declare", pattern: pattern(item), value, ...spanOf(item) }] : [];
  const body = [...bound, ...boundBy(field(node, "condition")), ...block(field(node, "body"))];
  return { kind: "block", role: "loop", body, ...spanOf(node) };
}

function fields(body: SyntaxNode | undefined): ClassMember[] {
  const members: ClassMember[] = [];
  let own: Expr[] = [];
  for (const f of named(body)) {
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
  return members;
}

/** `enum Command { Serve { port: u16 }, Build(BuildArgs) }`: a class whose members have the types that the variants hold. */
function enumeration(node: SyntaxNode, out: Stmt[], decorators: Expr[]): void {
  const span = spanOf(node);
  const name = field(node, "name")?.text ?? "";
  const members: ClassMember[] = [];
  for (const v of named(field(node, "body"))) {
    const body = v.type === "enum_variant" ? field(v, "body") : undefined;
    const variant = field(v, "name")?.text ?? "";
    const at = spanOf(v);
    if (body?.type === "field_declaration_list") {
      const own = `${name}::${variant}`;
      out.push({ kind: "class", class: { name: own, bases: [], members: fields(body), decorators, ...at }, ...at });
      members.push({ name: variant, type: { kind: "name", name: own, ...at }, ...at });
    } else if (body) {
      const held = named(body).filter((n) => n.type !== "attribute_item");
      const type = held.length === 1 ? typeExpr(held[0] as SyntaxNode) : undefined;
      if (type) members.push({ name: variant, type, ...at });
    } else if (v.type === "enum_variant") members.push({ name: variant, type: { kind: "name", name, ...at }, ...at });
  }
  out.push({ kind: "class", class: { name, bases: [], members, decorators, ...span }, ...span });
}

export const block = (node: SyntaxNode | undefined): Stmt[] => names.block(() => blockOf(node));

const blockOf = (node: SyntaxNode | undefined): Stmt[] => {
  const list = items(named(node));
  const last = named(node).at(-1);
  const tail = list.at(-1);
  // A block's last expression without a semicolon is its value.
  // (The grammar calls a `match` at the end a statement too.)
  if (last && tail?.kind === "expression" && !(last.type === "expression_statement" && last.text.endsWith(";")))
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
    consequent: names.block(() => [...boundBy(condition), ...block(field(node, "consequence"))]),
    alternate: list,
    ...span,
  };
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
    case "use_wildcard":
      yield [join(prefix, named(node)[0]?.text ?? ""), undefined, "*"];
      return;
    case "scoped_use_list":
      for (const inner of named(field(node, "list"))) yield* uses(inner, join(prefix, field(node, "path")?.text ?? ""));
      return;
    case "use_list":
      for (const inner of named(node)) yield* uses(inner, prefix);
      return;
  }
}

function fn(node: SyntaxNode): Fn {
  return names.fn(() => fnOf(node));
}

function fnOf(node: SyntaxNode): Fn {
  const result: Fn = { name: field(node, "name")?.text, params: [], body: [], ...spanOf(node) };
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
  result.body = blockOf(field(node, "body"));
  const returns = field(node, "return_type");
  if (returns) result.returns = typeExpr(returns);
  return result;
}
