/** Servers that are odd for good, not for a moment: what they do is lived with, and a hopeless one is told soon. */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { gzipSync } from "node:zlib";
import { afterEach, expect, it } from "vitest";
import { sha256 } from "../../src/base/digest.ts";
import { readAll } from "../../src/base/streams.ts";
import { blobOf } from "../../src/oci/blob.ts";
import { MediaType } from "../../src/oci/descriptor.ts";
import { createRegistryClient, type RegistryClient, type RegistryClientOptions } from "../../src/registry/client.ts";

const MANIFEST = Buffer.from(
  JSON.stringify({
    schemaVersion: 2,
    mediaType: MediaType.ociManifest,
    config: { mediaType: MediaType.ociConfig, digest: sha256("{}"), size: 2 },
    layers: [],
  }),
);
const manifest = blobOf(MANIFEST, MediaType.ociManifest);
const closers: (() => void)[] = [];

afterEach(() => {
  for (const close of closers.splice(0)) close();
});

type Answer = (request: IncomingMessage, response: ServerResponse) => void;

async function server(answer: Answer, connected?: () => void): Promise<{ host: string; seen: string[]; stop(): void }> {
  const seen: string[] = [];
  const http = createServer((request, response) => {
    seen.push(`${request.method} ${request.url}`);
    request.resume().on("end", () => answer(request, response));
  });
  await new Promise<void>((resolve) => http.listen(0, "127.0.0.1", resolve));
  // A slow machine is no reason to part.
  http.keepAliveTimeout = 60_000;
  if (connected) http.on("connection", connected);
  const stop = () => {
    http.close();
    http.closeAllConnections();
  };
  closers.push(stop);
  return { stop, host: `127.0.0.1:${(http.address() as AddressInfo).port}`, seen };
}

function client(options: RegistryClientOptions = {}): RegistryClient {
  const retry = { baseDelayMs: 1, maxDelayMs: 2 };
  const made = createRegistryClient({ env: {}, cacheDir: null, machineMirrors: false, retry, ...options });
  closers.push(() => made.close());
  return made;
}

const json = (response: ServerResponse, status: number, body: unknown, headers: Record<string, string> = {}) =>
  response.writeHead(status, { "content-type": "application/json", ...headers }).end(JSON.stringify(body));

it("a blob that is answered with 503 for ever is given up after one round of tries", async () => {
  const { host, seen } = await server((_, response) => response.writeHead(503, { connection: "close" }).end());
  const blob = client()
    .repository(`${host}/a/b`)
    .open({ ...manifest.descriptor, mediaType: MediaType.ociLayerGzip });
  await expect(readAll(blob, 10_000)).rejects.toMatchObject({ code: "REGISTRY_UNAVAILABLE" });
  expect(seen.length).toBeLessThanOrEqual(9);
});

it("a blob whose connection is closed for ever, too", async () => {
  const { host, seen } = await server((request) => request.socket.destroy());
  const blob = client({ plainHttp: ["127.0.0.1"] })
    .repository(`${host}/a/b`)
    .open({ ...manifest.descriptor, mediaType: MediaType.ociLayerGzip });
  await expect(readAll(blob, 10_000)).rejects.toMatchObject({ code: "NETWORK_FAILED" });
  expect(seen.length).toBeLessThanOrEqual(9);
});

it("a manifest without a length that stalls is not taken for whole", async () => {
  let asked = 0;
  const { host } = await server((_, response) => {
    const broken = ++asked < 3;
    response.useChunkedEncodingByDefault = false;
    response.writeHead(200, { "content-type": MediaType.ociManifest, connection: "close" });
    response.write(broken ? MANIFEST.subarray(0, 50) : MANIFEST);
    if (!broken) response.end();
  });
  const found = await client({ timeouts: { idleMs: 200 } })
    .repository(`${host}/a/b`)
    .resolve("v1", { read: true });
  expect(found?.digest).toBe(manifest.descriptor.digest);
  expect(asked).toBe(3);
});

