/** What the cache holds, and what pruning takes of it. */
import { linkSync, mkdirSync, readdirSync, utimesSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { beforeEach, describe, expect, test } from "vitest";
import { type Digest, sha256 } from "../../src/base/digest.ts";
import { copy } from "../../src/oci/copy.ts";
import { targetOfImage } from "../../src/oci/image-target.ts";
import type { TarEntry } from "../../src/oci/layer-source.ts";
import { cacheInfo, listImages, pruneCache, verifyCache } from "../../src/pipeline/images.ts";
import { openStore, type Store } from "../../src/store/store.ts";
import { scratchDir } from "../support/scratch.ts";
import { file, testImage } from "../support/test-image.ts";

let store: Store;
beforeEach(() => {
  store = openStore(scratchDir("images"));
});

/** As a build leaves it: an image under a name, its layers known as cached ones. */
async function keepImage(name: string, text: string): Promise<Digest[]> {
  const entry = { ...file("a", text), digest: sha256(text) } as TarEntry;
  const image = await testImage({ store, layers: [[entry]], config: {} });
  await copy(await targetOfImage(image, name), store, { reference: image.descriptor, tags: [name] });
  return (await image.layers()).map(({ descriptor }) => descriptor.digest);
}

function age(digests: readonly string[]): void {
  const long = new Date(Date.now() - 7200_000);
  for (const digest of digests) utimesSync(store.blobPath(digest as Digest), long, long);
}

function blobs(): string[] {
  return readdirSync(join(store.dir, "blobs/sha256")).map((hex) => `sha256:${hex}`);
}

function write(path: string, text: string): string {
  const file = join(store.cacheDir, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
  return file;
}

describe("the cache", () => {
  test("counts a file once, whatever it is called", async () => {
    const one = write("sandbox/roots/one/node", "x".repeat(1000));
    mkdirSync(join(store.cacheDir, "sandbox/roots/two"));
    linkSync(one, join(store.cacheDir, "sandbox/roots/two/node"));
    expect((await cacheInfo(store)).other["sandbox"]).toBe(1000);
  });

  test("is pruned of what neither an image nor a cached layer names, and that nobody is writing", async () => {
    const [cached] = await keepImage("app:1", "one");
    await store.untag("app:1");
    const kept = await keepImage("app:2", "two");
    const before = blobs();
    expect(await pruneCache(false, store)).toEqual({ bytes: 0, files: 0 });
    expect(blobs()).toEqual(before);
    age(before);
    const { unused } = await cacheInfo(store);
    // The manifest and the config of the first image.
    expect(unused.count).toBe(2);
    expect(await pruneCache(false, store)).toEqual({ bytes: unused.bytes, files: 2 });
    expect(blobs()).toEqual(expect.arrayContaining([cached, ...kept]));
    expect(blobs()).toHaveLength(before.length - 2);
  });

  test("is pruned of all that can be made again; images stay whole", async () => {
    await keepImage("app:1", "one");
    await store.untag("app:1");
    await keepImage("app:2", "two");
    write("install/key/tree/a.js", "1234");
    age(blobs());
    const { bytes } = await pruneCache(true, store);
    expect(bytes).toBeGreaterThan(4);
    expect(readdirSync(store.cacheDir)).toEqual(["store"]);
    expect((await listImages(store)).map(({ name }) => name)).toEqual(["app:2"]);
    expect(blobs()).toHaveLength(3);
    expect(await verifyCache(store)).toEqual({ checked: 3, damaged: [], incomplete: [] });
  });
});
