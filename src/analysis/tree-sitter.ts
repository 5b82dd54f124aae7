/** Grammars of every language but JavaScript: loaded when a program has such files, then parsing is synchronous. */
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import type { Node, Parser } from "web-tree-sitter";
import type { Span } from "./ir.ts";

const GRAMMARS: Record<string, string> = {
  python: "python",
  go: "go",
  java: "java",
  ruby: "ruby",
  php: "php",
  rust: "rust",
  csharp: "c-sharp",
};

const parsers = new Map<string, Promise<Parser>>();
const ready = new Map<string, Parser>();

/** Loads the grammars of these languages; those without one are left out. */
export async function loadGrammars(languages: Iterable<string>): Promise<void> {
  await Promise.all(
    [...languages].map(async (language) => {
      const grammar = GRAMMARS[language];
      if (!grammar || ready.has(language)) return;
      let loading = parsers.get(language);
      if (!loading) parsers.set(language, (loading = load(grammar)));
      ready.set(language, await loading);
    }),
  );
}

let runtime: Promise<typeof import("web-tree-sitter")> | undefined;

async function load(grammar: string): Promise<Parser> {
  runtime ??= (async () => {
    const module = await import("web-tree-sitter");
    await module.Parser.init();
    return module;
  })();
  const { Language, Parser: Maker } = await runtime;
  const file = createRequire(import.meta.url).resolve(`@vscode/tree-sitter-wasm/wasm/tree-sitter-${grammar}.wasm`);
  const parser = new Maker();
  parser.setLanguage(await Language.load(await readFile(file)));
  return parser;
}

/** Runs `lower` over the tree of a text; undefined where the grammar is not loaded or the text defeats it. */
export function withTree<T>(language: string, text: string, lower: (root: Node) => T): T | undefined {
  const parser = ready.get(language);
  if (!parser) return undefined;
  const deadline = performance.now() + 5_000;
  const tree = parser.parse(text, null, { progressCallback: () => performance.now() > deadline });
  if (!tree) {
    parser.reset();
    return undefined;
  }
  try {
    return lower(tree.rootNode);
  } finally {
    tree.delete();
  }
}

export type SyntaxNode = Node;

export function spanOf(node: Node): Span {
  return { start: node.startIndex, end: node.endIndex };
}

/** Named children without comments and what the parser could not read. */
export function named(node: Node | null | undefined): Node[] {
  return node ? node.namedChildren.filter((n): n is Node => n !== null && !n.isExtra && n.type !== "comment") : [];
}

export function field(node: Node, name: string): Node | undefined {
  return node.childForFieldName(name) ?? undefined;
}

export function fields(node: Node, name: string): Node[] {
  return node.childrenForFieldName(name).filter((n): n is Node => n !== null);
}
