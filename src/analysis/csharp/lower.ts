/** C# lowered to the common tree. */
import type { Argument, Entry, Expr, FileTree, Stmt } from "../ir.ts";
import { each, other } from "../ir.ts";
import { casesOf, switchOfCSharp } from "../switches.ts";
import { field, named, type SyntaxNode, spanOf, withTree } from "../tree-sitter.ts";
import { classOf, fn, paramOf, paramsOf } from "./declarations.ts";
import { withoutDirectives } from "./directives.ts";
import { givenBy } from "./patterns.ts";
import { readInto, takenApart, targetsOf } from "./targets.ts";

export function lowerCSharp(text: string): FileTree | undefined {
  return withTree("csharp", withoutDirectives(text), (root) => ({ body: named(root).flatMap(statement) }));
}

export const block = (node: SyntaxNode | undefined): Stmt[] =>
  !node ? [] : /^(block|declaration_list)$/.test(node.type) ? named(node).flatMap(statement) : statement(node);

export function statement(node: SyntaxNode): Stmt[] {
  const span = spanOf(node);
  if (/^(?:class|record|struct|interface)_declaration$/.test(node.type)) return [classOf(node)];
  switch (node.type) {
    case "global_statement":
    case "file_scoped_namespace_declaration":
      return named(node).flatMap(statement);
    case "namespace_declaration":
      return block(field(node, "body"));
    case "local_function_statement":
      return [{ kind: "function", fn: fn(node), ...span }];
    case "local_declaration_statement":
    case "field_declaration":
    case "using_statement": {
      const declaration = named(node).find((n) => n.type === "variable_declaration");
      const out = named(declaration)
        .filter((n) => n.type === "variable_declarator")
        .flatMap((d): Stmt[] => {
          const name = field(d, "name") ?? named(d)[0];
          const value = named(d)
            .filter((n) => n.startIndex !== name?.startIndex)
            .at(-1);
          const inner = value?.type === "equals_value_clause" ? named(value)[0] : value;
          const targets = inner && targetsOf(name);
          if (targets) return takenApart(targets, expression(inner));
          return [
            {
              kind: "declare",
              pattern: { kind: "name", name: name?.text ?? "", ...spanOf(d) },
              value: inner && givenTo(inner, field(declaration as SyntaxNode, "type")),
              type: typeOf(field(declaration as SyntaxNode, "type")),
              ...spanOf(d),
            },
          ];
        });
      if (node.type !== "using_statement") return out;
      // `using (WebApp.Start(url)) { … }`
      const [held] = declaration ? [] : named(node).filter((n) => n.startIndex !== field(node, "body")?.startIndex);
      const whole: Stmt[] = held ? [{ kind: "expression", expr: expression(held), ...spanOf(held) }] : out;
      return [...whole, ...block(field(node, "body"))];
    }
    case "expression_statement": {
      const inner = named(node)[0];
      const right = inner?.type === "assignment_expression" ? field(inner, "right") : undefined;
      const targets = right && inner && targetsOf(field(inner, "left"));
      if (targets) return takenApart(targets, expression(right));
      return inner ? [{ kind: "expression", expr: expression(inner), ...span }] : [];
    }
    case "if_statement": {
      const condition = field(node, "condition");
      return [
        {
          kind: "if",
          test: condition ? expression(condition) : other(span),
          consequent: block(field(node, "consequence")),
          alternate: block(field(node, "alternative")),
          ...span,
        },
      ];
    }
    case "foreach_statement": {
      const left = field(node, "left");
      const right = field(node, "right");
      const item: Stmt[] =
        left?.type === "identifier" && right
          ? [
              {
                kind: "declare",
                pattern: { kind: "name", name: left.text, ...spanOf(left) },
                value: each(expression(right)),
                ...spanOf(left),
              },
            ]
          : [];
      return [{ kind: "block", role: "loop", body: [...item, ...block(field(node, "body"))], ...span }];
    }
    case "switch_statement": {
      const arms = casesOf(node, expression, (nodes) => nodes.flatMap(statement));
      return arms ? [{ kind: "block", role: "plain", body: arms, ...span }] : [];
    }
    case "lock_statement":
    case "unsafe_statement":
    case "fixed_statement":
    case "checked_statement":
      return named(node)
        .filter((n) => n.type === "block")
        .flatMap(statement);
    case "while_statement":
    case "do_statement":
    case "for_statement":
      return [{ kind: "block", role: "loop", body: block(field(node, "body")), ...span }];
    case "try_statement":
      return [
        { kind: "block", role: "try", body: block(field(node, "body")), ...span },
        ...named(node)
          .filter((n) => n.type === "catch_clause")
          .map((c): Stmt => ({ kind: "block", role: "catch", body: block(field(c, "body")), ...spanOf(c) })),
        ...named(node)
          .filter((n) => n.type === "finally_clause")
          .flatMap((f) => named(f).flatMap(statement)),
      ];
    case "block":
      return [{ kind: "block", role: "plain", body: block(node), ...span }];
    case "return_statement":
    case "arrow_expression_clause": {
      const value = named(node)[0];
      return [{ kind: "return", value: value ? expression(value) : undefined, ...span }];
    }
    case "throw_statement": {
      const value = named(node)[0];
      return [{ kind: "throw", value: value ? expression(value) : undefined, ...span }];
    }
    default:
      return [];
  }
}

