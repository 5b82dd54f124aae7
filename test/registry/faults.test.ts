import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { sha256 } from "../../src/base/digest.ts";
import { copy } from "../../src/oci/copy.ts";
import { createMemoryTarget } from "../../src/oci/memory-target.ts";
import { createRegistryClient, type RegistryClientOptions } from "../../src/registry/client.ts";
import { type DockerRegistry, startDockerRegistry } from "../support/docker-registry.ts";
import { callOf, type Fault, type FaultKind, type FaultProxy, startFaultProxy } from "../support/fault-proxy.ts";
import { randomImage, type TestImage } from "./random-image.ts";
import { startResumableRegistry } from "./resumable-registry.ts";

const MIB = 1024 * 1024;
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

const SHORT = { timeouts: { headersMs: 400, idleMs: 400 } };

function client(options: RegistryClientOptions = {}) {
  return createRegistryClient({
    env: {},
    cacheDir: null,
    retry: { baseDelayMs: 5, maxDelayMs: 40 },
    // A busy machine is no fault; where a stall is one, it says so.
    timeouts: { connectMs: 10_000, headersMs: 10_000, idleMs: 10_000 },
    monolithicBytes: 64 * 1024,
    ...options,
  });
}

const on = (call: string, fault: FaultKind, times = 1): Fault => ({ when: (r) => callOf(r) === call, fault, times });

async function image(sizes = [3_000, 2 * MIB]): Promise<TestImage & { repository: string }> {
  const seed = `fault ${counter++}`;
  return { ...(await randomImage(sizes, { seed })), repository: `faults/r${counter}` };
}

/** Pushes through the proxy and reads back what the registry really has. */
async function push(made: TestImage & { repository: string }, options: RegistryClientOptions = {}) {
  const up = client(options);
  const target = up.repository(`${proxy.host}/${made.repository}`, { access: "push" });
  const report = await copy(made.target, target, { reference: "latest", tags: ["v1"] });
  const stored = createMemoryTarget();
  await copy(client().repository(`${registry.host}/${made.repository}`), stored, { reference: "v1" });
  expect(same(stored.content, made.target.content)).toBe(true);
  return report;
}

/** Puts the image into the registry directly and pulls it through the proxy. */
async function pull(made: TestImage & { repository: string }, options: RegistryClientOptions = {}) {
  const direct = client().repository(`${registry.host}/${made.repository}`, { access: "push" });
  await copy(made.target, direct, { reference: "latest", tags: ["v1"] });
  const down = createMemoryTarget();
  const report = await copy(client(options).repository(`${proxy.host}/${made.repository}`), down, { reference: "v1" });
  expect(same(down.content, made.target.content)).toBe(true);
  return report;
}

function same(a: Map<string, Uint8Array>, b: Map<string, Uint8Array>): boolean {
  return (
    a.size === b.size && [...a].every(([digest, bytes]) => Buffer.compare(bytes, b.get(digest) ?? Buffer.of()) === 0)
  );
}

