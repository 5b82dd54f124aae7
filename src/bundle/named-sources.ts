/**
 * The app's own modules that its code names as files, beside importing them: `apis: ["./routes/*.js"]` has a package read their
 * text, and in a bundle they are not there, or without their comments. Of what is named as TypeScript the source is wanted, which no
 * build leaves in an image.
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
  /(?<before>[[,:=(]\s*|\+\s*)(?<quote>["'`])(?<path>(?:\$\{__dirname\})?(?:\.{0,2}\/)?(?:[\w@.*{},-]+\/)*[\w@.*{},-]+\.(?:[cm]?js|[cm]?ts|\{[\w,]+\}))\k<quote>/g;

export function sourceNames(text: string, lineOf: (offset: number) => number): SourceName[] {
  const found: SourceName[] = [];
  for (const { groups, index } of text.matchAll(NAMES)) {
    const { before = "", path = "" } = groups ?? {};
    if (path.includes("*") ? !/^\*/.test(path) : /^[[,:=]/.test(before) && /^\.{0,2}\//.test(path))
      found.push({ text: path, line: lineOf(index) });
  }
  return found;
}

export interface NamedSources {
  /** Why the app has to stay files: the place, and which of its modules is named there. */
  blocked: string | undefined;
  /** TypeScript that is named, absolute: to be there as it is written. */
  texts: string[];
}

export async function namedSources(
  files: ReadonlyMap<string, AnalyzedFile>,
  { root, appDir }: { root: string; appDir: string },
): Promise<NamedSources> {
  const found: NamedSources = { blocked: undefined, texts: [] };
  for (const [from, { analysis }] of files) {
    for (const { text, line } of analysis.sourceNames ?? []) {
      const { globSync } = await import("tinyglobby");
      // A program's working directory is the app's; what is added to `__dirname` begins with a slash.
      const cwd = /^(?:\$\{__dirname\})?\//.test(text) ? dirname(from) : appDir;
      const pattern = text.replace(/^(?:\$\{__dirname\})?\//, "").replace(/^\.\//, "");
      const ignore = ["**/node_modules/**", "**/.git/**"];
      const named = globSync(pattern, { cwd, ignore }).map((path) => resolve(cwd, path));
      const own = named.find((path) => files.has(path));
      if (own) found.blocked ??= `${relative(root, from)}:${line} names ${relative(root, own)} as a file: ${text}`;
      found.texts.push(...named.filter((path) => /(?<!\.d)\.[cm]?ts$/.test(path)));
    }
  }
  return found;
}
