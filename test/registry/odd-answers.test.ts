/** Answers that no specification knows and that servers and the proxies before them give all the same. */
import { createCipheriv } from "node:crypto";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { networkInterfaces } from "node:os";
import { deflateSync, gzipSync } from "node:zlib";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { sha256 } from "../../src/base/digest.ts";
import { readAll, streamOf } from "../../src/base/streams.ts";
import { type Blob, blobOf } from "../../src/oci/blob.ts";
import { copy } from "../../src/oci/copy.ts";
import { createMemoryTarget } from "../../src/oci/memory-target.ts";
import { createRegistryClient } from "../../src/registry/client.ts";
import { unpacked } from "../../src/registry/packed-body.ts";
import { zstdStream } from "../../src/tar/zstd.ts";
import { type DockerRegistry, startDockerRegistry } from "../support/docker-registry.ts";
import { callOf, type FaultKind, type FaultProxy, startFaultProxy } from "../support/fault-proxy.ts";
import { pseudoRandom, randomImage, type TestImage } from "./random-image.ts";

let registry: DockerRegistry;
let proxy: FaultProxy;
let counter = 0;

beforeAll(async () => {
  registry = await startDockerRegistry();
  proxy = await startFaultProxy(registry.host);
});

afterAll(async () => {
  await proxy.close();
  await registry.close();
});

afterEach(() => {
  proxy.faults.length = 0;
  proxy.seen.length = 0;
});

const client = () =>
  createRegistryClient({
    env: {},
    cacheDir: null,
    retry: { baseDelayMs: 5, maxDelayMs: 40 },
    monolithicBytes: 64 * 1024,
    chunkBytes: 100_000,
  });

const spoil = (call: string, fault: FaultKind, times = 1) =>
  proxy.faults.push({ when: (request) => callOf(request) === call, fault, times });

async function there(): Promise<TestImage & { name: string }> {
  const name = `odd/r${counter++}`;
  const made = await randomImage([3_000, 300_000], { seed: name });
  const home = client().repository(`${registry.host}/${name}`, { access: "push" });
  await copy(made.target, home, { reference: "latest", tags: ["v1"] });
  return { ...made, name };
}

async function pull(): Promise<void> {
  const made = await there();
  const down = createMemoryTarget();
  await copy(client().repository(`${proxy.host}/${made.name}`), down, { reference: "v1" });
  expect([...down.content].sort()).toEqual([...made.target.content].sort());
}

/** A blob by itself: up, and down through the proxy. */
async function passes(blob: Blob): Promise<void> {
  await client().repository(`${registry.host}/odd/alone`, { access: "push" }).put(blob);
  const from = client().repository(`${proxy.host}/odd/alone`);
  const read = () => readAll(from.open(blob.descriptor), 10_000_000);
  expect(sha256(await read().catch(read))).toBe(blob.descriptor.digest);
}

async function push(): Promise<void> {
  const name = `odd/r${counter++}`;
  const made = await randomImage([3_000, 300_000], { seed: name });
  await copy(made.target, client().repository(`${proxy.host}/${name}`, { access: "push" }), {
    reference: "latest",
    tags: ["v1"],
  });
  const stored = createMemoryTarget();
  await copy(client().repository(`${registry.host}/${name}`), stored, { reference: "v1" });
  expect([...stored.content].sort()).toEqual([...made.target.content].sort());
}

const without = (name: string) => (headers: Record<string, string | undefined>) => ({ ...headers, [name]: undefined });

