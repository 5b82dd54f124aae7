/** JavaScript and TypeScript: oxc's ESTree lowered to the common tree. */
import { parseSync } from "oxc-parser";
import type { Argument, Class, ClassMember, Entry, Expr, FileTree, Fn, Param, Span, Stmt } from "../ir.ts";
import { other } from "../ir.ts";
import { patternNames } from "../scope.ts";

/** A node as ESTree has it: fields by name. */
interface Node extends Span {
  type: string;
  // biome-ignore lint/suspicious/noExplicitAny: ESTree has 200 shapes; each is read where its type is known.
  [key: string]: any;
}

const LANG: Record<string, "js" | "jsx" | "ts" | "tsx"> = { ts: "ts", mts: "ts", cts: "ts", tsx: "tsx", jsx: "jsx" };

/** Undefined when nothing could be parsed. */
export function lowerJavaScript(path: string, text: string): FileTree | undefined {
  const extension = path.slice(path.lastIndexOf(".") + 1);
  const lang = LANG[extension] ?? "jsx";
  const parsed = parseSync(path, text, { lang, sourceType: "unambiguous", preserveParens: false });
  const body = (parsed.program as unknown as Node)["body"] as Node[];
  if (body.length === 0 && parsed.errors.length > 0) return undefined;
  return { body: statements(body) };
}

function statements(nodes: readonly Node[] | undefined): Stmt[] {
  const out: Stmt[] = [];
  for (const node of nodes ?? []) statement(node, out);
  return out;
}

function block(node: Node | null | undefined): Stmt[] {
  if (!node) return [];
  return node.type === "BlockStatement" ? statements(node["body"]) : statements([node]);
}

function statement(node: Node, out: Stmt[]): void {
  const span = { start: node.start, end: node.end };
  switch (node.type) {
    case "ExpressionStatement":
      out.push({ kind: "expression", expr: expression(node["expression"]), ...span });
      return;
    case "VariableDeclaration":
      for (const d of node["declarations"] as Node[]) {
        out.push({
          kind: "declare",
          pattern: pattern(d["id"]),
          value: d["init"] ? expression(d["init"]) : undefined,
          type: typeOf(d["id"]["typeAnnotation"]),
          start: d.start,
          end: d.end,
        });
      }
      return;
    case "FunctionDeclaration":
    case "TSDeclareFunction":
      if (node["body"]) out.push({ kind: "function", fn: fn(node), ...span });
      return;
    case "ClassDeclaration":
      out.push({ kind: "class", class: classOf(node), ...span });
      return;
    case "IfStatement":
      out.push({
        kind: "if",
        test: expression(node["test"]),
        consequent: block(node["consequent"]),
        alternate: block(node["alternate"]),
        ...span,
      });
      return;
    case "SwitchStatement": {
      const test = expression(node["discriminant"]);
      for (const c of node["cases"] as Node[])
        out.push({
          kind: "if",
          test,
          consequent: statements(c["consequent"]),
          alternate: [],
          start: c.start,
          end: c.end,
        });
      return;
    }
    case "ForStatement":
    case "ForInStatement":
    case "ForOfStatement":
    case "WhileStatement":
    case "DoWhileStatement": {
      const body: Stmt[] = [];
      for (const key of ["init", "left"]) if (node[key]?.type === "VariableDeclaration") statement(node[key], body);
      const head = ["init", "left", "test", "right", "update"]
        .filter((k) => node[k] && node[k].type !== "VariableDeclaration")
        .map((k) => expression(node[k]));
      out.push({ kind: "block", role: "loop", head, body: [...body, ...block(node["body"])], ...span });
      return;
    }
    case "TryStatement":
      out.push({ kind: "block", role: "try", body: block(node["block"]), ...span });
      if (node["handler"])
        out.push({ kind: "block", role: "catch", body: block(node["handler"]["body"]), ...spanOf(node["handler"]) });
      if (node["finalizer"]) out.push({ kind: "block", role: "plain", body: block(node["finalizer"]), ...span });
      return;
    case "BlockStatement":
    case "StaticBlock":
      out.push({ kind: "block", role: "plain", body: statements(node["body"]), ...span });
      return;
    case "LabeledStatement":
    case "WithStatement":
      statement(node["body"], out);
      return;
    case "ReturnStatement":
      out.push({ kind: "return", value: node["argument"] ? expression(node["argument"]) : undefined, ...span });
      return;
    case "ThrowStatement":
      out.push({ kind: "throw", value: expression(node["argument"]), ...span });
      return;
    case "ImportDeclaration":
      if (node["importKind"] === "type") return;
      out.push({
        kind: "import",
        module: node["source"].value,
        names: (node["specifiers"] as Node[]).map((s) => ({
          imported: s.type === "ImportSpecifier" ? named(s["imported"]) : undefined,
          local: s["local"].name,
        })),
        ...span,
      });
      return;
    case "TSImportEqualsDeclaration":
      if (node["moduleReference"].type === "TSExternalModuleReference")
        out.push({
          kind: "import",
          module: node["moduleReference"].expression.value,
          names: [{ imported: undefined, local: node["id"].name }],
          ...span,
        });
      return;
    case "ExportDefaultDeclaration": {
      const d = node["declaration"] as Node;
      if (d.type === "FunctionDeclaration" && d["id"]) {
        statement(d, out);
        out.push({ kind: "export", exported: "default", local: d["id"].name, ...span });
      } else if (d.type === "ClassDeclaration" && d["id"]) {
        statement(d, out);
        out.push({ kind: "export", exported: "default", local: d["id"].name, ...span });
      } else out.push({ kind: "export", exported: "default", value: expression(d), ...span });
      return;
    }
    case "TSExportAssignment":
      out.push({ kind: "export", exported: "default", value: expression(node["expression"]), ...span });
      return;
    case "ExportAllDeclaration":
      out.push({
        kind: "export",
        exported: node["exported"] ? (named(node["exported"]) ?? "*") : "*",
        module: node["source"].value,
        ...span,
      });
      return;
    case "ExportNamedDeclaration": {
      if (node["declaration"]) {
        const before = out.length;
        statement(node["declaration"], out);
        for (const s of out.slice(before)) {
          for (const name of declared(s)) out.push({ kind: "export", exported: name, local: name, ...span });
        }
      }
      for (const s of (node["specifiers"] ?? []) as Node[])
        out.push({
          kind: "export",
          exported: named(s["exported"]) ?? "default",
          local: named(s["local"]),
          module: node["source"]?.value,
          ...span,
        });
      return;
    }
    case "TSModuleDeclaration":
      if (node["body"]?.body) out.push(...statements(node["body"].body));
      return;
    case "TSEnumDeclaration": {
      const members = (node["body"]?.members ?? node["members"] ?? []) as Node[];
      out.push({
        kind: "declare",
        pattern: { kind: "name", name: node["id"].name, ...span },
        value: {
          kind: "object",
          entries: members.map((m) => ({
            key: keyName(m["id"]),
            value: m["initializer"] ? expression(m["initializer"]) : other(m),
            start: m.start,
            end: m.end,
          })),
          ...span,
        },
        ...span,
      });
      return;
    }
  }
}

