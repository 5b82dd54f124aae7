/** What the cache holds that may go, each thing with its last use (`trim-cache.ts`), and how one goes. */
import { existsSync, readdirSync, renameSync, rmSync, type Stats, statSync } from "node:fs";
import { join } from "node:path";
import { temporaryBeside } from "../base/replace-file.ts";
import { isSandboxUsed } from "../sandbox/run-directory.ts";
import type { Store } from "../store/store.ts";
import { directoryBytes, listBlobs, usedDigests } from "./images.ts";

/** One thing that goes or stays as a whole. */
export interface Unit {
  path: string;
  bytes: number;
  usedMs: number;
  /** Its use is noted in the file: `path` itself, or one in it. */
  noted: string;
  sparedMs: number;
  /** `noted` as it was when it was looked at, where a use is noted in a time that looking into it moves as well. */
  changedMs?: number;
}

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

export function unitsOf(store: Store): Unit[] {
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
      return [
        {
          path,
          bytes: directoryBytes(path),
          usedMs: stats.atimeMs,
          noted: path,
          sparedMs: HOUR_MS,
          changedMs: stats.ctimeMs,
        },
      ];
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

export function namesIn(dir: string): string[] {
  try {
    return readdirSync(dir);
  } catch {
    return [];
  }
}

/** False where somebody has used it since. */
export function remove(unit: Unit, cacheDir: string): boolean {
  const stats = statsOf(unit.noted);
  if (!stats || stats.mtimeMs > unit.usedMs) return false;
  if (unit.changedMs !== undefined && (stats.ctimeMs > unit.changedMs || isSandboxUsed(cacheDir))) return false;
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
