/** What every reader of ESTree asks of a node. */
import type { Span } from "../ir.ts";

/** A node as ESTree has it: fields by name. */
export interface Node extends Span {
  type: string;
  // biome-ignore lint/suspicious/noExplicitAny: ESTree has 200 shapes; each is read where its type is known.
  [key: string]: any;
}

export const spanOf = (node: Span): Span => ({ start: node.start, end: node.end });

export const named = (node: Node | null | undefined): string | undefined => node?.["name"] ?? node?.["value"];

export function keyName(node: Node, computed = false): string | undefined {
  if (!computed && node.type === "Identifier") return node["name"];
  if (node.type === "PrivateIdentifier") return `#${node["name"]}`;
  if (node.type === "Literal") return String(node["value"]);
  return undefined;
}
