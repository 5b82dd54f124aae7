/** A JSON file that code imports: the same tree as an object literal. Offsets are not kept. */
import type { Expr, FileTree } from "../ir.ts";
import { parseLooseJson } from "./resolve.ts";

export function lowerJson(text: string): FileTree {
  return {
    body: [{ kind: "export", exported: "default", value: jsonExpression(parseLooseJson(text)), start: 0, end: 0 }],
  };
}

/** Any parsed data as an expression. */
export function jsonExpression(value: unknown, depth = 0): Expr {
  const span = { start: 0, end: 0 };
  if (depth > 12) return { kind: "other", children: [], ...span };
  if (typeof value === "string" || typeof value === "number" || typeof value === "boolean" || value === null)
    return { kind: "literal", value, ...span };
  if (Array.isArray(value))
    return { kind: "array", items: value.slice(0, 200).map((v) => jsonExpression(v, depth + 1)), ...span };
  if (typeof value === "object" && value !== null)
    return {
      kind: "object",
      entries: Object.entries(value).map(([key, v]) => ({ key, value: jsonExpression(v, depth + 1), ...span })),
      ...span,
    };
  return { kind: "other", children: [], ...span };
}
