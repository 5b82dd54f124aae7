import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build } from "esbuild";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { blobOf, type Layer } from "../../src/oci/blob.ts";
import { composeImage } from "../../src/oci/compose.ts";
import { copy } from "../../src/oci/copy.ts";
import { MediaType } from "../../src/oci/descriptor.ts";
import { targetOfImage } from "../../src/oci/image-target.ts";
import { createMemoryTarget } from "../../src/oci/memory-target.ts";
import { imageOf } from "../../src/oci/remote-image.ts";
import { createRegistryClient } from "../../src/registry/client.ts";
import { type DockerRegistry, startDockerRegistry } from "../support/docker-registry.ts";
import { callOf, startFaultProxy } from "../support/fault-proxy.ts";
import { createTestTls } from "../support/tls.ts";
import { startTokenServer } from "../support/token-server.ts";
import { randomImage } from "./random-image.ts";

const MIB = 1024 * 1024;
let scratch: string;
let registry: DockerRegistry;

beforeAll(async () => {
  scratch = mkdtempSync(join(tmpdir(), "knbuild-concurrent-"));
  registry = await startDockerRegistry();
});

afterAll(async () => {
  await registry.close();
  rmSync(scratch, { recursive: true, force: true });
});

/** A program that pushes images with a layer in common; a real process for each push. */
async function pusher(): Promise<string> {
  const outfile = join(scratch, "push.mjs");
  const here = import.meta.dirname;
  await build({
    stdin: {
      contents: `
        import { blobOf } from "../../src/oci/blob.ts";
        import { composeImage } from "../../src/oci/compose.ts";
        import { copy } from "../../src/oci/copy.ts";
        import { targetOfImage } from "../../src/oci/image-target.ts";
        import { createRegistryClient } from "../../src/registry/client.ts";
        const [repository, size, cacheDir, seed] = process.argv.slice(2);
        const layers = [Buffer.alloc(Number(size), 9), Buffer.from(seed)].map((bytes) => {
          const blob = blobOf(bytes, "application/vnd.oci.image.layer.v1.tar");
          return { layer: { ...blob, diffId: blob.descriptor.digest, openUncompressed: blob.open }, history: {} };
        });
        const image = composeImage({ layers, config: {}, created: "1970-01-01T00:00:00Z" });
        const client = createRegistryClient({ env: {}, cacheDir });
        const report = await copy(await targetOfImage(image, "build"), client.repository(repository, { access: "push" }), {
          reference: image.descriptor.digest,
          tags: [seed],
        });
        process.stdout.write(JSON.stringify(report));
      `,
      resolveDir: here,
      loader: "ts",
    },
    bundle: true,
    platform: "node",
    format: "esm",
    outfile,
    banner: { js: 'import { createRequire } from "node:module"; const require = createRequire(import.meta.url);' },
    logLevel: "error",
  });
  return outfile;
}

function run(args: string[]): Promise<{ code: number | null; stdout: string; stderr: string }> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "pipe"] });
    let stdout = "";
    let stderr = "";
    child.stdout.on("data", (chunk) => (stdout += chunk));
    child.stderr.on("data", (chunk) => (stderr += chunk));
    child.on("close", (code) => resolve({ code, stdout, stderr }));
  });
}

describe("many pushes at once", () => {
  it("upload a shared layer once: 50 processes", { timeout: 120_000 }, async () => {
    const program = await pusher();
    const size = 8 * MIB;
    const cacheDir = join(scratch, "cache");
    const results = await Promise.all(
      Array.from({ length: 50 }, (_, i) =>
        run([program, `${registry.host}/many/app`, String(size), cacheDir, `own-${i}`]),
      ),
    );
    expect(results.filter((result) => result.code !== 0).map((result) => result.stderr)).toEqual([]);
    const reports = results.map((result) => JSON.parse(result.stdout));
    const uploads = reports
      .flatMap((report) => report.blobs)
      .filter((blob) => blob.size === size && blob.action === "uploaded");
    expect(uploads).toHaveLength(1);
    const sent = reports.reduce((sum, report) => sum + report.bytesUploaded, 0);
    expect(sent).toBeLessThan(size + 50 * 3_000);
    const tags: string[] = [];
    for await (const tag of createRegistryClient({ env: {}, cacheDir: null })
      .repository(`${registry.host}/many/app`)
      .tags())
      tags.push(tag);
    expect(tags).toHaveLength(50);
  });

  it("find each other within a process", async () => {
    const image = await randomImage([3 * MIB], { seed: "within" });
    const client = createRegistryClient({ env: {}, cacheDir: null });
    const there = client.repository(`${registry.host}/many/within`, { access: "push" });
    const reports = await Promise.all(
      Array.from({ length: 8 }, (_, i) => copy(image.target, there, { reference: "latest", tags: [`t${i}`] })),
    );
    expect(reports.flatMap((r) => r.blobs).filter((b) => b.action === "uploaded")).toHaveLength(2);
    expect(client.stats.bytesUploaded).toBe(3 * MIB + image.config.size);
  });
});

