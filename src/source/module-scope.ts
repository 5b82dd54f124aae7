/** One JavaScript module as a reader sees it: what its names stand for, what it exports, and the functions that lie in it by name. */
import { tryParseScript } from "../base/ecmascript.ts";
import {
  calledName,
  childrenOf,
  isClass,
  isExports,
  isFunction,
  memberName,
  type Node,
  nameOf,
  returnsOf,
} from "./syntax-nodes.ts";

/** What a name may be given: an expression, and the properties of it that were taken apart (`const { a: { b } } = expression`). */
export interface Given {
  /** Undefined: nobody knows. */
  node: Node | undefined;
  path: readonly string[];
  /** Where the expression stands; absent: where the name is declared. */
  scope?: Scope;
}

export interface Scope {
  module: Module;
  parent: Scope | undefined;
  names: Map<string, Given[]>;
}

/** A name of another module's: `default`, `*` for all of it, or the name there. */
export interface Imported {
  from: string;
  name: string;
}

export interface Module {
  file: string;
  program: Node;
  scope: Scope;
  /** Local names that other modules give. */
  imports: Map<string, Imported>;
  /** By name; `=` is what the module itself is. */
  exports: Map<string, (Node | Imported)[]>;
  /** Modules whose exports it hands on. */
  stars: string[];
  /** The scope of each function in it. */
  scopes: Map<Node, Scope>;
  /** Functions and classes by the name of the property that holds them, getters apart; setters as `name=`. */
  methods: Map<string, Node[]>;
  getters: Map<string, Node[]>;
  /** What the name is that a getter is defined under, where no text says so. */
  getterNames: Map<Node, Node>;
  /** Those that lie in arrays and objects, for whoever goes through these. */
  kept: Node[];
  /** The function that a node lies in; absent: the module. */
  scopeOf: Map<Node, Scope>;
}

/** @returns undefined for what does not parse */
export function readModule(file: string, text: string): Module | undefined {
  const parsed = tryParseScript(file, text);
  if (parsed?.errors.length !== 0) return undefined;
  const program = parsed.program as unknown as Node;
  const module: Module = {
    file,
    program,
    scope: undefined as unknown as Scope,
    imports: new Map(),
    exports: new Map(),
    stars: [],
    scopes: new Map(),
    methods: new Map(),
    getters: new Map(),
    getterNames: new Map(),
    kept: [],
    scopeOf: new Map(),
  };
  module.scope = { module, parent: undefined, names: new Map() };
  declare(program, module.scope);
  return module;
}

/** Names, exports and functions of all that lies in a node. Blocks share the names of the function around them. */
function declare(node: Node, scope: Scope): void {
  const { module } = scope;
  // `declare const Bun: any` says what is there, and makes nothing.
  if (node["declare"] === true) return;
  let inner = scope;
  if (isFunction(node)) {
    inner = { module, parent: scope, names: new Map() };
    module.scopes.set(node, inner);
    for (const name of (node["params"] as Node[]).flatMap(boundNames)) inner.names.set(name["name"] as string, []);
    // A function's own name is its parent's as well, or nobody's.
    if (node["id"]) bind(node["id"] as Node, node, node.type === "FunctionDeclaration" ? scope : inner);
  }
  if (isClass(node)) {
    module.scopes.set(node, scope);
    if (node["id"]) bind(node["id"] as Node, node, scope);
  }
  declareHere(node, scope);
  for (const child of childrenOf(node)) declare(child, inner);
}

function declareHere(node: Node, scope: Scope): void {
  const { module } = scope;
  switch (node.type) {
    case "VariableDeclarator":
      if (node["init"]) bind(node["id"] as Node, node["init"] as Node, scope);
      // Given later, if at all.
      else
        for (const { name } of boundNames(node["id"] as Node))
          if (!scope.names.has(name as string)) scope.names.set(name as string, []);
      return;
    case "ForOfStatement":
    case "ForInStatement": {
      const [declared] = ((node["left"] as Node)["declarations"] ?? []) as Node[];
      bind((declared?.["id"] ?? node["left"]) as Node, node["right"] as Node, scope, ["*"]);
      return;
    }
    case "CatchClause":
      if (node["param"]) bind(node["param"] as Node, undefined, scope);
      return;
    case "ImportDeclaration":
      for (const specifier of node["specifiers"] as Node[]) declareImport(specifier, node["source"] as Node, module);
      return;
    case "ExportNamedDeclaration":
    case "ExportDefaultDeclaration":
    case "ExportAllDeclaration":
    case "TSExportAssignment":
      declareExport(node, module);
      return;
    case "AssignmentExpression":
      assign(node["left"] as Node, node["right"] as Node, scope);
      return;
    case "CallExpression":
      defineByCall(node, scope);
      return;
    case "ArrayExpression":
      keep(node["elements"] as Node[], scope);
      return;
    case "Property":
    case "MethodDefinition":
    case "PropertyDefinition":
      property(node, scope);
  }
}

