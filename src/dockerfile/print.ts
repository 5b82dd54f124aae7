/** Tree → text. An unchanged tree gives the same bytes. */
import type { Document } from "./syntax.ts";

export function printDockerfile(document: Document): string {
  let out = "";
  for (const node of document.nodes) out += document.text.slice(node.span.start, node.span.end);
  return out;
}