describe("a base in the same registry", () => {
  it("is not moved by a single byte, by the registry's own log", async () => {
    const base = await randomImage([40 * MIB, 5 * MIB, 100_000, 50_000], { seed: "a large base" });
    const there = (name: string) => `${registry.host}/bases/${name}`;
    const setUp = createRegistryClient({ env: {}, cacheDir: null });
    await copy(base.target, setUp.repository(there("node"), { access: "push" }), { reference: "latest", tags: ["24"] });
    const before = registry.log().length;

    const client = createRegistryClient({ env: {}, cacheDir: join(scratch, "fresh") });
    const source = client.repository(there("node"));
    const found = (await source.resolve("24", { read: true }))!;
    const baseImage = imageOf(source, found);
    const app = blobOf(Buffer.alloc(20_000, 7), MediaType.ociLayer);
    const appLayer: Layer = { ...app, diffId: app.descriptor.digest, openUncompressed: app.open };
    const layers = [...(await baseImage.layers()), appLayer].map((layer) => ({ layer, history: {} }));
    const image = composeImage({ layers, config: {}, created: "1970-01-01T00:00:00Z" });
    const report = await copy(
      await targetOfImage(image, "build"),
      client.repository(there("app"), { access: "push" }),
      {
        reference: image.descriptor.digest,
        tags: ["v1"],
      },
    );
    const actions = new Map(report.blobs.map((blob) => [blob.digest, blob.action]));
    for (const layer of base.layers) expect(actions.get(layer.digest)).toBe("mounted");
    const isStored = () =>
      registry.log().some(({ method, path }) => method === "PUT" && path.includes("bases/app/manifests"));
    await vi.waitFor(() => expect(isStored()).toBe(true), 5_000);
    const log = registry.log().slice(before);
    const baseBytes = log.filter(
      (line) => base.layers.some((layer) => line.path.includes(layer.digest)) && ["GET", "PATCH"].includes(line.method),
    );
    expect(baseBytes).toEqual([]);
    expect(client.stats.bytesUploaded).toBeLessThan(30_000);
    // The base's manifest and config; the tag; four mounts; three for the app's layer and three for the config; the manifest.
    expect(log.length).toBeLessThanOrEqual(14);
  });
});

describe("tokens that run out", () => {
  it("are renewed in the middle of an upload", async () => {
    const tls = await createTestTls();
    const tokens = await startTokenServer({
      ...tls,
      service: "s",
      users: { u: "password" },
      allow: (user) => user === "u",
      lifeSeconds: 60,
    });
    const bearer = await startDockerRegistry({
      token: { realm: tokens.url, service: "s", issuer: tokens.issuer, certFile: tls.certFile },
    });
    const proxy = await startFaultProxy(bearer.host);
    try {
      const headers = {
        "www-authenticate": `Bearer realm="${tokens.url}",service="s",scope="repository:a/b:pull,push"`,
      };
      proxy.faults.push({
        when: (r) => callOf(r) === "patch",
        fault: { do: "status", status: 401, headers, afterBytes: 500_000, code: "UNAUTHORIZED" },
        times: 2,
      });
      proxy.faults.push({
        when: (r) => callOf(r) === "commit",
        fault: { do: "status", status: 401, headers, code: "UNAUTHORIZED" },
      });
      tokens.failNext.push("reset", 503);
      const image = await randomImage([4 * MIB], { seed: "renewed" });
      const credentials = {
        find: async () => ({
          credential: { kind: "password" as const, username: "u", password: "password" },
          from: "test",
        }),
      };
      const client = createRegistryClient({ env: {}, cacheDir: null, credentials, retry: { baseDelayMs: 5 } });
      await copy(image.target, client.repository(`${proxy.host}/a/b`, { access: "push" }), {
        reference: "latest",
        tags: ["v1"],
      });
      expect(tokens.requests.length).toBeGreaterThanOrEqual(4);
      const down = createMemoryTarget();
      await copy(client.repository(`${proxy.host}/a/b`), down, { reference: "v1" });
      expect(
        Buffer.compare(down.content.get(image.layers[0]!.digest)!, image.target.content.get(image.layers[0]!.digest)!),
      ).toBe(0);
    } finally {
      await Promise.all([proxy.close(), bearer.close(), tokens.close()]);
      rmSync(tls.dir, { recursive: true, force: true });
    }
  });
});