/** @returns whether that is new */
function bind(
  pattern: Node,
  given: Node | undefined,
  scope: Scope,
  path: readonly string[] = [],
  from?: Scope,
): boolean {
  switch (pattern.type) {
    case "Identifier": {
      const name = pattern["name"] as string;
      const known = scope.names.get(name) ?? [];
      if (known.some((one) => one.node === given)) return false;
      scope.names.set(name, [...known, { node: given, path, ...(from && { scope: from }) }]);
      return true;
    }
    case "ObjectPattern":
      return (pattern["properties"] as Node[])
        .map((part) =>
          part.type === "RestElement"
            ? bind(part["argument"] as Node, given, scope, path, from)
            : bind(part["value"] as Node, given, scope, [...path, nameOf(part["key"] as Node) ?? "*"], from),
        )
        .includes(true);
    case "ArrayPattern":
      return (pattern["elements"] as (Node | null)[])
        .map((part) => part !== null && bind(part, given, scope, [...path, "*"], from))
        .includes(true);
    case "AssignmentPattern": {
      const isNew = bind(pattern["left"] as Node, given, scope, path, from);
      return bind(pattern["left"] as Node, pattern["right"] as Node, scope) || isNew;
    }
    case "RestElement":
      return bind(pattern["argument"] as Node, undefined, scope);
    case "TSParameterProperty":
      return bind(pattern["parameter"] as Node, given, scope, path, from);
    default:
      return false;
  }
}

/**
 * A function is called.
 * @param given what it is called with, in the scope of the call; undefined: nobody knows
 * @returns whether its parameters stand for something that they did not stand for
 */
export function callWith(node: Node, inner: Scope, given: readonly Node[] | undefined, from: Scope): boolean {
  const spread = given?.findIndex(({ type }) => type === "SpreadElement") ?? -1;
  return (node["params"] as Node[])
    .map((param, position) => {
      const isKnown = given !== undefined && (spread < 0 || position < spread);
      return isKnown
        ? given[position] !== undefined && bind(param, given[position], inner, [], from)
        : bind(param, undefined, inner);
    })
    .includes(true);
}

function declareImport(specifier: Node, source: Node, module: Module): void {
  const local = nameOf(specifier["local"] as Node);
  const imported = specifier["imported"] as Node | undefined;
  const name = imported ? nameOf(imported) : specifier.type === "ImportDefaultSpecifier" ? "default" : "*";
  if (local !== undefined) module.imports.set(local, { from: String(source["value"]), name: name ?? "*" });
}

function declareExport(node: Node, module: Module): void {
  const source = node["source"] as Node | null | undefined;
  const declared = (node["declaration"] ?? node["expression"]) as Node | null | undefined;
  if (node.type === "ExportAllDeclaration") {
    const from = String((source as Node)["value"]);
    const as = node["exported"] ? nameOf(node["exported"] as Node) : undefined;
    if (as === undefined) module.stars.push(from);
    else addExport(module, as, { from, name: "*" });
    return;
  }
  if (node.type === "ExportDefaultDeclaration" && declared) addExport(module, "default", declared);
  else if (node.type === "TSExportAssignment" && declared) addExport(module, "=", declared);
  else if (declared) {
    const names = declared["declarations"]
      ? (declared["declarations"] as Node[]).map(({ id }) => id as Node)
      : [declared["id"] as Node];
    for (const name of names.flatMap(boundNames)) addExport(module, name["name"] as string, name);
  }
  for (const specifier of (node["specifiers"] ?? []) as Node[]) {
    const exported = nameOf(specifier["exported"] as Node);
    const local = specifier["local"] as Node;
    if (exported === undefined) continue;
    addExport(module, exported, source ? { from: String(source["value"]), name: nameOf(local) ?? "*" } : local);
  }
}

