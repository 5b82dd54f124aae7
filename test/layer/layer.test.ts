import { execFileSync } from "node:child_process";
import { readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { sha256 } from "../../src/base/digest.ts";
import { readAll } from "../../src/base/streams.ts";
import { normalizeEntries } from "../../src/layer/entries.ts";
import { materialize } from "../../src/layer/materialize.ts";
import type { TarEntry } from "../../src/oci/layer-source.ts";
import { openStore } from "../../src/store/store.ts";
import { gzipStream } from "../../src/tar/gzip.ts";
import { indexTar } from "../../src/tar/index-tar.ts";
import { packTar } from "../../src/tar/pack.ts";
import { unzstdStream, zstdStream } from "../../src/tar/zstd.ts";
import { scratchDir } from "../support/scratch.ts";

const temporary = () => scratchDir("layer");
const file = (path: string, content: string | Uint8Array, more: Partial<TarEntry> = {}): TarEntry =>
  ({
    type: "file",
    path,
    mode: 0o644,
    uid: 0,
    gid: 0,
    size: Buffer.byteLength(content as string),
    digest: sha256(content),
    async *open() {
      yield Buffer.from(content as string);
    },
    ...more,
  }) as TarEntry;

async function* chunks(...parts: Uint8Array[]): AsyncGenerator<Uint8Array> {
  yield* parts;
}

describe("gzip", () => {
  test("is read by zlib and by gzip, at every size around the block", async () => {
    for (const size of [0, 1, 512 * 1024 - 1, 512 * 1024, 512 * 1024 + 1, 3_000_000]) {
      const data = Buffer.alloc(size);
      for (let i = 0; i < size; i++) data[i] = (i * 31 + (i >> 8)) & 0xff;
      const zipped = Buffer.from(await readAll(gzipStream(chunks(data)), 1e8));
      expect(gunzipSync(zipped).equals(data)).toBe(true);
      expect(execFileSync("gzip", ["-dc"], { input: zipped, maxBuffer: 1e8 }).equals(data)).toBe(true);
    }
  });

  test("does not depend on how the bytes were cut", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.uint8Array({ maxLength: 5000 }), { maxLength: 20 }), async (parts) => {
        const [cut, whole] = [
          await readAll(gzipStream(chunks(...parts)), 1e8),
          await readAll(gzipStream(chunks(Buffer.concat(parts))), 1e8),
        ];
        expect(Buffer.compare(Buffer.from(cut), Buffer.from(whole))).toBe(0);
      }),
      { numRuns: 50 },
    );
  });
});

test("zstd: streams that are written at the same time do not touch one another", async () => {
  const data = [1, 2, 3, 4].map((seed) => Buffer.alloc(6_000_000, `${seed} knbuild `));
  const zipped = await Promise.all(data.map((bytes) => readAll(zstdStream(chunks(bytes)), 1e8)));
  for (const [i, input] of zipped.entries())
    expect(execFileSync("zstd", ["-dc"], { input, maxBuffer: 1e8 }).equals(data[i] as Buffer)).toBe(true);
});

test("zstd: the zstd program reads it, and we read what it wrote", async () => {
  const data = Buffer.alloc(9_000_000, "knative");
  const zipped = Buffer.from(await readAll(zstdStream(chunks(data)), 1e8));
  expect(execFileSync("zstd", ["-dc"], { input: zipped, maxBuffer: 1e8 }).equals(data)).toBe(true);
  const theirs = execFileSync("zstd", ["-c", "-19"], { input: data, maxBuffer: 1e8 });
  expect(Buffer.from(await readAll(unzstdStream(chunks(theirs)), 1e8)).equals(data)).toBe(true);
});

