/** What an expression of a program may stand for: its own functions, classes and modules, or what others give. */
import { isBuiltin } from "node:module";
import type { Resolver } from "./imports.ts";
import { type Given, type Imported, type Module, readModule, type Scope } from "./module-scope.ts";
import {
  bare,
  calledName,
  isClass,
  isFunction,
  memberName,
  type Node,
  nameOf,
  originOf,
  returnsOf,
} from "./syntax-nodes.ts";

export type Value =
  | { is: "function" | "class" | "instance" | "object" | "array"; node: Node; scope: Scope }
  | { is: "module"; file: string }
  /** Of a package or of Node's; `whole`: the module itself or its default, not a part of it. */
  | { is: "outside"; from: string; whole: boolean }
  /** The project's own, and not to be read. */
  | { is: "lost" }
  /** A text, a number, nothing; and beside what is known, that it may be something else. */
  | { is: "plain" | "unknown"; text?: string };

/** Arguments where they are known. */
export interface Call {
  given: readonly Node[];
  scope: Scope;
}

export interface Program {
  /** Of one of its files. Undefined: none of its own that is read. */
  text(file: string): string | undefined;
  resolve: Resolver;
}

/** A file that cannot be read or does not parse: nothing is known of the program. */
export class Unreadable extends Error {}

const DEPTH = 12;
const SCRIPT = /\.(?:[cm]?[jt]s|[jt]sx)$|(?:^|\/)[^./]+$/;
/** What a compiler puts around `require`. */
const INTEROP = /^_{1,2}(?:import|interop|toESM|toCommonJS)\w*$/;
/** Gives what it is given, or a function that calls it. */
const WRAPS =
  /^(?:bind|promisify|callbackify|deprecate|once|memoize|assign|freeze|seal|defineProperty|defineProperties|default)$/;

/** Of an object's parts, and of a list's. */
const LISTS = /^(?:keys|values|entries)$/;
const SELECTS = /^(?:filter|slice|concat|sort|reverse|flat|values|entries)$/;

