/** What the cache holds, and what pruning takes of it. */
import { once } from "node:events";
import { existsSync, linkSync, mkdirSync, readdirSync, rmSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { Worker } from "node:worker_threads";
import { beforeEach, describe, expect, test } from "vitest";
import { type Digest, sha256 } from "../../src/base/digest.ts";
import { copy } from "../../src/oci/copy.ts";
import { targetOfImage } from "../../src/oci/image-target.ts";
import type { TarEntry } from "../../src/oci/layer-source.ts";
import { cacheBound } from "../../src/pipeline/cache-bound.ts";
import { cacheInfo, listImages, pruneCache, verifyCache } from "../../src/pipeline/images.ts";
import { ageMs, sizeBytes, trimCache } from "../../src/pipeline/trim-cache.ts";
import { remove, unitsOf } from "../../src/pipeline/trim-units.ts";
import { isSandboxUsed } from "../../src/sandbox/run-directory.ts";
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

describe("the bound of the cache", () => {
  const hoursAgo = (path: string, hours: number): void => {
    const then = new Date(Date.now() - hours * 3600_000);
    utimesSync(path, then, then);
  };
  const install = (key: string, hours: number): void => {
    write(`install/${key}/tree/a.js`, "x".repeat(1000));
    hoursAgo(write(`install/${key}/done.json`, "{}"), hours);
  };
  const installs = () => readdirSync(join(store.cacheDir, "install"));
  const held = async () => {
    const { blobs: inStore, other } = await cacheInfo(store);
    return inStore.bytes + Object.values(other).reduce((sum, bytes) => sum + bytes, 0);
  };

  test("takes what was not used for longest, and no more than it has to", async () => {
    for (const [key, hours] of [
      ["a", 3],
      ["b", 5],
      ["c", 4],
    ] as const)
      install(key, hours);
    await trimCache({ maxBytes: 10_000 }, store);
    expect(installs()).toEqual(["a", "b", "c"]);
    expect(await trimCache({ maxBytes: (await held()) - 500 }, store)).toMatchObject({ files: 1 });
    expect(installs()).toEqual(["a", "c"]);
    await trimCache({ olderThanMs: ageMs("3.5h") }, store);
    expect(installs()).toEqual(["a"]);
  });

  test("spares what an image needs, what was used a moment ago, and what is being made", async () => {
    const kept = await keepImage("app:1", "one");
    const [unnamed] = await keepImage("app:2", "two");
    await store.untag("app:2");
    age(blobs());
    install("now", 0);
    install("locked", 9);
    write("install/locked.lock", "");
    install("old", 9);
    // A build finds it and counts on it.
    store.noteUse(unnamed as Digest);
    const { held: left, spared } = await trimCache({ maxBytes: 1 }, store);
    // The install of just now, and the layer that a build counts on.
    expect(left).toBeGreaterThan(spared);
    expect(spared).toBeGreaterThan(1000);
    expect(installs().sort()).toEqual(["locked", "locked.lock", "now"]);
    expect(blobs()).toEqual(expect.arrayContaining([unnamed, ...kept]));
    expect(await verifyCache(store)).toMatchObject({ damaged: [], incomplete: [] });
    age(blobs());
    await trimCache({ maxBytes: 1 }, store);
    expect(blobs()).not.toContain(unnamed);
    expect(await verifyCache(store)).toMatchObject({ checked: 3, damaged: [], incomplete: [] });
  });

  test("of nothing at all takes everything that is not needed", async () => {
    install("old", 9);
    expect(await trimCache({ maxBytes: sizeBytes("0") }, store)).toMatchObject({ files: 1 });
    expect(installs()).toEqual([]);
  });

  test("covers bases, unpacked images, trees of apps and compiled code; no unpacked image while a container runs", async () => {
    const old = (path: string) => hoursAgo(write(path, "x".repeat(1000)), 99);
    for (const path of ["debs/a.deb", "unpacked/a.tar", "unpacked/a.json", "indexes/a-Packages", "node/24/LICENSE"])
      old(`bases/${path}`);
    for (const path of ["node/24/node", "pins/a.json"]) write(`bases/${path}`, "made");
    for (const path of ["work/a/state.json", "build/a/done.json", "code/a-node", "sandbox/roots/a/etc/passwd"])
      old(path);
    for (const path of ["work/a/tree/a.js", "build/a/tree/a.js"]) write(path, "made");
    hoursAgo(join(store.cacheDir, "sandbox/roots/a"), 99);
    write("sandbox/runs/a/owner", String(process.pid));
    const left = () =>
      readdirSync(store.cacheDir, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile() && !entry.parentPath.startsWith(store.dir))
        .map(({ name }) => name)
        .sort();
    await trimCache({ maxBytes: 0 }, store);
    expect(left()).toEqual(["a.json", "owner", "passwd"]);
    rmSync(join(store.cacheDir, "sandbox/runs/a"), { recursive: true });
    hoursAgo(join(store.cacheDir, "sandbox/roots/a"), 99);
    await trimCache({ maxBytes: 0 }, store);
    expect(left()).toEqual(["a.json"]);
  });

  test("leaves an unpacked image that a run has begun to use since it was looked at", async () => {
    const root = join(store.cacheDir, "sandbox/roots/a");
    write("sandbox/roots/a/etc/passwd", "root");
    hoursAgo(root, 99);
    const looked = () => unitsOf(store).filter(({ path }) => path === root);
    const [first] = looked();
    const owner = write("sandbox/runs/a/owner", String(process.pid));
    expect(remove(first!, store.cacheDir)).toBe(false);
    rmSync(dirname(owner), { recursive: true });
    // A run that ended meanwhile: the image is wanted. Its own mtime is the image's.
    utimesSync(root, new Date(), statSync(root).mtime);
    expect(remove(first!, store.cacheDir)).toBe(false);
    hoursAgo(root, 99);
    const [second] = looked();
    expect(remove(second!, store.cacheDir)).toBe(true);
    expect(existsSync(root)).toBe(false);
  });

  test("takes a run that ends while it is looked at for one that runs", async () => {
    const runs = join(store.cacheDir, "sandbox/runs");
    mkdirSync(join(runs, "other"), { recursive: true });
    const loop = `const fs = require("node:fs"), { workerData: dir } = require("node:worker_threads");
      for (;;) { fs.mkdirSync(dir); fs.writeFileSync(dir + "/owner", "${process.pid}"); fs.rmSync(dir, { recursive: true }); }`;
    const worker = new Worker(loop, { eval: true, workerData: join(runs, "a") });
    await once(worker, "online");
    try {
      for (let i = 0; i < 20_000; i++) expect(isSandboxUsed(store.cacheDir)).toBe(true);
    } finally {
      await worker.terminate();
    }
  });

  test("is what the directories that are built say, wherever the build is called; the largest of several", async () => {
    const written = (dir: string, text: string) => write(`../${dir}/knbuild.yaml`, text);
    const cwd = join(store.cacheDir, "..");
    const bound = (dirs: string[], more = {}) => cacheBound(dirs, { cwd, env: {}, cacheDir: store.cacheDir, ...more });
    written("none", "cacheMaxSize: 0\n");
    written("two", "cacheMaxSize: 2GB\n");
    written("silent", "bundle: false\n");
    written("listed", "images: [../two]\n");
    expect(await bound(["none"])).toBeUndefined();
    expect(await bound(["silent"])).toBe("10GB");
    expect(await bound(["silent", "two"])).toBe("2GB");
    expect(await bound(["two", "none"])).toBeUndefined();
    expect(await bound(["listed"])).toBe("2GB");
    expect(await bound(["silent"], { configFile: "two/knbuild.yaml" })).toBe("2GB");
    expect(await bound(["two"], { env: { KNBUILD_CACHE_MAX_SIZE: "3GB" } })).toBe("3GB");
  });

  test("removes what a killed process had taken away, and is one process's work at a time", async () => {
    write(".tmp-1-a-0-trimmed/tree/a.js", "left");
    for (let i = 0; i < 20; i++) install(String(i), 9);
    const freed = await Promise.all([
      trimCache({ maxBytes: 1 }, store),
      trimCache({ maxBytes: 1 }, openStore(store.cacheDir)),
    ]);
    expect(freed.reduce((sum, { files }) => sum + files, 0)).toBe(20);
    expect(installs()).toEqual([]);
    expect(existsSync(join(store.cacheDir, ".tmp-1-a-0-trimmed"))).toBe(false);
  });

  test("is written as people write sizes and spans", () => {
    expect(["5GB", "1.5GiB", "500m", "12", "0"].map(sizeBytes)).toEqual([5e9, 1.5 * 2 ** 30, 5e8, 12, 0]);
    expect(["7d", "36h", "1d12h"].map((text) => ageMs(text) / 3600_000)).toEqual([168, 36, 36]);
    expect(() => sizeBytes("much")).toThrow("not a size");
    expect(() => ageMs("week")).toThrow("not a span");
  });
});
