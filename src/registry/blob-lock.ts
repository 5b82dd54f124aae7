/** One upload of a blob to a repository at a time, in this process and between processes of this machine. */
import { createHash } from "node:crypto";
import { join } from "node:path";
import { isKnbuildError } from "../base/errors.ts";
import { acquireFileLock, type FileLock } from "../base/file-lock.ts";

const STALE_MS = 30_000;

export interface BlobLocks {
  /**
   * Runs `task` alone. `waited` says that somebody else had the lock first: what was to be done may have been done.
   * Without a writable cache directory the lock holds within this process only.
   */
  alone<T>(key: string, task: (waited: boolean) => Promise<T>): Promise<T>;
}

export function createBlobLocks(cacheDir: string | undefined, signal: AbortSignal | undefined): BlobLocks {
  const tails = new Map<string, Promise<unknown>>();

  async function alone<T>(key: string, task: (waited: boolean) => Promise<T>): Promise<T> {
    const before = tails.get(key);
    const mine = (async () => {
      if (before) await before.catch(() => {});
      const held = cacheDir === undefined ? undefined : await acquire(cacheDir, key, signal);
      try {
        return await task(before !== undefined || held?.waited === true);
      } finally {
        held?.release();
      }
    })();
    tails.set(key, mine);
    try {
      return await mine;
    } finally {
      if (tails.get(key) === mine) tails.delete(key);
    }
  }
  return { alone };
}

async function acquire(cacheDir: string, key: string, signal: AbortSignal | undefined): Promise<FileLock | undefined> {
  const path = join(cacheDir, "registry/uploads", `${createHash("sha256").update(key).digest("hex")}.lock`);
  try {
    // An upload takes as long as it takes; its owner shows that it lives.
    return await acquireFileLock(path, { staleMs: STALE_MS, timeoutMs: Number.POSITIVE_INFINITY, signal });
  } catch (error) {
    if (isKnbuildError(error)) throw error;
    return undefined;
  }
}