describe("tar", () => {
  test("GNU tar lists long, unicode and odd names as they are", async () => {
    const names = [
      "a".repeat(120),
      `${"d".repeat(90)}/${"e".repeat(90)}/${"f".repeat(90)}`,
      "ünïcode/日本語/😀.txt",
      "with space/and'quote",
      "x/ y",
    ];
    const entries = await normalizeEntries(names.map((name) => file(name, name)));
    const path = join(temporary(), "x.tar");
    writeFileSync(path, await readAll(packTar(entries, 0), 1e8));
    const listed = execFileSync("tar", ["-tf", path, "--quoting-style=literal"], {
      encoding: "utf8",
      env: { ...process.env, LC_ALL: "C.UTF-8" },
    })
      .trim()
      .split("\n")
      .filter((n) => !n.endsWith("/"));
    expect(listed.sort()).toEqual([...names].sort());
    const index = await indexTar(path);
    for (const name of names) expect(index.get(name)?.size, name).toBe(Buffer.byteLength(name));
  });

  test("any set of paths: sorted, parents first, the same bytes in any order", async () => {
    const part = fc.stringMatching(/^[a-zA-Zäß0-9_-]{1,60}$/);
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(
          fc.array(part, { minLength: 1, maxLength: 4 }).map((p) => p.join("/")),
          { minLength: 1, maxLength: 12 },
        ),
        async (paths) => {
          const leaves = paths.filter((p) => !paths.some((q) => q !== p && q.startsWith(`${p}/`)));
          const forward = await normalizeEntries(leaves.map((p) => file(p, p)));
          const backward = await normalizeEntries([...leaves].reverse().map((p) => file(p, p)));
          const a = await readAll(packTar(forward, 0), 1e8);
          expect(sha256(a)).toBe(sha256(await readAll(packTar(backward, 0), 1e8)));
          const seen = new Set<string>();
          for (const entry of forward) {
            const slash = entry.path.lastIndexOf("/");
            if (slash > 0) expect(seen.has(entry.path.slice(0, slash))).toBe(true);
            seen.add(entry.path);
          }
        },
      ),
      { numRuns: 60 },
    );
  });

  test("a file of over 8 GiB has its size in the header", async () => {
    const size = 9 * 2 ** 30;
    const stream = packTar(
      [
        {
          type: "file",
          path: "big",
          mode: 0o644,
          uid: 0,
          gid: 0,
          size,
          async *open() {
            yield Buffer.alloc(512);
          },
        },
      ],
      0,
    );
    const first = (await stream.next()).value as Uint8Array;
    await stream.return(undefined);
    const path = join(temporary(), "head.tar");
    writeFileSync(path, first.subarray(0, 512));
    expect((await indexTar(path)).get("big")?.size).toBe(size);
  });

  test.each(["/abs", "a/../b", "", "a//b", "a\0b", "."])("refuses the path %j", async (path) => {
    await expect(normalizeEntries([file(path, "x")])).rejects.toMatchObject({ code: "LAYER_PATH_INVALID" });
  });

  test("refuses a path that two different entries claim, and a file that changes its size", async () => {
    await expect(normalizeEntries([file("a", "1"), file("a", "2")])).rejects.toMatchObject({
      code: "LAYER_PATH_CONFLICT",
    });
    await expect(normalizeEntries([file("a", "1"), file("a/b", "2")])).rejects.toMatchObject({
      code: "LAYER_PATH_CONFLICT",
    });
    await expect(readAll(packTar([file("a", "12", { size: 5 } as never)], 0), 1e6)).rejects.toMatchObject({
      code: "LAYER_FILE_CHANGED",
    });
    await expect(readAll(packTar([file("a", "12", { size: 1 } as never)], 0), 1e6)).rejects.toMatchObject({
      code: "LAYER_FILE_CHANGED",
    });
  });

  test("hard links follow their targets", async () => {
    const entries = await normalizeEntries([
      { type: "hardlink", path: "a", target: "z", mode: 0o644, uid: 0, gid: 0 },
      file("z", "1"),
    ]);
    expect(entries.map((e) => e.path)).toEqual(["z", "a"]);
  });
});

describe("materialize", () => {
  test("gives both digests in one pass and finds the layer again by content", async () => {
    const store = openStore(temporary());
    const source = () => ({ kind: "app" as const, comment: "app", entries: () => [file("a", "1"), file("b/c", "2")] });
    const first = await materialize(source(), { store });
    expect(first.cached).toBe(false);
    const tar = await readAll(first.openUncompressed(), 1e6);
    expect(sha256(tar)).toBe(first.diffId);
    expect(sha256(await readAll(first.open(), 1e6))).toBe(first.descriptor.digest);
    const again = await materialize(source(), { store });
    expect(again).toMatchObject({ cached: true, diffId: first.diffId, descriptor: first.descriptor });
    expect((await materialize(source(), { store, compression: "none" })).descriptor.digest).toBe(first.diffId);
  });

  test.each(["gzip", "zstd", "none"] as const)(
    "is left in the middle when the work is given up: %s",
    async (compression) => {
      const dir = temporary();
      const controller = new AbortController();
      const endless = file("endless", "", {
        size: 2 ** 40,
        async *open() {
          for (let i = 0; ; i++) {
            if (i === 4) controller.abort();
            yield Buffer.alloc(1024 * 1024, i);
          }
        },
      });
      const source = { kind: "app" as const, comment: "", entries: () => [endless] };
      const options = { store: openStore(dir), compression, signal: controller.signal };
      await expect(materialize(source, options)).rejects.toMatchObject({ code: "INTERRUPTED", exitCode: 130 });
      expect(readdirSync(join(dir, "store")).sort()).toEqual(["blobs", "index.json", "oci-layout"]);
      expect(readdirSync(join(dir, "store/blobs/sha256"))).toEqual([]);
    },
  );

  test("a cache key spares the reading of the entries; a lost blob is made again", async () => {
    const { rmSync } = await import("node:fs");
    const store = openStore(temporary());
    let reads = 0;
    const source = {
      kind: "base" as const,
      comment: "base",
      cacheKey: "k",
      entries: () => [file("a", String(++reads))],
    };
    const first = await materialize(source, { store });
    await materialize(source, { store });
    expect(reads).toBe(1);
    rmSync(store.blobPath(first.descriptor.digest));
    expect((await materialize(source, { store })).cached).toBe(false);
  });
});
