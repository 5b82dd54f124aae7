/** When the cache is to be held to its bound again (`trim-cache.ts`). */
import { statSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const DAY_MS = 24 * 3600_000;

/** Whether a day has gone by since this was last answered with yes; a new cache has a day before it. */
export function isTrimDue(cacheDir: string, nowMs = Date.now()): boolean {
  const mark = join(cacheDir, "trimmed");
  const last = statSync(mark, { throwIfNoEntry: false })?.mtimeMs;
  if (last !== undefined && nowMs - last < DAY_MS) return false;
  try {
    if (last === undefined) writeFileSync(mark, "");
    else utimesSync(mark, nowMs / 1000, nowMs / 1000);
  } catch {
    return false;
  }
  return last !== undefined;
}
