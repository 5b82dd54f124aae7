/** Small JSON files beside the store. Whatever is read back is a hint: a lost or broken record costs time, not correctness. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { replaceFile } from "../base/replace-file.ts";

/** Kind and key are plain file names. */
const recordPath = (cacheDir: string, kind: string, key: string) => join(cacheDir, "records", kind, `${key}.json`);

/** Undefined when there is none or it cannot be read. */
export function readRecord(cacheDir: string, kind: string, key: string): unknown {
  try {
    return JSON.parse(readFileSync(recordPath(cacheDir, kind, key), "utf8"));
  } catch {
    return undefined;
  }
}

export function hasRecord(cacheDir: string, kind: string, key: string): boolean {
  return existsSync(recordPath(cacheDir, kind, key));
}

export function writeRecord(cacheDir: string, kind: string, key: string, value: unknown): void {
  replaceFile(recordPath(cacheDir, kind, key), JSON.stringify(value));
}
