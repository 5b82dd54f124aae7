/** Expressions, patterns and type names of JavaScript and TypeScript in the common tree. */
import { type Argument, type Call, type Entry, type Expr, other } from "../ir.ts";
import { keyName, type Node, spanOf } from "./estree.ts";
import { classOf, fn } from "./lower.ts";

/** A binding pattern: names, objects, arrays, and `name = default` as a binary `=`. */
export function pattern(node: Node): Expr {
  const span = spanOf(node);
  switch (node.type) {
    case "Identifier":
      return { kind: "name", name: node["name"], ...span };
    case "ObjectPattern":
      return {
        kind: "object",
        entries: (node["properties"] as Node[]).map(
          (p): Entry =>
            p.type === "RestElement"
              ? { key: undefined, spread: true, value: pattern(p["argument"]), ...spanOf(p) }
              : { key: keyName(p["key"], p["computed"]), value: pattern(p["value"]), ...spanOf(p) },
        ),
        ...span,
      };
    case "ArrayPattern":
      return {
        kind: "array",
        items: (node["elements"] as (Node | null)[]).map((e) => (e ? pattern(e) : other(span))),
        ...span,
      };
    case "AssignmentPattern":
      return { kind: "binary", operator: "=", left: pattern(node["left"]), right: expression(node["right"]), ...span };
    case "RestElement":
      return pattern(node["argument"]);
    case "TSParameterProperty":
      return pattern(node["parameter"]);
    default:
      return expression(node);
  }
}

export function typeOf(annotation: Node | null | undefined): Expr | undefined {
  const node = annotation?.type === "TSTypeAnnotation" ? (annotation["typeAnnotation"] as Node) : annotation;
  if (node?.type !== "TSTypeReference") return undefined;
  return typeName(node["typeName"]);
}

function typeName(node: Node): Expr | undefined {
  if (node.type === "Identifier") return { kind: "name", name: node["name"], ...spanOf(node) };
  if (node.type !== "TSQualifiedName") return undefined;
  const object = typeName(node["left"]);
  return object && { kind: "member", object, property: node["right"].name, ...spanOf(node) };
}

export function decorators(node: Node): Expr[] {
  return ((node["decorators"] ?? []) as Node[]).map((d) => expression(d["expression"]));
}

function args(nodes: readonly Node[]): Argument[] {
  return nodes.map((a) =>
    a.type === "SpreadElement" ? { value: expression(a["argument"]), spread: true } : { value: expression(a) },
  );
}

const ELSE = new Set(["||", "??"]);

/** `{ get port() { … } }`: to read it is to call it. */
function read(callee: Expr, node: Node): Expr {
  return { kind: "call", callee, args: [], ...spanOf(node) };
}