describe("downloads", () => {
  it("survive a cut at every quarter MiB", async () => {
    const made = await image();
    const cut: FaultKind = { do: "cut-down", after: MIB / 4 };
    proxy.faults.push({ when: (r) => r.path.endsWith(made.layers[1]!.digest), fault: cut, times: 7 });
    const report = await pull(made);
    expect(report.retries).toBe(7);
    expect(proxy.seen.filter((r) => r.range !== undefined).length).toBeGreaterThanOrEqual(6);
  });

  it.each([
    ["the whole blob instead of a range", { do: "ignore-range" } as const],
    ["400 to a range", { do: "status", status: 400 } as const],
    ["416 to a range", { do: "status", status: 416 } as const],
    ["501 to a range", { do: "status", status: 501 } as const],
  ])("start again on %s", async (_name, fault) => {
    proxy.faults.push({ when: (r) => callOf(r) === "get-blob" && r.headers.range !== undefined, fault });
    proxy.faults.push({ when: (r) => r.path.endsWith(big), fault: { do: "cut-down", after: MIB } });
    const made = await image();
    big = made.layers[1]!.digest;
    await pull(made);
    expect(proxy.seen.filter((r) => r.range !== undefined).length).toBeGreaterThanOrEqual(1);
  });

  it("take a short body for a cut", async () => {
    const made = await image();
    proxy.faults.push({
      when: (r) => r.path.endsWith(made.layers[1]!.digest),
      fault: { do: "truncate", to: MIB },
      times: 2,
    });
    await pull(made);
  });

  it("are read again when their bytes are wrong", async () => {
    const made = await image();
    for (const layer of made.layers) {
      proxy.faults.push({ when: (r) => r.path.endsWith(layer.digest), fault: { do: "corrupt" } });
    }
    await pull(made);
  });

  it("never end in a wrong image when the bytes stay wrong", async () => {
    const made = await image();
    proxy.faults.push({ when: (r) => r.path.endsWith(made.layers[1]!.digest), fault: { do: "corrupt" }, times: 1000 });
    const where = expect.stringContaining(made.repository);
    await expect(pull(made)).rejects.toMatchObject({ code: "BLOB_DIGEST_MISMATCH", where });
  });

  it("end a stall by a timeout and go on", async () => {
    const made = await image();
    proxy.faults.push({
      when: (r) => r.path.endsWith(made.layers[1]!.digest),
      fault: { do: "stall-body", after: MIB },
    });
    proxy.faults.push(on("get-manifest", { do: "stall" }));
    await pull(made, SHORT);
  });

  it("take a slow drip for progress", async () => {
    const made = await image([40_000]);
    proxy.faults.push({
      when: (r) => r.path.endsWith(made.layers[0]!.digest),
      fault: { do: "drip", bytes: 4_000, pauseMs: 100 },
    });
    const report = await pull(made);
    expect(report.retries).toBe(0);
  });

  it("ask the registry for a fresh link when a signed one has expired", async () => {
    const made = await image();
    let hits = 0;
    const storage = createServer((request, response) => {
      hits++;
      if (hits === 1) response.writeHead(403).end("<Error><Code>AccessDenied</Code><Message>expired</Message></Error>");
      else response.end(Buffer.from(made.target.content.get(made.layers[1]!.digest)!));
      request.resume();
    });
    await new Promise<void>((resolve) => storage.listen(0, "127.0.0.1", resolve));
    const to = `http://127.0.0.1:${(storage.address() as AddressInfo).port}/blob?X-Signature=verysecret`;
    proxy.faults.push({
      when: (r) => r.path.endsWith(made.layers[1]!.digest),
      fault: { do: "redirect", to },
      times: 2,
    });
    await pull(made);
    expect(hits).toBe(2);
    storage.close();
  });
});

let big = "";

