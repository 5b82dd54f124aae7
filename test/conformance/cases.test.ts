/** The shared cases, where they are at hand. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { judgeFolder, passes } from "./run.ts";

const dir = join(import.meta.dirname, "../../../shared/cases");

it.skipIf(!existsSync(dir))(
  "the shared cases pass at their rates (skipped where ../shared/cases is absent)",
  async () => {
    const results = await judgeFolder(dir);
    expect(results.length).toBeGreaterThan(0);
    expect(results.filter((result) => !passes(result)).map(({ file, failures }) => ({ file, failures }))).toEqual([]);
  },
);