/** What `get => x` and `get { return x; }` of a property give. */
export function getter(property: SyntaxNode): SyntaxNode | undefined {
  const get = named(field(property, "accessors")).find((a) => /^(\[[^\]]*\]\s*)?get\b/.test(a.text));
  const body = get && field(get, "body");
  const last = body?.type === "block" ? named(body).at(-1) : body;
  return last?.type === "return_statement" || last?.type === "arrow_expression_clause" ? named(last)[0] : undefined;
}

/** A declared type as a name; none where the compiler finds it out. */
export function typeOf(node: SyntaxNode | undefined): Expr | undefined {
  const inner = node?.type === "nullable_type" ? named(node)[0] : node;
  // `IOptions<WebOptions>` is told by what it wraps.
  if (/^(?:IOptions(?:Monitor|Snapshot)?|Lazy)</.test(inner?.text ?? "")) return typeOf(named(named(inner)[1])[0]);
  return inner && /^(identifier|qualified_name)$/.test(inner.type) && inner.text !== "var"
    ? expression(inner)
    : undefined;
}

export function args(node: SyntaxNode | undefined): Argument[] {
  return named(node).map((a) => {
    const inner = named(a).at(-1);
    const name = field(a, "name")?.text.replace(/:$/, "");
    const value = inner ? expression(inner) : other(spanOf(a));
    return name ? { name, value } : { value };
  });
}