it("a refusal that comes compressed is read", async () => {
  const { host } = await server((_, response) => {
    const body = gzipSync(JSON.stringify({ errors: [{ code: "DENIED", message: "the project is archived" }] }));
    response.writeHead(403, { "content-type": "application/json", "content-encoding": "gzip" }).end(body);
  });
  const reading = client().repository(`${host}/a/b`).resolve("v1", { read: true });
  await expect(reading).rejects.toMatchObject({
    code: "REGISTRY_DENIED",
    message: expect.stringContaining("the project is archived"),
  });
});

it("a manifest that is stored with a bare 201 is asked for by GET where HEAD is not known", async () => {
  let stored = false;
  const { host } = await server((request, response) => {
    if (request.method === "PUT") {
      stored = true;
      response.writeHead(201).end();
    } else if (request.method === "HEAD") response.writeHead(405).end();
    else if (stored) response.writeHead(200, { "content-type": MediaType.ociManifest }).end(MANIFEST);
    else json(response, 404, { errors: [{ code: "MANIFEST_UNKNOWN", message: "" }] });
  });
  const result = await client()
    .repository(`${host}/a/b`, { access: "push" })
    .put(manifest, { absent: true, tag: "v1" });
  expect(result.action).toBe("uploaded");
});

it("a blob behind a link that is signed for GET alone is not known, not forbidden", async () => {
  const { host, seen } = await server((request, response) => {
    const path = request.url ?? "";
    if (path.startsWith("/storage")) response.writeHead(403).end();
    else if (request.method === "HEAD") response.writeHead(307, { location: "/storage?signature=get" }).end();
    else if (request.method === "POST") response.writeHead(202, { location: "/v2/a/b/blobs/uploads/1" }).end();
    else response.writeHead(201, { location: "/v2/a/b/blobs/x" }).end();
  });
  const blob = blobOf("x".repeat(100), MediaType.ociLayerGzip);
  const result = await client().repository(`${host}/a/b`, { access: "push" }).put(blob);
  expect(result.action).toBe("uploaded");
  expect(seen.filter((line) => line.startsWith("PUT"))).toHaveLength(1);
});

it("a HEAD that names another algorithm is not the last word", async () => {
  const { host } = await server((request, response) => {
    const headers = { "content-type": MediaType.ociManifest, "content-length": String(MANIFEST.byteLength) };
    if (request.method !== "HEAD") response.writeHead(200, headers).end(MANIFEST);
    else response.writeHead(200, { ...headers, "docker-content-digest": `sha512:${"0".repeat(128)}` }).end();
  });
  const found = await client().repository(`${host}/a/b`).resolve("v1");
  expect(found?.digest).toBe(manifest.descriptor.digest);
});

it("a login that has run out keeps none of the questions asked at once from a public image", async () => {
  let refused = 0;
  const { host } = await server((request, response) => {
    const { authorization } = request.headers;
    if (authorization !== undefined) {
      refused++;
      response.writeHead(401, { "www-authenticate": "Basic realm=x" }).end();
    } else if (request.url?.endsWith("/v0")) response.writeHead(401, { "www-authenticate": "Basic realm=x" }).end();
    else response.writeHead(200, { "content-type": MediaType.ociManifest }).end(MANIFEST);
  });
  const credential = { kind: "password", username: "u", password: "old-secret" } as const;
  const credentials = { find: async () => ({ credential, from: "a file" }) };
  const repository = client({ credentials }).repository(`${host}/a/b`);
  // Makes the client show its login from now on.
  await expect(repository.resolve("v0", { read: true })).rejects.toMatchObject({ code: "REGISTRY_UNAUTHORIZED" });
  const found = await Promise.all(["v1", "v2", "v3"].map((tag) => repository.resolve(tag, { read: true })));
  expect(found.map((one) => one?.digest)).toEqual(Array(3).fill(manifest.descriptor.digest));
  expect(refused).toBeGreaterThan(0);
});

it("a host that drops kept connections gets new ones", async () => {
  const served = new WeakMap<object, number>();
  let dropped = 0;
  const { host } = await server((request, response) => {
    const count = (served.get(request.socket) ?? 0) + 1;
    served.set(request.socket, count);
    if (count > 1) {
      dropped++;
      request.socket.destroy();
    } else response.writeHead(200, { "content-type": MediaType.ociManifest }).end(MANIFEST);
  });
  const repository = client().repository(`${host}/a/b`);
  for (let i = 0; i < 10; i++) expect(await repository.resolve(`v${i}`, { read: true })).not.toBeNull();
  expect(dropped).toBeLessThanOrEqual(3);
});