describe("reading goes on", () => {
  it.each([201, 202, 204, 207])("after a yes of another kind: %i", async (status) => {
    for (const call of ["get-manifest", "get-blob"]) spoil(call, { do: "status", status }, 2);
    await pull();
  });

  it.each([302, 304, 307])("after a redirect that leads nowhere: %i", async (status) => {
    for (const call of ["get-manifest", "get-blob"]) spoil(call, { do: "status", status }, 2);
    await pull();
  });

  it("by a fresh link where one to another host, under the same name, has run out", async () => {
    const made = await there();
    const links = await startFaultProxy(registry.host);
    const link = `${links.url}/v2/${made.name}/blobs/${made.layers[1]!.digest}?signature=secret`;
    const fault: FaultKind = { do: "redirect", to: link };
    proxy.faults.push({ when: ({ path }) => path.endsWith(made.layers[1]!.digest), fault, times: 100 });
    for (const status of [403, 400, 410]) links.faults.push({ when: () => true, fault: { do: "status", status } });
    const down = createMemoryTarget();
    await copy(client().repository(`${proxy.host}/${made.name}`), down, { reference: "v1" });
    await links.close();
    expect([...down.content].sort()).toEqual([...made.target.content].sort());
    expect(links.seen).toHaveLength(4);
  });

  it.each([421, 499, 507, 520, 523, 530])("after %i, three times in a row", async (status) => {
    for (const call of ["get-manifest", "get-blob"]) spoil(call, { do: "status", status }, 3);
    await pull();
  });

  it.each(["gzip", "deflate", "br", "zstd"] as const)("through what comes compressed by %s unasked", async (by) => {
    spoil("get-manifest", { do: "pack", by }, 100);
    spoil("get-blob", { do: "pack", by }, 100);
    await pull();
    // Large, and not compressed itself: as a layer that is a plain tar.
    await passes(blobOf(Buffer.concat([pseudoRandom(1_300_000, by), Buffer.alloc(2_000_000)]), "application/x.tar"));
  });

  it("through a layer of zstd that comes compressed by zstd again", async () => {
    spoil("get-blob", { do: "pack", by: "zstd" }, 100);
    const noise = createCipheriv("aes-128-ctr", Buffer.alloc(16), Buffer.alloc(16)).update(Buffer.alloc(1_300_000));
    const layer = await readAll(zstdStream(streamOf(noise)), 10_000_000);
    await passes(blobOf(layer, "application/x.tar+zstd"));
  });

  it("without unpacking all of it to see how it is compressed: few bytes may hold gigabytes", async () => {
    const bomb = deflateSync(Buffer.alloc(8 * 1024 * 1024));
    // Whoever reads to the end finds that the checksum is wrong.
    bomb.fill(0, bomb.byteLength - 4);
    const head = { status: 200, headers: {}, url: new URL("http://registry.example"), discard: async () => {} };
    const { descriptor } = blobOf(Buffer.alloc(20_000), "application/x.tar");
    const chunks = unpacked({ ...head, body: streamOf(bomb) }, "deflate", descriptor);
    expect((await chunks.next()).value?.[0]).toBe(0);
    await chunks.return(undefined);
  });

  it("through what is said to be compressed and is not", async () => {
    for (const call of ["get-manifest", "get-blob"])
      spoil(call, { do: "headers", set: (headers) => ({ ...headers, "content-encoding": "gzip" }) }, 100);
    await pull();
  });

  it.each(["gzip", "zstd", "br"])(
    "through blobs that are said to be %s, and how long they are is not",
    async (coding) => {
      const set = (headers: Record<string, string | undefined>) => ({
        ...headers,
        "content-encoding": coding,
        "content-length": undefined,
      });
      spoil("get-blob", { do: "headers", set }, 100);
      await pull();
      // What is compressed itself, small and large, whatever its type says.
      const texts = [1_000, 1_100_000].map((size) => gzipSync(pseudoRandom(size, coding), { level: 0 }));
      for (const [i, mediaType] of ["text/x+gzip", "application/octet-stream"].entries())
        for (const bytes of texts) await passes(blobOf(Buffer.concat([bytes, gzipSync(`${i}`)]), mediaType));
    },
  );

  it.each([
    ["begins later", "bytes 200000-299999/300000"],
    ["is longer than what comes", "bytes 0-299999/300000"],
  ])("after a cut, without ranges, where one %s", async (_, range) => {
    spoil("get-blob", { do: "cut-down", after: 1_000 }, 2);
    proxy.faults.push({
      when: (request) => request.headers.range !== undefined,
      fault: { do: "headers", set: (headers) => ({ ...headers, "content-range": range }) },
      times: 100,
    });
    await pull();
  });
});

