/** Whether a module that is loaded starts something, read from its top level. */
import { parseSync } from "oxc-parser";

interface Node {
  type: string;
  [key: string]: unknown;
}

/** What a library calls while it is loaded: other modules, and what its own exports are made of. */
const MAKES_EXPORTS =
  /^(?:require|__importStar|__exportStar|defineProperty|defineProperties|assign|freeze|inherits|config)$/;
const STARTS = /listen|start|serve|^(?:run|main|init|launch|lift|bootstrap|boot)$/i;

/**
 * A library: it imports, declares and exports; nothing that it calls by itself could listen. What it cannot be sure of, and a text
 * that does not parse, may start something.
 */
export function onlyExports(file: string, text: string): boolean {
  const { program, errors } = parseSync(file, text);
  return errors.length === 0 && (program.body as unknown as Node[]).every(startsNothing);
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

/** The last names of what is called outside of functions; "" for what has none. */
function callsAtLoad(node: Node): string[] {
  if (/Function|^Class/.test(node.type)) return [];
  const own = node.type === "CallExpression" ? [calledName(node["callee"] as Node)] : [];
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
