/** Small JSON files beside the store. Whatever is read back is a hint: a lost or broken record costs time, not correctness. */
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

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

let writes = 0;

export function writeRecord(cacheDir: string, kind: string, key: string, value: unknown): void {
  const path = recordPath(cacheDir, kind, key);
  const temporary = `${path}.${process.pid}.${writes++}.tmp`;
  mkdirSync(dirname(path), { recursive: true });
  try {
    writeFileSync(temporary, JSON.stringify(value));
    renameSync(temporary, path);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
}
