/** Expressions, patterns and macros of Rust in the common tree. */

import { type Argument, type Entry, type Expr, other, type Span, type Stmt } from "../ir.ts";
import { BlockNames } from "../scope/block-names.ts";
import { lastValue } from "../switches.ts";
import { field, named, type SyntaxNode, spanOf } from "../tree-sitter.ts";
import { block } from "./lower.ts";
import { switchOver, variantSwitch } from "./lower-choices.ts";

/** Of the variables where the file that is being read stands. */
export const names = new BlockNames();

export function pattern(node: SyntaxNode): Expr {
  if (node.type === "mut_pattern" || node.type === "ref_pattern") {
    const inner = named(node).at(-1);
    return inner ? pattern(inner) : other(spanOf(node));
  }
  if (node.type === "tuple_pattern") return { kind: "array", items: named(node).map(pattern), ...spanOf(node) };
  const wrapped = WRAPS.test(field(node, "type")?.text ?? "") ? named(node).at(-1) : undefined;
  if (node.type === "tuple_struct_pattern" && wrapped) return pattern(wrapped);
  if (node.type === "struct_pattern") return { kind: "object", entries: fieldPatterns(node), ...spanOf(node) };
  return /^(type_)?identifier$/.test(node.type)
    ? { kind: "name", name: names.declare(node.text), ...spanOf(node) }
    : other(spanOf(node));
}

/** An arm for what is not there, and one for what is: beside it `_` is an arm for what is not there too. */
const NOTHING = /^(Err\(.*\)|None)$/s;
const THERE = /^(Ok|Some)\(.*\)$/s;

/** `Some(x)` and `Ok(x)` are what is in them. */
const WRAPS = /^(Some|Ok)$/;

/** `{ host, port: p, .. }` */
function fieldPatterns(node: SyntaxNode): Entry[] {
  return named(node)
    .filter((f) => f.type === "field_pattern")
    .map((f) => {
      const key = field(f, "name");
      const inner = field(f, "pattern");
      if (inner) return { key: key?.text, value: pattern(inner), ...spanOf(f) };
      const name: Expr = { kind: "name", name: names.declare(key?.text ?? ""), ...spanOf(f) };
      return { key: key?.text, value: name, ...spanOf(f) };
    });
}

/**
 * The names that a pattern gives to what is matched: `Some(x)` to the value itself, `Command::Serve { port }` and
 * `Command::Serve(args)` to what the variant declares.
 */
export function bindings(node: SyntaxNode | undefined, value: Expr): Stmt[] {
  if (!node) return [];
  const span = spanOf(node);
  const type = field(node, "type");
  if (node.type === "or_pattern" || node.type === "match_pattern") return bindings(named(node)[0], value);
  if (type && node.type === "struct_pattern") {
    const variant = pathOf(type.text, type);
    return fieldPatterns(node).map((f) => ({
      kind: "declare",
      pattern: f.value,
      value: { kind: "member", object: variant, property: f.key ?? "", ...span },
      ...span,
    }));
  }
  if (type && node.type === "tuple_struct_pattern" && !WRAPS.test(type.text)) {
    const inner = named(node).slice(1);
    const only = inner.length === 1 ? inner[0] : undefined;
    return only ? [{ kind: "declare", pattern: pattern(only), type: pathOf(type.text, type), ...span }] : [];
  }
  const bound = pattern(node);
  // A constant is compared, not bound.
  if (bound.kind === "other" || (bound.kind === "name" && /^[A-Z]/.test(bound.name))) return [];
  return [{ kind: "declare", pattern: bound, value, ...span }];
}

/** What `if let` and `while let` bind, also in a chain of conditions. */
export function boundBy(condition: SyntaxNode | undefined): Stmt[] {
  if (condition?.type === "let_chain") return named(condition).flatMap(boundBy);
  const value = condition?.type === "let_condition" ? field(condition, "value") : undefined;
  return value ? bindings(field(condition as SyntaxNode, "pattern"), expression(value)) : [];
}

const HOLDS =
  /^(?:[\w:]*::)?(?:Arc|Rc|Box|Option|Data|State|Extension|Mutex|RwLock|Cow|Ref|LazyLock|OnceLock|OnceCell|Lazy|Result)<\s*([\s\S]+)>$/;

