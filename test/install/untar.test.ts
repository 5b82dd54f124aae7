import { existsSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { pack } from "tar-stream";
import { afterAll, expect, it } from "vitest";
import { createUnpacker } from "../../src/install/untar.ts";
import { removeTemporary, snapshot, temporary } from "./context.ts";

afterAll(removeTemporary);

type Entry = { name: string; body?: string; mode?: number; type?: "file" | "symlink" | "directory"; linkname?: string };

async function archive(entries: Entry[]): Promise<Buffer> {
  const tar = pack();
  for (const { body = "", name, mode = 0o644, type = "file", linkname } of entries) {
    if (type === "file") tar.entry({ name, mode, type }, body);
    else tar.entry({ name, mode, type, ...(linkname !== undefined && { linkname }) });
  }
  tar.finalize();
  const chunks: Buffer[] = [];
  for await (const chunk of tar) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

function unpack(bytes: Buffer, chunkBytes = bytes.length, bins: string[] = []): string {
  const destination = join(temporary(), "package");
  const unpacker = createUnpacker(destination, "x@1.0.0", (path) => bins.includes(path));
  for (let at = 0; at < bytes.length; at += chunkBytes) unpacker.write(bytes.subarray(at, at + chunkBytes));
  unpacker.end();
  return destination;
}

const LONG = `${"deep/".repeat(60)}file-ü.js`;

it("gives the same files however the bytes arrive", async () => {
  const bytes = await archive([
    { name: "package/a.js", body: "a" },
    { name: `package/${LONG}`, body: "long" },
    { name: "package/big.bin", body: "x".repeat(700_000) },
    { name: "package/empty" },
    { name: "package/last", body: "z".repeat(512) },
  ]);
  const whole = snapshot(unpack(bytes));
  expect(whole[LONG]).toMatch(/^file 644/);
  for (const size of [1000, 511, 65_536]) expect(snapshot(unpack(bytes, size))).toEqual(whole);
});

it("makes files as readable as npm does, and programs runnable", async () => {
  const bytes = await archive([
    { name: "package/closed.js", mode: 0o600 },
    { name: "package/open.js", mode: 0o777 },
    { name: "package/bin.js", mode: 0o644 },
  ]);
  const root = unpack(bytes, undefined, ["bin.js"]);
  const mode = (name: string) => (statSync(join(root, name)).mode & 0o777).toString(8);
  expect([mode("closed.js"), mode("open.js"), mode("bin.js")]).toEqual(["644", "755", "755"]);
});

it("follows no link, takes any first directory, renames .gitignore as npm does", async () => {
  const root = unpack(
    await archive([
      { name: "other/evil", type: "symlink", linkname: "/etc/passwd" },
      { name: "other/.gitignore", body: "x" },
      { name: "other/sub/.npmignore" },
      { name: "other/sub/.gitignore", body: "y" },
    ]),
  );
  expect(existsSync(join(root, "evil"))).toBe(false);
  expect(readFileSync(join(root, ".npmignore"), "utf8")).toBe("x");
  expect(readFileSync(join(root, "sub/.npmignore"), "utf8")).toBe("");
});

it("refuses a path that leads out, a cut archive and a wrong checksum", async () => {
  const out = await archive([{ name: "package/../../out.js", body: "x" }]);
  expect(() => unpack(out)).toThrow(expect.objectContaining({ code: "PACKAGE_DAMAGED" }));
  const bytes = await archive([{ name: "package/a.js", body: "a".repeat(5000) }]);
  expect(() => unpack(bytes.subarray(0, 2000))).toThrow("ends too early");
  const wrong = Buffer.from(bytes);
  wrong[0] = 0x58;
  expect(() => unpack(wrong)).toThrow("checksum");
});
