import {
  chmodSync,
  chownSync,
  existsSync,
  lstatSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { rewriteFile } from "../../src/base/replace-file.ts";

const scratch = mkdtempSync(join(tmpdir(), "knbuild-replace-"));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

it("a file of the user's keeps its mode, and a link stays one", () => {
  const [file, link] = [join(scratch, "file"), join(scratch, "link")];
  writeFileSync(file, "old");
  chmodSync(file, 0o750);
  symlinkSync("file", link);
  rewriteFile(link, "new");
  expect([readFileSync(file, "utf8"), statSync(file).mode & 0o7777]).toEqual(["new", 0o750]);
  expect(lstatSync(link).isSymbolicLink()).toBe(true);
  rewriteFile(join(scratch, "below/another"), "made");
  expect(readFileSync(join(scratch, "below/another"), "utf8")).toBe("made");
  expect(readdirSync(scratch).sort()).toEqual(["below", "file", "link"]);
});

it.runIf(existsSync("/dev/full"))("a device is written to, and what is full is told as such", () => {
  expect(() => rewriteFile("/dev/full", "x")).toThrow(
    expect.objectContaining({ code: "DISK_FULL", where: "/dev/full", hint: expect.stringMatching(/another disk/) }),
  );
  expect(existsSync("/dev/full")).toBe(true);
});

it("is written in place where the directory takes no other file", () => {
  // Root may write anywhere: it does so as somebody else, who must get there.
  const root = process.getuid?.() === 0;
  const dir = mkdtempSync(join(root ? "/tmp" : scratch, "knbuild-closed-"));
  const file = join(dir, "file");
  writeFileSync(file, "old");
  if (root) for (const path of [file, dir]) chownSync(path, 65_534, 65_534);
  chmodSync(dir, 0o500);
  try {
    if (root) process.seteuid?.(65_534);
    expect(() => writeFileSync(join(dir, "another"), "")).toThrow("EACCES");
    rewriteFile(file, "new");
  } finally {
    if (root) process.seteuid?.(0);
    chmodSync(dir, 0o700);
  }
  expect(readFileSync(file, "utf8")).toBe("new");
  rmSync(dir, { recursive: true });
});
