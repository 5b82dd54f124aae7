/**
 * The app's own modules that its code names as files, beside importing them: `apis: ["./routes/*.js"]` has a package read their
 * text, and in a bundle they are not there, or without their comments.
 */
import { dirname, relative, resolve } from "node:path";
import type { AnalyzedFile } from "./analysis-cache.ts";

export interface SourceName {
  /** A path, or a glob, as it is written. */
  text: string;
  line: number;
}

/** A glob anywhere; a plain name in a list, or as the value of something: what is handed to a call is mostly an import. */
const NAMES =
  /(?<before>[[,:=(]\s*|\+\s*)(?<quote>["'`])(?<path>(?:\$\{__dirname\})?(?:\.{0,2}\/)?(?:[\w@.*{},-]+\/)*[\w@.*{},-]+\.(?:[cm]?js|\{[\w,]+\}))\k<quote>/g;

export function sourceNames(text: string, lineOf: (offset: number) => number): SourceName[] {
  const found: SourceName[] = [];
  for (const { groups, index } of text.matchAll(NAMES)) {
    const { before = "", path = "" } = groups ?? {};
    if (path.includes("*") ? !/^\*/.test(path) : /^[[,:=]/.test(before) && /^\.{0,2}\//.test(path))
      found.push({ text: path, line: lineOf(index) });
  }
  return found;
}

/** @returns why the app has to stay files: the place, and which of its modules is named there */
export async function namedSource(
  files: ReadonlyMap<string, AnalyzedFile>,
  { root, appDir }: { root: string; appDir: string },
): Promise<string | undefined> {
  for (const [from, { analysis }] of files) {
    for (const { text, line } of analysis.sourceNames ?? []) {
      const { globSync } = await import("tinyglobby");
      // A program's working directory is the app's; what is added to `__dirname` begins with a slash.
      const cwd = /^(?:\$\{__dirname\})?\//.test(text) ? dirname(from) : appDir;
      const pattern = text.replace(/^(?:\$\{__dirname\})?\//, "").replace(/^\.\//, "");
      const ignore = ["**/node_modules/**", "**/.git/**"];
      const own = globSync(pattern, { cwd, ignore })
        .map((path) => resolve(cwd, path))
        .find((path) => files.has(path));
      if (own) return `${relative(root, from)}:${line} names ${relative(root, own)} as a file: ${text}`;
    }
  }
  return undefined;
}