describe("uploads", () => {
  it("go on where they were cut", async () => {
    const server = await startResumableRegistry();
    const between = await startFaultProxy(server.host);
    try {
      between.faults.push({ when: (r) => callOf(r) === "patch", fault: { do: "cut-up", after: 3 * MIB }, times: 3 });
      const [size, seed] = [16 * MIB, "resumed"];
      const made = await randomImage([size], { seed });
      const blob = { descriptor: made.layers[0]!, open: () => made.target.open(made.layers[0]!) };
      const up = client();
      const result = await up.repository(`${between.host}/a/b`, { access: "push" }).put(blob);
      expect(result.action).toBe("uploaded");
      expect(
        Buffer.compare(server.blobs.get(blob.descriptor.digest)!, made.target.content.get(blob.descriptor.digest)!),
      ).toBe(0);
      expect(server.received()).toBe(size);
      expect(between.seen.filter((r) => callOf(r) === "status")).toHaveLength(3);
    } finally {
      await between.close();
      await server.close();
    }
  });

  it("are sent again in smaller parts where the registry forgets what was cut", async () => {
    proxy.faults.push({
      when: (r) => callOf(r) === "patch" && Number(r.headers["content-length"]) > MIB / 2,
      fault: { do: "cut-up", after: MIB / 2 },
      times: 100,
    });
    const report = await push(await image());
    expect(report.bytesUploaded).toBeLessThan(2 * MIB * 5);
  });

  it.each<FaultKind>([{ do: "reset" }, { do: "status", status: 504, html: true }])(
    "are sent in smaller parts where nothing arrives of what was cut: %j",
    async (fault) => {
      proxy.faults.push({
        when: (r) => callOf(r) === "patch" && Number(r.headers["content-length"]) > MIB / 2,
        fault,
        times: 100,
      });
      await push(await image());
    },
  );

  it("have no smaller parts than the registry takes", async () => {
    const least: FaultKind = { do: "headers", set: (headers) => ({ ...headers, "oci-chunk-min-length": "700000" }) };
    proxy.faults.push(on("start", least, 100));
    proxy.faults.push({
      when: (r) => callOf(r) === "patch" && Number(r.headers["content-length"]) > MIB,
      fault: { do: "reset" },
      times: 100,
    });
    await push(await image([500_000, 3 * MIB]), { chunkBytes: 100_000 });
    const parts = proxy.seen.filter((r) => callOf(r) === "patch" && r.bytes > 0).map(({ bytes }) => bytes);
    expect(parts.slice(0, -1)).toEqual([700_000, 700_000, 700_000, 700_000]);
  });

  it("start again when the upload is unknown", async () => {
    proxy.faults.push(on("patch", { do: "cut-up", after: MIB }));
    proxy.faults.push(on("status", { do: "status", status: 404, code: "BLOB_UPLOAD_UNKNOWN" }));
    await push(await image());
  });

  it("start again on 416", async () => {
    proxy.faults.push(on("patch", { do: "status", status: 416, afterBytes: 100_000 }));
    await push(await image());
  });

  it("survive a stall in the middle", async () => {
    proxy.faults.push(on("patch", { do: "stall-up", after: MIB }));
    await push(await image([3_000, 12 * MIB]), SHORT);
  });

  it("survive a lost answer to the last request", async () => {
    proxy.faults.push(on("commit", { do: "lose-answer" }, 2));
    const report = await push(await image());
    expect(report.blobs.every((blob) => blob.action === "uploaded")).toBe(true);
  });

  it("are chunked when the body is too large", async () => {
    const tooLarge = { do: "status", status: 413, html: true } as const;
    proxy.faults.push({
      when: (r) => callOf(r) === "patch" && Number(r.headers["content-length"]) > 600_000,
      fault: tooLarge,
      times: 1000,
    });
    await push(await image(), { chunkBytes: 500_000 });
    expect(proxy.seen.filter((r) => callOf(r) === "patch" && r.bytes <= 500_000).length).toBeGreaterThanOrEqual(4);
  });

  it("are not begun when the digest of the source is wrong", async () => {
    const made = await image();
    const wrong = Buffer.from(made.target.content.get(made.layers[1]!.digest)!);
    wrong[5] = wrong[5]! ^ 1;
    made.target.content.set(made.layers[1]!.digest, wrong);
    await expect(push(made)).rejects.toMatchObject({ code: "BLOB_DIGEST_MISMATCH" });
  });

  it("send the image again that the registry cannot find", async () => {
    proxy.faults.push(on("put-manifest", { do: "status", status: 404, code: "MANIFEST_BLOB_UNKNOWN" }));
    proxy.faults.push(on("put-manifest", { do: "status", status: 400, code: "DIGEST_INVALID" }));
    const report = await push(await image());
    expect(report.blobs.map((blob) => blob.action)).toEqual(["uploaded", "uploaded", "uploaded"]);
  });

  it("do not take another server's yes for the registry's", async () => {
    for (const call of ["head-blob", "patch", "commit"]) {
      proxy.faults.push(on(call, { do: "status", status: 200, html: true }, 2));
      proxy.faults.push(on(call, { do: "status", status: 204 }));
    }
    proxy.faults.push(on("put-manifest", { do: "status", status: 201 }, 3));
    // The manifest that was promised is asked for, and is not there: an error, never a success.
    await expect(push(await image())).rejects.toMatchObject({ code: "REGISTRY_PROTOCOL" });
    await push(await image());
  });

  it("take 405 to HEAD for not knowing", async () => {
    proxy.faults.push(on("head-blob", { do: "status", status: 405 }, 1000));
    proxy.faults.push(on("head-manifest", { do: "status", status: 405 }, 1000));
    await push(await image());
  });

  it.each([
    ["relative", (location: string) => location.replace(/^https?:\/\/[^/]+/, "")],
    ["absolute", (location: string) => location],
  ])("follow a %s Location", async (_name, rewrite) => {
    const set = (headers: Record<string, string | undefined>) =>
      headers["location"] ? { ...headers, location: rewrite(headers["location"]) } : headers;
    proxy.faults.push({ when: (r) => r.path.includes("/uploads/"), fault: { do: "headers", set }, times: 1000 });
    await push(await image());
  });

  it.each([404, 202, 400, 403, 405])("go on when a mount is answered with %i", async (status) => {
    const made = await image();
    await push(made);
    const fault: FaultKind = status === 202 ? { do: "headers", set: (h) => h } : { do: "status", status };
    proxy.faults.push(on("mount", fault));
    const other = client().repository(`${proxy.host}/${made.repository}-two`, { access: "push" });
    const blob = { descriptor: made.layers[1]!, open: () => made.target.open(made.layers[1]!) };
    const result = await other.put(blob, { mountFrom: [status === 202 ? "no/such" : made.repository] });
    expect(result.action).toBe("uploaded");
  });
});

