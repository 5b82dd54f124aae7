/** Whether a module that is loaded starts something: its top level is followed, and every function that is called from there. */
import { isBuiltin } from "node:module";
import { callWith, type Module, type Scope } from "./module-scope.ts";
import {
  type Call,
  createReader,
  isGlobal,
  isUndeclared,
  type Program,
  type Reader,
  requirable,
  rootOf,
  Unreadable,
  type Value,
} from "./module-values.ts";
import {
  bare,
  calledName,
  childrenOf,
  isClass,
  isFunction,
  isLabel,
  memberName,
  type Node,
  nameOf,
  namesPort,
} from "./syntax-nodes.ts";
import {
  CALLED_UNASKED,
  CALLS_NOTHING,
  DECORATES,
  GOES_THROUGH,
  HELPER,
  mayStart,
  OTHER_PROGRAM,
  RUNS_TEXT,
} from "./telling-names.ts";

export interface Loaded extends Program {
  entry: string;
  /** Whether a package's function may listen by itself when it is called: `require("a")({ port })`. */
  mayServe(packageName: string): boolean;
  /** package.json says that other programs load it: only what is seen to be called counts, not what else could be. */
  isForOthers?: boolean;
}

const STEP_LIMIT = 400_000;
const PASS_LIMIT = 8;

class Starts extends Error {}

/**
 * A library: what is done while it is loaded could not listen. Whoever may call a function does: a package that it is given to, a
 * decorator, one that goes through a list. What it cannot be sure of, and a text that does not parse, may start something.
 */
export function onlyExport(program: Loaded): boolean {
  try {
    follow(program);
    return true;
  } catch (error) {
    // Nested deeper than the stack: a sum of thousands of parts.
    if (error instanceof Starts || error instanceof Unreadable || error instanceof RangeError) return false;
    throw error;
  }
}

/** What a function is called with gives its parameters their meaning, with which all is followed once more. @throws Starts */
function follow(program: Loaded): void {
  const reader = createReader(program);
  for (let pass = 0; followOnce(program, reader); pass++) {
    if (pass === PASS_LIMIT) throw new Starts();
    reader.forget();
  }
}

