import { existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { makeDirectory } from "../../src/base/make-directory.ts";

const scratch = mkdtempSync(join(tmpdir(), "knbuild-directory-"));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

it("makes what is missing, and is content with what is there", () => {
  const deep = join(scratch, "a/b/c");
  makeDirectory(deep, 0o700);
  makeDirectory(deep);
  expect(statSync(join(scratch, "a")).mode & 0o777).toBe(0o700);
  writeFileSync(join(scratch, "file"), "");
  expect(() => makeDirectory(join(scratch, "file"))).toThrow(/EEXIST/);
  expect(() => makeDirectory(join(scratch, "file/below"))).toThrow(/ENOTDIR/);
});

it.runIf(existsSync("/proc/self"))("ends where nothing can be made", () => {
  expect(() => makeDirectory("/proc/none/such")).toThrow(/ENOENT/);
});
