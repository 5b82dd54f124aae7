/** The folders of a Go program, each of which is a package. */
import { dirname } from "../javascript/resolve.ts";
import type { ModuleFinder } from "../languages.ts";
import { excluded } from "./build-tags.ts";

/** The files of each folder, tests left out. */
export function filesByFolder(finder: ModuleFinder): Map<string, string[]> {
  const folders = new Map<string, string[]>();
  for (const path of finder.paths)
    if (path.endsWith(".go") && !path.endsWith("_test.go")) add(folders, dirname(path), path);
  return folders;
}

/**
 * Files of a folder by words that are found in them; parsing the others would be for nothing. Each folder is read when it is
 * first asked for.
 */
export function filesByWord(
  finder: ModuleFinder,
  folders: ReadonlyMap<string, readonly string[]>,
  wordsIn: (text: string) => Iterable<string>,
): (folder: string) => ReadonlyMap<string, readonly string[]> {
  const known = new Map<string, Map<string, string[]>>();
  return (folder) => {
    let words = known.get(folder);
    if (words) return words;
    known.set(folder, (words = new Map()));
    for (const path of folders.get(folder) ?? []) {
      const text = finder.text(path) ?? "";
      if (!excluded(text)) for (const word of wordsIn(text)) add(words, word, path);
    }
    return words;
  };
}

/** Files come one after the other: the last one is the only one that may be there already. */
function add(files: Map<string, string[]>, key: string, path: string): void {
  const there = files.get(key);
  if (!there) files.set(key, [path]);
  else if (there.at(-1) !== path) there.push(path);
}

/** Every package of Go has its `New`: one is called in its own folder, and where that is imported. */
export function importersFirst(path: string): { close: (path: string, text: string) => boolean; from: string } {
  const from = dirname(path);
  return { from, close: (p, text) => dirname(p) === from || (from !== "" && text.includes(`/${from}"`)) };
}
