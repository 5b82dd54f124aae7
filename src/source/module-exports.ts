/** The names that a module exports, and the functions it registers by name, read from its top level. */
import { tryParseScript } from "../base/ecmascript.ts";
import { isExports, type Node, nameOf } from "./syntax-nodes.ts";

export interface ModuleExports {
  /** Named exports in the order of the text, without `default` and `__esModule`. */
  names: string[];
  /** First arguments of calls such as `functions.http("hello", …)`, by the method called. */
  registered: { method: string; name: string }[];
}

/** A text that does not parse exports nothing. */
export function moduleExports(file: string, text: string): ModuleExports {
  const found: ModuleExports = { names: [], registered: [] };
  const names = new Set<string>();
  const parsed = tryParseScript(file, text);
  if (!parsed) return found;
  for (const { entries } of parsed.module.staticExports) {
    for (const { exportName, isType } of entries) {
      if (!isType && exportName.kind === "Name" && exportName.name !== null) names.add(exportName.name);
    }
  }
  for (const statement of parsed.program.body as unknown as Node[]) {
    if (statement.type !== "ExpressionStatement") continue;
    for (const expression of parts(statement["expression"] as Node)) readExpression(expression, names, found);
  }
  for (const name of ["__esModule", "default"]) names.delete(name);
  found.names = [...names];
  return found;
}

/** `exports.a = exports.b = f`, and the parts of `a, b`. */
function parts(expression: Node): Node[] {
  if (expression.type === "SequenceExpression") return (expression["expressions"] as Node[]).flatMap(parts);
  if (expression.type === "AssignmentExpression") return [expression, ...parts(expression["right"] as Node)];
  return [expression];
}

function readExpression(expression: Node, names: Set<string>, { registered }: ModuleExports): void {
  if (expression.type === "CallExpression") {
    const callee = expression["callee"] as Node;
    const [first] = expression["arguments"] as Node[];
    const method = callee.type === "MemberExpression" ? nameOf(callee["property"] as Node) : nameOf(callee);
    if (method !== undefined && first?.type === "Literal" && typeof first["value"] === "string")
      registered.push({ method, name: first["value"] });
    return;
  }
  if (expression.type !== "AssignmentExpression") return;
  const left = expression["left"] as Node;
  const right = expression["right"] as Node;
  if (left.type !== "MemberExpression") return;
  if (isExports(left)) {
    if (right.type !== "ObjectExpression") return;
    for (const property of right["properties"] as Node[]) {
      const name = property.type === "Property" ? nameOf(property["key"] as Node) : undefined;
      if (name !== undefined) names.add(name);
    }
    return;
  }
  const name = nameOf(left["property"] as Node);
  // `exports.name = void 0`, which compilers write first, is no value yet.
  if (name !== undefined && isExports(left["object"] as Node) && right.type !== "UnaryExpression") names.add(name);
}
