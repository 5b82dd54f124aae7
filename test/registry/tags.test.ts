/** Tag lists: a hundred thousand over pages that break off, and lists that never end. */
import { createServer, request as httpRequest, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { networkInterfaces } from "node:os";
import { afterEach, describe, expect, it } from "vitest";
import { copy } from "../../src/oci/copy.ts";
import { createMemoryTarget } from "../../src/oci/memory-target.ts";
import { createRegistryClient } from "../../src/registry/client.ts";
import { nextLink } from "../../src/registry/link.ts";
import { startDockerRegistry } from "../support/docker-registry.ts";
import { randomImage } from "./random-image.ts";

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close().closeAllConnections();
});

async function serve(listener: RequestListener, address = "127.0.0.1"): Promise<string> {
  const server = createServer(listener);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, address, resolve));
  const { port } = server.address() as AddressInfo;
  return address.includes(":") ? `[${address}]:${port}` : `${address}:${port}`;
}

const client = () => createRegistryClient({ env: {}, cacheDir: null, retry: { baseDelayMs: 2, maxDelayMs: 10 } });

async function tagsOf(host: string): Promise<string[]> {
  const found: string[] = [];
  for await (const tag of client().repository(`${host}/a/b`).tags()) found.push(tag);
  return found;
}

/** Pages as `page` makes them of the query; anything else is an empty answer. */
function registryOf(
  page: (last: string | null, n: number, count: number) => { tags: string[]; next?: string } | "cut",
) {
  let count = 0;
  return serve((request, response) => {
    const url = new URL(request.url ?? "/", "http://localhost");
    if (!url.pathname.endsWith("/tags/list")) return void response.end("{}");
    const n = Number(url.searchParams.get("n"));
    const made = page(url.searchParams.get("last"), n, ++count);
    if (made === "cut") {
      response.writeHead(200, { "content-length": 1000 }).write('{"tags":["half', () => request.socket.destroy());
      return;
    }
    if (made.next) response.setHeader("link", `</v2/a/b/tags/list?n=${n}&last=${made.next}>; rel="next"`);
    response.end(JSON.stringify({ name: "a/b", tags: made.tags }));
  });
}

describe("a list of tags", () => {
  it("has a hundred thousand, though some pages break off", async () => {
    const all = Array.from({ length: 100_000 }, (_, i) => `t${String(i).padStart(6, "0")}`);
    const host = await registryOf((last, n, count) => {
      if (count % 17 === 0) return "cut";
      const from = last === null ? 0 : Number(last.slice(1)) + 1;
      const tags = all.slice(from, from + n);
      return { tags, ...(from + n < all.length && { next: tags.at(-1)! }) };
    });
    expect(await tagsOf(host)).toEqual(all);
  });

  it.each<[string, (count: number) => { tags: string[]; next: string }]>([
    ["the same page under the same address", () => ({ tags: ["a", "b"], next: "b" })],
    ["the same page under ever new addresses", (count) => ({ tags: ["a", "b"], next: String(count) })],
    ["empty pages", (count) => ({ tags: [], next: String(count) })],
  ])("without end is refused: %s", async (_, page) => {
    const host = await registryOf((_last, _n, count) => page(count));
    await expect(tagsOf(host)).rejects.toMatchObject({ code: "REGISTRY_PROTOCOL" });
  });
});

it.each([
  ['</v2/a?n=1>; rel="next"', "/v2/a?n=1"],
  ["</v2/a>;rel=NEXT", "/v2/a"],
  ["</v2/a>; REL = 'next'", "/v2/a"],
  ['</v2/a> rel="next"', "/v2/a"],
  ['/v2/a?n=1; rel="next"', "/v2/a?n=1"],
  ['< /v2/a >; rel="next"', "/v2/a"],
  ['</p>; rel="prev", </n>; rel="next"', "/n"],
  ['</p>; rel="prev next"', "/p"],
  ['</a,b>; title="c, d\\"; rel=prev"; rel="next"', "/a,b"],
  ['</n>; title="x; rel=next"', undefined],
  ['</n>; rel="prev"; rel="next"', undefined],
  ['</n>; rel="nextish"', undefined],
  ['<>; rel="next"', ""],
  ["", undefined],
])("the Link header %s", (header, next) => {
  expect(nextLink(header)).toBe(next);
});

const hasIpv6 = Object.values(networkInterfaces()).some((all) => all?.some((one) => one.address === "::1"));

describe.skipIf(!hasIpv6)("a registry with an IPv6 address", () => {
  it("takes, lists and gives back", async () => {
    const registry = await startDockerRegistry();
    try {
      const [hostname, port] = registry.host.split(":");
      const host = await serve((request, response) => {
        const { method, url: path, headers } = request;
        const forward = httpRequest({ host: hostname, port, method, path, headers }, (answer) => {
          response.writeHead(answer.statusCode ?? 502, answer.headers);
          answer.pipe(response);
        });
        request.pipe(forward);
      }, "::1");
      const image = await randomImage([2_000_000], { seed: "ipv6" });
      const there = client().repository(`${host}/a/b`, { access: "push" });
      await copy(image.target, there, { reference: "latest", tags: ["v1"] });
      expect(await tagsOf(host)).toEqual(["v1"]);
      const down = createMemoryTarget();
      const report = await copy(client().repository(`${host}/a/b`), down, { reference: "v1" });
      expect(report.digest).toBe(image.descriptor.digest);
      await expect(there.delete("v1")).rejects.toMatchObject({ code: "REGISTRY_UNSUPPORTED" });
    } finally {
      await registry.close();
    }
  });
});
