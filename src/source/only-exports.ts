/** Whether a module that is loaded starts something, read from its top level. */
import { isBuiltin as isNodes } from "node:module";
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
/** Of texts and of events. */
const STARTS_NOTHING = /^(?:startsWith|trimStart|padStart)$|Listeners?$|^listenerCount$/;
const mayStart = (name: string) => STARTS.test(name) && !STARTS_NOTHING.test(name);

/**
 * A library: it imports, declares and exports; nothing that it calls by itself could listen. What it cannot be sure of, and a text
 * that does not parse, may start something.
 * @param modules all that its first one loads, those of packages apart
 * @param packages that they load; what is none of these, nor Node's own, is the project's
 * @param factories those of them whose functions may listen: `require("a")({ port })`
 */
export function onlyExport(
  modules: readonly { file: string; text: string }[],
  packages: readonly string[],
  factories: readonly string[] = [],
): boolean {
  try {
    return allOnlyExport(modules, packages, factories);
  } catch (error) {
    // Nested deeper than the stack: a sum of thousands of parts.
    if (error instanceof RangeError) return false;
    throw error;
  }
}

function allOnlyExport(
  modules: readonly { file: string; text: string }[],
  packages: readonly string[],
  factories: readonly string[],
): boolean {
  const known = packages.filter((name) => !factories.includes(name));
  const isOwn = (from: string) => !isNodes(from) && !known.some((name) => from === name || from.startsWith(`${name}/`));
  // What a factory gives by itself, or under a name that no file here has.
  const functions: Functions = new Map(factories.flatMap((name) => [name, ""]).map((name) => [name, [MAY_START]]));
  const called: string[] = [];
  for (const { file, text } of modules) {
    const parsed = tryParseScript(file, text);
    if (parsed?.errors.length !== 0) return false;
    const body = parsed.program.body as unknown as Node[];
    const own = body.filter(({ type }) => type === "FunctionDeclaration");
    if (!body.every((statement) => startsNothing(statement, own))) return false;
    const imports = importedNames(body, isOwn);
    called.push(...body.flatMap((statement) => leadsTo(statement, imports, false)));
    collectFunctions(parsed.program as unknown as Node, imports, functions);
  }
  return !reachesStart(called, functions);
}

/** What the functions of each name call, wherever they are declared; under "" those that are exported without one. */
type Functions = Map<string, string[]>;
/** Local names of what is imported, and whether a file of the project's own gives it. */
type Imports = Map<string, boolean>;

function importedNames(body: readonly Node[], isOwn: (from: string) => boolean): Imports {
  const imports: Imports = new Map();
  const add = (bound: unknown, from: unknown) => {
    for (const [, name = ""] of JSON.stringify(bound).matchAll(/"Identifier"[^{}]*?"name":"([^"]+)"/g))
      imports.set(name, isOwn(String(from)));
  };
  for (const statement of body) {
    if (statement.type === "ImportDeclaration") add(statement["specifiers"], (statement["source"] as Node)["value"]);
    for (const { id, init } of (statement["declarations"] ?? []) as { id: Node; init: Node | null }[]) {
      const from = init && requiredBy(init);
      if (from !== undefined) add(id, from);
    }
  }
  return imports;
}

/** What it asks for while it is made: `require("a")`, `require("a").b`, `__importStar(require("a"))`. */
function requiredBy(node: Node): unknown {
  if (/Function/.test(node.type)) return undefined;
  if (node.type === "CallExpression" && calledName(node["callee"] as Node) === "require")
    return (node["arguments"] as Node[])[0]?.["value"];
  return childrenOf(node)
    .map(requiredBy)
    .find((from) => from !== undefined);
}

