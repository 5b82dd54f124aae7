/** Connections that break before the first request: at once, in the middle of the TLS handshake, behind a proxy's tunnel. */
import { rmSync } from "node:fs";
import { type AddressInfo, connect, createServer, type Server, type Socket } from "node:net";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { copy } from "../../src/oci/copy.ts";
import { createMemoryTarget } from "../../src/oci/memory-target.ts";
import { createRegistryClient } from "../../src/registry/client.ts";
import { type DockerRegistry, startDockerRegistry } from "../support/docker-registry.ts";
import { createTestTls } from "../support/tls.ts";
import { randomImage } from "./random-image.ts";

/** The proxy knows it, nobody else. */
const NAME = "registry.behind.example";

type Image = Awaited<ReturnType<typeof randomImage>>;

/** What becomes of a connection. */
const FAULTS = {
  "closed at once": (socket: Socket) => void socket.end(),
  reset: (socket: Socket) => void socket.resetAndDestroy(),
  "closed after the client's hello": (socket: Socket) => void socket.once("data", () => socket.end()),
  "cut in the server's hello": (socket: Socket, upstream: () => Socket) => cutAfter(socket, upstream(), 20),
  "cut in the certificate": (socket: Socket, upstream: () => Socket) => cutAfter(socket, upstream(), 700),
  "silent after the client's hello": (_socket: Socket) => {},
} as const;
type Fault = keyof typeof FAULTS;

/** What a proxy does instead of a tunnel. */
const REFUSALS = {
  closes: (socket: Socket) => void socket.end(),
  resets: (socket: Socket) => void socket.resetAndDestroy(),
  "breaks off its answer": (socket: Socket) => void socket.end("HTTP/1.1 200 Conn"),
  "says 503": (socket: Socket) => void socket.end("HTTP/1.1 503 Busy\r\ncontent-length: 0\r\n\r\n"),
  "is silent": (_socket: Socket) => {},
} as const;
type Refusal = keyof typeof REFUSALS;

let registry: DockerRegistry;
let image: Image;
let caFile: string;
let removeTls: () => void;
let server: Server;
const open = new Set<Socket>();
/** Faults of the next connections; then all goes well. */
let plan: Fault[] = [];
let refusals: Refusal[] = [];
/** As an HTTP proxy does it: the connection is asked for first. */
let tunnels = false;
let connections = 0;

function cutAfter(socket: Socket, upstream: Socket, bytes: number): void {
  let left = bytes;
  socket.pipe(upstream);
  upstream.on("end", () => socket.end());
  upstream.on("data", (chunk: Buffer) => {
    socket.write(chunk.subarray(0, left));
    left -= chunk.length;
    if (left <= 0) {
      socket.destroySoon();
      upstream.destroy();
    }
  });
}

function serve(socket: Socket): void {
  connections++;
  const upstream = () => {
    const [host, port] = registry.host.split(":");
    const other = connect(Number(port), host).on("error", () => socket.destroy());
    socket.on("close", () => other.destroy());
    return other;
  };
  const fault = plan.shift();
  if (fault) FAULTS[fault](socket, upstream);
  else {
    const other = upstream();
    socket.pipe(other).pipe(socket);
  }
}

beforeAll(async () => {
  const tls = await createTestTls([NAME]);
  caFile = tls.caFile;
  removeTls = () => rmSync(tls.dir, { recursive: true, force: true });
  registry = await startDockerRegistry({ tls });
  image = await randomImage([50_000, 1000], { seed: "handshakes" });
  server = createServer((socket) => {
    open.add(socket);
    socket.on("error", () => {}).on("close", () => open.delete(socket));
    if (!tunnels) return serve(socket);
    socket.once("data", () => {
      if (refusals.length > 0) {
        connections++;
        return REFUSALS[refusals.shift() as Refusal](socket);
      }
      socket.write("HTTP/1.1 200 Connection established\r\n\r\n");
      serve(socket);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
});
afterAll(async () => {
  for (const socket of open) socket.destroy();
  server.close();
  await registry.close();
  removeTls();
});
beforeEach(() => {
  plan = [];
  refusals = [];
  connections = 0;
});

function client() {
  const { port } = server.address() as AddressInfo;
  return {
    host: tunnels ? NAME : `127.0.0.1:${port}`,
    one: createRegistryClient({
      env: tunnels ? { HTTPS_PROXY: `http://127.0.0.1:${port}` } : {},
      cacheDir: null,
      machineMirrors: false,
      caFiles: [caFile],
      retry: { baseDelayMs: 5, maxDelayMs: 20 },
      timeouts: { connectMs: 1_000, headersMs: 1_000 },
    }),
  };
}

async function pushAndPull(tag: string): Promise<void> {
  const { host, one } = client();
  try {
    const there = one.repository(`${host}/handshakes`, { access: "push" });
    await copy(image.target, there, { reference: "latest", tags: [tag] });
    const down = createMemoryTarget();
    await copy(one.repository(`${host}/handshakes`), down, { reference: tag });
    expect([...down.content.keys()].sort()).toEqual([...image.target.content.keys()].sort());
  } finally {
    one.close();
  }
}

describe.each([
  ["straight", false],
  ["through a proxy's tunnel", true],
])("%s", (way, through) => {
  beforeEach(() => {
    tunnels = through;
  });

  it.each(Object.keys(FAULTS) as Fault[])("survives three in a row: %s", async (fault) => {
    plan = [fault, fault, fault];
    await pushAndPull(`${way} ${fault}`.replace(/\W+/g, "-"));
    expect(connections).toBeGreaterThan(3);
  });

  it.each(Object.keys(FAULTS) as Fault[])("tells when it stays so: %s", async (fault) => {
    plan = Array.from({ length: 1000 }, () => fault);
    const { host, one } = client();
    const asked = one.repository(`${host}/handshakes`).resolve("latest");
    await expect(asked).rejects.toMatchObject({
      code: expect.stringMatching(/^(NETWORK_FAILED|NETWORK_TIMEOUT|TLS_FAILED)$/),
      message: expect.not.stringMatching(/undefined/),
      hint: expect.any(String),
    });
    expect(connections).toBeLessThan(20);
    one.close();
  });
});

describe("a proxy that does not connect", () => {
  beforeEach(() => {
    tunnels = true;
  });

  it.each(Object.keys(REFUSALS) as Refusal[])("is asked again when three times it %s", async (refusal) => {
    refusals = [refusal, refusal, refusal];
    await pushAndPull(`proxy ${refusal}`.replace(/\W+/g, "-"));
    expect(connections).toBeGreaterThan(3);
  });

  it.each(Object.keys(REFUSALS) as Refusal[])("is named when it always %s", async (refusal) => {
    refusals = Array.from({ length: 1000 }, () => refusal);
    const { host, one } = client();
    await expect(one.repository(`${host}/handshakes`).resolve("latest")).rejects.toMatchObject({
      code: expect.stringMatching(/^(NETWORK_FAILED|NETWORK_TIMEOUT|PROXY_REFUSED)$/),
      message: expect.stringContaining("proxy"),
    });
    expect(connections).toBeLessThan(20);
    one.close();
  });
});
