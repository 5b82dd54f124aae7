import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import {
  closeSync,
  createReadStream,
  existsSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build } from "esbuild";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { diskFull } from "../../src/base/errors.ts";
import { verifyCache } from "../../src/pipeline/images.ts";
import { openStore } from "../../src/store/store.ts";

const work = mkdtempSync(join(tmpdir(), "knbuild-kills-"));
afterAll(() => rmSync(work, { recursive: true, force: true }));

/** A program of its own: only a whole process can be killed. */
async function program(name: string, source: string): Promise<string> {
  const outfile = join(work, `${name}.mjs`);
  await build({
    stdin: { contents: source, resolveDir: join(import.meta.dirname, "../../src"), loader: "ts" },
    bundle: true,
    platform: "node",
    format: "esm",
    outfile,
    logLevel: "error",
    external: ["@bokuweb/zstd-wasm"],
    banner: { js: 'import { createRequire as r } from "node:module"; const require = r(import.meta.url);' },
  });
  return outfile;
}

function run(
  file: string,
  args: string[],
  killAfterMs?: number,
): Promise<{ code: number | null; stdout: string; stderr: string }> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [file, ...args], { stdio: ["ignore", "pipe", "pipe"] });
    let [stdout, stderr] = ["", ""];
    let timer: NodeJS.Timeout | undefined;
    child.stdout.on("data", (chunk) => {
      stdout += chunk;
      // From its first word on: how long a process takes to start is the machine's affair.
      if (killAfterMs !== undefined) timer ??= setTimeout(() => child.kill("SIGKILL"), killAfterMs);
    });
    child.stderr.on("data", (chunk) => {
      stderr += chunk;
    });
    child.on("close", (code) => {
      clearTimeout(timer);
      resolve({ code, stdout, stderr });
    });
  });
}

describe("kill -9", () => {
  let writer: string;
  beforeAll(async () => {
    writer = await program(
      "writer",
      `
      import { blobOf } from "./oci/blob.ts";
      import { materialize } from "./layer/materialize.ts";
      import { composeImage } from "./oci/compose.ts";
      import { imageBlobs } from "./oci/image.ts";
      import { openStore } from "./store/store.ts";
      const [cache, seed, images] = process.argv.slice(2);
      console.log("started");
      const store = openStore(cache);
      for (let i = 0; i < Number(images); i++) {
        const bytes = Buffer.alloc(200_000 + i * 1000, seed + "-" + i);
        const layer = await materialize({ kind: "app", comment: "x", cacheKey: seed + i, entries: () => [{ type: "file", path: "f", mode: 0o644, uid: 0, gid: 0, size: bytes.length, async *open() { yield bytes; } }] }, { store });
        const image = composeImage({ layers: [{ layer, history: {} }], config: {}, created: "1970-01-01T00:00:00Z" });
        const { config, manifest } = await imageBlobs(image);
        await store.put(config); await store.put(manifest);
        await store.tag(image.descriptor, "app:" + (i % 3));
      }`,
    );
  });

  test("at any moment leaves every blob whole and every name complete", async () => {
    const cache = join(work, "cache");
    let round = 0;
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: 850 }), async (killAfterMs) => {
        // Two at once share the store.
        await Promise.all([
          run(writer, [cache, `a${round}`, "1000"], killAfterMs),
          run(writer, [cache, `b${round++}`, "1000"], killAfterMs + 40),
        ]);
        if (!existsSync(join(cache, "store", "oci-layout"))) return;
        expect(await verifyCache(openStore(cache))).toMatchObject({ damaged: [], incomplete: [] });
      }),
      // Nothing to shrink: the same moment does not come twice.
      { numRuns: 12, endOnFailure: true },
    );
    const blobs = join(cache, "store", "blobs/sha256");
    for (const hex of readdirSync(blobs)) {
      const hash = createHash("sha256");
      for await (const chunk of createReadStream(join(blobs, hex))) hash.update(chunk);
      expect(hash.digest("hex")).toBe(hex);
    }
    // Whoever comes after them finds a store that works.
    expect(await run(writer, [cache, "after", "3"])).toMatchObject({ code: 0, stderr: "" });
    expect(openStore(cache).index().manifests).toHaveLength(3);
  });
});

