/**
 * knbuild's content-addressed store: an OCI image layout in the cache directory, with small JSON records beside it (which
 * key made which layer, what an earlier build saw). Records only ever name blobs, so a lost or broken one costs time, not
 * correctness.
 */
import { readdirSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { cacheDir as defaultCacheDir } from "../base/dirs.ts";
import { type Layout, openLayout } from "./layout.ts";
import { readRecord, writeRecord } from "./records.ts";

export interface Store extends Layout {
  readonly cacheDir: string;
  /** A record, or undefined when there is none or it cannot be read. Kind and key are plain file names. */
  readRecord(kind: string, key: string): unknown;
  writeRecord(kind: string, key: string, value: unknown): void;
}

export function openStore(cacheDir: string = defaultCacheDir()): Store {
  const layout = openLayout(join(cacheDir, "store"), { create: true, name: "store:" });
  return {
    ...layout,
    cacheDir,
    readRecord: (kind, key) => readRecord(cacheDir, kind, key),
    writeRecord: (kind, key, value) => writeRecord(cacheDir, kind, key, value),
  };
}

/** Left behind by killed processes: temporary files older than a day. */
export function removeStaleTemporaries(store: Store, olderThanMs = 24 * 3600_000): number {
  let removed = 0;
  for (const name of readdirSync(store.dir)) {
    const path = join(store.dir, name);
    if (!name.startsWith(".tmp-") || Date.now() - statSync(path).mtimeMs < olderThanMs) continue;
    rmSync(path, { force: true });
    removed++;
  }
  return removed;
}