describe("every step", () => {
  it.each(["head-manifest", "head-blob", "start", "patch", "commit", "put-manifest"])(
    "of a push survives three failures in a row: %s",
    async (call) => {
      proxy.faults.push(
        on(call, { do: "status", status: 503 }),
        on(call, { do: "reset" }),
        on(call, { do: "status", status: 500, html: true }),
      );
      const report = await push(await image());
      expect(report.retries).toBeGreaterThanOrEqual(3);
    },
  );

  it.each(["get-manifest", "get-blob"])("of a pull survives three failures in a row: %s", async (call) => {
    proxy.faults.push(
      on(call, { do: "status", status: 502 }),
      on(call, { do: "reset" }),
      on(call, { do: "status", status: 504 }),
    );
    const report = await pull(await image());
    expect(report.retries).toBeGreaterThanOrEqual(3);
  });

  it("of a ping and of a question for a tag does, too", async () => {
    const three = (call: string) => [
      on(call, { do: "status", status: 502 }),
      on(call, { do: "reset" }),
      on(call, { do: "status", status: 504 }),
    ];
    const made = await image();
    await push(made);
    proxy.faults.push(...three("ping"), ...three("head-manifest"));
    const one = client();
    await one.ping(proxy.host);
    const found = await one.repository(`${proxy.host}/${made.repository}`).resolve("v1");
    expect(found?.digest).toBe(made.descriptor.digest);
    expect(one.stats.retries).toBeGreaterThanOrEqual(6);
  });

  it("is the first one where the scheme is not known: it is not asked for before", async () => {
    const made = await image();
    await push(made);
    proxy.seen.length = 0;
    const one = client();
    expect(await one.repository(`${proxy.host}/${made.repository}`).resolve("v1")).not.toBeNull();
    expect(proxy.seen.map((r) => `${r.method} ${callOf(r)}`)).toEqual(["HEAD head-manifest"]);
    proxy.faults.push(on("head-manifest", { do: "status", status: 400, code: "NAME_INVALID" }));
    const other = client().repository(`${proxy.host}/${made.repository}`);
    expect((await other.resolve("v1"))?.digest).toBe(made.descriptor.digest);
  });

  it("waits as Retry-After says, in seconds and as a date", async () => {
    const header = { "retry-after": "1" };
    proxy.faults.push(on("head-blob", { do: "status", status: 429, headers: header }));
    const begin = performance.now();
    await push(await image());
    expect(performance.now() - begin).toBeGreaterThan(950);
    const date = new Date(Date.now() + 2_000).toUTCString();
    proxy.faults.push(on("get-manifest", { do: "status", status: 503, headers: { "retry-after": date } }));
    const again = performance.now();
    await pull(await image());
    expect(performance.now() - again).toBeGreaterThan(500);
  });

  it("does not sleep for an hour", async () => {
    proxy.faults.push(on("get-blob", { do: "status", status: 429, headers: { "retry-after": "3600" } }, 100));
    await expect(pull(await image())).rejects.toMatchObject({
      code: "REGISTRY_RATE_LIMITED",
      message: expect.stringMatching(/answered 429: UNAVAILABLE: made to fail; it asks to come back in 60 minutes/),
    });
    proxy.faults.push(on("patch", { do: "status", status: 503, headers: { "retry-after": "7200" } }, 100));
    await expect(push(await image())).rejects.toMatchObject({
      code: "REGISTRY_UNAVAILABLE",
      message: expect.stringContaining("it asks to come back in 2 hours"),
    });
    expect(proxy.seen.filter((request) => callOf(request) === "patch")).toHaveLength(1);
  });

  it("gives up with the server's own words", async () => {
    const headers = { "x-request-id": "abc-123" };
    proxy.faults.push(on("start", { do: "status", status: 403, code: "DENIED", headers }, 100));
    await expect(push(await image())).rejects.toMatchObject({
      code: "REGISTRY_DENIED",
      message: expect.stringMatching(/answered 403: DENIED: made to fail \(request abc-123\)/),
    });
    proxy.faults.splice(0, 1, on("start", { do: "status", status: 503 }, 100));
    await expect(push(await image())).rejects.toMatchObject({
      code: "REGISTRY_UNAVAILABLE",
      message: expect.stringMatching(/answered 503 \(tried \d+ times\): /),
    });
    proxy.faults.push(on("get-blob", { do: "status", status: 400, html: true }, 100));
    await expect(pull(await image())).rejects.toMatchObject({
      code: "REGISTRY_PROTOCOL",
      message: expect.stringContaining('an HTML page ("Bad Gateway")'),
    });
  });

  it("refuses a circle of redirects", async () => {
    proxy.faults.push(on("get-manifest", { do: "redirect", to: "" }, 1000));
    await expect(pull(await image())).rejects.toMatchObject({ code: "REGISTRY_REDIRECTS" });
  });

  it("stops at once when interrupted", async () => {
    const controller = new AbortController();
    proxy.faults.push(on("get-blob", { do: "stall" }, 100));
    setTimeout(() => controller.abort(), 150);
    const patient = { signal: controller.signal, timeouts: { headersMs: 60_000, idleMs: 60_000 } };
    // Waiting on would end in a timeout, which is another error.
    await expect(pull(await image(), patient)).rejects.toMatchObject({ code: "INTERRUPTED", exitCode: 130 });
  });
});