it("a host that starts again while many ask it is one dead host, and its new connections are kept", async () => {
  const waiting: (() => void)[] = [];
  let phase: "warm up" | "break" | "serve" = "warm up";
  let connections = 0;
  const { host } = await server(
    (request, response) => {
      const answer = () => response.writeHead(200, { "content-type": MediaType.ociManifest }).end(MANIFEST);
      if (phase === "serve") return answer();
      // All four at once, so that there are four connections.
      waiting.push(phase === "break" ? () => request.socket.destroy() : answer);
      if (waiting.length < 4) return;
      if (phase === "break") phase = "serve";
      for (const go of waiting.splice(0)) go();
    },
    () => connections++,
  );
  const repository = client({ plainHttp: [host] }).repository(`${host}/a/b`);
  const ask = (tag: string) => repository.resolve(tag, { read: true });
  const four = () => Promise.all(["1", "2", "3", "4"].map(ask));
  await four();
  phase = "break";
  await four();
  const before = connections;
  for (let i = 0; i < 6; i++) await ask(`again${i}`);
  expect(connections).toBe(before);
});

it("a registry that was there a moment ago is waited for longer than one that never was", async () => {
  const { host, stop } = await server((_, response) => {
    response.writeHead(200, { "content-type": MediaType.ociManifest }).end(MANIFEST);
  });
  const [known, stranger] = [client({ plainHttp: [host] }), client({ plainHttp: [host] })];
  await known.repository(`${host}/a/b`).resolve("v1", { read: true });
  stop();
  for (const one of [known, stranger])
    await expect(one.repository(`${host}/a/b`).resolve("v2", { read: true })).rejects.toMatchObject({
      code: "NETWORK_FAILED",
    });
  expect(known.stats.retries).toBeGreaterThan(2 * stranger.stats.retries);
});

it("a page for people is no login, and deletes nothing", async () => {
  const { host } = await server((request, response) => {
    if (request.url === "/v2/") response.writeHead(302, { location: "/portal" }).end();
    else response.writeHead(200, { "content-type": "text/html; charset=utf-8" }).end("<html>Sign in</html>");
  });
  const told = { code: "REGISTRY_PROTOCOL", message: expect.stringContaining("HTML page") };
  await expect(client({ plainHttp: [host] }).ping(host)).rejects.toMatchObject(told);
  const image = client({ plainHttp: [host] }).repository(`${host}/a/b`, { access: "push" });
  await expect(image.delete("v1")).rejects.toMatchObject(told);
});

it.each(["true", ""])("Quay: a login and a deletion are answered as text/html that is no page: %j", async (body) => {
  const { host } = await server(({ method }, response) => {
    const type = { "content-type": "text/html; charset=utf-8" };
    if (method === "GET" || method === "DELETE") response.writeHead(method === "GET" ? 200 : 202, type).end(body);
    else response.writeHead(404).end();
  });
  const quay = client({ plainHttp: [host] });
  await quay.ping(host);
  await quay.repository(`${host}/a/b`, { access: "push" }).delete("v1");
});

it("an upload that loses again and again what it has taken is given up", async () => {
  const { host, seen } = await server(({ method }, response) => {
    const location = "/v2/a/b/blobs/uploads/1";
    if (method === "POST" || method === "PATCH") response.writeHead(202, { location }).end();
    else if (method === "GET") response.writeHead(204, { location, range: "0-0" }).end();
    else response.writeHead(method === "PUT" ? 503 : 404).end();
  });
  const image = client({ plainHttp: [host], monolithicBytes: 0 }).repository(`${host}/a/b`, { access: "push" });
  await expect(image.put(blobOf("a layer", MediaType.ociLayer))).rejects.toMatchObject({
    code: "REGISTRY_UNAVAILABLE",
  });
  expect(seen.length).toBeLessThan(40);
});

