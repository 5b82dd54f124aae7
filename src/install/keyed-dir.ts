/**
 * Directories named by the content they come from: made once, used by every build with the same key. A directory without its
 * `done.json` was not finished (its maker was killed) and is made anew.
 */
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { withFileLock } from "../base/file-lock.ts";

export interface KeyedDir<T> {
  /** Where the content lies: `tree` in the key's directory. */
  tree: string;
  /** What `fill` gave. */
  result: T;
  cached: boolean;
}

const LOCK_TIMEOUT_MS = 15 * 60_000;

/**
 * @param fill makes the content in an empty directory; what it throws leaves nothing behind
 * @param anew it is made although it is there; the one that was there stays where that fails
 */
export async function withKeyedDir<T>(
  parent: string,
  key: string,
  fill: (tree: string) => Promise<T>,
  anew = false,
): Promise<KeyedDir<T>> {
  const dir = join(parent, key);
  const tree = join(dir, "tree");
  const found = anew ? undefined : finished<T>(dir);
  if (found) return { tree, result: found.result, cached: true };
  return withFileLock(
    `${dir}.lock`,
    async () => {
      const meanwhile = finished<T>(dir);
      if (meanwhile && !anew) return { tree, result: meanwhile.result, cached: true };
      const before = `${dir}.before`;
      rmSync(before, { recursive: true, force: true });
      if (meanwhile) renameSync(dir, before);
      else rmSync(dir, { recursive: true, force: true });
      mkdirSync(tree, { recursive: true });
      try {
        const result = await fill(tree);
        writeFileSync(join(dir, "done.json"), JSON.stringify({ result }));
        rmSync(before, { recursive: true, force: true });
        return { tree, result, cached: false };
      } catch (error) {
        rmSync(dir, { recursive: true, force: true });
        if (meanwhile) renameSync(before, dir);
        throw error;
      }
    },
    { timeoutMs: LOCK_TIMEOUT_MS },
  );
}

function finished<T>(dir: string): { result: T } | undefined {
  const file = join(dir, "done.json");
  try {
    const found = JSON.parse(readFileSync(file, "utf8")) as { result: T };
    if (!existsSync(join(dir, "tree"))) return undefined;
    // The time of the last use, for whoever clears the cache.
    const now = new Date();
    utimesSync(file, now, now);
    return found;
  } catch {
    return undefined;
  }
}
