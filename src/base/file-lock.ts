/**
 * A lock between processes: a file that only one can create. Its owner touches it while it works; a lock whose owner is
 * dead, or that has not been touched for long, belongs to nobody and is broken.
 */
import { randomBytes } from "node:crypto";
import { readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { utimes } from "node:fs/promises";
import { hostname } from "node:os";
import { dirname } from "node:path";
import { errnoCode, KnbuildError } from "./errors.ts";
import { makeDirectory } from "./make-directory.ts";
import { pause } from "./pause.ts";

export interface FileLockOptions {
  /** How long to wait for another's lock, in milliseconds; default 2 minutes. */
  timeoutMs?: number;
  /** A lock that nobody touched for so long is broken, in milliseconds; default 10 minutes. */
  staleMs?: number;
  signal?: AbortSignal | undefined;
}

export interface FileLock {
  /** Somebody else had it first. */
  waited: boolean;
  release(): void;
}

const HEARTBEATS_BEFORE_STALE = 6;
/** Making a lock and breaking one take a few system calls; what stays half done for longer is of a process that was killed within them. */
const HALF_DONE_MS = 5_000;

/** @throws LOCK_TIMEOUT after `timeoutMs`; INTERRUPTED; the file system's own error when no lock file can be made */
export async function withFileLock<T>(path: string, task: () => Promise<T>, options: FileLockOptions = {}): Promise<T> {
  const lock = await acquireFileLock(path, options);
  try {
    return await task();
  } finally {
    lock.release();
  }
}

/** For where `withFileLock` does not fit; who calls it releases it. @throws as `withFileLock` does */
export async function acquireFileLock(path: string, options: FileLockOptions = {}): Promise<FileLock> {
  const { timeoutMs = 120_000, staleMs = 10 * 60_000, signal } = options;
  const deadline = Date.now() + timeoutMs;
  const owner = `${process.pid}@${hostname()}@${randomBytes(8).toString("hex")}`;
  makeDirectory(dirname(path));
  for (let waited = false; ; waited = true) {
    // Whoever was stopped between making it and writing to it may have lost it meanwhile.
    if (create(path, owner) && read(path) === owner) return hold(path, owner, waited, staleMs);
    // What is nobody's is not waited for, so the deadline is no reason to leave it.
    if (isAbandoned(path, staleMs) && breakLock(path, staleMs)) continue;
    if (Date.now() > deadline) {
      throw new KnbuildError({
        code: "LOCK_TIMEOUT",
        message: "another process holds the lock",
        where: path,
        hint: "Wait for the other build; if there is none, remove the file.",
        retryable: true,
      });
    }
    await pause(5 + Math.random() * 25, signal);
  }
}

function create(path: string, content: string): boolean {
  try {
    writeFileSync(path, content, { flag: "wx" });
    return true;
  } catch (error) {
    if (errnoCode(error) === "EEXIST") return false;
    throw error;
  }
}

function hold(path: string, owner: string, waited: boolean, staleMs: number): FileLock {
  const timer = setInterval(() => {
    const now = new Date();
    utimes(path, now, now).catch(() => {});
  }, staleMs / HEARTBEATS_BEFORE_STALE);
  timer.unref();
  return {
    waited,
    release() {
      clearInterval(timer);
      // After a long sleep of the machine the lock may be another's by now.
      if (read(path) === owner) rmSync(path, { force: true });
    },
  };
}

function read(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return undefined;
  }
}

/**
 * Two that find the same lock abandoned must not both remove it: the second would remove the lock that the first has made
 * since. So one breaks at a time, and looks again before it does.
 * @returns whether the path is worth another try at once; not where somebody else is breaking the lock
 */
function breakLock(path: string, staleMs: number): boolean {
  const mark = `${path}.breaking`;
  if (!create(mark, "")) {
    if (ageMs(mark) > HALF_DONE_MS) rmSync(mark, { force: true });
    return false;
  }
  try {
    if (isAbandoned(path, staleMs)) rmSync(path, { force: true });
    return true;
  } finally {
    rmSync(mark, { force: true });
  }
}

function isAbandoned(path: string, staleMs: number): boolean {
  if (ageMs(path) > staleMs) return true;
  const content = read(path);
  // Its owner was killed before it could say who it is, or is about to.
  if (content === "") return ageMs(path) > HALF_DONE_MS;
  const [pid, host] = content?.split("@") ?? [];
  // Released meanwhile, or on another machine: nothing can be said but by age.
  if (!pid || host !== hostname()) return false;
  try {
    process.kill(Number(pid), 0);
    return false;
  } catch (error) {
    return errnoCode(error) === "ESRCH";
  }
}

function ageMs(path: string): number {
  const found = statSync(path, { throwIfNoEntry: false });
  return found === undefined ? 0 : Date.now() - found.mtimeMs;
}