/** @throws Unreadable while it is used */
export function createReader({ text, resolve }: Program) {
  const modules = new Map<string, Module>();
  const values = new Map<Node, Value[]>();

  function module(file: string): Module {
    let found = modules.get(file);
    if (!found) {
      const source = text(file);
      found = source === undefined ? undefined : readModule(file, source);
      if (!found) throw new Unreadable(file);
      modules.set(file, found);
    }
    return found;
  }

  /** What an import of a module gives as a whole. */
  function target(specifier: string, from: string): Value[] {
    const { file, packageName } = resolve(specifier, from);
    if (file !== undefined) return SCRIPT.test(file) ? [{ is: "module", file }] : [];
    if (packageName !== undefined || isBuiltin(specifier))
      return [{ is: "outside", from: packageName ?? specifier, whole: true }];
    return specifier.endsWith(".json") ? [] : [{ is: "lost" }];
  }

  function imported({ from, name }: Imported, file: string, depth: number): Value[] {
    return target(from, file).flatMap((value) =>
      name === "*" ? [value] : name === "default" && value.is === "outside" ? [value] : member(value, name, depth),
    );
  }

  /** The exports of a module under a name; `=` is the module itself. */
  function exported(file: string, name: string, depth: number): Value[] {
    if (depth > DEPTH) return [];
    const { exports, stars, scope } = module(file);
    const own = (exports.get(name) ?? []).flatMap((given) =>
      "from" in given && typeof given.from === "string" && !("type" in given)
        ? imported(given as Imported, file, depth + 1)
        : evaluate(given as Node, scope, depth + 1),
    );
    if (own.length > 0) return own;
    if (name !== "=") {
      const whole = exported(file, "=", depth + 1);
      const found = [
        ...whole.flatMap((value) =>
          value.is === "module" && value.file === file ? [] : member(value, name, depth + 1),
        ),
        ...stars.flatMap((from) => imported({ from, name }, file, depth + 1)),
      ];
      if (found.length > 0) return found;
      // `import app from "./app"`, which says `module.exports = app`.
      if (name === "default") return whole;
    }
    return [];
  }

  function member(value: Value, name: string, depth: number): Value[] {
    if (depth > DEPTH) return [];
    const found = memberOf(value, name, depth);
    if (found.length > 0 || !("scope" in value) || value.is === "array") return found;
    // `app.open = …`, `Web.prototype.open = …`
    const { methods, scopeOf, scope } = value.scope.module;
    return union((methods.get(name) ?? []).map((node) => evaluate(node, scopeOf.get(node) ?? scope, depth + 1)));
  }

  function memberOf(value: Value, name: string, depth: number): Value[] {
    switch (value.is) {
      case "module":
        return exported(value.file, name, depth + 1);
      case "outside":
        return [{ ...value, whole: value.whole && name === "default" }];
      case "object":
        return (value.node["properties"] as Node[]).flatMap((part) => {
          if (part.type === "SpreadElement")
            return evaluate(part["argument"] as Node, value.scope, depth + 1).flatMap((inner) =>
              member(inner, name, depth + 1),
            );
          const key = nameOf(part["key"] as Node);
          return (key === name || name === "*") && part["kind"] !== "get"
            ? evaluate(part["value"] as Node, value.scope, depth + 1)
            : [];
        });
      case "class":
      case "instance":
        if (name === "prototype" && value.is === "class") return [{ ...value, is: "instance" }];
        return membersOf(value, depth).flatMap((part) =>
          // A static block has neither.
          part["value"] &&
          nameOf(part["key"] as Node) === name &&
          part["kind"] !== "get" &&
          part["static"] === (value.is === "class")
            ? evaluate(part["value"] as Node, value.scope, depth + 1)
            : [],
        );
      case "array":
        return (value.node["elements"] as (Node | null)[]).flatMap((part) =>
          part
            ? evaluate(part.type === "SpreadElement" ? (part["argument"] as Node) : part, value.scope, depth + 1)
            : [],
        );
      case "lost":
        return [value];
      default:
        return name === "default" ? [value] : [];
    }
  }

  /** Of a class and of those of the program's own that it extends. */
  function membersOf({ node, scope }: { node: Node; scope: Scope }, depth = 0): Node[] {
    if (!isClass(node)) return [];
    const own = (node["body"] as Node)["body"] as Node[];
    const base = node["superClass"] as Node | null;
    const inherited = base && depth <= DEPTH ? evaluate(base, scope, depth + 1) : [];
    return [...own, ...inherited.flatMap((value) => (value.is === "class" ? membersOf(value, depth + 1) : []))];
  }

  function named(name: string, scope: Scope, depth: number): Value[] {
    for (let at: Scope | undefined = scope; at; at = at.parent) {
      const given = at.names.get(name);
      const from = at.parent ? undefined : at.module.imports.get(name);
      if (from) return imported(from, at.module.file, depth);
      const owner = at;
      if (given) return union(given.map((one) => ofGiven(one, owner, depth)));
    }
    if (name === "exports" || name === "module") return [{ is: "module", file: scope.module.file }];
    return [];
  }

  function ofGiven({ node, path, scope: from }: Given, scope: Scope, depth: number): Value[] {
    if (!node) return [];
    return path.reduce<Value[]>(
      (values, name) => values.flatMap((value) => member(value, name, depth + 1)),
      evaluate(node, from ?? scope, depth + 1),
    );
  }

  /** Empty: nobody knows. */
  function evaluate(expression: Node, scope: Scope, depth = 0): Value[] {
    const node = bare(expression);
    const known = values.get(node);
    if (known || depth > DEPTH) return known ?? [];
    // What is made of itself adds nothing.
    values.set(node, []);
    const found = distinct(readValue(node, scope, depth));
    values.set(node, found);
    return found;
  }

  function readValue(node: Node, scope: Scope, depth: number): Value[] {
    const all = (...parts: unknown[]) => union((parts as Node[]).map((part) => evaluate(part, scope, depth + 1)));
    if (isFunction(node)) return [{ is: "function", node, scope }];
    if (isClass(node)) return [{ is: "class", node, scope }];
    switch (node.type) {
      case "Identifier":
        return named(node["name"] as string, scope, depth);
      case "ObjectExpression":
        return [{ is: "object", node, scope }];
      case "ArrayExpression":
        return [{ is: "array", node, scope }];
      case "MemberExpression": {
        const name = memberName(node);
        const object = node["object"] as Node;
        if (name === undefined) return [];
        if (name === "exports" && nameOf(object) === "module") return [{ is: "module", file: scope.module.file }];
        return evaluate(object, scope, depth + 1).flatMap((value) => member(value, name, depth + 1));
      }
      case "ConditionalExpression":
        return all(node["consequent"], node["alternate"]);
      case "LogicalExpression":
        return all(node["left"], node["right"]);
      case "AssignmentExpression":
        return all(node["right"]);
      case "AwaitExpression":
        return all(node["argument"]);
      case "ImportExpression": {
        const from = (node["source"] as Node)["value"];
        return typeof from === "string" ? target(from, scope.module.file) : [];
      }
      case "NewExpression":
        if (/^(?:Map|Set)$/.test(nameOf(node["callee"] as Node) ?? ""))
          return all(...(node["arguments"] as Node[]).slice(0, 1));
        return all(node["callee"]).flatMap((value): Value[] =>
          value.is === "class" || value.is === "function"
            ? [{ ...value, is: "instance" }]
            : value.is === "outside"
              ? [{ ...value, whole: false }]
              : value.is === "lost"
                ? [value]
                : [],
        );
      case "CallExpression":
        return called(node, scope, depth);
      case "Literal":
        return [{ is: "plain", ...(typeof node["value"] === "string" && { text: node["value"] }) }];
      case "TemplateLiteral":
      case "UnaryExpression":
      case "BinaryExpression":
        return [{ is: "plain" }];
      default:
        return [];
    }
  }

  function called(node: Node, scope: Scope, depth: number): Value[] {
    const callee = bare(node["callee"] as Node);
    const given = node["arguments"] as Node[];
    const [first] = given;
    const name = calledName(callee);
    const parts = (nodes: readonly Node[]) => nodes.flatMap((part) => evaluate(part, scope, depth + 1));
    if (name === "require" && first) return requirable(first).flatMap((from) => target(from, scope.module.file));
    if (INTEROP.test(name) && first) return parts([first]);
    const values = evaluate(callee, scope, depth + 1);
    const functions = values.filter(({ is }) => is === "function") as { node: Node; scope: Scope }[];
    if (functions.length > 0)
      return functions.flatMap(({ node: own, scope: outer }) =>
        returnsOf(own).flatMap((part) => evaluate(part, outer.module.scopes.get(own) ?? outer, depth + 1)),
      );
    if (name === "bind" && callee.type === "MemberExpression") return parts([callee["object"] as Node]);
    if (WRAPS.test(name)) return parts(given);
    // `Object.values(steps)`, `steps.filter(…)`
    const isOfObject = callee.type === "MemberExpression" && nameOf(callee["object"] as Node) === "Object";
    if (isOfObject && LISTS.test(name)) return parts(given);
    if (SELECTS.test(name) && callee.type === "MemberExpression")
      return evaluate(callee["object"] as Node, scope, depth + 1);
    return values.flatMap((value): Value[] =>
      value.is === "outside" ? [{ ...value, whole: false }] : value.is === "lost" ? [value] : [],
    );
  }

  /** It is the program's own, or a package made it: nobody's that is only handed over. In a base class `this` is what extends it. */
  function isMade(expression: Node, scope: Scope): boolean {
    const node = originOf(expression);
    return node.type === "ThisExpression" || evaluate(node, scope).some(({ is }) => is !== "unknown" && is !== "plain");
  }

  /** What names stand for has changed. */
  const forget = () => values.clear();

  return { module, target, exported, evaluate, membersOf, isMade, forget };
}