describe("writing goes on", () => {
  it.each([421, 499, 520, 524])("after %i, three times in a row", async (status) => {
    for (const call of ["start", "patch", "commit", "put-manifest"]) spoil(call, { do: "status", status }, 3);
    await push();
  });

  it("after a 401 that does not say what it wants", async () => {
    for (const call of ["head-manifest", "start", "patch", "commit", "put-manifest"]) {
      spoil(call, { do: "status", status: 401 }, 3);
    }
    await push();
  });

  it("when a manifest or a tag is said to be stored and is not", async () => {
    const made = await there();
    const target = () => client().repository(`${proxy.host}/${made.name}`, { access: "push" });
    spoil("put-manifest", { do: "status", status: 201 }, 2);
    await copy(made.target, target(), { reference: "latest", tags: ["v2"] });
    // The manifest is there, by its digest and under the other tag.
    const found = await client().repository(`${registry.host}/${made.name}`).resolve("v2");
    expect(found?.digest).toBe(made.descriptor.digest);
    spoil("put-manifest", { do: "status", status: 200, html: true }, 100);
    const again = copy(made.target, target(), { reference: "latest", tags: ["v3"] });
    await expect(again).rejects.toMatchObject({ code: "REGISTRY_PROTOCOL" });
  });

  it("when an upload is opened without saying where, or with another kind of yes", async () => {
    spoil("start", { do: "headers", set: without("location") }, 2);
    spoil("start", { do: "status", status: 200 }, 2);
    await push();
  });

  it("in ever smaller parts where a proxy takes no long ones", async () => {
    proxy.faults.push({
      when: (r) => ["patch", "commit"].includes(callOf(r)) && Number(r.headers["content-length"]) > 70_000,
      fault: { do: "status", status: 413, html: true },
      times: 100,
    });
    await push();
  });

  it("by PATCH where a PUT is to have no body", async () => {
    proxy.faults.push({
      when: (r) => callOf(r) === "commit" && Number(r.headers["content-length"]) > 0,
      fault: { do: "status", status: 400, code: "UNSUPPORTED" },
      times: 100,
    });
    await push();
  });

  it("in parts where 416 means that a part is too long", async () => {
    proxy.faults.push({
      when: (r) => callOf(r) === "patch" && Number(r.headers["content-length"]) > 120_000,
      fault: { do: "status", status: 416, code: "the request body is too large" },
      times: 100,
    });
    await push();
    expect(proxy.seen.filter((r) => callOf(r) === "patch" && r.bytes <= 100_000).length).toBeGreaterThanOrEqual(3);
  });
});

it("layers that lie elsewhere by licence are the reason where a registry does not take their addresses", async () => {
  const made = await randomImage([3_000], { docker: true, seed: "foreign" });
  const layer = {
    ...made.layers[0]!,
    mediaType: "application/vnd.docker.image.rootfs.foreign.diff.tar.gzip",
    digest: sha256("elsewhere"),
    urls: ["https://elsewhere.example/layer"],
  };
  const { target, config } = made;
  const { mediaType } = made.descriptor;
  const layers = [...made.layers, layer];
  const manifest = blobOf(JSON.stringify({ schemaVersion: 2, mediaType, config, layers }), mediaType);
  await target.put(manifest);
  await target.tag(manifest.descriptor, "foreign");
  const there = client().repository(`${registry.host}/odd/foreign`, { access: "push" });
  await expect(copy(target, there, { reference: "foreign", tags: ["v1"] })).rejects.toMatchObject({
    code: "MANIFEST_BLOB_UNKNOWN",
    hint: expect.stringContaining("lie elsewhere by licence"),
  });
});

it("a host that a request was sent on to is not said to have refused the login: it has not seen it", async () => {
  const made = await there();
  const other = await startFaultProxy(registry.host);
  const refusal: FaultKind = { do: "status", status: 401, code: "UNAUTHORIZED" };
  other.faults.push({ when: () => true, fault: refusal, times: 100 });
  spoil("get-manifest", { do: "redirect", to: `${other.url}/v2/${made.name}/manifests/v1` }, 100);
  const from = client().repository(`${proxy.host}/${made.name}`);
  const failure = copy(from, createMemoryTarget(), { reference: "v1" });
  await expect(failure).rejects.toMatchObject({
    code: "REGISTRY_UNAUTHORIZED",
    message: expect.stringContaining(`${other.host} answered 401`),
    hint: expect.stringContaining(`${proxy.host} has sent the request on to ${other.host}`),
  });
  await other.close();
});

