/** Whether a module that is loaded starts something, read from its top level. */
import { tryParseScript } from "../base/ecmascript.ts";

interface Node {
  type: string;
  [key: string]: unknown;
}

/** What a library calls while it is loaded: other modules, and what its own exports are made of. */
const MAKES_EXPORTS =
  /^(?:require|__importStar|__exportStar|defineProperty|defineProperties|assign|freeze|inherits|config)$/;
/** Of Node's own modules, beside those that every program has: to make one starts nothing. */
const BUILTIN_CLASS = /^(?:EventEmitter|AsyncLocalStorage)$/;
/** Stands for what could be anything: a class, or a function that another module or call gives. */
const MAY_START = "start";
const STARTS = /listen|start|serve|^(?:run|main|init|launch|lift|bootstrap|boot)$/i;

/**
 * A library: it imports, declares and exports; nothing that it calls by itself could listen. What it cannot be sure of, and a text
 * that does not parse, may start something.
 */
export function onlyExports(file: string, text: string): boolean {
  const parsed = tryParseScript(file, text);
  return parsed?.errors.length === 0 && (parsed.program.body as unknown as Node[]).every(startsNothing);
}

function startsNothing(statement: Node): boolean {
  switch (statement.type) {
    case "ExpressionStatement": {
      const expression = statement["expression"] as Node;
      const made = /^(?:Literal|AssignmentExpression)$/.test(expression.type);
      return callsAtLoad(expression).every((name) => MAKES_EXPORTS.test(name) || (made && !STARTS.test(name)));
    }
    case "VariableDeclaration":
    case "ExportNamedDeclaration":
    case "ExportDefaultDeclaration":
      return callsAtLoad(statement).every((name) => !STARTS.test(name));
    case "EmptyStatement":
      return true;
    default:
      return /^(?:Import|ExportAll|Function|Class|TS)/.test(statement.type);
  }
}

/** The last names of what is called or made outside of functions; "" for what has none. */
function callsAtLoad(node: Node): string[] {
  if (/Function|^Class/.test(node.type)) return [];
  const callee = node["callee"] as Node;
  const own: string[] = [];
  if (node.type === "CallExpression") own.push(hasName(callee) ? calledName(callee) : MAY_START);
  if (node.type === "NewExpression" && !isBuiltin(calledName(callee))) own.push(MAY_START);
  if (node.type === "AwaitExpression") own.push("");
  for (const value of Object.values(node)) {
    for (const child of Array.isArray(value) ? value : [value])
      if (typeof child?.type === "string") own.push(...callsAtLoad(child as Node));
  }
  return own;
}

function calledName(callee: Node): string {
  const name = (callee.type === "MemberExpression" ? (callee["property"] as Node) : callee)["name"];
  return typeof name === "string" ? name : "";
}

/** It is not what a call gave: `require("./server")(config)`. What a package gives is a factory: `require("debug")("app")`. */
function hasName(callee: Node): boolean {
  if (callee.type !== "CallExpression") return true;
  const [from] = callee["arguments"] as Node[];
  return calledName(callee["callee"] as Node) === "require" && /^[^./]/.test(String(from?.["value"] ?? ""));
}

const isBuiltin = (name: string) =>
  BUILTIN_CLASS.test(name) || typeof (globalThis as Record<string, unknown>)[name] === "function";