/** @returns whether a parameter stands for something that it did not stand for before */
function followOnce(program: Loaded, reader: Reader): boolean {
  const loaded: Module[] = [];
  const queue: (() => void)[] = [];
  const called = new Set<Node>();
  /** Names of what is called on things that nobody knows (`name=`: written), and of what is read. */
  const asked = new Set(program.isForOthers ? [] : CALLED_UNASKED);
  const read = new Set<string>();
  const forItself = new Set<Node>();
  /** What each module asks for, and those that go through lists of which nobody knows what is in them. */
  const asksFor = new Map<Module, Set<Module>>();
  const goThrough = new Set<Module>();
  let steps = 0;
  let learnt = false;

  const starts = (): never => {
    throw new Starts();
  };
  const mayStartAny = () => {
    if (!program.isForOthers) starts();
  };

  function load(file: string): void {
    const module = reader.module(file);
    if (loaded.includes(module)) return;
    loaded.push(module);
    queue.push(() => execute(module.program, module.scope));
    for (const name of asked) callMethods(module, name);
    for (const name of read) callGetters(module, name);
  }

  const callAll = (module: Module, nodes: readonly Node[] = []) => {
    for (const node of nodes)
      for (const value of reader.evaluate(node, module.scopeOf.get(node) ?? module.scope)) call(value);
  };
  const callMethods = (module: Module, name: string) => {
    callAll(module, module.methods.get(name));
    for (const value of module.exports.has(name) ? reader.exported(module.file, name, 0) : []) call(value);
  };
  const callGetters = (module: Module, name: string) => {
    callAll(module, module.getters.get(name));
    callAll(
      module,
      module.getters.get("*")?.filter((node) => mayBeNamed(module, node, name)),
    );
  };
  const mayBeNamed = (module: Module, node: Node, name: string) => {
    const given = module.getterNames.get(node);
    const names = given ? reader.evaluate(given, module.scopeOf.get(node) ?? module.scope) : [];
    return (
      name === "*" ||
      names.length === 0 ||
      names.some(({ is, ...one }) => is !== "plain" || ("text" in one && one.text === name))
    );
  };

  /** @param made what it is called on is the program's own, or made by it */
  function ask(name: string, made = false): void {
    if ((program.isForOthers && !made) || asked.has(name)) return;
    asked.add(name);
    for (const module of loaded) callMethods(module, name);
  }

  /** In the module itself and in those that it asks for. */
  function goThroughKept(module: Module): void {
    if (program.isForOthers || goThrough.has(module)) return;
    goThrough.add(module);
    for (const one of [module, ...(asksFor.get(module) ?? [])]) callAll(one, one.kept);
  }

  /** @param by absent: nobody knows with what */
  function call(value: Value, by?: Call): void {
    if (value.is === "class") make(value, by);
    if (value.is === "module") callModule(value.file, by);
    if (value.is === "lost") mayStartAny();
    if (value.is !== "function") return;
    const { node, scope } = value;
    const inner = scope.module.scopes.get(node) ?? scope;
    if (callWith(node, inner, by?.given, by?.scope ?? inner)) learnt = true;
    if (called.has(node)) return;
    called.add(node);
    queue.push(() => {
      for (const param of node["params"] as Node[]) execute(param, inner);
      const body = node["body"] as Node | null;
      if (body) execute(program.isForOthers ? body : (done(body) as Node), inner);
    });
  }

  function callModule(file: string, by: Call | undefined): void {
    const values = [...reader.exported(file, "=", 0), ...reader.exported(file, "default", 0)];
    const own = values.filter((value) => value.is !== "module" || value.file !== file);
    if (own.length === 0) mayStartAny();
    for (const value of own)
      if (value.is === "outside") callOutside(value, undefined);
      else call(value, by);
  }

  /** `new Class()`: its constructors and its fields. */
  function make(value: { node: Node; scope: Scope }, by?: Call, all = false): void {
    const scope = value.scope.module.scopes.get(value.node) ?? value.scope;
    const isMade = called.has(value.node);
    called.add(value.node);
    for (const part of reader.membersOf(value)) {
      const inner = part["value"] as Node | null;
      if (!inner) continue;
      const isConstructor = part["kind"] === "constructor";
      if (isConstructor || all)
        for (const own of reader.evaluate(inner, scope)) call(own, isConstructor ? by : undefined);
      if (part.type === "PropertyDefinition" && !isMade) queue.push(() => execute(inner, scope));
    }
  }

  /** It is handed to somebody who may call it, or what it holds. */
  function hand(value: Value, deep: boolean): void {
    if (value.is === "function") call(value);
    if (program.isForOthers) return;
    if (value.is === "class" || value.is === "instance") make(value, undefined, deep);
    if (!deep) return;
    if (value.is === "object")
      for (const part of value.node["properties"] as Node[])
        handNode((part["value"] ?? part["argument"]) as Node, value.scope, deep);
    if (value.is === "array")
      for (const part of value.node["elements"] as (Node | null)[]) if (part) handNode(part, value.scope, deep);
    if (value.is === "module")
      for (const name of reader.module(value.file).exports.keys())
        for (const own of reader.exported(value.file, name, 0)) if (own.is !== "module") hand(own, deep);
  }

  const handed = new Set<Node>();
  function handNode(node: Node, scope: Scope, deep: boolean): void {
    if (handed.has(node)) return;
    handed.add(node);
    const given = node.type === "SpreadElement" ? (node["argument"] as Node) : node;
    if (given.type === "Identifier" && isUndeclared(nameOf(given) as string, scope)) mayStartAny();
    for (const value of reader.evaluate(given, scope)) hand(value, deep);
  }

  /** A package's function or Node's. @param node the call; absent: of what a module of the program's is made */
  function callOutside({ from, whole }: { from: string; whole: boolean }, node: Node | undefined): void {
    if (OTHER_PROGRAM.test(from)) starts();
    const callee = node && bare(node["callee"] as Node);
    const direct = callee?.type !== "MemberExpression";
    const name = callee ? calledName(callee) : "";
    if (mayStart(name) && !(isBuiltin(from) && direct)) starts();
    if (isBuiltin(from)) return;
    // `container.get(Web).open()`
    if (program.isForOthers && !direct && !whole) ask(name, true);
    const forValue = !forItself.has(node as Node);
    const given = (node?.["arguments"] ?? []) as Node[];
    // `require("debug")("app")`
    if (forValue && given.length > 0 && given.every(isLabel)) return;
    const asWhole = direct || whole || node?.type === "NewExpression";
    const opens = asWhole && (!program.isForOthers || given.some(namesPort));
    if (program.mayServe(from) && (opens || !forValue)) starts();
  }

  function execute(node: Node, scope: Scope): void {
    if (++steps > STEP_LIMIT) starts();
    if (isFunction(node)) return;
    if (isClass(node)) {
      executeClass(node, scope);
      return;
    }
    switch (node.type) {
      case "ExpressionStatement":
      case "ReturnStatement":
        done(node["expression"] ?? (program.isForOthers ? null : node["argument"]));
        break;
      case "ImportDeclaration":
      case "ExportAllDeclaration":
      case "ExportNamedDeclaration":
        if (node["source"] && node["importKind"] !== "type" && node["exportKind"] !== "type")
          loadFrom(String((node["source"] as Node)["value"]), scope);
        break;
      case "ImportExpression": {
        const from = requirable(node["source"] as Node);
        if (from.length === 0) mayStartAny();
        for (const one of from) loadFrom(one, scope);
        break;
      }
      case "CallExpression":
      case "NewExpression":
        executeCall(node, scope);
        break;
      case "TaggedTemplateExpression":
        for (const value of reader.evaluate(node["tag"] as Node, scope)) if (value.is === "function") call(value);
        break;
      case "AssignmentExpression": {
        const left = node["left"] as Node;
        if (left.type !== "MemberExpression" || node["operator"] !== "=") break;
        // It is written, not read.
        ask(`${memberName(left) ?? "*"}=`);
        for (const part of [...childrenOf(left), node["right"] as Node]) execute(part, scope);
        return;
      }
      case "MemberExpression":
        get(memberName(node) ?? "*");
        break;
      case "ObjectPattern":
        for (const part of node["properties"] as Node[]) if (part["key"]) get(nameOf(part["key"] as Node) ?? "*");
    }
    for (const child of childrenOf(node)) execute(child, scope);
  }

  /** Notes what is called for what it does: its value is not kept. */
  function done(part: unknown): unknown {
    const node = part ? bare(part as Node) : undefined;
    if (node) forItself.add(node.type === "AwaitExpression" ? bare(node["argument"] as Node) : node);
    return part;
  }

  function get(name: string): void {
    if (program.isForOthers || read.has(name)) return;
    read.add(name);
    for (const module of loaded) callGetters(module, name);
  }

  function loadFrom(specifier: string, { module }: Scope): void {
    for (const value of reader.target(specifier, module.file)) {
      if (value.is !== "module") continue;
      load(value.file);
      const other = reader.module(value.file);
      asksFor.set(module, (asksFor.get(module) ?? new Set()).add(other));
      if (goThrough.has(module)) callAll(other, other.kept);
    }
  }

  /** What is evaluated with a class: what it extends, what is static, and its decorators, which may do with it what they like. */
  function executeClass(node: Node, scope: Scope): void {
    const members = childrenOf(node["body"] as Node);
    const decorators = [node, ...members].flatMap((part) => (part["decorators"] ?? []) as Node[]);
    for (const decorator of decorators) execute(decorator, scope);
    if (decorators.length > 0 && !program.isForOthers) make({ node, scope }, undefined, true);
    if (node["superClass"]) execute(node["superClass"] as Node, scope);
    for (const part of members) {
      if (part["computed"] === true) execute(part["key"] as Node, scope);
      if (part.type === "StaticBlock") for (const child of childrenOf(part)) execute(child, scope);
      if (/Property/.test(part.type) && part["static"] === true && part["value"]) execute(part["value"] as Node, scope);
    }
  }

  function executeCall(node: Node, scope: Scope): void {
    const callee = bare(node["callee"] as Node);
    const given = node["arguments"] as Node[];
    const name = calledName(callee);
    if (callee.type === "Identifier" && name === "require") {
      const from = given[0] ? requirable(given[0]) : [];
      if (from.length === 0) mayStartAny();
      for (const one of from) loadFrom(one, scope);
      return;
    }
    if (callee.type === "Super") return;
    const values = reader.evaluate(callee, scope);
    const known = values.filter(({ is }) => /^(?:function|class|module|outside|lost)$/.test(is));
    for (const value of known)
      if (value.is === "outside") callOutside(value, node);
      else call(value, { given, scope });
    const isPlain = values.length > 0 && values.every(({ is }) => is === "plain");
    if (!isPlain && (known.length === 0 || values.some(({ is }) => is === "unknown"))) callUnknown(callee, scope);
    if (CALLS_NOTHING.test(name)) return;
    // What everybody has, and Node's own, call what they are given, but nothing that it holds.
    const isCommon =
      known.length === 0
        ? isGlobal(rootOf(callee), scope)
        : known.every((value) => value.is === "outside" && isBuiltin(value.from));
    const deep = !isCommon || DECORATES.test(name);
    const allKnown = known.length > 0 && known.length === values.length;
    if (allKnown && known.every(({ is }) => is === "function" || is === "class")) return;
    for (const part of given) handNode(part, scope, deep);
  }

  function callUnknown(callee: Node, scope: Scope): void {
    const name = calledName(callee);
    if (CALLS_NOTHING.test(name)) return;
    if (callee.type === "MemberExpression") {
      callMember(callee, scope);
      return;
    }
    if (callee.type === "Identifier") {
      if (RUNS_TEXT.test(name)) mayStartAny();
      if (isGlobal(name, scope) || HELPER.test(name)) return;
      if (mayStart(name)) starts();
      if (isUndeclared(name, scope)) mayStartAny();
      ask(name);
      goThroughKept(scope.module);
      return;
    }
    if (isFunction(callee) || isClass(callee)) return;
    if (callee.type === "CallExpression") {
      const inner = reader.evaluate(callee["callee"] as Node, scope);
      if (inner.length > 0 && inner.every(({ is }) => is === "outside")) return;
    }
    mayStartAny();
  }

  function callMember(callee: Node, scope: Scope): void {
    const name = memberName(callee);
    const object = callee["object"] as Node;
    if (name === undefined) {
      const values = reader.evaluate(object, scope);
      if (isUndeclared(rootOf(callee), scope)) mayStartAny();
      if (values.length === 0 && !isGlobal(rootOf(callee), scope)) goThroughKept(scope.module);
      for (const value of values) value.is === "lost" ? mayStartAny() : hand(value, true);
      return;
    }
    if (mayStart(name)) starts();
    if (isUndeclared(rootOf(callee), scope)) mayStartAny();
    if (/^(?:call|apply)$/.test(name)) {
      for (const value of reader.evaluate(object, scope)) call(value);
      const inner = bare(object);
      if (inner.type === "MemberExpression") callMember(inner, scope);
      return;
    }
    const values = reader.evaluate(object, scope);
    const isPlain = values.length > 0 && values.every(({ is }) => is === "plain" || is === "array");
    // `steps.forEach((step) => step())`
    if (GOES_THROUGH.test(name))
      for (const value of values) if (/^(?:array|object|module)$/.test(value.is)) hand(value, true);
    if (!isPlain && !isGlobal(rootOf(callee), scope)) ask(name, reader.isMade(object, scope));
  }

  load(program.entry);
  for (let next = queue.shift(); next; next = queue.shift()) next();
  return learnt;
}
