/** Whether a module that is loaded starts something, read from its top level. */
import { tryParseScript } from "../base/ecmascript.ts";

interface Node {
  type: string;
  [key: string]: unknown;
}

/** What a library calls while it is loaded: other modules, and what its own exports are made of. */
const MAKES_EXPORTS =
  /^(?:require|__importStar|__exportStar|defineProperty|defineProperties|assign|freeze|inherits|config)$/;
const EACH = /^(?:forEach|map)$/;
const COLLECTS = /^(?:push|add|set)$/;
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
  if (parsed?.errors.length !== 0) return false;
  const body = parsed.program.body as unknown as Node[];
  const own = body.filter(({ type }) => type === "FunctionDeclaration");
  return body.every((statement) => startsNothing(statement, own));
}

/** @param own functions that are declared beside it */
function startsNothing(statement: Node | null | undefined, own: readonly Node[]): boolean {
  if (!statement) return true;
  const all = (...parts: unknown[]) => parts.flat().every((part) => startsNothing(part as Node | null, own));
  switch (statement.type) {
    case "ExpressionStatement":
      return makesNothingRun(statement["expression"] as Node, own);
    case "VariableDeclaration":
    case "ExportNamedDeclaration":
    case "ExportDefaultDeclaration":
      return asksForNothing(statement);
    case "EmptyStatement":
      return true;
    case "BlockStatement":
      return all(statement["body"]);
    case "IfStatement":
      return asksForNothing(statement["test"] as Node) && all(statement["consequent"], statement["alternate"]);
    case "TryStatement":
      return all(statement["block"], (statement["handler"] as Node | null)?.["body"], statement["finalizer"]);
    case "ReturnStatement":
      return statement["argument"] === null || asksForNothing(statement["argument"] as Node);
    default:
      return /^(?:Import|ExportAll|Function|Class|TS)/.test(statement.type);
  }
}

/** What is called for its value alone, by a name that says nothing of a start. */
function asksForNothing(node: Node): boolean {
  return callsAtLoad(node).every((name) => !STARTS.test(name));
}

function makesNothingRun(expression: Node, own: readonly Node[]): boolean {
  const names = callsAtLoad(expression);
  if (names.every((name) => MAKES_EXPORTS.test(name))) return true;
  if (/^(?:Literal|AssignmentExpression)$/.test(expression.type)) return names.every((name) => !STARTS.test(name));
  if (expression.type !== "CallExpression" || !names.every((name) => !STARTS.test(name))) return false;
  const callee = expression["callee"] as Node;
  const given = expression["arguments"] as Node[];
  const name = calledName(callee);
  if (callee.type !== "MemberExpression") {
    const called = own.find((declared) => (declared["id"] as Node | null)?.["name"] === name);
    return called !== undefined && startsNothing(called["body"] as Node, []);
  }
  // `methods.forEach((method) => { Route.prototype[method] = …; })`
  if (!EACH.test(name)) return MAKES_EXPORTS.test(name) || COLLECTS.test(name);
  return given.every((one) => /Function/.test(one.type) && !callsRequire(one["body"] as Node) && runsNothing(one, own));
}

function runsNothing({ body }: Node, own: readonly Node[]): boolean {
  const inner = body as Node;
  return inner.type === "BlockStatement" ? startsNothing(inner, own) : makesNothingRun(inner, own);
}

const callsRequire = (body: Node) => /"name":"require"|"type":"ImportExpression"/.test(JSON.stringify(body));

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