/** @param given the name that it is given where it stands; "" for what is the module itself */
function collectFunctions(node: Node, imports: Imports, functions: Functions, given?: string): void {
  const add = (name: unknown, calls: string[]) => {
    if (typeof name !== "string") return;
    const known = functions.get(name);
    if (known) known.push(...calls);
    else functions.set(name, [...calls]);
  };
  const body = node["body"] as Node | null;
  if (/Function/.test(node.type) && body) {
    const calls = leadsTo(body, imports, true);
    add(given, calls);
    add((node["id"] as Node | null | undefined)?.["name"], calls);
  }
  if (node.type === "Identifier") add(given, [node["name"] as string]);
  const [name, other] = namesOf(node);
  if (other !== undefined && name !== other) add(name, [other]);
  const inner = nameGiven(node);
  const parts = partsOfValue(node);
  for (const child of childrenOf(node)) {
    const isName = child === node["key"] || child === node["left"] || child === node["id"];
    collectFunctions(
      child,
      imports,
      functions,
      isName ? undefined : (inner ?? (parts.includes(child) ? given : undefined)),
    );
  }
}

/** What the value of an expression may be made of: `web.bind(app)`, `once(open)`, `a ?? b`. */
function partsOfValue(node: Node): Node[] {
  if (/^(?:Member|Conditional|Logical|Await)Expression$/.test(node.type)) return childrenOf(node);
  if (node.type !== "CallExpression") return [];
  const given = (node["arguments"] as Node[]).filter(({ type }) => /^Identifier$|Function/.test(type));
  return [node["callee"] as Node, ...given];
}

const RENAMES = new Map([
  ["ImportSpecifier", ["local", "imported"]],
  ["ExportSpecifier", ["exported", "local"]],
  ["Property", ["value", "key"]],
]);

/** Both names of `import { other as name }`, `export { other as name }`, `const { other: name } = …`; "" for the module itself. */
function namesOf(node: Node): string[] {
  const names = (RENAMES.get(node.type) ?? []).map((part) => node[part] as Node);
  if (!names.every(({ type }) => type === "Identifier")) return [];
  return names.map(calledName).map((name) => (name === "default" ? "" : name));
}

/** `name = …`, `const name = …`, `{ name: … }`, `name() {}` of a class. */
function nameGiven(node: Node): string | undefined {
  if (node.type === "ExportDefaultDeclaration") return "";
  if (!/^(?:AssignmentExpression|VariableDeclarator|Property|MethodDefinition|PropertyDefinition)$/.test(node.type))
    return undefined;
  const name = calledName((node["left"] ?? node["id"] ?? node["key"]) as Node);
  return name === "exports" ? "" : name;
}

/**
 * Names of what is called and may be one of the project's own functions, or starts something by its name.
 * @param all what its functions call as well, not only what is called at once
 */
function leadsTo(node: Node, imports: Imports, all: boolean): string[] {
  const found = (all ? childrenOf(node) : atLoad(node)).flatMap((child) => leadsTo(child, imports, all));
  if (!/^(?:Call|New)Expression$/.test(node.type)) return found;
  const callee = bare(node["callee"] as Node);
  if (!all && /Function/.test(callee.type)) return leadsTo(callee, imports, true);
  const name = calledName(callee) || String((callee.type === "CallExpression" && requiredBy(callee)) || "");
  const root = rootOf(callee);
  const imported = imports.get(root);
  const isOwn = imported ?? !Object.hasOwn(globalThis, root);
  if (callee["computed"] === true && isOwn) found.push(MAY_START);
  if (name !== "" && (mayStart(name) || isOwn)) found.push(name);
  // It may call the functions that it is given, unless it is declared here and calls nothing.
  const isDeclared = callee.type === "Identifier" && isOwn && imported === undefined;
  for (const given of isDeclared || MAKES_EXPORTS.test(name) ? [] : (node["arguments"] as Node[])) {
    if (!all && /Function/.test(given.type)) found.push(...leadsTo(given, imports, true));
    if (given.type === "Identifier" && /^[a-z_$]/.test(calledName(given))) found.push(calledName(given));
  }
  if (imported && (callee.type === "Identifier" || name === "default")) found.push("");
  return found;
}

function rootOf(callee: Node): string {
  let node: Node | undefined = callee;
  while (node?.type === "MemberExpression") node = node["object"] as Node;
  return node?.type === "Identifier" ? (node["name"] as string) : "";
}