describe("manifests", () => {
  it("are refused when Docker-Content-Digest is another one, and taken without it", async () => {
    const lie = (headers: Record<string, string | undefined>) => ({
      ...headers,
      "docker-content-digest": sha256("another"),
    });
    const made = await image();
    proxy.faults.push({ when: (r) => r.path.includes("/manifests/"), fault: { do: "headers", set: lie }, times: 1000 });
    await expect(pull(made)).rejects.toMatchObject({
      code: expect.stringMatching(/MANIFEST_DIGEST_MISMATCH|BLOB_UNKNOWN|IMAGE_UNKNOWN/),
    });
    proxy.faults.length = 0;
    const hide = (headers: Record<string, string | undefined>) => ({ ...headers, "docker-content-digest": undefined });
    proxy.faults.push({
      when: (r) => r.path.includes("/manifests/"),
      fault: { do: "headers", set: hide },
      times: 1000,
    });
    await pull(made);
  });

  it("that stop in the middle are asked for again, and whoever waits is told", async () => {
    const made = await image();
    proxy.faults.push(on("get-manifest", { do: "stall-body", after: 10 }));
    const said: string[] = [];
    await pull(made, { ...SHORT, emit: (event) => event.type === "info" && said.push(event.message) });
    expect(said).toEqual([expect.stringContaining("stopped in the middle of an answer: trying again")]);
  });

  it("of schema 1 and of more than 4 MiB are refused", async () => {
    const made = await image();
    const old = (headers: Record<string, string | undefined>) => ({
      ...headers,
      "content-type": "application/vnd.docker.distribution.manifest.v1+prettyjws",
    });
    proxy.faults.push({ when: (r) => r.path.includes("/manifests/"), fault: { do: "headers", set: old }, times: 1000 });
    await expect(pull(made)).rejects.toMatchObject({ code: "SCHEMA1_UNSUPPORTED" });
    proxy.faults.length = 0;
    const huge = (headers: Record<string, string | undefined>) => ({ ...headers, "content-length": "9000000" });
    proxy.faults.push(on("get-manifest", { do: "headers", set: huge }, 1000));
    await expect(pull(made)).rejects.toMatchObject({ code: "MANIFEST_TOO_LARGE" });
  });
});