it("a blob whose upload is lost when it is closed is sent in one part again", async () => {
  let cut = false;
  const { host, seen } = await server(({ method, socket }, response) => {
    if (method === "PUT" && !cut) {
      cut = true;
      socket.destroy();
    } else if (method === "POST" || method === "PATCH")
      response.writeHead(202, { location: "/v2/a/b/blobs/uploads/1" }).end();
    else response.writeHead(method === "PUT" ? 201 : 404).end();
  });
  const image = client({ plainHttp: [host], monolithicBytes: 0 }).repository(`${host}/a/b`, { access: "push" });
  await image.put(blobOf(Buffer.alloc(1024 * 1024), MediaType.ociLayer));
  expect(seen.filter((line) => line.startsWith("PATCH"))).toHaveLength(2);
});

it("an empty upload whose range ends before it begins is gone on with", async () => {
  let cut = false;
  const { host, seen } = await server(({ method, socket }, response) => {
    const location = "/v2/a/b/blobs/uploads/1";
    if (method === "PATCH" && !cut) {
      cut = true;
      socket.destroy();
    } else if (method === "POST" || method === "PATCH") response.writeHead(202, { location }).end();
    else if (method === "GET") response.writeHead(204, { location, range: "0--1" }).end();
    else response.writeHead(method === "PUT" ? 201 : 404).end();
  });
  const image = client({ plainHttp: [host], monolithicBytes: 0 }).repository(`${host}/a/b`, { access: "push" });
  await image.put(blobOf("a layer", MediaType.ociLayer));
  expect(seen.map((line) => line.split(" ")[0])).toEqual(["HEAD", "POST", "PATCH", "GET", "PATCH", "PUT"]);
});

it("who sends more than there is from the start is named", async () => {
  const { host } = await server((_, response) => response.writeHead(200).end("more than two"));
  const { digest } = blobOf("{}", MediaType.ociConfig).descriptor;
  const blob = client().repository(`${host}/a/b`).open({ mediaType: MediaType.ociConfig, digest, size: 2 });
  const told = { code: "BLOB_SIZE_MISMATCH", where: expect.stringContaining(host) };
  await expect(readAll(blob, 1_000)).rejects.toMatchObject(told);
});

it("where a redirect leads to nobody, nobody is waited for who was there", async () => {
  const gone = await server(() => {});
  gone.stop();
  const { host } = await server((request, response) => {
    if (request.url?.endsWith("/v2")) response.writeHead(200, { "content-type": MediaType.ociManifest }).end(MANIFEST);
    else response.writeHead(307, { location: `http://${gone.host}/a` }).end();
  });
  const one = client({ plainHttp: [host, gone.host] });
  await one.repository(`${host}/a/b`).resolve("v2", { read: true });
  const lost = one.repository(`${host}/a/b`).resolve("v1", { read: true });
  await expect(lost).rejects.toMatchObject({ code: "NETWORK_FAILED", where: expect.stringContaining(gone.host) });
  expect(one.stats.retries).toBeLessThan(8);
});

it("what is no tag is not listed, and what steers a terminal is not told", async () => {
  const { host } = await server((request, response) => {
    if (request.url?.includes("tags")) json(response, 200, { tags: ["v1", "v1\u001b[2J", "", null, 5, "v2\n"] });
    else json(response, 400, { errors: [{ code: "UNKNOWN", message: "wiped\u001b[2J\r\nerror[OTHER]: made up" }] });
  });
  const repository = client().repository(`${host}/a/b`);
  const tags: string[] = [];
  for await (const tag of repository.tags()) tags.push(tag);
  expect(tags).toEqual(["v1"]);
  const refusal = await repository.resolve("v1", { read: true }).catch((error: Error) => error.message);
  expect(refusal).toMatch(/wiped \[2J error/);
});

it("a long head is read", async () => {
  const { host } = await server((_, response) => {
    const headers = { "content-type": MediaType.ociManifest, "content-security-policy": "x ".repeat(30_000) };
    response.writeHead(200, headers).end(MANIFEST);
  });
  const found = await client().repository(`${host}/a/b`).resolve("v1", { read: true });
  expect(found?.digest).toBe(manifest.descriptor.digest);
});

it("what an answer has too much of in its head is named", async () => {
  const { host } = await server((_, response) => {
    response.socket?.end("HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 2\r\n\r\n{}");
  });
  await expect(client().repository(`${host}/a/b`).resolve("v1")).rejects.toMatchObject({
    code: "NETWORK_FAILED",
    message: expect.stringMatching(/not proper HTTP: .*Content-Length/),
  });
});