export function expression(node: SyntaxNode): Expr {
  const span = spanOf(node);
  switch (node.type) {
    case "identifier":
    case "predefined_type":
      return { kind: "name", name: node.text, ...span };
    case "this":
    case "this_expression":
      return { kind: "name", name: "this", ...span };
    case "qualified_name": {
      const [head = "", ...rest] = node.text.split(".");
      return rest.reduce<Expr>((object, property) => ({ kind: "member", object, property, ...span }), {
        kind: "name",
        name: head,
        ...span,
      });
    }
    case "generic_name":
      return { kind: "name", name: named(node)[0]?.text ?? "", ...span };
    case "string_literal":
      return { kind: "literal", value: node.text.replace(/^"|"$/g, ""), ...span };
    case "verbatim_string_literal":
    case "raw_string_literal":
      return { kind: "literal", value: node.text.replace(/^[@$]*"+|"+$/g, ""), ...span };
    case "character_literal":
      return { kind: "literal", value: node.text.slice(1, -1), ...span };
    case "integer_literal":
    case "real_literal":
      return { kind: "literal", value: Number(node.text.replace(/[_uUlLfFdDmM]/g, "")), ...span };
    case "boolean_literal":
      return { kind: "literal", value: node.text === "true", ...span };
    case "null_literal":
      return { kind: "literal", value: null, ...span };
    case "interpolated_string_expression":
      return {
        kind: "text",
        parts: named(node)
          .filter((c) => c.type !== "interpolation_start")
          .map((c): Expr => {
            const inner = c.type === "interpolation" ? named(c).find((n) => !/interpolation/.test(n.type)) : undefined;
            return inner ? expression(inner) : { kind: "literal", value: c.text, ...spanOf(c) };
          }),
        ...span,
      };
    case "member_access_expression": {
      const object = field(node, "expression");
      const name = field(node, "name");
      return {
        kind: "member",
        object: object ? expression(object) : other(span),
        property: (name?.type === "generic_name" ? named(name)[0]?.text : name?.text) ?? "",
        ...span,
      };
    }
    case "conditional_access_expression": {
      const [object, access] = named(node);
      if (object && access?.type === "member_binding_expression")
        return { kind: "member", object: expression(object), property: field(access, "name")?.text ?? "", ...span };
      return object ? expression(object) : other(span);
    }
    case "invocation_expression": {
      const callee = field(node, "function");
      const given = field(node, "arguments");
      // `nameof(Options.Port)` is "Port".
      if (callee?.text === "nameof")
        return { kind: "literal", value: /(\w+)\W*$/.exec(given?.text ?? "")?.[1] ?? "", ...span };
      const type = /<(\w+)\??>$/.exec(callee?.text.slice(-80) ?? "")?.[1];
      const call: Expr = {
        kind: "call",
        callee: callee ? expression(callee) : other(span),
        args: args(given),
        ...(type ? { typeArgs: [type] } : {}),
        ...span,
      };
      const read = readInto(callee, given);
      return read ? other(span, [call, read]) : call;
    }
    case "object_creation_expression":
    case "implicit_object_creation_expression":
      return created(node);
    case "element_access_expression": {
      const object = field(node, "expression");
      const index = named(named(field(node, "subscript"))[0])[0];
      return {
        kind: "index",
        object: object ? expression(object) : other(span),
        index: index ? expression(index) : other(span),
        ...span,
      };
    }
    case "assignment_expression": {
      const left = field(node, "left");
      const right = field(node, "right");
      return left && right
        ? { kind: "assign", target: expression(left), value: expression(right), operator: "=", ...span }
        : other(span);
    }
    case "binary_expression": {
      const left = field(node, "left");
      const right = field(node, "right");
      const operator = field(node, "operator")?.text ?? "";
      return left && right
        ? {
            kind: "binary",
            operator: operator === "??" ? "||" : operator,
            left: expression(left),
            right: expression(right),
            ...span,
          }
        : other(span);
    }
    case "conditional_expression": {
      const [test, yes, no] = [field(node, "condition"), field(node, "consequence"), field(node, "alternative")];
      const it = givenBy(test, yes);
      if (it && no) return { kind: "binary", operator: "||", left: expression(it), right: expression(no), ...span };
      return test && yes && no
        ? {
            kind: "conditional",
            test: expression(test),
            consequent: expression(yes),
            alternate: expression(no),
            ...span,
          }
        : other(span);
    }
    case "switch_expression":
      return switchOfCSharp(node, expression) ?? other(span);
    case "await_expression":
    case "parenthesized_expression":
    case "cast_expression":
    case "postfix_unary_expression": {
      const inner = field(node, "value") ?? named(node).at(-1);
      return inner ? expression(inner) : other(span);
    }
    case "prefix_unary_expression": {
      const inner = named(node)[0];
      if (!inner) return other(span);
      return node.text.startsWith("!")
        ? { kind: "call", callee: { kind: "name", name: "!", ...span }, args: [{ value: expression(inner) }], ...span }
        : expression(inner);
    }
    case "lambda_expression":
    case "anonymous_method_expression": {
      const inner = field(node, "body") ?? named(node).find((n) => n.type === "block");
      const given = field(node, "parameters") ?? named(node).find((n) => n.type === "parameter_list");
      const isBare = given !== undefined && /identifier|implicit_parameter/.test(given.type);
      return {
        kind: "function",
        fn: {
          name: undefined,
          params: isBare ? [paramOf(given)] : paramsOf(given),
          body: !inner
            ? []
            : inner.type === "block"
              ? block(inner)
              : [{ kind: "return", value: expression(inner), ...spanOf(inner) }],
          ...span,
        },
        ...span,
      };
    }
    case "array_creation_expression":
    case "implicit_array_creation_expression":
    case "initializer_expression":
    case "collection_expression": {
      const holder =
        node.type === "initializer_expression" || node.type === "collection_expression"
          ? node
          : named(node).find((n) => n.type === "initializer_expression");
      return { kind: "array", items: named(holder).map(expression), ...span };
    }
    // `return (uri, null);`
    case "tuple_expression":
      return { kind: "array", items: named(node).map((a) => expression(named(a).at(-1) ?? a)), ...span };
    // The grammar takes `= ["a", "b"]` for it.
    case "element_binding_expression":
      return { kind: "array", items: named(node).map((a) => expression(named(a)[0] ?? a)), ...span };
    default:
      return other(span, named(node).map(expression));
  }
}