export function expression(node: Node): Expr {
  const span = spanOf(node);
  switch (node.type) {
    case "Identifier":
    case "JSXIdentifier":
      return { kind: "name", name: node["name"], ...span };
    case "ThisExpression":
      return { kind: "name", name: "this", ...span };
    case "Super":
      return { kind: "name", name: "super", ...span };
    case "Literal": {
      const value = node["value"];
      if (node["regex"] || typeof value === "bigint") return other(span);
      return { kind: "literal", value, ...span };
    }
    case "TemplateLiteral": {
      const parts: Expr[] = [];
      (node["quasis"] as Node[]).forEach((q, i) => {
        const value = q["value"].cooked ?? "";
        if (value !== "") parts.push({ kind: "literal", value, ...spanOf(q) });
        const inner = node["expressions"][i];
        if (inner) parts.push(expression(inner));
      });
      return { kind: "text", parts, ...span };
    }
    case "ChainExpression":
    case "AwaitExpression":
    case "TSAsExpression":
    case "TSSatisfiesExpression":
    case "TSNonNullExpression":
    case "TSTypeAssertion":
    case "TSInstantiationExpression":
    case "ParenthesizedExpression":
      return expression(node["expression"] ?? node["argument"]);
    case "UnaryExpression":
      if (node["operator"] === "+") return expression(node["argument"]);
      if (node["operator"] === "!" || node["operator"] === "delete")
        return {
          kind: "call",
          callee: { kind: "name", name: node["operator"], ...span },
          args: [{ value: expression(node["argument"]) }],
          ...span,
        };
      if (node["operator"] === "-" && typeof (node["argument"] as Node)["value"] === "number")
        return { kind: "literal", value: -(node["argument"] as Node)["value"], ...span };
      // `void 0` is undefined; `void server.listen(8080)` does what it says.
      if (node["operator"] === "void" && (node["argument"] as Node).type === "Literal")
        return { kind: "literal", value: null, ...span };
      return other(span, [expression(node["argument"])]);
    case "MemberExpression": {
      const object = expression(node["object"]);
      if (!node["computed"]) return { kind: "member", object, property: keyName(node["property"]) ?? "", ...span };
      const index = expression(node["property"]);
      if (index.kind === "literal" && typeof index.value === "string")
        return { kind: "member", object, property: index.value, ...span };
      return { kind: "index", object, index, ...span };
    }
    case "CallExpression":
      return direct({ kind: "call", callee: expression(node["callee"]), args: args(node["arguments"]), ...span });
    case "NewExpression":
      return { kind: "call", callee: expression(node["callee"]), args: args(node["arguments"]), isNew: true, ...span };
    case "ImportExpression":
      return {
        kind: "call",
        callee: { kind: "name", name: "import", ...span },
        args: [{ value: expression(node["source"]) }],
        ...span,
      };
    case "SequenceExpression": {
      const all = (node["expressions"] as Node[]).map(expression);
      const last = all.at(-1);
      // `(0, module.name)(…)` is how compilers call an import.
      if (last && all.slice(0, -1).every((e) => e.kind === "literal")) return last;
      return other(span, all);
    }
    case "LogicalExpression":
    case "BinaryExpression": {
      const operator = ELSE.has(node["operator"]) ? "||" : node["operator"];
      return { kind: "binary", operator, left: expression(node["left"]), right: expression(node["right"]), ...span };
    }
    case "ConditionalExpression":
      return {
        kind: "conditional",
        test: expression(node["test"]),
        consequent: expression(node["consequent"]),
        alternate: expression(node["alternate"]),
        ...span,
      };
    case "AssignmentExpression":
      return {
        kind: "assign",
        target: pattern(node["left"]),
        value: expression(node["right"]),
        operator: node["operator"],
        ...span,
      };
    case "ObjectExpression":
      return {
        kind: "object",
        // What a setter does with a value says nothing of what is read.
        entries: (node["properties"] as Node[])
          .filter((p) => p["kind"] !== "set")
          .map(
            (p): Entry =>
              p.type === "SpreadElement"
                ? { key: undefined, spread: true, value: expression(p["argument"]), ...spanOf(p) }
                : {
                    key: keyName(p["key"], p["computed"]),
                    value: p["kind"] === "get" ? read(expression(p["value"]), p) : expression(p["value"]),
                    shorthand: p["shorthand"] === true,
                    ...spanOf(p),
                  },
          ),
        ...span,
      };
    case "ArrayExpression":
      return {
        kind: "array",
        items: (node["elements"] as (Node | null)[]).map((e) =>
          e ? expression(e.type === "SpreadElement" ? e["argument"] : e) : other(span),
        ),
        ...span,
      };
    case "ArrowFunctionExpression":
    case "FunctionExpression":
    case "FunctionDeclaration":
      return { kind: "function", fn: fn(node), ...span };
    case "ClassExpression":
    case "ClassDeclaration":
      return other(span, [], [{ kind: "class", class: classOf(node), ...span }]);
    case "TaggedTemplateExpression":
      return other(span, [expression(node["quasi"])]);
    case "YieldExpression":
      // What a generator hands on from another one it gets back from there: Effect's `yield* Config.string("HOST")`.
      if (node["delegate"] && (node["argument"] as Node).type === "CallExpression") return expression(node["argument"]);
      return node["argument"] ? other(span, [expression(node["argument"])]) : other(span);
    case "JSXElement":
    case "JSXFragment":
      return other(
        span,
        (node["children"] as Node[])
          .filter((c) => c.type === "JSXExpressionContainer")
          .map((c) => expression(c["expression"])),
      );
    case "SpreadElement":
      return expression(node["argument"]);
    default:
      return other(span);
  }
}

/** `server.listen.apply(server, args)`, `server.listen.call(server, 8080)`: the call that is meant. */
function direct(call: Call): Call {
  const { callee, args: given } = call;
  if (callee.kind !== "member" || !/^(apply|call)$/.test(callee.property)) return call;
  const inner = callee.object;
  if (inner.kind !== "member" || inner.property !== "listen") return call;
  const rest = given.slice(1);
  return {
    ...call,
    callee: inner,
    args: callee.property === "call" ? rest : rest.map((a) => ({ ...a, spread: true })),
  };
}
