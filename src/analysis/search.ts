/** Which files of a program a pattern is in. Many questions are asked of the same texts: most files are passed over by their words. */
import { scriptsAlone } from "./alone.ts";
import { languageOf, leftOut } from "./project.ts";
import type { SourceModule } from "./scope/scope.ts";

const MAX_FILES = 10;
/** How much text is read only to find callers, in a whole program. */
const MAX_FOLLOWED_CHARS = 1_500_000;
/** The same, for what matters and was not found in those. */
const MORE_FOLLOWED_CHARS = 6_000_000;
const SMALL_CHARS = 20_000;

/** `close` says which files are looked at first; the answer is kept under `from`, where they are told apart. */
export type Search = (
  pattern: RegExp,
  near: SourceModule,
  word?: string,
  first?: { close: (path: string, text: string) => boolean; from: string },
) => readonly SourceModule[];

interface Looking {
  search: Search;
  /** Was a file not looked at, because enough were? */
  leftOut(): boolean;
}

/** @param module parses a file */
export function createSearch(
  texts: ReadonlyMap<string, string>,
  others: ReadonlySet<string>,
  module: (path: string) => SourceModule | undefined,
): { usual: Looking; thorough: Looking } {
  const languages = new Map<string, ReturnType<typeof filesByWord>>();
  const filesWith = (language: string, word: string): readonly string[] => {
    let known = languages.get(language);
    if (!known) languages.set(language, (known = filesByWord(filesOf(language, texts, others), texts)));
    return known(word);
  };
  return {
    usual: looking(texts, filesWith, module, MAX_FOLLOWED_CHARS),
    thorough: looking(texts, filesWith, module, MORE_FOLLOWED_CHARS),
  };
}

function looking(
  texts: ReadonlyMap<string, string>,
  filesWith: (language: string, word: string) => readonly string[],
  module: (path: string) => SourceModule | undefined,
  maxChars: number,
): Looking {
  const found = new Map<string, SourceModule[]>();
  // A file that was followed before is parsed: to look through it again costs less.
  const followed = new Set<string>();
  let chars = 0;
  let leftOut = false;
  const search: Search = (pattern, near, word = "", first) => {
    const all = filesWith(near.language, word);
    // Where all of them are looked at it says nothing which come first.
    const isFirst = first && all.length > MAX_FILES ? first : undefined;
    const key = `${near.language} ${pattern.source} ${isFirst?.from ?? ""}`;
    const known = found.get(key);
    if (known) return known;
    const list: SourceModule[] = [];
    found.set(key, list);
    const close = isFirst ? all.filter((p) => isFirst.close(p, texts.get(p) ?? "")) : [];
    for (const path of new Set([near.path, ...close, ...all])) {
      if (list.length >= MAX_FILES) break;
      const text = texts.get(path) ?? "";
      // A small file still is read when the large ones have used up what may be.
      if (path !== near.path && chars > (text.length > SMALL_CHARS ? 1 : 1.3) * maxChars) {
        leftOut = true;
        continue;
      }
      const m = pattern.test(text) ? module(path) : undefined;
      if (!m) continue;
      list.push(m);
      chars += followed.has(path) ? text.length / 16 : text.length;
      followed.add(path);
    }
    return list;
  };
  return { search, leftOut: () => leftOut };
}

/** How many files are looked at is limited: first those where settings and starts are at home. */
function filesOf(language: string, texts: ReadonlyMap<string, string>, others: ReadonlySet<string>): string[] {
  const isAlone = scriptsAlone(texts);
  const all = [...texts].filter(
    ([p, text]) => languageOf(p, text) === language && !leftOut(p) && !others.has(p) && !isAlone(p),
  );
  const rank = (p: string): number =>
    /(config|setting|option|args?|cli|env)[\w.-]*(\/[^/]*)?$/i.test(p)
      ? 0
      : /(main|server|start|index|cmd)[^/]*$/i.test(p)
        ? 1
        : 2;
  return all.map(([p]) => p).sort((a, b) => rank(a) - rank(b));
}

/** Those of the files that have all words of a text, in their order: all files for a text without one. */
function filesByWord(
  paths: readonly string[],
  texts: ReadonlyMap<string, string>,
): (text: string) => readonly string[] {
  let index: Map<string, string[]> | undefined;
  const build = (): Map<string, string[]> => {
    const built = new Map<string, string[]>();
    for (const path of paths)
      for (const word of new Set(wordsOf(texts.get(path) as string))) {
        const list = built.get(word);
        if (list) list.push(path);
        else built.set(word, [path]);
      }
    return built;
  };
  return (text) => {
    const [first, ...more] = wordsOf(text);
    if (first === undefined) return paths;
    index ??= build();
    const rest = more.map((word) => new Set(index?.get(word)));
    return (index.get(first) ?? []).filter((path) => rest.every((files) => files.has(path)));
  };
}

function wordsOf(text: string): readonly string[] {
  return text.match(/\w+/g) ?? [];
}
