/**
 * Keeps the cache within its bound: what was not used for longest goes first. Never what a name in the store needs, nor
 * what was used within the last hour (a build that runs now has noted its use). What goes is renamed first, so that a killed
 * process leaves nothing half there.
 */
import { existsSync, readdirSync, renameSync, rmSync, type Stats, statSync } from "node:fs";
import { join } from "node:path";
import { isKnbuildError, usageError } from "../base/errors.ts";
import { withFileLock } from "../base/file-lock.ts";
import { durationMs } from "../base/go-duration.ts";
import { temporaryBeside } from "../base/replace-file.ts";
import { isSandboxUsed } from "../sandbox/run-directory.ts";
import { openStore, removeStaleTemporaries, type Store } from "../store/store.ts";
import { directoryBytes, listBlobs, usedDigests } from "./images.ts";

export interface TrimOptions {
  /** Bytes that the whole cache may hold; undefined: no bound. */
  maxBytes?: number | undefined;
  /** What was not used for so long goes in any case. */
  olderThanMs?: number | undefined;
}

/** One thing that goes or stays as a whole. */
interface Unit {
  path: string;
  bytes: number;
  usedMs: number;
  /** Its use is noted in the file: `path` itself, or one in it. */
  noted: string;
  sparedMs: number;
}

/** Who holds the lock for longer is alive and does the work. */
const LOCK_TIMEOUT_MS = 1_000;
const HOUR_MS = 3600_000;
const DAY_MS = 24 * HOUR_MS;
/** Directories whose every use is noted in a file of theirs, by the rooms that they are in. */
const KEYED = {
  install: "done.json",
  build: "done.json",
  "compile-cache": "done.json",
  tools: "done.json",
  work: "state.json",
  "bases/node": "LICENSE",
};
/** Files of which the system alone tells when they were read, and to the day at best. */
const FILES = ["bundle", "lint", "records", "code", "bases/debs", "bases/indexes", "bases/unpacked"];
const FILES_SPARED_MS = 2 * DAY_MS;

/**
 * @returns what went; nothing where another process is at it
 * @throws the errors of a file system that cannot be read
 */
export async function trimCache(
  { maxBytes = Infinity, olderThanMs = Infinity }: TrimOptions,
  store: Store = openStore(),
): Promise<{ bytes: number; files: number }> {
  const freed = { bytes: 0, files: 0 };
  try {
    await withFileLock(join(store.cacheDir, "trim.lock"), async () => trim(), { timeoutMs: LOCK_TIMEOUT_MS });
  } catch (error) {
    if (!isKnbuildError(error, "LOCK_TIMEOUT")) throw error;
  }
  return freed;

  function trim(): void {
    removeStaleTemporaries(store);
    removeLeft(store.cacheDir);
    const nowMs = Date.now();
    const units = unitsOf(store).sort((a, b) => a.usedMs - b.usedMs);
    let bytes = directoryBytes(store.cacheDir);
    for (const unit of units) {
      const idleMs = nowMs - unit.usedMs;
      if (bytes <= maxBytes && idleMs < olderThanMs) continue;
      if (idleMs < unit.sparedMs || !remove(unit, store.cacheDir)) continue;
      bytes -= unit.bytes;
      freed.bytes += unit.bytes;
      freed.files++;
    }
  }
}

function unitsOf(store: Store): Unit[] {
  const named = usedDigests(store, false);
  const blobs = listBlobs(store).flatMap(({ digest, size, changedMs }): Unit[] => {
    const path = store.blobPath(digest);
    return named.has(digest) ? [] : [{ path, bytes: size, usedMs: changedMs, noted: path, sparedMs: HOUR_MS }];
  });
  const keyed = Object.entries(KEYED).flatMap(([room, file]) =>
    namesIn(join(store.cacheDir, room)).flatMap((name): Unit[] => {
      const path = join(store.cacheDir, room, name);
      const noted = join(path, file);
      const stats = statsOf(noted);
      if (!stats || existsSync(`${path}.lock`)) return [];
      return [{ path, bytes: directoryBytes(path), usedMs: usedMs(stats), noted, sparedMs: HOUR_MS }];
    }),
  );
  return [
    ...blobs,
    ...keyed,
    ...rootsOf(store.cacheDir),
    ...FILES.flatMap((room) => filesBelow(join(store.cacheDir, room))),
  ];
}

