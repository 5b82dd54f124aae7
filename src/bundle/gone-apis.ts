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
  methods: readonly string[];
  isTold(given: readonly Node[]): boolean;
  uses: string;
  since: number;
}[] = [
  {
    call: /\w\.writeHeader\(\s*\d{3}\b/,
    methods: ["writeHeader"],
    isTold: ([status]) => isStatus(status?.["value"]),
    uses: "response.writeHeader",
    since: 26,
  },
  {
    call: /\b(?:fs|fsp|fsPromises|fs\.promises)\.rmdir(?:Sync)?\([^{};]*,\s*\{\s*recursive:\s*true\b/,
    unless: /\brm(?:Sync)?\b/,
    methods: ["rmdir", "rmdirSync"],
    isTold: ([, options]) => options?.type === "ObjectExpression",
    uses: "fs.rmdir with recursive",
    since: 26,
  },
];

const isStatus = (value: unknown) => typeof value === "number" && value >= 100 && value <= 599;

/** What a condition names that asks for the release. */
const RELEASE = /major|version/i;
/** Who reads it may do so in a variable, or return early. */
const READS_RELEASE = /\bprocess\s*\.\s*versions?\b/;

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
  if (READS_RELEASE.test(text)) return undefined;
  const found: GoneApi[] = [];
  for (const { module, names, since } of FUNCTIONS) {
    if (!mayCall(text, module, names)) continue;
    const name = namedCall(program() as Node, text, module, new Set(names.split("|")));
    if (name !== undefined) found.push({ uses: `${module}.${name}`, since });
  }
  for (const { call, unless, methods, isTold, uses, since } of CALLS)
    if (call.test(text) && !unless?.test(text) && calls(program() as Node, text, new Set(methods), isTold))
      found.push({ uses, since });
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

/** Does the code cope with what fails here: in a `try`, or where a condition has asked for the release? */
function isGuarded(node: Node, key: string, text: string): boolean {
  if (node.type === "TryStatement") return key === "block";
  const asked = ASKED[node.type];
  if (asked === undefined || key === asked) return false;
  const { start, end } = node[asked] as Node;
  return RELEASE.test(text.slice(start, end));
}

const ASKED: Readonly<Record<string, string>> = {
  IfStatement: "test",
  ConditionalExpression: "test",
  LogicalExpression: "left",
  SwitchStatement: "discriminant",
};

/** A function of the module that is called where nothing copes with its lack, and nowhere looked at before. */
function namedCall(program: Node, text: string, module: string, names: ReadonlySet<string>): string | undefined {
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

  function visit(node: Node, parent: Node | undefined, key: string, guarded: boolean): void {
    const scoped = node === program || isFunction(node);
    if (scoped) enter(node);
    if (node.type === "AssignmentExpression" && (node["left"] as Node).type === "Identifier")
      replaced.add((node["left"] as Node)["name"] as string);
    // `"isRegExp" in util`, `util["isRegExp"]`
    const said = literal(node);
    if (said !== undefined) looked.add(said);
    // Handed on, or taken apart: `Object.assign(util, …)`, `const { isRegExp = own } = util`, `util[name]`.
    const handedOn = key === "arguments" || key === "init" || key === "right" || parent?.["computed"] === true;
    if (handedOn && isHolder(node)) replaced.add(node["name"] as string);
    const holder = node.type === "MemberExpression" ? nameOf(node["object"] as Node) : undefined;
    const name = nameOf(node);
    if (holder !== undefined && name !== undefined && names.has(name) && isHolder(node["object"] as Node)) {
      const calls = parent?.type === "CallExpression" && key === "callee" && parent["optional"] !== true;
      if (calls && !guarded) called.push({ holder, name });
      else looked.add(name);
    }
    for (const [childKey, child] of nodesIn(node))
      visit(child, node, childKey, guarded || isGuarded(node, childKey, text));
    if (scoped) scopes.pop();
  }

  const isHolder = (object: Node) => object.type === "Identifier" && bound(object["name"] as string) === true;

  visit(program, undefined, "", false);
  return called.find(({ holder, name }) => !looked.has(name) && !replaced.has(holder))?.name;
}

/**
 * A method that is called where nothing copes with its lack. Any other mention of its name says that the code asks for it, or
 * has one of its own: `if (res.writeHeader)`, `class Tar { writeHeader() {} }`.
 */
function calls(
  program: Node,
  text: string,
  methods: ReadonlySet<string>,
  isTold: (given: readonly Node[]) => boolean,
): boolean {
  const called = new Set<Node>();
  const told = new Set<string>();
  const looked = new Set<string>();

  function visit(node: Node, guarded: boolean): void {
    const callee = node.type === "CallExpression" && node["optional"] !== true ? (node["callee"] as Node) : undefined;
    const method = callee?.type === "MemberExpression" ? nameOf(callee) : undefined;
    if (callee && method !== undefined && methods.has(method) && !guarded) {
      called.add(callee["property"] as Node);
      if (isTold(node["arguments"] as Node[])) told.add(method);
    }
    const mentioned = node.type === "Identifier" ? (node["name"] as string) : literal(node);
    if (mentioned !== undefined && !called.has(node)) looked.add(mentioned);
    for (const [key, child] of nodesIn(node)) visit(child, guarded || isGuarded(node, key, text));
  }

  visit(program, false);
  return [...told].some((method) => !looked.has(method));
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
