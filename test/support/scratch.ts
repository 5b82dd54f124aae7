/** Directories of a test file, gone with it. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll } from "vitest";

const made: string[] = [];

afterAll(() => {
  for (const dir of made.splice(0)) rmSync(dir, { recursive: true, force: true });
});

/** A new, empty directory. @param name what it is for: `store` */
export function scratchDir(name: string): string {
  const dir = mkdtempSync(join(tmpdir(), `knbuild-${name}-`));
  made.push(dir);
  return dir;
}
