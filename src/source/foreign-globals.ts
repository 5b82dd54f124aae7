/** What only another runtime has, asked for where nothing asks first which runtime this is: the program dies there on Node. */
import { posix } from "node:path";
import { readModule, type Scope } from "./module-scope.ts";
import { isGlobal } from "./module-values.ts";
import type { Source } from "./open.ts";
import { childrenOf, memberName, type Node, nameOf } from "./syntax-nodes.ts";

export interface ForeignUse {
  runtime: "bun" | "deno";
  file: string;
  /** `Bun.file`, `bun:sqlite`. */
  what: string;
}

const MENTION = /(?<![\w$.])(?:Bun|Deno)\.\w|["']bun(?::[\w/]+)?["']/;
/** A program of several runtimes asks. */
const ASKS =
  /\btypeof\s+(?:Bun|Deno)\b|\b(?:globalThis|global|self)\??\.(?:Bun|Deno)\b|["'](?:Bun|Deno)["']|(?:[=!]==?|\bcase)\s*["'](?:bun|deno)["']|\bversions\??\.(?:bun|deno)\b|\bis(?:Bun|Deno)\b|\b(?:Bun|Deno)\?\./;

/** The last name of a module of its own, without its ending. */
const LATER = /\bimport\s*\(\s*["'`]\.[^"'`\n]*?([^/"'`\n]+?)(?:\.[cm]?[jt]sx?)?["'`]\s*\)/g;

/** @param files of one program, relative to the source's root @returns the first such use; undefined as well where one of them asks */
export function foreignUse(source: Source, files: readonly string[]): ForeignUse | undefined {
  const texts = files.map((file) => ({ file, text: source.read(file) ?? "" }));
  const suspects = texts.filter(({ text }) => MENTION.test(text));
  if (suspects.length === 0 || texts.some(({ text }) => ASKS.test(text))) return undefined;
  // `await import("./db-bun")`: where it is wanted.
  const later = new Set(texts.flatMap(({ text }) => [...text.matchAll(LATER)].map(([, name]) => name)));
  for (const { file, text } of suspects) {
    if (later.has(posix.parse(file).name)) continue;
    const module = readModule(file, text);
    const what = module && foreignIn(module.program, module.scope);
    if (what !== undefined) return { runtime: what.startsWith("Deno") ? "deno" : "bun", file, what };
  }
  return undefined;
}

function foreignIn(node: Node, outer: Scope): string | undefined {
  const scope = outer.module.scopes.get(node) ?? outer;
  // What fails there is caught.
  if (node.type === "TryStatement") return undefined;
  if (node.type === "ImportDeclaration") {
    const from = String((node["source"] as Node)["value"]);
    return node["importKind"] !== "type" && /^bun(?::|$)/.test(from) ? from : undefined;
  }
  if (/^TS(?:Type|Interface|Qualified)/.test(node.type)) return undefined;
  if (node.type === "MemberExpression") {
    const object = nameOf(node["object"] as Node) ?? "";
    // One that the program declares means something else by the name.
    if (/^(?:Bun|Deno)$/.test(object) && (node["object"] as Node).type === "Identifier" && isGlobal(object, scope))
      return `${object}.${memberName(node) ?? ""}`;
  }
  for (const child of childrenOf(node)) {
    const found = foreignIn(child, scope);
    if (found !== undefined) return found;
  }
  return undefined;
}