export function typeExpr(node: SyntaxNode): Expr | undefined {
  let text = node.text.replace(/^&('\w+\s+)?(mut\s+)?/, "");
  // `Arc<Settings>` is used as Settings is.
  for (let inner = HOLDS.exec(text); inner; inner = HOLDS.exec(text))
    text = (inner[1] as string).replace(/^&/, "").replace(/,\s*[\w:]+$/, "");
  text = text.replace(/<.*$/s, "");
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

const args = (node: SyntaxNode | undefined): Argument[] =>
  named(node)
    .filter((a) => a.type !== "attribute_item")
    .map((a) => ({ value: expression(a) }));

/** `address.set_port(port)` on a socket address of the standard library: the address is what it was, with another port. */
function addressSet(callee: SyntaxNode, given: readonly SyntaxNode[], span: Span): Expr | undefined {
  const method = field(callee, "field")?.text ?? "";
  const object = field(callee, "value");
  const value = given[0];
  if (!/^set_(?:port|ip)$/.test(method) || !value || given.length > 1 || object?.type !== "identifier")
    return undefined;
  const target = expression(object);
  const args = [{ value: target }, { value: expression(value) }];
  const call: Expr = { kind: "call", callee: { kind: "name", name: `${method}!`, ...span }, args, ...span };
  return { kind: "assign", target, value: call, operator: "=", ...span };
}

export function expression(node: SyntaxNode): Expr {
  const span = spanOf(node);
  switch (node.type) {
    case "identifier":
      return { kind: "name", name: names.of(node.text), ...span };
    case "type_identifier":
    case "self":
    case "crate":
      return { kind: "name", name: node.text, ...span };
    case "scoped_identifier":
    case "scoped_type_identifier":
      // `<Cli as Parser>::parse()` is `Cli::parse()`.
      return pathOf(node.text.replace(/^<([\w:]+) as [^>]+>/, "$1").replace(/::<[^>]*>/g, ""), node);
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
      const given = named(field(node, "arguments")).filter((a) => a.type !== "attribute_item");
      if (callee?.type === "identifier" && callee.text === "format" && /string_literal$/.test(given[0]?.type ?? ""))
        return formatted(given, span);
      const set = callee && addressSet(callee, given, span);
      if (set) return set;
      const types = callee?.type === "generic_function" ? named(field(callee, "type_arguments")) : [];
      return {
        kind: "call",
        callee: callee ? expression(callee) : other(span),
        args: args(field(node, "arguments")),
        ...(types.length > 0 ? { typeArgs: types.map((t) => t.text) } : {}),
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
    case "index_expression": {
      const [object, index] = named(node);
      if (!object || !index) return other(span);
      // `&host[..]` is all of it.
      return index.text === ".."
        ? expression(object)
        : { kind: "index", object: expression(object), index: expression(index), ...span };
    }
    case "assignment_expression": {
      const left = field(node, "left");
      const right = field(node, "right");
      if (!left || !right) return other(span);
      return { kind: "assign", target: expression(left), value: expression(right), operator: "=", ...span };
    }
    case "if_expression": {
      const condition = field(node, "condition");
      const then = names.block(() => [...boundBy(condition), ...block(field(node, "consequence"))]);
      const alternative = named(field(node, "alternative"))[0];
      const otherwise = alternative
        ? alternative.type === "if_expression"
          ? expression(alternative)
          : lastValue(block(alternative), span)
        : other(span);
      // `if let Ok(host) = env::var("HOST") { host } else { "localhost".into() }`
      const left = lastValue(then, span);
      if (alternative && isDefaulted(node)) return { kind: "binary", operator: "||", left, right: otherwise, ...span };
      return {
        kind: "conditional",
        test: condition ? expression(condition) : other(span),
        consequent: left,
        alternate: otherwise,
        ...span,
      };
    }
    case "match_expression": {
      const value = field(node, "value");
      const matched = value ? expression(value) : other(span);
      const arm = (a: SyntaxNode): Expr[] => names.block(() => armOf(a));
      const armOf = (a: SyntaxNode): Expr[] => {
        const v = field(a, "value");
        if (!v) return [];
        const bound = bindings(field(a, "pattern"), matched);
        const list: Stmt[] = v.type === "block" ? block(v) : [{ kind: "return", value: expression(v), ...spanOf(v) }];
        return [lastValue([...bound, ...list], spanOf(v))];
      };
      const cases = named(field(node, "body")).filter((a) => a.type === "match_arm");
      // `match env::var("HOST") { Ok(h) => h, Err(_) => "localhost" }`: the last is the default of the first.
      const patternOf = (a: SyntaxNode): string => field(a, "pattern")?.text ?? "";
      const isThere = cases.some((a) => THERE.test(patternOf(a)));
      const isNothing = (p: string): boolean => NOTHING.test(p) || (p === "_" && isThere);
      // An arm with a default of its own does not fall back to the other one.
      const hasOwn = cases.some((a) => !isNothing(patternOf(a)) && /\bunwrap_or/.test(field(a, "value")?.text ?? ""));
      const without = cases.length === 2 && !hasOwn ? cases.filter((a) => isNothing(patternOf(a))) : [];
      const arms = cases.filter((a) => without.length !== 1 || a !== without[0]).flatMap(arm);
      const missing = without.length === 1 ? arm(without[0] as SyntaxNode)[0] : undefined;
      const patterns = cases.map(patternOf);
      const said = cases.map((a) => field(a, "value")?.text ?? "");
      const chosen = switchOver(matched, patterns, arms, span) ?? variantSwitch(matched, patterns, arms, said, span);
      if (chosen) return chosen;
      if (missing && arms[0]) return { kind: "binary", operator: "||", left: arms[0], right: missing, ...span };
      const [head, ...rest] = arms;
      const all = rest.reduce<Expr | undefined>(
        (a, b) => a && { kind: "conditional", test: other(span), consequent: a, alternate: b, ...span },
        head,
      );
      if (matched.kind !== "call") return all ?? other(span);
      // `match env::var("PORT") { Ok(p) => p, … }`: what is matched is a possibility too.
      return {
        kind: "conditional",
        test: other(span),
        consequent: matched,
        alternate: all ?? other(span),
        ...span,
      };
    }
    case "block":
    case "async_block":
    case "unsafe_block":
      return lastValue(block(node.type === "block" ? node : named(node)[0]), span);
    case "closure_expression":
      return names.block(() => closure(node));
    case "tuple_expression":
    case "array_expression":
      return { kind: "array", items: named(node).map(expression), ...span };
    case "struct_expression":
      return structLiteral(node);
    case "return_expression":
      return other(span, named(node).map(expression));
    default:
      return other(span, named(node).map(expression));
  }
}

/** `|addr| …`: its parameters are in sight in it alone. */
function closure(node: SyntaxNode): Expr {
  const span = spanOf(node);
  const params = named(field(node, "parameters")).map((p) => ({
    pattern: pattern(field(p, "pattern") ?? p),
    ...spanOf(p),
  }));
  const inner = field(node, "body");
  const list: Stmt[] = !inner
    ? []
    : inner.type === "block"
      ? block(inner)
      : [{ kind: "return", value: expression(inner), ...spanOf(inner) }];
  return { kind: "function", fn: { name: undefined, params, body: list, ...span }, ...span };
}

/** `format!("{}:{}", host, port)`, `format!("{host}:{port}")`. */
function formatted(given: readonly SyntaxNode[], span: { start: number; end: number }): Expr {
  const pattern = given[0]?.text.replace(/^r?#*"|"#*$/g, "") ?? "";
  const values = given.slice(1);
  const out: Expr[] = [];
  let used = 0;
  let last = 0;
  for (const m of pattern.matchAll(/\{(\w*)[^}]*\}/g)) {
    if (m.index > last) out.push({ kind: "literal", value: pattern.slice(last, m.index), ...span });
    const word = m[1] ?? "";
    const called = values.find((v) => v.type === "assignment_expression" && field(v, "left")?.text === word);
    const value = called
      ? field(called, "right")
      : /^\d*$/.test(word)
        ? values[word ? Number(word) : used++]
        : undefined;
    out.push(
      value ? expression(value) : /^\d*$/.test(word) ? other(span) : { kind: "name", name: names.of(word), ...span },
    );
    last = m.index + m[0].length;
  }
  if (last < pattern.length) out.push({ kind: "literal", value: pattern.slice(last), ...span });
  return { kind: "text", parts: out, ...span };
}

function macro(node: SyntaxNode): Expr {
  const span = spanOf(node);
  const name = field(node, "macro")?.text ?? "";
  const tokens = named(node).find((n) => n.type === "token_tree");
  const first = tokens ? named(tokens)[0] : undefined;
  const given = /^(env|option_env)$/.test(name) && first ? [{ value: expression(first) }] : [];
  return { kind: "call", callee: { kind: "name", name: `${name}!`, ...span }, args: given, ...span };
}

/** A value that is there, by itself, or else another one. */
function isDefaulted(node: SyntaxNode): boolean {
  const condition = field(node, "condition");
  const pattern = condition?.type === "let_condition" ? field(condition, "pattern")?.text : undefined;
  const [only, ...others] = named(field(node, "consequence"));
  const held = pattern === undefined ? undefined : /^(?:Ok|Some)\((?:ref )?(\w+)\)$/.exec(pattern)?.[1];
  return (
    held !== undefined &&
    others.length === 0 &&
    only !== undefined &&
    new RegExp(`^\\*?${held}(\\.\\w+\\(\\))*\\??$`).test(only.text)
  );
}

function structLiteral(node: SyntaxNode): Expr {
  const name = field(node, "name");
  const type = name && pathOf(name.text.replace(/<.*$/s, ""), name);
  const entries = named(field(node, "body")).map((f): Entry => {
    const value = field(f, "value");
    const at = spanOf(f);
    if (f.type === "base_field_initializer") return { key: undefined, value: baseOf(f, type), spread: true, ...at };
    if (f.type === "shorthand_field_initializer")
      return { key: f.text, value: { kind: "name", name: names.of(f.text), ...at }, ...at };
    const key = field(f, "field")?.text ?? field(f, "name")?.text;
    return { key, value: value ? expression(value) : other(at), ...at };
  });
  // What it is made over lies below, wherever it stands.
  const below = entries.filter((e) => e.spread);
  return {
    kind: "object",
    entries: [...below, ...entries.filter((e) => !e.spread)],
    ...(type ? { type } : {}),
    ...spanOf(node),
  };
}

/** `..Default::default()` of a type is what the type says. */
function baseOf(node: SyntaxNode, type: Expr | undefined): Expr {
  const inner = named(node)[0];
  const span = spanOf(node);
  if (!inner) return other(span);
  if (!type || !/^(?:(?:std|core)::default::)?Default::default\(\)$/.test(inner.text)) return expression(inner);
  return { kind: "call", callee: { kind: "member", object: type, property: "default", ...span }, args: [], ...span };
}