it("who is to come back later is told so, not that there is no such image", async () => {
  const seen: string[] = [];
  // Private repositories are hidden from strangers, and who asks how to log in is sent away.
  const server = createServer(({ url = "" }, response) => {
    seen.push(url);
    if (url === "/v2/") response.writeHead(503, { "retry-after": "7200" }).end("maintenance");
    else response.writeHead(404).end();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  const withLogin = createRegistryClient({
    env: {},
    cacheDir: null,
    credentials: {
      find: async () => ({ credential: { kind: "password", username: "a", password: "b" }, from: "the test" }),
    },
  });
  await expect(withLogin.repository(`${host}/a/b`).resolve("v1")).rejects.toMatchObject({
    code: "REGISTRY_UNAVAILABLE",
  });
  expect(seen.filter((url) => url === "/v2/")).toHaveLength(1);
  server.close();
});

describe("nonsense that stays is told after few tries", () => {
  it.each<[string, FaultKind]>([
    ["a page", { do: "status", status: 200, html: true }],
    ["another kind of yes", { do: "status", status: 204 }],
    ["less than there is", { do: "truncate", to: 100 }],
  ])("reading: %s", async (_, fault) => {
    const made = await there();
    spoil("get-blob", fault, 1000);
    const from = client().repository(`${proxy.host}/${made.name}`);
    const config = [...made.target.content.values()].map((bytes) => blobOf(bytes, "application/x"))[0]!.descriptor;
    await expect(readAll(from.open(config), 10_000_000)).rejects.toMatchObject({ code: "REGISTRY_PROTOCOL" });
    expect(proxy.seen.length).toBeLessThanOrEqual(10);
  });

  it.each<[string, string, FaultKind, RegExp]>([
    ["a page to a blob", "commit", { do: "status", status: 200, html: true }, /./],
    ["an upload without a place", "start", { do: "headers", set: without("location") }, /without the Location/],
  ])("writing: %s", async (_, call, fault, message) => {
    spoil(call, fault, 1000);
    const there = client().repository(`${proxy.host}/odd/alone`, { access: "push" });
    await expect(there.put(blobOf(pseudoRandom(5_000, call), "application/x"))).rejects.toMatchObject({
      code: expect.stringMatching(/^REGISTRY_/),
      message: expect.stringMatching(message),
    });
    expect(proxy.seen.length).toBeLessThanOrEqual(20);
  });

  it("a token server that is down is asked as often as any other", async () => {
    const made = await there();
    let asked = 0;
    const tokens = createServer((_, response) => response.writeHead(500).end(String(asked++)));
    await new Promise<void>((resolve) => tokens.listen(0, "127.0.0.1", resolve));
    const realm = `http://127.0.0.1:${(tokens.address() as AddressInfo).port}/token`;
    const headers = { "www-authenticate": `Bearer realm="${realm}"` };
    proxy.faults.push({ when: () => true, fault: { do: "status", status: 401, headers }, times: 1000 });
    const resolving = client().repository(`${proxy.host}/${made.name}`).resolve("v1");
    await expect(resolving).rejects.toMatchObject({ code: "REGISTRY_UNAVAILABLE" });
    expect(asked).toBe(8);
    tokens.close();
  });
});

it("a HEAD that fails for good is followed by no more than a short question for the reason", async () => {
  for (const call of ["head-manifest", "get-manifest"]) spoil(call, { do: "status", status: 503 }, 100);
  await expect(client().repository(`${proxy.host}/a/b`).resolve("v1")).rejects.toMatchObject({
    code: "REGISTRY_UNAVAILABLE",
  });
  expect(proxy.seen.filter((r) => r.method === "HEAD")).toHaveLength(8);
  expect(proxy.seen.filter((r) => r.method === "GET")).toHaveLength(2);
});

it("bytes that are no text are not shown as the server's words", async () => {
  const server = createServer((_, response) =>
    response.writeHead(418).end(Buffer.from([0x1b, 0x5b, 0x32, 0x4a, 0xff])),
  );
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  try {
    const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
    const error = await client()
      .repository(`${host}/a/b`)
      .resolve("v1", { read: true })
      .catch((thrown: Error) => thrown);
    expect(String((error as Error).message)).toMatch(/answered 418: bytes that are no text$/);
  } finally {
    server.close();
  }
});

const hasIPv6 = Object.values(networkInterfaces()).some((list) => list?.some(({ address }) => address === "::1"));

it.runIf(hasIPv6)("localhost is found where only its IPv6 address answers, and under its own name", async () => {
  const hosts: (string | undefined)[] = [];
  const server = createServer((request, response) => {
    hosts.push(request.headers.host);
    response.writeHead(200, { "content-type": "application/json" }).end('{"name":"a/b","tags":["v1"]}');
  });
  await new Promise<void>((resolve) => server.listen(0, "::1", resolve));
  try {
    const host = `localhost:${(server.address() as AddressInfo).port}`;
    const tags: string[] = [];
    for await (const tag of client().repository(`${host}/a/b`).tags()) tags.push(tag);
    expect(tags).toEqual(["v1"]);
    expect(hosts).toEqual([host]);
  } finally {
    server.close();
  }
});
