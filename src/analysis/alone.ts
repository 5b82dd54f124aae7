/** Scripts beside a program that it does not load and that load nothing of it: each is run by itself, with flags of its own. */
import { escaped } from "../base/escaped.ts";
import { languageOf } from "./project.ts";

const IMPORTS: Record<string, RegExp> = {
  javascript: /\b(?:require|import)\s*\(\s*["'`][.@~#/]|\bfrom\s*["'][.@~#/]|^import\s*["'][.@~#/]/m,
  python: /^[ \t]*from[ \t]+\./m,
  ruby: /\brequire_relative\b|\brequire\s*\(?["']\.|\bload\b/,
};
/** What others may take from a file, or who loads whole folders. */
const GIVES: Record<string, RegExp> = {
  javascript: /\bexports\b|\bexport\b/,
  ruby: /^\s*(?:class|module)\s/m,
};
/** A module of Python that does something where it is run by its path; `@click.command()` alone is a package's command. */
const RUNS = /^(?:if __name__\b|[\w., ]+=.*\bparse_args\(|main\()/m;
/** What reads the command line. */
const READS_FLAGS = /\bargv\b|\bARGV\b|\bparse_args\b|\bcommander\b|\byargs\b|\bOptionParser\b|\bclick\b|\bminimist\b/;

/** @returns whether a file is such a script, read once for each */
export function scriptsAlone(texts: ReadonlyMap<string, string>): (path: string) => boolean {
  const known = new Map<string, boolean>();
  return (path) => {
    let alone = known.get(path);
    if (alone === undefined) known.set(path, (alone = isAlone(path, texts)));
    return alone;
  };
}

function isAlone(path: string, texts: ReadonlyMap<string, string>): boolean {
  const text = texts.get(path) ?? "";
  const language = languageOf(path, text) ?? "";
  const imports = IMPORTS[language];
  if (!imports || !READS_FLAGS.test(text) || imports.test(text) || GIVES[language]?.test(text)) return false;
  const file = path.slice(path.lastIndexOf("/") + 1);
  const stem = file.replace(/\.\w+$/, "");
  if (language === "python" && (!RUNS.test(text) || importsOwn(text, texts))) return false;
  // By its whole name in what starts it, by its bare name where code loads it.
  const loads =
    language === "python"
      ? new RegExp(
          `^[ \\t]*(?:from|import)\\b[^\\n]*\\b${escaped(stem)}\\b|["'][\\w.]*\\b${escaped(stem)}(?:[:.]\\w+)?["']`,
          "m",
        )
      : new RegExp(`["'\`/]${escaped(stem)}["'\`]`);
  for (const [other, said] of texts) {
    if (other === path) continue;
    if (said.includes(file)) return false;
    if (said.includes(stem) && loads.test(said)) return false;
  }
  return true;
}

/** Does it import a module of the program, by the name of its file or of its folder? */
function importsOwn(text: string, texts: ReadonlyMap<string, string>): boolean {
  const own = new Set<string>();
  for (const path of texts.keys())
    if (path.endsWith(".py")) for (const part of path.slice(0, -".py".length).split("/")) own.add(part);
  return [...text.matchAll(/^[ \t]*(?:from|import)[ \t]+(\w+)/gm)].some(([, name]) => own.has(name as string));
}
