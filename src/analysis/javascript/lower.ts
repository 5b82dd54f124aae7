/** JavaScript and TypeScript: oxc's ESTree lowered to the common tree: statements, functions, classes. */
import { parseScript } from "../../base/ecmascript.ts";
import {
  type Binary,
  type Class,
  type ClassMember,
  type Expr,
  each,
  eachKey,
  type FileTree,
  type Fn,
  other,
  type Param,
  type Stmt,
} from "../ir.ts";
import { patternNames } from "../scope/scope.ts";
import { keyName, type Node, named, spanOf } from "./estree.ts";
import { parseFlow } from "./flow.ts";
import { decorators, expression, pattern, typeOf } from "./lower-expressions.ts";
import { withPrototypes } from "./prototypes.ts";

const LANG: Record<string, "js" | "jsx" | "ts" | "tsx"> = { ts: "ts", mts: "ts", cts: "ts", tsx: "tsx", jsx: "jsx" };

/** Undefined when nothing could be parsed. */
export function lowerJavaScript(path: string, text: string): FileTree | undefined {
  const extension = path.slice(path.lastIndexOf(".") + 1);
  const lang = LANG[extension] ?? "jsx";
  const options = { sourceType: "unambiguous", preserveParens: false } as const;
  let parsed = parseScript(path, text, { ...options, lang });
  const isBroken = (): boolean => parsed.errors.length > 0 && parsed.program.body.length === 0;
  // Flow's types are mostly written as TypeScript's.
  if (isBroken() && /@flow\b/.test(text.slice(0, 2_000))) {
    const parseTyped = (typed: string): typeof parsed => parseScript(path, typed, { ...options, lang: "tsx" });
    parsed = parseTyped(text);
    if (isBroken()) parsed = parseFlow(text, parseTyped) ?? parsed;
  }
  if (isBroken()) return undefined;
  const body = (parsed.program as unknown as Node)["body"] as Node[];
  return { body: statements(body) };
}

function statements(nodes: readonly Node[] | undefined): Stmt[] {
  const out: Stmt[] = [];
  for (const node of nodes ?? []) statement(node, out);
  return withPrototypes(out);
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
      // `declare const process: NodeJS.Process` says what is there, and makes nothing.
      if (node["declare"] === true) return;
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
      const asked = expression(node["discriminant"]);
      let test: Binary | undefined;
      for (const c of node["cases"] as Node[]) {
        const own = c["test"] ? isCase(asked, expression(c["test"])) : undefined;
        // `case "lan": case "public": …`: one of them.
        test = own && test ? { ...own, operator: "||", left: test, right: own } : own;
        if (c["test"] && c["consequent"].length === 0) continue;
        if (!test)
          out.push({ kind: "block", role: "plain", body: statements(c["consequent"]), start: c.start, end: c.end });
        else
          out.push({
            kind: "if",
            test,
            consequent: statements(c["consequent"]),
            alternate: [],
            start: c.start,
            end: c.end,
          });
        test = undefined;
      }
      return;
    }
    case "ForStatement":
    case "ForInStatement":
    case "ForOfStatement":
    case "WhileStatement":
    case "DoWhileStatement": {
      const body: Stmt[] = [];
      for (const key of ["init", "left"]) if (node[key]?.type === "VariableDeclaration") statement(node[key], body);
      const item = body[0];
      if (item?.kind === "declare" && node.type === "ForOfStatement") item.value = each(expression(node["right"]));
      if (item?.kind === "declare" && node.type === "ForInStatement") item.value = eachKey(expression(node["right"]));
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

/** What a branch of a `switch` asks; in a text it is what the whole is about. */
function isCase(asked: Expr, value: Expr): Binary {
  return { kind: "binary", operator: "===", left: asked, right: value, start: asked.start, end: asked.end };
}

function declared(s: Stmt): string[] {
  if (s.kind === "function") return s.fn.name ? [s.fn.name] : [];
  if (s.kind === "class") return s.class.name ? [s.class.name] : [];
  return s.kind === "declare" ? patternNames(s.pattern) : [];
}

export function fn(node: Node): Fn {
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

export function classOf(node: Node): Class {
  const members: ClassMember[] = [];
  for (const m of (node["body"].body ?? []) as Node[]) {
    const name = m["key"] ? keyName(m["key"], m["computed"]) : undefined;
    const common = { start: m.start, end: m.end, static: m["static"] === true, decorators: decorators(m) };
    if (m.type === "MethodDefinition" && m["value"]?.body) {
      const own = { ...fn(m["value"]), name, decorators: decorators(m) };
      members.push({ name: name ?? "", fn: own, getter: m["kind"] === "get", ...common });
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
