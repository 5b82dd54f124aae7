/** Files that are whole whenever they are there. */
import { renameSync, writeFileSync } from "node:fs";

let counter = 0;

/** Written beside and renamed: a reader sees the old file or the new one, never half of one. */
export function writeAtomic(path: string, content: string | Uint8Array): void {
  const temporary = `${path}.${process.pid}.${counter++}.tmp`;
  writeFileSync(temporary, content);
  renameSync(temporary, path);
}
