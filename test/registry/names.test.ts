/** What name servers do: say nothing, say it late, or name an address where nobody is. */
import dns from "node:dns";
import { createServer, type Server } from "node:http";
import type { AddressInfo, LookupFunction } from "node:net";
import { afterAll, afterEach, beforeAll, expect, it, vi } from "vitest";
import { createRegistryClient } from "../../src/registry/client.ts";

const NAME = "registry.behind.example";
const HERE = { address: "127.0.0.1", family: 4 };

let server: Server;
let host: string;

beforeAll(async () => {
  server = createServer((_, response) => response.writeHead(404).end());
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  host = `${NAME}:${(server.address() as AddressInfo).port}`;
});
afterEach(() => vi.restoreAllMocks());
afterAll(() => {
  server.close();
  server.closeAllConnections();
});

type Addresses = { address: string; family: number }[];

/** @returns how often the name was asked for */
function nameServer(answer: (count: number) => Addresses | string | undefined) {
  let count = 0;
  const lookup: LookupFunction = (_name, options, callback) => {
    const found = answer(++count);
    if (found === undefined) return;
    setImmediate(() => {
      if (typeof found === "string") callback(Object.assign(new Error(found), { code: found }), "", 0);
      else if (options.all) callback(null, found);
      else callback(null, found[0]?.address ?? "", found[0]?.family ?? 0);
    });
  };
  vi.spyOn(dns, "lookup").mockImplementation(lookup as never);
  return () => count;
}

async function resolve(connectMs = 15_000) {
  const client = createRegistryClient({
    env: {},
    cacheDir: null,
    machineMirrors: false,
    plainHttp: [host],
    retry: { baseDelayMs: 1, maxDelayMs: 2 },
    timeouts: { connectMs },
  });
  return client
    .repository(`${host}/a/b`)
    .resolve("v1")
    .finally(() => client.close());
}

it.each<[string, Addresses]>([
  ["nobody listens", [{ address: "::1", family: 6 }, HERE]],
  ["no way leads", [{ address: "100::1", family: 6 }, HERE]],
])("an IPv6 address to which %s, next to one that is alive", async (_, addresses) => {
  nameServer(() => addresses);
  expect(await resolve()).toBeNull();
});

it("a name server that is busy three times", async () => {
  const count = nameServer((asked) => (asked <= 3 ? "EAI_AGAIN" : [HERE]));
  expect(await resolve()).toBeNull();
  expect(count()).toBe(4);
});

it("a name that nobody knows is told at once", async () => {
  const count = nameServer(() => "ENOTFOUND");
  await expect(resolve()).rejects.toMatchObject({ code: "NETWORK_HOST_UNKNOWN" });
  expect(count()).toBe(1);
});

it("a name server that says nothing is not waited for without end", async () => {
  nameServer(() => undefined);
  await expect(resolve(300)).rejects.toMatchObject({ code: "NETWORK_TIMEOUT" });
});
