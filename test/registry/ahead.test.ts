/** What is asked and opened before a push comes, at a real registry. */
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, expect, test } from "vitest";
import { blobOf } from "../../src/oci/blob.ts";
import { MediaType } from "../../src/oci/descriptor.ts";
import { createRegistryClient, type RegistryClient } from "../../src/registry/client.ts";
import { type DockerRegistry, startDockerRegistry } from "../support/docker-registry.ts";
import { pseudoRandom } from "./random-image.ts";

let registry: DockerRegistry;
beforeAll(async () => {
  registry = await startDockerRegistry();
});
afterAll(() => registry.close());

const client = (): RegistryClient => createRegistryClient({ env: {}, cacheDir: null, machineMirrors: false });
const newBlob = (seed: string) => ({ ...blobOf(pseudoRandom(500, seed), MediaType.ociLayerGzip), fresh: true });

/** Requests for a repository so far: `METHOD status`. The log may come a moment after the answer: to be polled. */
const asked = (repository: string): string[] =>
  registry
    .log()
    .filter(({ path }) => path.startsWith(`/v2/${repository}/`))
    .map(({ method, status }) => `${method} ${status}`)
    .sort();
const LOGGED = { timeout: 10_000 };

test("new blobs go into uploads that were opened ahead, one each", async () => {
  const one = client();
  const target = one.repository(`${registry.host}/used`, { access: "push" });
  target.expect?.({ tags: [], blobs: [], newBlobs: 2 });
  const results = await Promise.all(["a", "b", "c"].map((seed) => target.put(newBlob(seed))));
  expect(results.map(({ action }) => action)).toEqual(["uploaded", "uploaded", "uploaded"]);
  await one.close();
  const sent = () => asked("used").filter((request) => !request.startsWith("GET"));
  await expect.poll(sent, LOGGED).toEqual([...Array<string>(3).fill("POST 202"), ...Array<string>(3).fill("PUT 201")]);
});

test("uploads that nothing came for are closed", async () => {
  const one = client();
  const target = one.repository(`${registry.host}/unused`, { access: "push" });
  target.expect?.({ tags: [], blobs: [], newBlobs: 3 });
  await target.put(newBlob("d"));
  await one.close();
  const closed = () => asked("unused").filter((request) => request === "DELETE 204");
  await expect.poll(closed, LOGGED).toHaveLength(2);
});

test("a registry that does not answer keeps nobody waiting, and one that answers no question is asked no more", async () => {
  const asked: string[] = [];
  // Of the tag it says nothing that anybody understands; uploads it lets wait for good.
  const silent = createServer((request, response) => {
    asked.push(`${request.method} ${request.url}`);
    if (request.method !== "POST") response.writeHead(400).end();
  });
  silent.listen(0, "127.0.0.1");
  await once(silent, "listening");
  const leave = new AbortController();
  const { signal } = leave;
  const name = `127.0.0.1:${(silent.address() as AddressInfo).port}`;
  const options = { env: {}, cacheDir: null, machineMirrors: false, plainHttp: [name] };
  const one = createRegistryClient({ ...options, signal, timeouts: { headersMs: 3_600_000 } });
  try {
    one.repository(`${name}/waits`, { access: "push" }).expect?.({ tags: [], blobs: [], newBlobs: 1 });
    const refuses = one.repository(`${name}/refuses`, { access: "push" });
    refuses.expect?.({ tags: ["1"], blobs: [], newBlobs: 1 });
    await refuses.resolve("1").catch(() => {});
    while (!asked.some((request) => request.startsWith("POST"))) await once(silent, "request");
    await one.close();
    expect(asked.filter((request) => request.startsWith("POST"))).toEqual(["POST /v2/waits/blobs/uploads/"]);
  } finally {
    leave.abort();
    silent.closeAllConnections();
    silent.close();
  }
});

test("what a tag is known to name is not asked", async () => {
  const one = client();
  const target = one.repository(`${registry.host}/known`, { access: "push" });
  const { descriptor } = newBlob("e");
  target.expect?.({ tags: ["1", "2"], blobs: [], named: new Map([["1", descriptor]]) });
  expect(await target.resolve("1")).toBe(descriptor);
  expect(await target.resolve("2")).toBeNull();
  await one.close();
  await expect.poll(() => asked("known"), LOGGED).toEqual(["HEAD 404"]);
});
