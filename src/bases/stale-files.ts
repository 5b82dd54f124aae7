/** What a killed build leaves behind: temporary files, which no other build will finish. */
import { readdir, rm, stat } from "node:fs/promises";
import { join } from "node:path";

const DAY_MS = 24 * 3600 * 1000;
/** `.name.PID.random` and `.fetch-random` of downloads, `name.PID.random[.json]` of unpacking. */
const TEMPORARY = /^\.|\.\d+\.[a-z0-9]+(?:\.json)?$/;

/** Removes temporary files and directories that have not been touched for a day; a running build's are younger. */
export async function removeStaleFiles(dir: string): Promise<void> {
  const before = Date.now() - DAY_MS;
  const names = await readdir(dir).catch(() => []);
  for (const name of names.filter((one) => TEMPORARY.test(one))) {
    const path = join(dir, name);
    const { mtimeMs } = await stat(path).catch(() => ({ mtimeMs: Number.POSITIVE_INFINITY }));
    if (mtimeMs < before) await rm(path, { recursive: true, force: true });
  }
}