function declared(s: Stmt): string[] {
  if (s.kind === "function") return s.fn.name ? [s.fn.name] : [];
  if (s.kind === "class") return s.class.name ? [s.class.name] : [];
  return s.kind === "declare" ? patternNames(s.pattern) : [];
}

const spanOf = (node: Span): Span => ({ start: node.start, end: node.end });
const named = (node: Node | null | undefined): string | undefined => node?.["name"] ?? node?.["value"];

function keyName(node: Node, computed = false): string | undefined {
  if (!computed && node.type === "Identifier") return node["name"];
  if (node.type === "PrivateIdentifier") return `#${node["name"]}`;
  if (node.type === "Literal") return String(node["value"]);
  return undefined;
}

/** A binding pattern: names, objects, arrays, and `name = default` as a binary `=`. */
function pattern(node: Node): Expr {
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

function typeOf(annotation: Node | null | undefined): Expr | undefined {
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

function fn(node: Node): Fn {
  const params = ((node["params"]?.items ?? node["params"] ?? []) as Node[]).map((p): Param => {
    const inner = p.type === "TSParameterProperty" ? (p["parameter"] as Node) : p;
    const target = inner.type === "AssignmentPattern" ? (inner["left"] as Node) : inner;
    return {
      pattern: pattern(target),
      default: inner.type === "AssignmentPattern" ? expression(inner["right"]) : undefined,
      type: typeOf(target["typeAnnotation"]),
      rest: inner.type === "RestElement",
      field: p.type === "TSParameterProperty",
      ...spanOf(p),
    };
  });
  const body = node["body"] as Node;
  return {
    name: node["id"]?.name,
    params,
    async: node["async"] === true,
    body:
      body.type === "BlockStatement" || body.type === "FunctionBody"
        ? statements(body["body"] ?? body["statements"])
        : [{ kind: "return", value: expression(body), ...spanOf(body) }],
    ...spanOf(node),
  };
}

function classOf(node: Node): Class {
  const members: ClassMember[] = [];
  for (const m of (node["body"].body ?? []) as Node[]) {
    const name = m["key"] ? keyName(m["key"], m["computed"]) : undefined;
    const common = { start: m.start, end: m.end, static: m["static"] === true, decorators: decorators(m) };
    if (m.type === "MethodDefinition" && m["value"]?.body) {
      members.push({ name: name ?? "", fn: { ...fn(m["value"]), name, decorators: decorators(m) }, ...common });
    } else if (m.type === "PropertyDefinition" || m.type === "AccessorProperty") {
      members.push({
        name: name ?? "",
        value: m["value"] ? expression(m["value"]) : undefined,
        type: typeOf(m["typeAnnotation"]),
        ...common,
      });
    } else if (m.type === "StaticBlock") {
      members.push({
        name: "",
        fn: { name: undefined, params: [], body: statements(m["body"]), ...spanOf(m) },
        ...common,
      });
    }
  }
  return {
    name: node["id"]?.name,
    bases: node["superClass"] ? [expression(node["superClass"])] : [],
    members,
    decorators: decorators(node),
    ...spanOf(node),
  };
}

function decorators(node: Node): Expr[] {
  return ((node["decorators"] ?? []) as Node[]).map((d) => expression(d["expression"]));
}

function args(nodes: readonly Node[]): Argument[] {
  return nodes.map((a) =>
    a.type === "SpreadElement" ? { value: expression(a["argument"]), spread: true } : { value: expression(a) },
  );
}

const ELSE = new Set(["||", "??"]);

function expression(node: Node): Expr {
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
      if (node["operator"] === "!")
        return {
          kind: "call",
          callee: { kind: "name", name: "!", ...span },
          args: [{ value: expression(node["argument"]) }],
          ...span,
        };
      if (node["operator"] === "void") return { kind: "literal", value: null, ...span };
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
      return { kind: "call", callee: expression(node["callee"]), args: args(node["arguments"]), ...span };
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
        entries: (node["properties"] as Node[]).map(
          (p): Entry =>
            p.type === "SpreadElement"
              ? { key: undefined, spread: true, value: expression(p["argument"]), ...spanOf(p) }
              : {
                  key: keyName(p["key"], p["computed"]),
                  value: expression(p["value"]),
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