/** By names alone: too many are taken for started rather than too few. */
function reachesStart(called: readonly string[], functions: Functions): boolean {
  const queue = [...called];
  const seen = new Set<string>();
  for (let name = queue.pop(); name !== undefined; name = queue.pop()) {
    if (seen.has(name)) continue;
    seen.add(name);
    if (mayStart(name)) return true;
    queue.push(...(functions.get(name) ?? []));
  }
  return false;
}

/** @param own functions that are declared beside it */
function startsNothing(statement: Node | null | undefined, own: readonly Node[]): boolean {
  if (!statement) return true;
  const all = (...parts: unknown[]) => parts.flat().every((part) => startsNothing(part as Node | null, own));
  switch (statement.type) {
    case "ExpressionStatement":
      return makesNothingRun(statement["expression"] as Node, own);
    case "VariableDeclaration":
    case "ClassDeclaration":
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
    case "ForStatement":
    case "ForInStatement":
    case "ForOfStatement":
      return asksForNothing(statement) && all(statement["body"]);
    case "ReturnStatement":
      return statement["argument"] === null || asksForNothing(statement["argument"] as Node);
    default:
      return /^(?:Import|ExportAll|Function|TS)/.test(statement.type);
  }
}

/** What is called for its value alone, by a name that says nothing of a start. */
function asksForNothing(node: Node): boolean {
  return callsAtLoad(node).every((name) => !mayStart(name));
}

function makesNothingRun(expression: Node, own: readonly Node[]): boolean {
  const names = callsAtLoad(expression);
  if (names.every((name) => MAKES_EXPORTS.test(name))) return true;
  if (/^(?:Literal|AssignmentExpression)$/.test(expression.type)) return names.every((name) => !mayStart(name));
  if (expression.type !== "CallExpression" || !names.every((name) => !mayStart(name))) return false;
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
  const own: string[] = [];
  if (node.type === "ImportExpression" && !isText(node["source"] as Node)) own.push(MAY_START);
  if (node.type === "CallExpression") {
    const callee = bare(node["callee"] as Node);
    const [first] = node["arguments"] as Node[];
    if (calledName(callee) === "require" && first && !isText(first)) own.push(MAY_START);
    if (/Function/.test(callee.type)) own.push(...callsInside(callee));
    else own.push(hasName(callee) ? calledName(callee) : MAY_START);
  }
  if (node.type === "NewExpression" && !isBuiltin(calledName(node["callee"] as Node))) own.push(MAY_START);
  if (node.type === "AwaitExpression") own.push("");
  return [...own, ...atLoad(node).flatMap(callsAtLoad)];
}

/** What is evaluated with it: nothing of a function's, of a class what is static. */
function atLoad(node: Node): Node[] {
  if (/Function/.test(node.type)) return [];
  if (!/^Class(?:Declaration|Expression)$/.test(node.type)) return childrenOf(node);
  const members = childrenOf(node["body"] as Node);
  const fixed = members.filter(
    ({ type, ...member }) => type === "StaticBlock" || (/Property/.test(type) && member["static"]),
  );
  return [node["superClass"] as Node | null, ...fixed.flatMap(childrenOf)].filter((part) => part !== null);
}

const isText = (node: Node) =>
  typeof node["value"] === "string" ||
  (node.type === "TemplateLiteral" && (node["expressions"] as Node[]).length === 0);

/** Whatever is called in it, at once or later. */
function callsInside(node: Node): string[] {
  const own = /^(?:Call|New)Expression$/.test(node.type) ? [calledName(bare(node["callee"] as Node))] : [];
  return [...own, ...childrenOf(node).flatMap(callsInside)];
}

/** Without brackets, and behind a compiler's `(0, express_1.default)`. */
function bare(callee: Node): Node {
  if (callee.type === "ParenthesizedExpression") return bare(callee["expression"] as Node);
  return callee.type === "SequenceExpression" ? bare((callee["expressions"] as Node[]).at(-1) as Node) : callee;
}

function childrenOf(node: Node): Node[] {
  return Object.values(node)
    .flat()
    .filter((child): child is Node => typeof (child as Node | null)?.type === "string");
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
