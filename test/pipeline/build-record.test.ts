/** What a build may take for unchanged. */
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { beginRecord, recall, remember } from "../../src/pipeline/build-record.ts";

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "knbuild-record-"));
  mkdirSync(join(root, "src"));
  writeFileSync(join(root, "src/server.js"), "one");
  symlinkSync("src/server.js", join(root, "main.js"));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const begin = (beganMs = Date.now()) => beginRecord(root, beganMs, "pins.lock");
/** Long enough ago for everything to have settled. */
const LATER_MS = 60_000;

test("a tree that settled is known by its times alone", () => {
  const record = remember(root, begin(Date.now() + LATER_MS), false, [], "image");
  expect(record?.young).toEqual({});
  expect(recall(record, root)).toBe("image");
});

test("files that were written a moment ago are known by what they say", () => {
  const record = remember(root, begin(), false, [], "image");
  expect(Object.keys(record?.young ?? {}).sort()).toEqual(["main.js", "src/server.js"]);
  expect(recall(record, root)).toBe("image");
  // A change within one tick of the clock: nothing but the content shows it.
  const young = { ...record?.young, "src/server.js": record?.young["main.js"] as string };
  expect(recall({ ...(record as NonNullable<typeof record>), young }, root)).toBeUndefined();
});

test("an edit shows, and so does a new file, a lost one and another link", () => {
  const record = remember(root, begin(), false, [], "image");
  for (const change of [
    () => writeFileSync(join(root, "src/server.js"), "two"),
    () => writeFileSync(join(root, "new.js"), ""),
    () => rmSync(join(root, "main.js")),
  ]) {
    change();
    expect(recall(record, root)).toBeUndefined();
  }
});

test("a build during which the tree changed is not remembered", () => {
  const beginning = begin();
  writeFileSync(join(root, "src/server.js"), "two");
  expect(remember(root, beginning, true, [], "image")).toBeUndefined();
});

test("the file that the build wrote itself is part of what is remembered", () => {
  const beginning = begin();
  writeFileSync(join(root, "pins.lock"), "pins");
  expect(remember(root, beginning, false, [], "image")).toBeUndefined();
  const record = remember(root, beginning, true, [], "image");
  expect(recall(record, root)).toBe("image");
  writeFileSync(join(root, "pins.lock"), "others");
  expect(recall(record, root)).toBeUndefined();
});

test("a young file outside of the tree is no ground to stand on", () => {
  const outside = mkdtempSync(join(tmpdir(), "knbuild-outside-"));
  const file = join(outside, "config.json");
  try {
    writeFileSync(file, "{}");
    expect(remember(root, begin(), false, [file], "image")).toBeUndefined();
    // The time of the last change of an inode cannot be set back: only a later build finds it settled.
    utimesSync(file, 0, 0);
    const record = remember(root, begin(Date.now() + LATER_MS), false, [file], "image");
    expect(recall(record, root)).toBe("image");
    rmSync(file);
    expect(recall(record, root)).toBeUndefined();
  } finally {
    rmSync(outside, { recursive: true, force: true });
  }
});
