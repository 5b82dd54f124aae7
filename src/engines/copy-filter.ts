/** Which files a copy step takes. */
import { compileGlobs } from "../source/glob.ts";
import { isSecretPath } from "../source/ignore.ts";

export interface CopyFilter {
  wanted(path: string): boolean;
  prunes(path: string): boolean;
}

/** Empty `include` means all. Secrets by their names never are copied, whatever the globs say. */
export function copyFilter(include: readonly string[], exclude: readonly string[]): CopyFilter {
  const included = include.length > 0 ? compileGlobs([...include]) : () => true;
  const excluded = exclude.length > 0 ? compileGlobs([...exclude]) : () => false;
  return {
    wanted: (path) => included(path) && !excluded(path) && !isSecretPath(path),
    prunes: (path) => excluded(path) || /(^|\/)\.git$/.test(path),
  };
}
