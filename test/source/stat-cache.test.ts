import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, expect, it } from "vitest";
import { openStatCache } from "../../src/source/stat-cache.ts";

const dir = mkdtempSync(join(tmpdir(), "knbuild-stat-"));
afterAll(() => rmSync(dir, { recursive: true, force: true }));
const sha256 = (text: string) => createHash("sha256").update(text).digest("hex");

it("answers from memory only for a file that is the same", async () => {
  const file = join(dir, "cache");
  const path = join(dir, "a.txt");
  writeFileSync(path, "one");
  await sleep(120);
  const first = openStatCache(file);
  expect(first.digest(path)).toBe(sha256("one"));
  first.save();
  const second = openStatCache(file);
  expect(second.digest(path)).toBe(sha256("one"));
  expect([second.hits, second.misses]).toEqual([1, 0]);

  // Same size and same modification time: the change time and the inode tell.
  const { atime, mtime } = statSync(path);
  writeFileSync(path, "two");
  utimesSync(path, atime, mtime);
  expect(openStatCache(file).digest(path)).toBe(sha256("two"));
});

it("does not remember a file that was changed just now", () => {
  const file = join(dir, "racy");
  const path = join(dir, "b.txt");
  writeFileSync(path, "one");
  const cache = openStatCache(file);
  cache.digest(path);
  cache.save();
  writeFileSync(path, "two");
  expect(openStatCache(file).digest(path)).toBe(sha256("two"));
});

it("survives a cut or foreign cache file, and one that cannot be written", async () => {
  const path = join(dir, "c.txt");
  writeFileSync(path, "x");
  await sleep(120);
  const file = join(dir, "cut");
  const cache = openStatCache(file);
  cache.digest(path);
  cache.save();
  writeFileSync(file, readFileSync(file, "utf8").slice(0, -20));
  expect(openStatCache(file).digest(path)).toBe(sha256("x"));
  const nowhere = openStatCache(join(path, "below-a-file"));
  expect(nowhere.digest(path)).toBe(sha256("x"));
  expect(() => nowhere.save()).not.toThrow();
});

it("2,000 known files cost one stat each", async () => {
  const paths = Array.from({ length: 2000 }, (_, i) => join(dir, `f${i}`));
  for (const path of paths) writeFileSync(path, path);
  await sleep(120);
  const file = join(dir, "many");
  const warm = openStatCache(file);
  for (const path of paths) warm.digest(path);
  warm.save();
  const cache = openStatCache(file);
  for (const path of paths) cache.digest(path);
  expect(cache).toMatchObject({ hits: 2000, misses: 0 });
});
