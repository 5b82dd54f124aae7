/** Layers of every kind, also hostile ones, applied to a directory. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { lstat, mkdtemp, readdir, readFile, readlink, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as fc from "fast-check";
import { pack } from "tar-stream";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { ByteStream } from "../../src/base/streams.ts";
import { applyLayer } from "../../src/sandbox/apply-layer.ts";

interface Entry {
  name: string;
  type?: "file" | "directory" | "symlink" | "link" | "fifo" | "character-device";
  content?: string;
  linkname?: string;
  mode?: number;
  uid?: number;
}

function tar(entries: Entry[]): ByteStream {
  const archive = pack();
  for (const { content = "", type = "file", ...header } of entries) {
    archive.entry({ type, mode: type === "directory" ? 0o755 : 0o644, mtime: new Date(0), ...header }, content);
  }
  archive.finalize();
  return archive as unknown as ByteStream;
}

let parent: string;
let root: string;

beforeEach(async () => {
  parent = await mkdtemp(join(tmpdir(), "knbuild-layer-"));
  root = join(parent, "root");
  mkdirSync(root);
});
afterEach(() => rm(parent, { recursive: true, force: true }));

const apply = (...entries: Entry[]) =>
  applyLayer(tar(entries), root, {
    owners: process.getuid?.() === 0,
    where: "layer",
    signal: new AbortController().signal,
  });
const text = (path: string) => readFile(join(root, path), "utf8");

describe("entries", () => {
  test("files, directories, links, modes and times", async () => {
    await apply(
      { name: "a/", type: "directory", mode: 0o1777 },
      { name: "a/file", content: "hello", mode: 0o4755 },
      { name: "a/soft", type: "symlink", linkname: "file" },
      { name: "deep/er/hard", type: "link", linkname: "a/file" },
      { name: "pipe", type: "fifo" },
    );
    expect((await stat(join(root, "a"))).mode & 0o7777).toBe(0o1777);
    expect((await stat(join(root, "a/file"))).mode & 0o7777).toBe(0o4755);
    expect((await stat(join(root, "a/file"))).mtimeMs).toBe(0);
    expect(await readlink(join(root, "a/soft"))).toBe("file");
    expect((await stat(join(root, "deep/er/hard"))).ino).toBe((await stat(join(root, "a/file"))).ino);
    expect(await readdir(root)).toEqual(["a", "deep"]);
  });

  test.skipIf(process.getuid?.() !== 0)("owners, where root unpacks", async () => {
    await apply({ name: "f", uid: 65532, content: "x" });
    expect((await stat(join(root, "f"))).uid).toBe(65532);
  });

  test("a path through a link of a lower layer goes where the container would see it", async () => {
    await apply({ name: "usr/lib/", type: "directory" }, { name: "lib", type: "symlink", linkname: "/usr/lib" });
    await apply({ name: "lib/libx.so", content: "x" });
    expect(await text("usr/lib/libx.so")).toBe("x");
    expect((await lstat(join(root, "lib"))).isSymbolicLink()).toBe(true);
  });

  test("an upper layer may turn a directory into a file and back", async () => {
    await apply({ name: "x/y", content: "1" });
    await apply({ name: "x", content: "file" });
    expect(await text("x")).toBe("file");
    await apply({ name: "x/z", content: "2" });
    expect(await text("x/z")).toBe("2");
  });

  test("replacing a hard-linked file leaves the other name alone", async () => {
    await apply({ name: "a", content: "old" }, { name: "b", type: "link", linkname: "a" });
    await apply({ name: "a", content: "new" });
    expect([await text("a"), await text("b")]).toEqual(["new", "old"]);
  });
});

describe("whiteouts (layer.md)", () => {
  test("remove what lower layers made", async () => {
    await apply(
      { name: "d/keep", content: "1" },
      { name: "d/gone", content: "2" },
      { name: "tree/deep/x", content: "3" },
    );
    await apply({ name: "d/.wh.gone" }, { name: ".wh.tree" }, { name: ".wh.never-there" });
    expect(await readdir(root)).toEqual(["d"]);
    expect(await readdir(join(root, "d"))).toEqual(["keep"]);
  });

  test("never remove what the same layer makes, before or after", async () => {
    await apply({ name: "d/old", content: "1" });
    await apply({ name: "d/early", content: "2" }, { name: "d/.wh..wh..opq" }, { name: "d/late", content: "3" });
    expect((await readdir(join(root, "d"))).sort()).toEqual(["early", "late"]);
    await apply({ name: "d/early", content: "4" }, { name: "d/.wh.early" }, { name: ".wh.d" });
    expect(await readdir(join(root, "d"))).toEqual(["early"]);
  });
});

describe("nothing leaves the root", () => {
  test.each<[string, Entry[]]>([
    ["a path with ..", [{ name: "../evil", content: "x" }]],
    ["a path with .. in the middle", [{ name: "a/../../evil", content: "x" }]],
    ["a hard link to ..", [{ name: "h", type: "link", linkname: "../secret" }]],
    ["a hard link to nothing", [{ name: "h", type: "link", linkname: "nowhere" }]],
    ["a whiteout of the parent", [{ name: "a/.wh..." }, { name: ".wh..", content: "" }]],
    [
      "links in a circle",
      [
        { name: "p", type: "symlink", linkname: "q" },
        { name: "q", type: "symlink", linkname: "p" },
        { name: "p/x", content: "" },
      ],
    ],
  ])("%s is refused", async (_name, entries) => {
    await writeFile(join(parent, "secret"), "secret");
    await expect(apply(...entries)).rejects.toMatchObject({ code: "LAYER_INVALID" });
    expect((await readdir(parent)).sort()).toEqual(["root", "secret"]);
  });

  test("links that point outside are followed inside", async () => {
    await writeFile(join(parent, "secret"), "secret");
    await apply(
      { name: "abs", type: "symlink", linkname: parent },
      { name: "abs/secret", content: "mine" },
      { name: "up", type: "symlink", linkname: "../../.." },
      { name: "up/secret", content: "mine too" },
      { name: "taken", type: "symlink", linkname: join(parent, "secret") },
      { name: "taken", content: "replaced, not written through" },
      { name: ".wh.abs" },
    );
    expect(await readFile(join(parent, "secret"), "utf8")).toBe("secret");
    expect(await text("secret")).toBe("mine too");
  });

  test("whatever links and files an archive mixes (property)", async () => {
    const name = fc.array(fc.constantFrom("a", "b", "c", ".", ".wh.a", ".wh..wh..opq"), { minLength: 1, maxLength: 3 });
    const target = fc.array(fc.constantFrom("a", "b", "..", ""), { minLength: 1, maxLength: 4 });
    const entry = fc.record({
      name: name.map((parts) => parts.join("/")),
      type: fc.constantFrom("file" as const, "directory" as const, "symlink" as const, "link" as const),
      linkname: target.map((parts) => parts.join("/") || "/"),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(entry, { maxLength: 12 }), async (entries) => {
        const outside = mkdtempSync(join(parent, "run-"));
        const inner = join(outside, "root");
        mkdirSync(inner);
        for (const name of ["a", "b", "c"]) mkdirSync(join(outside, name));
        symlinkSync("/etc/passwd", join(outside, "canary"));
        const passwd = readFileSync("/etc/passwd", "utf8");
        await applyLayer(tar(entries.map((e) => ({ ...e, content: e.type === "file" ? "x" : "" }))), inner, {
          owners: false,
          where: "layer",
          signal: new AbortController().signal,
        }).catch((error: { code?: string }) => expect(error.code).toBe("LAYER_INVALID"));
        expect((await readdir(outside)).sort()).toEqual(["a", "b", "c", "canary", "root"]);
        for (const name of ["a", "b", "c"]) expect(await readdir(join(outside, name))).toEqual([]);
        expect(readFileSync("/etc/passwd", "utf8")).toBe(passwd);
        rmSync(outside, { recursive: true, force: true });
      }),
      { numRuns: 60 },
    );
  });
});

test("an archive that is cut off is an error", async () => {
  async function* half(): ByteStream & AsyncGenerator<Uint8Array> {
    for await (const chunk of tar([{ name: "f", content: "x".repeat(4000) }])) yield chunk.subarray(0, 300);
  }
  await expect(
    applyLayer(half(), root, { owners: false, where: "layer", signal: new AbortController().signal }),
  ).rejects.toMatchObject({ code: "LAYER_INVALID" });
});