function distinct(values: readonly Value[]): Value[] {
  const seen = new Map<unknown, Value>();
  for (const value of values) {
    const key =
      "node" in value && value.is !== "instance"
        ? value.node
        : JSON.stringify({ ...value, node: undefined, scope: undefined });
    seen.set("node" in value && value.is === "instance" ? value.node["body"] : key, value);
  }
  return [...seen.values()];
}

/** What it may be: where one part is not known, the whole may be something else. */
function union(parts: readonly Value[][]): Value[] {
  const all = distinct(parts.flat());
  return all.length > 0 && parts.some(({ length }) => length === 0) ? [...all, { is: "unknown" }] : all;
}

export type Reader = ReturnType<typeof createReader>;

/** The modules that `require("a")` and `require(fast ? "a" : "b")` may ask for. */
export function requirable(argument: Node): string[] {
  const node = bare(argument);
  if (typeof node["value"] === "string") return [node["value"]];
  if (node.type === "TemplateLiteral" && (node["expressions"] as Node[]).length === 0)
    return [String(((node["quasis"] as Node[])[0]?.["value"] as { cooked?: unknown } | undefined)?.cooked ?? "")];
  const parts =
    node.type === "ConditionalExpression"
      ? [node["consequent"], node["alternate"]]
      : node.type === "LogicalExpression"
        ? [node["left"], node["right"]]
        : [];
  const found = (parts as Node[]).map(requirable);
  return found.every(({ length }) => length > 0) ? found.flat() : [];
}

/** Node's for each module, and what a page, a thread and other runtimes have. */
const ELSEWHERE =
  /^(?:exports|module|require|arguments|__\w+|window|document|navigator|self|location|localStorage|Bun|Deno)$/;

/** The name that a chain of members begins with. */
export function rootOf(callee: Node): string {
  let node: Node | undefined = callee;
  while (node?.type === "MemberExpression") node = bare(node["object"] as Node);
  return node?.type === "Identifier" ? (node["name"] as string) : "";
}

function isDeclared(name: string, scope: Scope): boolean {
  for (let at: Scope | undefined = scope; at; at = at.parent)
    if (at.names.has(name) || (!at.parent && at.module.imports.has(name))) return true;
  return false;
}

/** What every program has. */
export function isGlobal(name: string, scope: Scope): boolean {
  return name !== "" && !isDeclared(name, scope) && (Object.hasOwn(globalThis, name) || ELSEWHERE.test(name));
}

export const isUndeclared = (name: string, scope: Scope) =>
  name !== "" && !isDeclared(name, scope) && !isGlobal(name, scope);
