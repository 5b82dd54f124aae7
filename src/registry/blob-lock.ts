/** One upload of a blob to a repository at a time, in this process and between processes of this machine. */
import { createHash, randomBytes } from "node:crypto";
import { closeSync, mkdirSync, openSync, readFileSync, rmSync, writeSync } from "node:fs";
import { readFile, rm, stat, utimes } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";
import { errnoCode } from "../base/errors.ts";
import { pause } from "./retry.ts";

/** The owner touches its lock this often; one that has not been touched for long belongs to nobody. */
const HEARTBEAT_MS = 5_000;
const STALE_MS = 30_000;
const POLL_MS = 60;

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
        await held?.release();
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

interface Held {
  waited: boolean;
  release(): Promise<void>;
}

async function acquire(cacheDir: string, key: string, signal: AbortSignal | undefined): Promise<Held | undefined> {
  const dir = join(cacheDir, "registry/uploads");
  const path = join(dir, `${createHash("sha256").update(key).digest("hex")}.lock`);
  const owner = `${process.pid} ${hostname()} ${randomBytes(8).toString("hex")}`;
  try {
    mkdirSync(dir, { recursive: true });
  } catch {
    return undefined;
  }
  for (let waited = false; ; waited = true) {
    try {
      const file = openSync(path, "wx");
      try {
        writeSync(file, owner);
      } finally {
        closeSync(file);
      }
      return hold(path, owner, waited);
    } catch (error) {
      if (errnoCode(error) !== "EEXIST") return undefined;
    }
    if (await isAbandoned(path)) await rm(path, { force: true });
    else await pause(POLL_MS + Math.random() * POLL_MS, signal);
  }
}

function hold(path: string, owner: string, waited: boolean): Held {
  const timer = setInterval(() => {
    const now = new Date();
    utimes(path, now, now).catch(() => {});
  }, HEARTBEAT_MS);
  timer.unref();
  return {
    waited,
    async release() {
      clearInterval(timer);
      // After a long sleep of the machine the lock may be another's by now.
      try {
        if (readFileSync(path, "utf8") === owner) rmSync(path, { force: true });
      } catch {
        // It is gone already.
      }
    },
  };
}

async function isAbandoned(path: string): Promise<boolean> {
  try {
    const { mtimeMs } = await stat(path);
    if (Date.now() - mtimeMs > STALE_MS) return true;
    const [pid, host] = (await readFile(path, "utf8")).split(" ");
    // Not yet written, or of another machine that shares the directory: only its age speaks.
    if (!pid || host !== hostname()) return false;
    process.kill(Number(pid), 0);
    return false;
  } catch (error) {
    return errnoCode(error) === "ESRCH";
  }
}
