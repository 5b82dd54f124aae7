/** Blobs that are large enough to come straight from the socket and to be hashed beside the main thread. */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { digestHex, sha256 } from "../../src/base/digest.ts";
import { copy } from "../../src/oci/copy.ts";
import { createRegistryClient, type RegistryClientOptions } from "../../src/registry/client.ts";
import { openLayout } from "../../src/store/layout.ts";
import { type DockerRegistry, startDockerRegistry } from "../support/docker-registry.ts";
import { callOf, type FaultKind, type FaultProxy, startFaultProxy } from "../support/fault-proxy.ts";
import { createTestTls, type TestTls } from "../support/tls.ts";
import { randomImage, type TestImage } from "./random-image.ts";

const MIB = 1024 * 1024;
let scratch: string;
let tls: TestTls;
let registry: DockerRegistry;
let secure: DockerRegistry;
let proxy: FaultProxy;
let image: TestImage;
let counter = 0;

beforeAll(async () => {
  scratch = mkdtempSync(join(tmpdir(), "knbuild-large-"));
  tls = await createTestTls();
  registry = await startDockerRegistry();
  secure = await startDockerRegistry({ tls });
  proxy = await startFaultProxy(registry.host);
  image = await randomImage([40 * MIB, 5 * MIB], { seed: "large" });
  const there = client().repository(`${registry.host}/large/app`, { access: "push" });
  await copy(image.target, there, { reference: "latest", tags: ["v1"] });
}, 60_000);

afterAll(async () => {
  await proxy.close();
  await registry.close();
  await secure.close();
  rmSync(scratch, { recursive: true, force: true });
  rmSync(tls.dir, { recursive: true, force: true });
});

afterEach(() => {
  proxy.faults.length = 0;
  proxy.seen.length = 0;
});

const client = (options: RegistryClientOptions = {}) =>
  createRegistryClient({
    env: {},
    cacheDir: null,
    retry: { baseDelayMs: 5, maxDelayMs: 40 },
    timeouts: { headersMs: 2_000, idleMs: 1_500 },
    ...options,
  });

/** Into a layout, whose files are then hashed once more, by somebody else. */
async function pull(host: string, options?: RegistryClientOptions) {
  const dir = join(scratch, `layout${counter++}`);
  const layout = openLayout(dir, { create: true });
  try {
    const source = client(options).repository(`${host}/large/app`);
    const report = await copy(source, layout, { reference: "v1", tags: ["v1"] });
    for (const { digest } of [image.config, ...image.layers]) {
      expect(sha256(readFileSync(join(dir, "blobs/sha256", digestHex(digest))))).toBe(digest);
    }
    return report;
  } finally {
    const known = new Set([...image.target.content.keys()].map(digestHex));
    expect(readdirSync(join(dir, "blobs/sha256")).filter((name) => !known.has(name))).toEqual([]);
    expect(readdirSync(dir).filter((name) => name.startsWith(".tmp"))).toEqual([]);
    rmSync(dir, { recursive: true, force: true });
  }
}

const atBlobs = (fault: FaultKind, times: number) =>
  proxy.faults.push({ when: (request) => callOf(request) === "get-blob", fault, times });

describe("large downloads", () => {
  it.each<[string, FaultKind, number]>([
    ["nothing in their way", { do: "headers", set: (headers) => headers }, 1],
    ["a cut every 3 MiB", { do: "cut-down", after: 3 * MIB + 17 }, 1000],
    ["a cut within the head's own packet", { do: "cut-down", after: 1 }, 2],
    ["a stall in the middle", { do: "stall-body", after: 9 * MIB }, 1],
    ["an answer that ends early", { do: "truncate", to: 4.5 * MIB }, 2],
    ["bytes that were wrong once", { do: "corrupt" }, 1],
    ["ranges that are not understood", { do: "ignore-range" }, 3],
  ])("are whole with %s", { timeout: 60_000 }, async (_, fault, times) => {
    if (fault.do === "ignore-range") atBlobs({ do: "cut-down", after: 6 * MIB }, 2);
    atBlobs(fault, times);
    await pull(proxy.host);
  });

  it("are refused when they stay wrong", { timeout: 60_000 }, async () => {
    atBlobs({ do: "corrupt" }, 1000);
    await expect(pull(proxy.host)).rejects.toMatchObject({ code: "BLOB_DIGEST_MISMATCH" });
  });

  it("go from registry to registry, and through TLS in both directions", { timeout: 60_000 }, async () => {
    const options = { caFiles: [tls.caFile] };
    const there = client(options).repository(`${secure.host}/large/app`, { access: "push" });
    const up = await copy(client(options).repository(`${registry.host}/large/app`), there, {
      reference: "v1",
      tags: ["v1"],
    });
    expect(up.bytesUploaded).toBe(45 * MIB + image.config.size);
    const down = await pull(secure.host, options);
    expect(down.bytesDownloaded).toBe(45 * MIB + image.config.size);
  });
});
