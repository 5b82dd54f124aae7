/** A lock between processes: a file that only one can create. A lock whose owner is dead, or that is very old, is broken. */
import { mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { dirname } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { errnoCode, KnbuildError } from "./errors.ts";

const STALE_MS = 10 * 60_000;

/** @throws LOCK_TIMEOUT after `timeoutMs` */
export async function withFileLock<T>(path: string, task: () => Promise<T>, timeoutMs = 120_000): Promise<T> {
  const deadline = Date.now() + timeoutMs;
  mkdirSync(dirname(path), { recursive: true });
  while (!tryLock(path)) {
    if (Date.now() > deadline) {
      throw new KnbuildError({
        code: "LOCK_TIMEOUT",
        message: "another process holds the lock",
        where: path,
        hint: "Wait for the other build; if there is none, remove the file.",
        retryable: true,
      });
    }
    await sleep(5 + Math.random() * 25);
  }
  try {
    return await task();
  } finally {
    rmSync(path, { force: true });
  }
}

function tryLock(path: string): boolean {
  try {
    writeFileSync(path, `${process.pid}@${hostname()}`, { flag: "wx" });
    return true;
  } catch (error) {
    if (errnoCode(error) !== "EEXIST") throw error;
    if (isStale(path)) rmSync(path, { force: true });
    return false;
  }
}

function isStale(path: string): boolean {
  try {
    const age = Date.now() - statSync(path).mtimeMs;
    if (age > STALE_MS) return true;
    const [pid, host] = readFileSync(path, "utf8").split("@");
    // Just created and not yet written, or on another machine: nothing can be said but by age.
    if (!pid || host !== hostname()) return false;
    process.kill(Number(pid), 0);
    return false;
  } catch (error) {
    // No such process: its owner was killed. No such file: somebody else released it.
    return errnoCode(error) === "ESRCH";
  }
}
