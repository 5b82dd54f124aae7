/**
 * Keeps the cache within its bound: what was not used for longest goes first. Never what a name in the store needs, nor
 * what was used within the last hour (a build that runs now has noted its use). What goes is renamed first, so that a killed
 * process leaves nothing half there.
 */
import { rmSync } from "node:fs";
import { join } from "node:path";
import { isKnbuildError, usageError } from "../base/errors.ts";
import { withFileLock } from "../base/file-lock.ts";
import { durationMs } from "../base/go-duration.ts";
import { openStore, removeStaleTemporaries, type Store } from "../store/store.ts";
import { directoryBytes } from "./images.ts";
import { namesIn, remove, unitsOf } from "./trim-units.ts";

export interface TrimOptions {
  /** Bytes that the whole cache may hold; undefined: no bound. */
  maxBytes?: number | undefined;
  /** What was not used for so long goes in any case. */
  olderThanMs?: number | undefined;
}

export interface Trimmed {
  /** What went. */
  bytes: number;
  files: number;
  /** Bytes that the cache holds after it; undefined where another process is at it. */
  held?: number;
  /** Bytes of these that the bounds name, but that were used too lately to go. */
  spared: number;
}

/** Who holds the lock for longer is alive and does the work. */
const LOCK_TIMEOUT_MS = 1_000;
const DAY_MS = 24 * 3600_000;
/**
 * @returns what went; nothing where another process is at it
 * @throws the errors of a file system that cannot be read
 */
export async function trimCache(
  { maxBytes = Infinity, olderThanMs = Infinity }: TrimOptions,
  store: Store = openStore(),
): Promise<Trimmed> {
  const freed: Trimmed = { bytes: 0, files: 0, spared: 0 };
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
      if (idleMs < unit.sparedMs) {
        freed.spared += unit.bytes;
        continue;
      }
      if (!remove(unit, store.cacheDir)) continue;
      bytes -= unit.bytes;
      freed.bytes += unit.bytes;
      freed.files++;
    }
    freed.held = bytes;
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
