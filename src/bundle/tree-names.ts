/** What a node of the syntax tree says by itself: a text, a name. */
import type { Node } from "./tree-scope.ts";

/** The value of a string that is written out. */
export function literal(node: Node): string | undefined {
  if (node.type === "Literal" && typeof node["value"] === "string") return node["value"];
  if (node.type === "TemplateLiteral" && (node["expressions"] as Node[]).length === 0) {
    return ((node["quasis"] as Node[])[0]?.["value"] as { cooked?: string } | undefined)?.cooked;
  }
  return undefined;
}

/** `a` of `a`, `b` of `a.b`. */
export function nameOf(node: Node): string | undefined {
  if (node.type === "Identifier") return node["name"] as string;
  if (node.type === "MemberExpression" && node["computed"] !== true)
    return (node["property"] as Node)["name"] as string;
  return undefined;
}