/** `Option<string> host = new("--host")` makes what is declared. */
function givenTo(value: SyntaxNode, declared: SyntaxNode | undefined): Expr {
  return value.type === "implicit_object_creation_expression" ? created(value, declared) : expression(value);
}

/** `{ { "host", "localhost" }, … }`, `{ ["host"] = "localhost", … }` of a dictionary. */
function pairsOf(initializer: SyntaxNode): Entry[] | undefined {
  const entries = named(initializer).map((item): Entry | undefined => {
    const [key, value] =
      item.type === "initializer_expression" ? named(item) : [field(item, "left"), field(item, "right")];
    const name = /^\[?"([^"\\]+)"\]?$/.exec(key?.text ?? "")?.[1];
    return name !== undefined && value ? { key: name, value: expression(value), ...spanOf(item) } : undefined;
  });
  return entries.length > 0 && entries.every((e) => e !== undefined) ? entries : undefined;
}

function created(node: SyntaxNode, declared?: SyntaxNode): Expr {
  const span = spanOf(node);
  const part = (name: string, type: string): SyntaxNode | undefined =>
    field(node, name) ?? named(node).find((n) => n.type === type);
  const type = field(node, "type") ?? (declared?.type === "implicit_type" ? undefined : declared);
  const made: Expr = {
    kind: "call",
    callee: type ? expression(type) : other(span),
    args: args(part("arguments", "argument_list")),
    isNew: true,
    ...span,
  };
  const initializer = part("initializer", "initializer_expression");
  const pairs = initializer && pairsOf(initializer);
  if (pairs) return { kind: "object", entries: pairs, ...span };
  // `new List<string> { a, b }`
  if (initializer && made.args.length === 0 && named(initializer).every((i) => !field(i, "left")))
    return { kind: "array", items: named(initializer).map(expression), ...span };
  if (!initializer && made.args.length === 0 && /^(?:\w+\.)*(?:List|HashSet|Collection)</.test(type?.text ?? ""))
    return { kind: "array", items: [], ...span };
  if (initializer)
    made.args.push({
      value: {
        kind: "object",
        entries: named(initializer).map((i): Entry => {
          const [left, right] = [field(i, "left"), field(i, "right")];
          return { key: left?.text, value: right ? expression(right) : expression(i), ...spanOf(i) };
        }),
        ...spanOf(initializer),
      },
    });
  return made;
}
