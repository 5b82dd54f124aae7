/** Expressions and types of Go in the common tree. */

import { type Argument, type Entry, type Expr, lastName, other, type Span } from "../ir.ts";
import { BlockNames } from "../scope/block-names.ts";
import { field, named, type SyntaxNode, spanOf } from "../tree-sitter.ts";
import { fn, structOf } from "./lower.ts";

/** Of the variables where the file that is being read stands. */
export const names = new BlockNames();

export function typeExpr(node: SyntaxNode): Expr | undefined {
  const span = spanOf(node);
  switch (node.type) {
    case "pointer_type":
    case "parenthesized_type": {
      const inner = named(node)[0];
      return inner && typeExpr(inner);
    }
    case "type_identifier":
      return { kind: "name", name: node.text, ...span };
    // `Option[string]`: what it is made for says nothing of its fields.
    case "generic_type": {
      const of = field(node, "type");
      return of && typeExpr(of);
    }
    case "qualified_type": {
      const pkg = field(node, "package");
      return (
        pkg && {
          kind: "member",
          object: { kind: "name", name: pkg.text, ...spanOf(pkg) },
          property: field(node, "name")?.text ?? "",
          ...span,
        }
      );
    }
    // `map[string]*Config`, `[]Server`: a map or a list of what its values are.
    case "map_type":
    case "slice_type": {
      const inner = field(node, node.type === "map_type" ? "value" : "element");
      const of = inner && typeExpr(inner);
      const name = node.type === "map_type" ? "map!" : "list!";
      return of && { kind: "call", callee: { kind: "name", name, ...span }, args: [{ value: of }], ...span };
    }
    // A struct without a name: `Server struct { Host string }`.
    case "struct_type":
      return other(span, [], [{ kind: "class", class: structOf(undefined, node, node), ...span }]);
    default:
      return undefined;
  }
}

function args(node: SyntaxNode | undefined): Argument[] {
  return named(node).map((a) =>
    a.type === "variadic_argument" ? { value: expression(named(a)[0] ?? a), spread: true } : { value: expression(a) },
  );
}

/**
 * `flag.StringVar(&address, "address", ":8080", …)` gives `address` the flag of that name, of whatever library: a call of
 * `flag!` with its name, its default and what declares it.
 */
function flagVariable(callee: SyntaxNode, given: SyntaxNode | undefined, span: Span): Expr | undefined {
  const name = callee.type === "selector_expression" ? field(callee, "field")?.text : undefined;
  const m = name && /^(?:String|U?[iI]nt(?:16|32|64)?|Bool|IP)Var(P?)$/.exec(name);
  const object = field(callee, "operand");
  const [target, called, ...rest] = args(given).map((a) => a.value);
  if (m && object && target && !called) return chainedFlag(object, target, span);
  const fallback = m ? rest[m[1] ? 1 : 0] : undefined;
  if (!m || !object || !called || !fallback || (target?.kind !== "name" && target?.kind !== "member")) return undefined;
  const value = flagCall(target, called, fallback, expression(object), span);
  return { kind: "assign", target, value, operator: "=", ...span };
}

/** @param by what declares the flag */
function flagCall(target: Expr, called: Expr, fallback: Expr, by: Expr, span: Span): Expr {
  // `StringVar(&c.Host, "host", c.Host, …)`: it is what the field holds anyway.
  const usual: Expr = isSame(target, fallback) ? { kind: "name", name: NONE, ...span } : fallback;
  const args = [called, usual, by].map((value) => ({ value }));
  return { kind: "call", callee: { kind: "name", name: "flag!", ...span }, args, ...span };
}

/** Of a flag without a default of its own. */
export const NONE = "none!";

function isSame(a: Expr, b: Expr): boolean {
  if (a.kind === "member") return b.kind === "member" && a.property === b.property && isSame(a.object, b.object);
  return a.kind === "name" && b.kind === "name" && a.name === b.name;
}

/** `flag` unless one of the variables is set. */
function orVariables(variables: readonly Expr[], flag: Expr, span: Span): Expr {
  if (variables.length === 0) return flag;
  const getenv: Expr = { kind: "member", object: { kind: "name", name: "os", ...span }, property: "Getenv", ...span };
  const of = (callee: Expr, args: readonly Expr[]): Expr => {
    return { kind: "call", callee, args: args.map((value) => ({ value })), ...span };
  };
  return of({ kind: "name", name: "or!", ...span }, [...variables.map((v) => of(getenv, [v])), flag]);
}