test("cache verify finds a blob that was changed behind its back, and names the image that lost it", async () => {
  const cache = join(work, "verify");
  const writer = await program(
    "one",
    `
    import { blobOf } from "./oci/blob.ts"; import { composeImage } from "./oci/compose.ts"; import { imageBlobs } from "./oci/image.ts"; import { openStore } from "./store/store.ts";
    const store = openStore(process.argv[2]);
    const image = composeImage({ layers: [], config: { Cmd: ["x"] }, created: "1970-01-01T00:00:00Z" });
    const { config, manifest } = await imageBlobs(image);
    await store.put(config); await store.put(manifest); await store.tag(image.descriptor, "app:v1");
    console.log(config.descriptor.digest);`,
  );
  const { stdout } = await run(writer, [cache]);
  const store = openStore(cache);
  writeFileSync(store.blobPath(stdout.trim()), "changed");
  expect(await verifyCache(store)).toEqual({ checked: 2, damaged: [stdout.trim()], incomplete: ["app:v1"] });
});

test("a layer with a file of 4 GiB is written in less than 250 MB of memory", async () => {
  const big = join(work, "big");
  writeFileSync(big, "x");
  truncateSync(big, 4 * 2 ** 30);
  const packer = await program(
    "packer",
    `
    import { createReadStream } from "node:fs"; import { materialize } from "./layer/materialize.ts"; import { openStore } from "./store/store.ts";
    const layer = await materialize({ kind: "app", comment: "x", entries: () => [{ type: "file", path: "big", mode: 0o644, uid: 0, gid: 0, size: 4 * 2 ** 30, open: () => createReadStream(process.argv[3], { highWaterMark: 262144 }) }] }, { store: openStore(process.argv[2]) });
    console.log(JSON.stringify({ maxRssKb: process.resourceUsage().maxRSS, size: layer.descriptor.size }));`,
  );
  const { stdout, stderr } = await run(packer, [join(work, "big-cache"), big]);
  expect(stderr).toBe("");
  const { maxRssKb, size } = JSON.parse(stdout);
  expect(size).toBeGreaterThan(1_000_000);
  expect(maxRssKb).toBeLessThan(250_000);
}, 600_000);

test("a full disk is an error that says so, and leaves the store whole", async () => {
  const { execFileSync } = await import("node:child_process");
  if (process.getuid?.() !== 0) return;
  const mount = join(work, "full");
  const { mkdirSync } = await import("node:fs");
  mkdirSync(mount);
  execFileSync("mount", ["-t", "tmpfs", "-o", "size=2m", "tmpfs", mount]);
  try {
    const store = openStore(join(mount, "cache"));
    const source = (async function* () {
      for (let i = 0; i < 100; i++) yield Buffer.alloc(100_000, i);
    })();
    await expect(store.ingest(source)).rejects.toMatchObject({
      code: "DISK_FULL",
      hint: expect.stringContaining("KNBUILD_CACHE_DIR"),
    });
    expect(readdirSync(store.dir).filter((name) => name.startsWith(".tmp"))).toEqual([]);
    expect(JSON.parse(readFileSync(join(store.dir, "index.json"), "utf8")).manifests).toEqual([]);
    // Whoever writes bytes to an open file hears of no path.
    const file = openSync(join(mount, "much"), "w");
    vi.stubEnv("KNBUILD_CACHE_DIR", mount);
    try {
      for (;;) writeSync(file, Buffer.alloc(100_000));
    } catch (error) {
      expect(diskFull(error)?.where).toBe(mount);
    } finally {
      vi.unstubAllEnvs();
      closeSync(file);
    }
  } finally {
    execFileSync("umount", [mount]);
  }
});