/** Unpacked images (`sandbox/rootfs.ts`): their use is noted in the time of access, before it is looked into them here. */
function rootsOf(cacheDir: string): Unit[] {
  if (isSandboxUsed(cacheDir)) return [];
  return ["sandbox/roots", "sandbox/roots-own"].flatMap((room) =>
    namesIn(join(cacheDir, room)).flatMap((name): Unit[] => {
      const path = join(cacheDir, room, name);
      const stats = statsOf(path);
      if (!stats || name.startsWith(".new-")) return [];
      return [{ path, bytes: directoryBytes(path), usedMs: stats.atimeMs, noted: path, sparedMs: HOUR_MS }];
    }),
  );
}

function filesBelow(dir: string): Unit[] {
  return namesIn(dir).flatMap((name): Unit[] => {
    const path = join(dir, name);
    const stats = statsOf(path);
    if (stats?.isDirectory()) return filesBelow(path);
    if (!stats?.isFile()) return [];
    return [{ path, bytes: stats.size, usedMs: usedMs(stats), noted: path, sparedMs: FILES_SPARED_MS }];
  });
}

const usedMs = ({ atimeMs, mtimeMs }: Stats): number => Math.max(atimeMs, mtimeMs);

function statsOf(path: string): Stats | undefined {
  try {
    return statSync(path);
  } catch {
    return undefined;
  }
}

function namesIn(dir: string): string[] {
  try {
    return readdirSync(dir);
  } catch {
    return [];
  }
}

/** False where somebody has used it since. */
function remove(unit: Unit, cacheDir: string): boolean {
  const stats = statsOf(unit.noted);
  if (!stats || stats.mtimeMs > unit.usedMs) return false;
  const away = temporaryBeside(join(cacheDir, "trimmed"));
  try {
    renameSync(unit.path, away);
    rmSync(away, { recursive: true, force: true });
    return true;
  } catch {
    // Gone already, or another user's.
    return false;
  }
}

/** What a killed process had renamed already. */
function removeLeft(cacheDir: string): void {
  for (const name of namesIn(cacheDir))
    if (name.startsWith(".tmp-") && name.endsWith("-trimmed"))
      rmSync(join(cacheDir, name), { recursive: true, force: true });
}

const UNITS = ["", "k", "m", "g", "t"];

/** `5GB`, `1.5GiB`, `500m`. @throws USAGE */
export function sizeBytes(text: string): number {
  const [, amount, unit = "", binary] = /^\s*(\d+(?:\.\d+)?)\s*(?:([kmgt])(i?))?b?\s*$/i.exec(text) ?? [];
  if (amount === undefined) throw usageError("USAGE", `not a size: ${text}`, "Write it as 5GB, 500MB or 2GiB.");
  return Number(amount) * (binary ? 1024 : 1000) ** UNITS.indexOf(unit.toLowerCase());
}

/** `cacheMaxSize`, where 0 is no bound: undefined. */
export const boundBytes = (configured: string): number | undefined => sizeBytes(configured) || undefined;

/** `7d`, `36h`, `1d12h`. @throws USAGE */
export function ageMs(text: string): number {
  const [, days, rest = ""] = /^(?:(\d+(?:\.\d+)?)d)?(.*)$/.exec(text) ?? [];
  const ms = Number(days ?? 0) * DAY_MS + (rest === "" && days !== undefined ? 0 : durationMs(rest));
  if (Number.isNaN(ms) || ms < 0) throw usageError("USAGE", `not a span of time: ${text}`, "Write it as 7d or 36h.");
  return ms;
}