/** `app.Flag("address", "…").Default(":80").Envar("ADDRESS").StringVar(&address)`: the same, link by link. */
function chainedFlag(chain: SyntaxNode, target: Expr, span: Span): Expr | undefined {
  if (target.kind !== "name" && target.kind !== "member") return undefined;
  const links = new Map<string, Expr[]>();
  for (let at: SyntaxNode | undefined = chain; at?.type === "call_expression"; ) {
    const callee: SyntaxNode | undefined = field(at, "function");
    const given = args(field(at, "arguments")).map((a) => a.value);
    links.set(callee?.type === "selector_expression" ? (field(callee, "field")?.text ?? "") : "", given);
    at = callee && field(callee, "operand");
  }
  const [name] = links.get("Flag") ?? [];
  if (!name) return undefined;
  const fallback: Expr = links.get("Default")?.[0] ?? { kind: "literal", value: "", ...span };
  const flag = flagCall(target, name, fallback, expression(chain), span);
  const value = orVariables((links.get("Envar") ?? []).slice(0, 1), flag, span);
  return { kind: "assign", target, value, operator: "=", ...span };
}

/**
 * `setter.SetDefault(&conf.Address, os.Getenv("ADDRESS"), "localhost:80")`: the first that is given is what the variable is,
 * where it has no value yet.
 */
function defaultVariable(callee: SyntaxNode, given: SyntaxNode | undefined, span: Span): Expr | undefined {
  const first = named(given)[0];
  if (field(callee, "field")?.text !== "SetDefault" || !first?.text.startsWith("&")) return undefined;
  const [target, ...defaults] = args(given);
  if (!target || defaults.length === 0 || (target.value.kind !== "name" && target.value.kind !== "member"))
    return undefined;
  const value: Expr = { kind: "call", callee: { kind: "name", name: "or!", ...span }, args: defaults, ...span };
  return { kind: "assign", target: target.value, value, operator: "=", ...span };
}

const OPERATORS: Record<string, string> = { "==": "===", "!=": "!==" };

export function expression(node: SyntaxNode): Expr {
  const span = spanOf(node);
  switch (node.type) {
    case "identifier":
      return { kind: "name", name: names.of(node.text), ...span };
    case "field_identifier":
    case "type_identifier":
    case "package_identifier":
      return { kind: "name", name: node.text, ...span };
    case "nil":
      return { kind: "literal", value: null, ...span };
    case "true":
    case "false":
      return { kind: "literal", value: node.type === "true", ...span };
    case "int_literal":
    case "float_literal":
      return { kind: "literal", value: Number(node.text.replaceAll("_", "")), ...span };
    case "interpreted_string_literal":
      return { kind: "literal", value: unquoted(node.text), ...span };
    case "rune_literal":
      return { kind: "literal", value: node.text.slice(1, -1), ...span };
    case "raw_string_literal":
      return { kind: "literal", value: node.text.slice(1, -1), ...span };
    case "selector_expression":
    case "qualified_type": {
      const object = field(node, "operand") ?? field(node, "package");
      const property = field(node, "field") ?? field(node, "name");
      return {
        kind: "member",
        object: object ? expression(object) : other(span),
        property: property?.text ?? "",
        ...span,
      };
    }
    case "index_expression": {
      const object = field(node, "operand");
      const index = field(node, "index");
      return {
        kind: "index",
        object: object ? expression(object) : other(span),
        index: index ? expression(index) : other(span),
        ...span,
      };
    }
    case "call_expression": {
      const callee = field(node, "function");
      const given = field(node, "arguments");
      const flag = callee && (flagVariable(callee, given, span) ?? defaultVariable(callee, given, span));
      if (flag) return flag;
      const made = callee?.text === "new" ? named(field(node, "arguments"))[0] : undefined;
      const type = made && typeExpr(made);
      if (type) return { kind: "object", entries: [], type, ...span };
      // `env.ParseAs[Settings]()` looks like a function that a map holds.
      const types = callee?.type === "index_expression" ? [field(callee, "index")?.text ?? ""] : [];
      return {
        kind: "call",
        callee: callee ? expression(callee) : other(span),
        args: args(field(node, "arguments")),
        ...(types.length > 0 ? { typeArgs: types } : {}),
        ...span,
      };
    }
    case "parenthesized_expression":
    case "literal_element":
    case "expression_list": {
      const inner = named(node);
      return inner[0] && inner.length === 1
        ? expression(inner[0])
        : { kind: "array", items: inner.map(expression), ...span };
    }
    case "unary_expression": {
      const operand = field(node, "operand");
      const operator = field(node, "operator")?.text;
      if (!operand) return other(span);
      if (operator === "&" || operator === "*" || operator === "<-") return expression(operand);
      if (operator === "!")
        return {
          kind: "call",
          callee: { kind: "name", name: "!", ...span },
          args: [{ value: expression(operand) }],
          ...span,
        };
      return other(span, [expression(operand)]);
    }
    case "binary_expression": {
      const operator = field(node, "operator")?.text ?? "";
      const left = field(node, "left");
      const right = field(node, "right");
      if (!left || !right) return other(span);
      return {
        kind: "binary",
        operator: OPERATORS[operator] ?? operator,
        left: expression(left),
        right: expression(right),
        ...span,
      };
    }
    case "composite_literal": {
      const type = field(node, "type");
      const body = field(node, "body");
      if (type && /slice_type|array_type|implicit_length/.test(type.type))
        return { kind: "array", items: named(body).map((e) => itemOf(e, field(type, "element"))), ...span };
      const made = type && type.type !== "map_type" ? typeExpr(type) : undefined;
      const held = type?.type === "map_type" ? field(type, "value") : undefined;
      const entries = withDestination(body, type?.text ?? "", held);
      return { kind: "object", entries, ...(made ? { type: made } : {}), ...span };
    }
    case "literal_value": {
      const keyed = named(node).some((e) => e.type === "keyed_element");
      return keyed
        ? { kind: "object", entries: withDestination(node, ""), ...span }
        : { kind: "array", items: named(node).map(expression), ...span };
    }
    // `make(map[string]*Config)`
    case "map_type":
      return typeExpr(node) ?? other(span);
    case "func_literal":
      return { kind: "function", fn: fn(node), ...span };
    case "type_assertion_expression": {
      const operand = field(node, "operand");
      const of = field(node, "type");
      const type = of && typeExpr(of);
      if (!operand || !type) return operand ? expression(operand) : other(span);
      const given = [expression(operand), type].map((value) => ({ value }));
      return { kind: "call", callee: { kind: "name", name: "as!", ...span }, args: given, ...span };
    }
    case "type_conversion_expression": {
      const operand = field(node, "operand");
      return operand ? expression(operand) : other(span);
    }
    default:
      return other(span, named(node).map(expression));
  }
}

