/**
 * What a program uses of Node's own modules that later releases have taken away: it fails when it gets there. Where the code
 * asks first whether it is there, or tries, nothing is said.
 */
import type { FileAnalysis } from "./analysis.ts";
import { literal, nameOf } from "./tree-names.ts";
import { declaredNames, isFunction, type Node, nodesIn } from "./tree-scope.ts";

export interface GoneApi {
  /** As the code writes it: `util.isRegExp`. */
  uses: string;
  /** The first major of Node that lacks it. */
  since: number;
}

/** Functions of a module, by the first major without them (nodejs.org/api/deprecations.html, "End-of-Life"). */
const FUNCTIONS: readonly { module: string; names: string; since: number }[] = [
  {
    module: "util",
    names:
      "isBoolean|isBuffer|isDate|isError|isFunction|isNull|isNullOrUndefined|isNumber|isObject|isPrimitive|isRegExp|isString|isSymbol|isUndefined|log",
    since: 23,
  },
  { module: "timers", names: "enroll|unenroll|active|_unrefActive", since: 24 },
  { module: "tls", names: "createSecurePair", since: 24 },
];

/**
 * Calls that are told by their arguments: `writeHeader("name", …)` is another server's, and who knows rm() takes rmdir() where that
 * is missing.
 */
const CALLS: readonly {
  /** What of the text asks for its tree. */
  call: RegExp;
  unless?: RegExp;
  method: RegExp;
  isTold(given: readonly Node[]): boolean;
  uses: string;
  since: number;
}[] = [
  {
    call: /\w\.writeHeader\(\s*\d{3}\b/,
    method: /^writeHeader$/,
    isTold: ([status]) => typeof status?.["value"] === "number",
    uses: "response.writeHeader",
    since: 26,
  },
  {
    call: /\b(?:fs|fsp|fsPromises|fs\.promises)\.rmdir(?:Sync)?\([^{};]*,\s*\{\s*recursive:\s*true\b/,
    unless: /\brm(?:Sync)?\b/,
    method: /^rmdir(?:Sync)?$/,
    isTold: ([, options]) => options?.type === "ObjectExpression",
    uses: "fs.rmdir with recursive",
    since: 26,
  },
];

/** Modules that are gone; whoever tries may cope with that. */
const MODULE = /^(?:node:)?_stream_(?:duplex|passthrough|readable|transform|writable|wrap)$/;
const MODULES_SINCE = 26;

/**
 * Who wants its prototype at the top level, which stands at the beginning of a line, fails when it is loaded. safe-buffer and
 * iconv-lite, which half of all programs have, name SlowBuffer in functions that nobody calls.
 */
const SLOW_BUFFER = /^\S[^\n]*\bSlowBuffer\s*\.\s*prototype\b/m;
const SLOW_BUFFER_SINCE = 25;

/**
 * @param text what is looked at first: the tree of most files is not needed
 * @param program gives the file's tree, as ESTree
 */
export function goneApi(text: string, requests: FileAnalysis["requests"], program: () => unknown): GoneApi | undefined {
  try {
    return firstGone(text, requests, program);
  } catch (error) {
    // Nested deeper than the call stack: `"a" + "b" + …` of thousands of lines.
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

function firstGone(text: string, requests: FileAnalysis["requests"], program: () => unknown): GoneApi | undefined {
  const found: GoneApi[] = [];
  for (const { module, names, since } of FUNCTIONS) {
    if (!mayCall(text, module, names)) continue;
    const name = namedCall(program() as Node, module, new Set(names.split("|")));
    if (name !== undefined) found.push({ uses: `${module}.${name}`, since });
  }
  for (const { call, unless, method, isTold, uses, since } of CALLS)
    if (call.test(text) && !unless?.test(text) && calls(program() as Node, method, isTold)) found.push({ uses, since });
  if (SLOW_BUFFER.test(text) && /["'](?:node:)?buffer["']/.test(text) && wantsSlowBuffer(program() as Node))
    found.push({ uses: "buffer.SlowBuffer", since: SLOW_BUFFER_SINCE });
  const module = /\btry\b/.test(text) ? undefined : requests.find(({ specifier }) => MODULE.test(specifier));
  if (module) found.push({ uses: module.specifier, since: MODULES_SINCE });
  return found.sort((a, b) => a.since - b.since)[0];
}

/** A CommonJS script by its text: what has no extension is an ES module from Node 26 on, where its package is one (yargs 16 and 17). */
export function requiresInModule(text: string): boolean {
  return /\brequire\s*\(|\bmodule\.exports\b/.test(text) && !/^\s*(?:import|export)\b/m.test(text);
}

/** May a function of the module be called? By the text alone, which is quick: hardly any file needs its tree for this. */
function mayCall(text: string, module: string, names: string): boolean {
  const from = `["'](?:node:)?${module}["']`;
  if (!new RegExp(from).test(text)) return false;
  const required = `(?:[\\w$.]+\\()?require\\(\\s*${from}\\s*\\)`;
  const holders = [
    ...text.matchAll(new RegExp(`([\\w$]+)\\s*=\\s*${required}\\)?(?!\\s*[.(])`, "g")),
    ...text.matchAll(new RegExp(`\\bimport\\s+(?:\\*\\s*as\\s+)?([\\w$]+)\\s+from\\s*${from}`, "g")),
  ].map((match) => (match[1] as string).replaceAll("$", "\\$"));
  return [...new Set(holders)].some((holder) =>
    new RegExp(`(?<![\\w$.])${holder}\\s*\\.\\s*(?:${names})\\s*\\(`).test(text),
  );
}

/** A function of the module that is called outside of `try`, and nowhere looked at before. */
function namedCall(program: Node, module: string, names: ReadonlySet<string>): string | undefined {
  /** By scope, the names bound there: is it the module, whichever of the declarations of the name is meant? */
  const scopes: Map<string, boolean>[] = [];
  const replaced = new Set<string>();
  const called: { holder: string; name: string }[] = [];
  const looked = new Set<string>();
  const bound = (name: string) => scopes.findLast((scope) => scope.has(name))?.get(name);

  function isModule(from: Node | undefined, local: string): boolean {
    if (from?.type === "ImportDeclaration") {
      const whole = (from["specifiers"] as Node[]).some(
        (one) => one.type !== "ImportSpecifier" && (one["local"] as Node)["name"] === local,
      );
      return whole && isNamed(from["source"] as Node, module);
    }
    if (from?.type !== "CallExpression") return false;
    const [first] = from["arguments"] as Node[];
    const callee = from["callee"] as Node;
    if (callee.type === "Identifier" && callee["name"] === "require")
      return first !== undefined && isNamed(first, module) && bound("require") === undefined;
    // A compiler's helper: `__importStar(require("util"))`.
    return first?.type === "CallExpression" && nameOf(first["callee"] as Node) === "require" && isModule(first, local);
  }

  function enter(node: Node): void {
    const declared = declaredNames(node);
    const scope = new Map([...declared.keys()].map((name) => [name, false]));
    scopes.push(scope);
    for (const [name, inits] of declared)
      scope.set(
        name,
        inits.every((init) => isModule(init, name)),
      );
  }

  function visit(node: Node, parent: Node | undefined, key: string, tried: boolean): void {
    const scoped = node === program || isFunction(node);
    if (scoped) enter(node);
    if (node.type === "AssignmentExpression" && (node["left"] as Node).type === "Identifier")
      replaced.add((node["left"] as Node)["name"] as string);
    const holder = node.type === "MemberExpression" ? nameOf(node["object"] as Node) : undefined;
    const name = nameOf(node);
    if (holder !== undefined && name !== undefined && names.has(name) && isHolder(node["object"] as Node)) {
      const calls = parent?.type === "CallExpression" && key === "callee" && parent["optional"] !== true;
      if (calls && !tried) called.push({ holder, name });
      else looked.add(name);
    }
    for (const [childKey, child] of nodesIn(node))
      visit(child, node, childKey, tried || (node.type === "TryStatement" && childKey === "block"));
    if (scoped) scopes.pop();
  }

  const isHolder = (object: Node) => object.type === "Identifier" && bound(object["name"] as string) === true;

  visit(program, undefined, "", false);
  return called.find(({ holder, name }) => !looked.has(name) && !replaced.has(holder))?.name;
}

/** A method that is called outside of `try`. */
function calls(node: Node, method: RegExp, isTold: (given: readonly Node[]) => boolean): boolean {
  if (node.type === "CallExpression") {
    const callee = node["callee"] as Node;
    const called = callee.type === "MemberExpression" && method.test(nameOf(callee) ?? "");
    if (called && isTold(node["arguments"] as Node[])) return true;
  }
  const tried = node.type === "TryStatement";
  return [...nodesIn(node)].some(([key, child]) => !(tried && key === "block") && calls(child, method, isTold));
}

function isNamed(node: Node, module: string): boolean {
  return literal(node)?.replace(/^node:/, "") === module;
}

/** `SlowBuffer.prototype` in what runs in any case when the file is loaded. */
function wantsSlowBuffer(node: Node): boolean {
  if (isFunction(node) || /^(?:If|Try)Statement$|^(?:Logical|Conditional)Expression$/.test(node.type)) return false;
  if (
    node.type === "MemberExpression" &&
    nameOf(node) === "prototype" &&
    nameOf(node["object"] as Node) === "SlowBuffer"
  )
    return true;
  return [...nodesIn(node)].some(([, child]) => wantsSlowBuffer(child));
}
