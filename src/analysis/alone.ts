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

const ALONE = new WeakMap<ReadonlyMap<string, string>, (path: string) => boolean>();

/** @returns whether a file is such a script, read once for each */
export function scriptsAlone(texts: ReadonlyMap<string, string>): (path: string) => boolean {
  const made = ALONE.get(texts);
  if (made) return made;
  const known = new Map<string, boolean>();
  let modules: ReadonlySet<string> | undefined;
  const ask = (path: string): boolean => {
    let alone = known.get(path);
    if (alone === undefined) known.set(path, (alone = isAlone(path, texts, () => (modules ??= modulesOf(texts)))));
    return alone;
  };
  ALONE.set(texts, ask);
  return ask;
}

function isAlone(path: string, texts: ReadonlyMap<string, string>, modules: () => ReadonlySet<string>): boolean {
  const text = texts.get(path) ?? "";
  const language = languageOf(path, text) ?? "";
  const imports = IMPORTS[language];
  if (!imports || !READS_FLAGS.test(text) || imports.test(text) || GIVES[language]?.test(text)) return false;
  const file = path.slice(path.lastIndexOf("/") + 1);
  const stem = file.replace(/\.\w+$/, "");
  if (language === "python" && (!RUNS.test(text) || importsOwn(text, modules()))) return false;
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

/** What modules of Python may be called: by the name of their file or of a folder above. */
function modulesOf(texts: ReadonlyMap<string, string>): ReadonlySet<string> {
  const names = new Set<string>();
  for (const path of texts.keys())
    if (path.endsWith(".py")) for (const part of path.slice(0, -".py".length).split("/")) names.add(part);
  return names;
}

/** Does it import a module of the program? */
function importsOwn(text: string, modules: ReadonlySet<string>): boolean {
  return [...text.matchAll(/^[ \t]*(?:from|import)[ \t]+(\w+)/gm)].some(([, name]) => modules.has(name as string));
}