/** `[]Endpoint{{"api", "localhost:80"}}`: an item of a list or of a map, whose type the list says. */
function itemOf(node: SyntaxNode, type: SyntaxNode | undefined): Expr {
  const inner = node.type === "literal_element" ? named(node)[0] : node;
  const of = type?.type === "pointer_type" ? named(type)[0] : type;
  const made = of && /^(?:type_identifier|qualified_type)$/.test(of.type) ? typeExpr(of) : undefined;
  if (inner?.type !== "literal_value" || !made) return expression(node);
  return { kind: "object", entries: withDestination(inner, of?.text ?? ""), type: made, ...spanOf(inner) };
}

function entriesOf(body: SyntaxNode | undefined, type?: SyntaxNode): Entry[] {
  return named(body).map((e): Entry => {
    if (e.type !== "keyed_element") return { key: undefined, value: expression(e), ...spanOf(e) };
    const [key, value] = named(e);
    const inner = key?.type === "literal_element" ? named(key)[0] : key;
    const name =
      inner?.type === "identifier" || inner?.type === "field_identifier"
        ? inner.text
        : inner
          ? unquoted(inner.text)
          : undefined;
    return { key: name, value: value ? itemOf(value, type) : other(spanOf(e)), ...spanOf(e) };
  });
}

/**
 * `&cli.StringFlag{Name: "addr", Value: ":80", Destination: &c.addr}`, `{Name: "addr", Target: &c.addr, Default: ":80"}`: the
 * flag is written where it says, by a library or by the program itself.
 */
function withDestination(body: SyntaxNode | undefined, type: string, held?: SyntaxNode): Entry[] {
  const entries = entriesOf(body, held);
  const of = (key: string): Expr | undefined => entries.find((e) => e.key === key)?.value;
  const isFlag = type.endsWith("Flag");
  const pointers = named(body).flatMap((e, i) => (/:\s*&[\w.]+$/.test(e.text) ? (entries[i] ?? []) : []));
  const filled = isFlag
    ? entries.find((e) => e.key === "Destination")
    : pointers.length === 1
      ? pointers[0]
      : undefined;
  const target = filled?.value;
  if (!filled || (target?.kind !== "name" && target?.kind !== "member")) return entries;
  const { start, end } = target;
  const called = of("Name") ?? { kind: "literal", value: lastName(target) ?? "", start, end };
  const none: Expr = { kind: "name", name: NONE, start, end };
  const fallback = isFlag ? (of("Value") ?? none) : (of("Default") ?? of("DefaultValue"));
  if (!fallback || (isFlag && !of("Name"))) return entries;
  const sources = of("EnvVars") ?? of("Sources");
  const variables =
    sources?.kind === "array" ? sources.items : sources?.kind === "call" ? sources.args.map((a) => a.value) : [];
  const flag = flagCall(target, called, fallback, { kind: "name", name: "cli", start, end }, { start, end });
  const value = orVariables(variables, flag, { start, end });
  const given: Expr = { kind: "assign", target, value, operator: "=", start, end };
  return entries.map((e) => (e === filled ? { ...e, value: given } : e));
}

function unquoted(text: string): string {
  if (!text.startsWith('"')) return text.replace(/^`|`$/g, "");
  try {
    return JSON.parse(text) as string;
  } catch {
    return text.slice(1, -1);
  }
}
