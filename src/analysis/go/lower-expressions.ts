/** Expressions and types of Go in the common tree. */
import { BlockNames } from "../block-names.ts";
import { type Argument, type Entry, type Expr, other, type Span } from "../ir.ts";
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
  const value: Expr = {
    kind: "call",
    callee: { kind: "name", name: "flag!", ...span },
    args: [{ value: called }, { value: fallback }, { value: expression(object) }],
    ...span,
  };
  return { kind: "assign", target, value, operator: "=", ...span };
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
  const of = (callee: Expr, given: Expr[]): Expr => {
    return { kind: "call", callee, args: given.map((value) => ({ value })), ...span };
  };
  const fallback: Expr = links.get("Default")?.[0] ?? { kind: "literal", value: "", ...span };
  const flag = of({ kind: "name", name: "flag!", ...span }, [name, fallback, expression(chain)]);
  const variable = links.get("Envar");
  const getenv: Expr = { kind: "member", object: { kind: "name", name: "os", ...span }, property: "Getenv", ...span };
  const value = variable ? of({ kind: "name", name: "or!", ...span }, [of(getenv, variable), flag]) : flag;
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
      return {
        kind: "call",
        callee: callee ? expression(callee) : other(span),
        args: args(field(node, "arguments")),
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
        return { kind: "array", items: named(body).map((e) => expression(e)), ...span };
      const made = type && typeExpr(type);
      const entries = withDestination(entriesOf(body), type);
      return { kind: "object", entries, ...(made ? { type: made } : {}), ...span };
    }
    case "literal_value": {
      const keyed = named(node).some((e) => e.type === "keyed_element");
      return keyed
        ? { kind: "object", entries: entriesOf(node), ...span }
        : { kind: "array", items: named(node).map(expression), ...span };
    }
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

function entriesOf(body: SyntaxNode | undefined): Entry[] {
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
    return { key: name, value: value ? expression(value) : other(spanOf(e)), ...spanOf(e) };
  });
}

/** `&cli.StringFlag{Name: "addr", Value: ":80", Destination: &c.addr}`: the flag is written where it says. */
function withDestination(entries: Entry[], type: SyntaxNode | undefined): Entry[] {
  const of = (key: string): Expr | undefined => entries.find((e) => e.key === key)?.value;
  const [target, called] = [of("Destination"), of("Name")];
  if (!type?.text.endsWith("Flag") || !called || (target?.kind !== "name" && target?.kind !== "member")) return entries;
  const { start, end } = target;
  const value: Expr = {
    kind: "call",
    callee: { kind: "name", name: "flag!", start, end },
    args: [called, of("Value") ?? other(target), { kind: "name", name: "cli", start, end } as const].map((v) => ({
      value: v,
    })),
    start,
    end,
  };
  return entries.map((e) =>
    e.key === "Destination" ? { ...e, value: { kind: "assign", target, value, operator: "=", start, end } } : e,
  );
}

function unquoted(text: string): string {
  if (!text.startsWith('"')) return text.replace(/^`|`$/g, "");
  try {
    return JSON.parse(text) as string;
  } catch {
    return text.slice(1, -1);
  }
}
