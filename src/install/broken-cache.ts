/** A manager's own cache on which every installation dies: what it lists is not there, or is there by half. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Emit } from "../base/events.ts";
import type { ProcessResult } from "./process.ts";

const CACHES: Record<string, { broken: RegExp; option: string; mend: string }> = {
  // Something removed contents that its index still names (a cleaner of disks, a copied home).
  npm: {
    broken: /ENOENT: no such file or directory, \w+ '[^']*_cacache[\\/]content-v2\b/,
    option: "--cache",
    mend: "npm cache verify mends it.",
  },
  // An installation that was interrupted leaves such a folder: what the lock file lacks is then said not to be found.
  yarn: {
    broken: /There should only be one folder in a package cache|^error Couldn't find package "/,
    option: "--cache-folder",
    mend: "yarn cache clean mends it.",
  },
};

/**
 * Runs it once more with a cache of its own, thrown away after, where the manager's is what it failed by.
 * @param start runs the manager, with further arguments
 */
export async function despiteBrokenCache(
  manager: string,
  emit: Emit,
  start: (more: readonly string[]) => Promise<ProcessResult>,
): Promise<ProcessResult> {
  const first = await start([]);
  const cache = CACHES[manager];
  if (cache === undefined || first.exitCode === 0 || !first.tail.some((line) => cache.broken.test(line))) return first;
  const folder = mkdtempSync(join(tmpdir(), `knbuild-${manager}-`));
  try {
    const second = await start([cache.option, folder]);
    if (second.exitCode === 0)
      emit({
        type: "warning",
        code: `${manager.toUpperCase()}_CACHE_BROKEN`,
        message: `${manager}'s own cache is broken: everything was fetched anew`,
        hint: cache.mend,
      });
    return second;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
