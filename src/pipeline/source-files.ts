/** Which files of a directory the source rules may read: what the program is made of, and what starts it. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { languageOf, neverEntered, type SourceFiles } from "../analysis/project.ts";
import { createIgnoreRules } from "../source/ignore.ts";
import type { Source } from "../source/open.ts";
import { walkSource } from "../source/walk.ts";

/**
 * `.dockerignore` says what a build may copy, not what the program is: it commonly names the Dockerfile itself, and the
 * sources of programs that are compiled before. So it only takes out scripts, which run as they are, and only where it is
 * a list of what to leave out, not of what to let in.
 */
export function sourceFilesOf(source: Source): SourceFiles {
  const never = createIgnoreRules([source.read(".knbuildignore") ?? ""]);
  const dockerignore = source.read(".dockerignore") ?? "";
  const lists = !/^\s*(\*{1,2}|\/|\.)\s*$/m.test(dockerignore);
  const rules = createIgnoreRules([dockerignore]);
  return {
    root: source.root,
    files: () =>
      walkSource(source.root, {
        ignores: (path) => never.ignores(path) || (lists && isScript(path) && rules.ignores(path)),
        prunes: (path) => neverEntered(path) || never.prunes(path),
      })
        .filter(({ type }) => type === "file")
        .map(({ path }) => path),
    read: (path) => readFile(join(source.root, path)),
  };
}

function isScript(path: string): boolean {
  return /^(javascript|python|ruby|php)$/.test(languageOf(path) ?? "") && !/\.[cm]?tsx?$/.test(path);
}