/** The identifiers that a pattern binds. */
function boundNames(pattern: Node | undefined): Node[] {
  if (!pattern) return [];
  if (pattern.type === "Identifier") return [pattern];
  const inner = pattern.type === "Property" ? [pattern["value"] as Node] : childrenOf(pattern);
  return inner.flatMap(boundNames);
}

function addExport(module: Module, name: string, value: Node | Imported): void {
  const known = module.exports.get(name);
  if (known) known.push(value);
  else module.exports.set(name, [value]);
}

/** `exports.a = …`, `module.exports = …`, `Class.prototype.a = …`, `name = …`. */
function assign(left: Node, right: Node, scope: Scope): void {
  const { module } = scope;
  if (left.type === "Identifier") {
    let owner: Scope = scope;
    while (owner.parent && !owner.names.has(left["name"] as string)) owner = owner.parent;
    if (left["name"] !== "exports") bind(left, right, owner);
    return;
  }
  if (left.type !== "MemberExpression") {
    bind(left, right, scope);
    return;
  }
  const name = memberName(left);
  if (isExports(left)) addExport(module, "=", right);
  else if (isExports(left["object"] as Node) && name !== undefined) addExport(module, name, right);
  if (name !== undefined) addMethod(module.methods, name, right, scope);
}

/** `Object.defineProperty(exports, "a", { get: … })`, `Object.defineProperties(app, { a: { get: … } })`, `Object.assign(exports, require("./a"))`, `__exportStar(require("./a"), exports)`. */
function defineByCall(node: Node, scope: Scope): void {
  const { module } = scope;
  const name = calledName(node["callee"] as Node);
  const [first, second, third] = node["arguments"] as Node[];
  const isMerged = name === "assign" && first !== undefined && isExports(first);
  for (const given of /^_*exportStar$/.test(name) ? [first] : isMerged ? (node["arguments"] as Node[]).slice(1) : []) {
    const from = given?.type === "CallExpression" ? (given["arguments"] as Node[])[0]?.["value"] : undefined;
    if (typeof from === "string") module.stars.push(from);
    for (const { key, value } of partsOf(given)) addExport(module, key, value);
  }
  const pairs: [string, Node | undefined][] =
    name === "defineProperty"
      ? [[String(second?.["value"] ?? "*"), third]]
      : name === "defineProperties"
        ? partsOf(second).map(({ key, value }) => [key, value])
        : [];
  for (const [property, descriptor] of pairs) {
    for (const { key, value } of partsOf(descriptor)) {
      if (key === "get") {
        addMethod(module.getters, property, value, scope);
        if (property === "*" && second) module.getterNames.set(value, second);
      }
      if (!first || !isExports(first)) continue;
      for (const given of key === "value" ? [value] : key === "get" ? returnsOf(value) : [])
        addExport(module, property, given);
    }
  }
}

/** The properties of an object that is written down. */
function partsOf(node: Node | undefined): { key: string; value: Node }[] {
  return ((node?.["properties"] ?? []) as Node[]).flatMap((part) =>
    part["key"] ? [{ key: nameOf(part["key"] as Node) ?? "*", value: part["value"] as Node }] : [],
  );
}

function property(node: Node, scope: Scope): void {
  const { module } = scope;
  const value = node["value"] as Node | null;
  const name = nameOf(node["key"] as Node) ?? "*";
  if (!value) return;
  if (node["kind"] === "get" || node["kind"] === "set") {
    if (node["kind"] === "get") addMethod(module.getters, name, value, scope);
    else addMethod(module.methods, `${name}=`, value, scope);
    return;
  }
  addMethod(module.methods, name, value, scope);
  if (node.type === "Property") keep([value], scope);
}

function addMethod(to: Map<string, Node[]>, name: string, value: Node, scope: Scope): void {
  scope.module.scopeOf.set(value, scope);
  const known = to.get(name);
  if (known) known.push(value);
  else to.set(name, [value]);
}

function keep(values: readonly (Node | null)[], scope: Scope): void {
  for (const value of values) {
    if (!value || !/Function|^Identifier$|^MemberExpression$/.test(value.type)) continue;
    scope.module.scopeOf.set(value, scope);
    scope.module.kept.push(value);
  }
}
