/** What a file asks for whenever it is loaded at all: not in a function, a branch or a `try`. */
import { parseScript } from "../base/ecmascript.ts";
import { ADDON_FINDERS } from "./analyze-tree.ts";
import type { RequestKind } from "./resolve.ts";
import { literal, nameOf } from "./tree-names.ts";
import { declaredNames, isFunction, type Node, nodesIn } from "./tree-scope.ts";

export interface SureRequests {
  requests: { specifier: string; kind: RequestKind }[];
  /** Text of the call that loads an addon, by one who finds its file or by `process.dlopen`. */
  loads: string | undefined;
  /** It may end with an error of its own: a loader that has found nothing does. */
  throws: boolean;
}

/** Parts of a node that may be left out when it runs. */
const CHOSEN: Record<string, readonly string[]> = {
  IfStatement: ["consequent", "alternate"],
  ConditionalExpression: ["consequent", "alternate"],
  LogicalExpression: ["right"],
  AssignmentPattern: ["right"],
  SwitchCase: ["test", "consequent"],
  ForStatement: ["test", "update", "body"],
  ForInStatement: ["body"],
  ForOfStatement: ["body"],
  WhileStatement: ["body"],
  TryStatement: ["block", "handler"],
  PropertyDefinition: ["value"],
};

/** @throws RangeError where the text is nested too deeply to be parsed */
export function sureRequests(path: string, text: string): SureRequests {
  const program = parseScript(path, text, { sourceType: "unambiguous", preserveParens: false })
    .program as unknown as Node;
  const finders = new Set(
    [...declaredNames(program)].filter(([, inits]) => inits.some(isFinder)).map(([name]) => name),
  );
  const found: SureRequests = { requests: [], loads: undefined, throws: false };
  const waiting: { node: Node; sure: boolean; caught: boolean }[] = [{ node: program, sure: true, caught: false }];
  for (let step = waiting.pop(); step; step = waiting.pop()) {
    const { node, sure, caught } = step;
    if (isFunction(node)) continue;
    // What comes behind the end of a module's code is not reached where it ends early.
    if (node.type === "ReturnStatement") return found;
    if (node.type === "ThrowStatement" && !caught) found.throws = true;
    if (sure) look(node, finders, text, found);
    for (const [key, child] of [...nodesIn(node)].reverse())
      waiting.push({
        node: child,
        sure: sure && CHOSEN[node.type]?.includes(key) !== true,
        caught: caught || (node.type === "TryStatement" && key === "block"),
      });
  }
  return found;
}

function look(node: Node, finders: ReadonlySet<string>, text: string, found: SureRequests): void {
  const source = node["source"] as Node | null | undefined;
  if (/^(?:Import|ExportNamed|ExportAll)Declaration$/.test(node.type) && source) {
    const specifier = literal(source);
    if (specifier !== undefined && node["importKind"] !== "type" && node["exportKind"] !== "type")
      found.requests.push({ specifier, kind: "import" });
    return;
  }
  if (node.type !== "CallExpression") return;
  const callee = node["callee"] as Node;
  const specifier = requiredBy(node);
  if (specifier !== undefined) found.requests.push({ specifier, kind: "require" });
  const owner = callee.type === "MemberExpression" ? (callee["object"] as Node) : callee;
  const finds = isFinder(owner) || (owner.type === "Identifier" && finders.has(owner["name"] as string));
  const opens = owner !== callee && nameOf(owner) === "process" && nameOf(callee) === "dlopen";
  if (finds || opens) found.loads ??= text.slice(node.start, node.end).split("\n")[0];
}

/** `require("bindings")`, or the declaration `import gyp from "node-gyp-build"`. */
function isFinder(node: Node | undefined): boolean {
  if (node?.type === "ImportDeclaration") return ADDON_FINDERS.has(literal(node["source"] as Node) ?? "");
  return ADDON_FINDERS.has((node && requiredBy(node)) ?? "");
}

function requiredBy(node: Node): string | undefined {
  if (node.type !== "CallExpression" || nameOf(node["callee"] as Node) !== "require") return undefined;
  const [argument] = node["arguments"] as Node[];
  return argument && literal(argument);
}
