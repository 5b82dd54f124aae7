/** Through an HTTP proxy as firewalls have it: plain requests in absolute form, TLS through CONNECT, with a login of its own. */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, request as httpRequest, type IncomingHttpHeaders, type Server } from "node:http";
import { createServer as createTlsServer } from "node:https";
import { type AddressInfo, connect, createServer as createTcpServer, type Socket } from "node:net";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { copy } from "../../src/oci/copy.ts";
import { createMemoryTarget } from "../../src/oci/memory-target.ts";
import { createRegistryClient, type RegistryClientOptions } from "../../src/registry/client.ts";
import { type DockerRegistry, startDockerRegistry } from "../support/docker-registry.ts";
import { type SocksServer, startSocksServer } from "../support/socks-server.ts";
import { createTestTls } from "../support/tls.ts";
import { randomImage } from "./random-image.ts";

const LOGIN = "walter:through-the-wall";
const NAME = "registry.behind.example";
const GREETED = "0500";
const GRANTED = "05000001000000000000";
const ESTABLISHED = "HTTP/1.1 200 Connection established\r\n\r\n";

let plain: DockerRegistry;
let secure: DockerRegistry;
let caFiles: string[];
let etc: string;
let removeTls: () => void;
let proxy: Server;
let port: number;
/** The same proxy, spoken to in TLS. */
let tlsProxy: Server;
let tlsPort: number;
const seen: { method: string; url: string; headers: IncomingHttpHeaders }[] = [];
let refuse: number | undefined;
/** Where tunnels lead; undefined: they break off. */
let tunnelTo: string | undefined;

beforeAll(async () => {
  // The proxy's certificate is not for the registry, whose name it must not be asked for.
  const [tls, own] = await Promise.all([createTestTls([NAME]), createTestTls()]);
  caFiles = [tls.caFile, own.caFile];
  etc = tls.dir;
  removeTls = () => {
    for (const { dir } of [tls, own]) rmSync(dir, { recursive: true, force: true });
  };
  [plain, secure] = await Promise.all([
    startDockerRegistry(),
    startDockerRegistry({ tls: { certFile: tls.certFile, keyFile: tls.keyFile } }),
  ]);
  // Names mean what the proxy says they do: nobody but it knows this one.
  proxy = createServer((request, response) => {
    seen.push({ method: request.method ?? "", url: request.url ?? "", headers: request.headers });
    const status = refuse ?? (isLoggedIn(request.headers) ? undefined : 407);
    if (status) return response.writeHead(status, { "proxy-authenticate": 'Basic realm="wall"' }).end("no");
    const { pathname, search } = new URL(request.url ?? "");
    const [host, upstream] = plain.host.split(":");
    const { "proxy-authorization": _, ...headers } = request.headers;
    const forward = httpRequest(
      { host, port: upstream, method: request.method, path: pathname + search, headers },
      (answer) => {
        response.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(response);
      },
    );
    request.pipe(forward);
  });
  proxy.on("connect", (request, socket) => {
    seen.push({ method: "CONNECT", url: request.url ?? "", headers: request.headers });
    socket.on("error", () => {});
    const status = refuse ?? (isLoggedIn(request.headers) ? undefined : 407);
    if (status)
      return socket.end(`HTTP/1.1 ${status} No\r\nlocation: http://portal.example/\r\ncontent-length: 0\r\n\r\n`);
    if (!tunnelTo) return socket.write(ESTABLISHED, () => socket.destroy());
    const [host, upstream] = tunnelTo.split(":");
    const tunnel = connect(Number(upstream), host, () => {
      socket.write(ESTABLISHED);
      tunnel.pipe(socket).pipe(tunnel);
    });
    tunnel.on("error", () => socket.destroy());
    socket.on("close", () => tunnel.destroy());
  });
  await new Promise<void>((resolve) => proxy.listen(0, "127.0.0.1", resolve));
  port = (proxy.address() as AddressInfo).port;
  tlsProxy = createTlsServer({ cert: readFileSync(own.certFile), key: readFileSync(own.keyFile) });
  for (const event of ["request", "connect"]) tlsProxy.on(event, (...args) => proxy.emit(event, ...args));
  await new Promise<void>((resolve) => tlsProxy.listen(0, "127.0.0.1", resolve));
  tunnelTo = secure.host;
  tlsPort = (tlsProxy.address() as AddressInfo).port;
});

afterEach(() => {
  seen.length = 0;
  refuse = undefined;
  tunnelTo = secure.host;
});

afterAll(async () => {
  for (const server of [proxy, tlsProxy]) {
    server.closeAllConnections();
    server.close();
  }
  await Promise.all([plain.close(), secure.close()]);
  removeTls();
});

const isLoggedIn = (headers: IncomingHttpHeaders) =>
  headers["proxy-authorization"] === `Basic ${Buffer.from(LOGIN).toString("base64")}`;

function client(host: string, login = `${LOGIN}@`, at = `http://${login}127.0.0.1:${port}`) {
  const env = { HTTP_PROXY: at, HTTPS_PROXY: at };
  return createRegistryClient({
    env,
    cacheDir: null,
    machineMirrors: false,
    caFiles,
    plainHttp: host.endsWith(":80") ? [host] : [],
    retry: { baseDelayMs: 5, maxDelayMs: 20 },
  });
}

it.each([
  ["plain HTTP", `${NAME}:80`, "http"],
  ["TLS", NAME, "http"],
  ["plain HTTP", `${NAME}:80`, "https"],
  ["TLS", NAME, "https"],
])("pushes and pulls over %s: %s, through a proxy that speaks %s", async (_kind, host, scheme) => {
  const image = await randomImage([30_000, 3 * 1024 * 1024], { seed: `proxy ${host} ${scheme}` });
  const at = `${scheme}://${LOGIN}@localhost:${scheme === "http" ? port : tlsPort}`;
  const one = client(host, undefined, at);
  const there = one.repository(`${host}/team/app`, { access: "push" });
  await copy(image.target, there, { reference: "latest", tags: ["v1"] });
  const down = createMemoryTarget();
  await copy(one.repository(`${host}/team/app`), down, { reference: "v1" });
  one.close();
  expect([...down.content.keys()].sort()).toEqual([...image.target.content.keys()].sort());
  const registry = host === NAME ? secure : plain;
  expect(registry.log().length).toBeGreaterThan(0);
  if (host === NAME) expect(new Set(seen.map((r) => `${r.method} ${r.url}`))).toEqual(new Set([`CONNECT ${NAME}:443`]));
  else expect(seen.every((r) => r.url.startsWith(`http://${NAME}/v2/`) && r.headers.host === NAME)).toBe(true);
});

it.each([
  ["plain HTTP", `${NAME}:80`],
  ["TLS", NAME],
])("does not take the proxy's refusal for the registry's answer, over %s", async (_kind, host) => {
  const resolve = (login?: string) => client(host, login).repository(`${host}/team/app`).resolve("v1");
  await expect(resolve("")).rejects.toMatchObject({
    code: "PROXY_REFUSED",
    message: expect.stringContaining(`127.0.0.1:${port} answered 407`),
    hint: expect.stringMatching(/ALL_PROXY.*user:password/),
  });
  if (host === NAME) {
    refuse = 302;
    await expect(resolve()).rejects.toMatchObject({ code: "PROXY_REFUSED" });
    // Refusals that pass are tried again.
    refuse = 503;
    seen.length = 0;
    await expect(resolve()).rejects.toMatchObject({ code: "PROXY_REFUSED" });
    expect(seen.length).toBeGreaterThan(2);
  }
});

it("takes an insecure mirror for plain where it speaks no TLS, and never for what is written to it", async () => {
  mkdirSync(join(etc, "containers"));
  const conf = `[[registry]]\nlocation = "docker.io"\n[[registry.mirror]]\nlocation = "${NAME}"\ninsecure = true\n`;
  writeFileSync(join(etc, "containers/registries.conf"), conf);
  const open = () => {
    const at = `http://${LOGIN}@127.0.0.1:${port}`;
    const env = { HTTP_PROXY: at, HTTPS_PROXY: at };
    return createRegistryClient({ env, etc, cacheDir: null, retry: { attempts: 1, baseDelayMs: 5 } });
  };
  const baseOfMirror = async (one = open()) => (await one.places("docker.io/a/b"))[0]?.endpoint.session.base();
  expect((await baseOfMirror())?.protocol).toBe("https:");
  tunnelTo = undefined;
  await expect(baseOfMirror()).rejects.toMatchObject({ code: "NETWORK_FAILED" });
  tunnelTo = plain.host;
  const one = open();
  expect((await baseOfMirror(one))?.protocol).toBe("http:");
  await expect(one.repository(`${NAME}/a/b`, { access: "push" }).resolve("v1")).rejects.toMatchObject({
    code: "TLS_NOT_SPOKEN",
  });
  expect(seen.filter(({ method }) => method !== "CONNECT")).toEqual([]);
});

describe("a SOCKS proxy", () => {
  let socks: SocksServer;
  const routes: Record<string, string> = {};
  const through = (host: string, variable = "ALL_PROXY", login = `${LOGIN}@`, scheme = "socks5h") =>
    createRegistryClient({
      env: { [variable]: `${scheme}://${login}127.0.0.1:${socks.port}` },
      cacheDir: null,
      machineMirrors: false,
      caFiles,
      plainHttp: host.endsWith(":80") ? [host] : [],
      retry: { attempts: 3, baseDelayMs: 5 },
    });

  beforeAll(async () => {
    routes[`${NAME}:443`] = secure.host;
    routes[`${NAME}:80`] = plain.host;
    socks = await startSocksServer(LOGIN, (asked) => routes[asked]);
  });
  afterAll(() => socks.close());

  it.each([
    ["plain HTTP", `${NAME}:80`, "HTTP_PROXY"],
    ["TLS", NAME, "ALL_PROXY"],
  ])("is pushed and pulled through over %s", async (_kind, host, variable) => {
    const image = await randomImage([30_000, 5 * 1024 * 1024], { seed: `socks ${host}` });
    const one = through(host, variable);
    const there = one.repository(`${host}/team/socks`, { access: "push" });
    await copy(image.target, there, { reference: "latest", tags: ["v1"] });
    const down = createMemoryTarget();
    await copy(one.repository(`${host}/team/socks`), down, { reference: "v1" });
    await one.close();
    expect([...down.content.keys()].sort()).toEqual([...image.target.content.keys()].sort());
    expect(new Set(socks.asked)).toContain(host.includes(":") ? host : `${host}:443`);
  });

  it("is told from the registry when it refuses, without its password", async () => {
    const resolve = (host: string, login?: string) =>
      through(host, "HTTPS_PROXY", login)
        .repository(`${host}/team/app`)
        .resolve("v1")
        .catch((thrown: unknown) => thrown);
    const refused = await resolve(NAME, "walter:wrong-word@");
    expect(refused).toMatchObject({ code: "PROXY_REFUSED", hint: expect.stringContaining("user:password") });
    expect(JSON.stringify(refused)).not.toContain("wrong-word");
    socks.asked.length = 0;
    expect(await resolve("nowhere.example")).toMatchObject({
      code: "PROXY_REFUSED",
      message: expect.stringContaining("HostUnreachable"),
    });
    expect(socks.asked).toHaveLength(3);
  });

  it.each([
    ["says nothing", [], "NETWORK_TIMEOUT"],
    ["agrees, behind which nobody says anything", [GREETED, GRANTED], "NETWORK_TIMEOUT"],
    ["breaks off", ["reset"], "NETWORK_FAILED"],
    ["agrees and breaks off", [GREETED, GRANTED, "reset"], "NETWORK_FAILED"],
    ["knows no such command", [GREETED, "05070001000000000000"], "PROXY_REFUSED"],
  ])("that %s is a failure like others", async (_what, answers, code) => {
    const script = await startScript(answers);
    const one = scripted(script.port, code === "NETWORK_TIMEOUT" ? { timeouts: { connectMs: 200 } } : {});
    const failure = one.repository(`${NAME}/team/app`).resolve("v1");
    await expect(failure).rejects.toMatchObject({ code, exitCode: 1 });
    // What lasts is not asked for again.
    if (code !== "NETWORK_TIMEOUT") expect(script.connections()).toBe(code === "PROXY_REFUSED" ? 1 : 2);
    script.close();
  });

  it("is left at once when the user ends it, in the middle of a handshake", async () => {
    const ends = new AbortController();
    const script = await startScript([GREETED, GRANTED], () => ends.abort());
    const one = scripted(script.port, { signal: ends.signal });
    await expect(one.repository(`${NAME}/team/app`).resolve("v1")).rejects.toMatchObject({ code: "INTERRUPTED" });
    script.close();
  });

  it("of version 4 is not blamed for a name that is looked up here", async () => {
    const env = { ALL_PROXY: `socks4://127.0.0.1:${socks.port}` };
    const one = createRegistryClient({ env, cacheDir: null, machineMirrors: false, retry: { attempts: 1 } });
    await expect(one.repository("nowhere.invalid/a/b").resolve("v1")).rejects.toMatchObject({
      message: expect.stringMatching(/^(?!.*127\.0\.0\.1).*nowhere\.invalid/),
    });
  });

  it.each([
    ["longer than the protocol has room for", `${"u".repeat(256)}:pw`],
    ["not UTF-8", "us%e9r:pw"],
  ])("has no login that is %s", async (_what, login) => {
    const failure = through(NAME, "ALL_PROXY", `${login}@`).repository(`${NAME}/a/b`).resolve("v1");
    await expect(failure).rejects.toMatchObject({ code: "PROXY_INVALID", exitCode: 2 });
  });

  it("that nobody needs hinders nobody", async () => {
    const env = { HTTPS_PROXY: "gopher://127.0.0.1:1", NO_PROXY: NAME };
    const one = createRegistryClient({ env, cacheDir: null, machineMirrors: false });
    expect(await one.repository(`${plain.host}/team/none`).resolve("v1")).toBeNull();
    await expect(one.repository("registry.other.example/a/b").resolve("v1")).rejects.toMatchObject({
      code: "PROXY_INVALID",
      exitCode: 2,
    });
  });
});

function scripted(port: number, more: Partial<RegistryClientOptions>) {
  const env = { ALL_PROXY: `socks5://127.0.0.1:${port}` };
  return createRegistryClient({
    env,
    cacheDir: null,
    machineMirrors: false,
    retry: { attempts: 2, baseDelayMs: 5 },
    ...more,
  });
}

/** Whatever is asked, this is answered, in hexadecimal; after the last, nothing. @param atLast when more comes then */
async function startScript(answers: readonly string[], atLast = () => {}) {
  let connections = 0;
  const sockets = new Set<Socket>();
  const server = createTcpServer((socket) => {
    connections++;
    sockets.add(socket);
    let asked = 0;
    socket.on("error", () => {});
    socket.on("data", () => {
      const answer = answers[asked++];
      if (answer === "reset") socket.resetAndDestroy();
      else if (answer) socket.write(Buffer.from(answer, "hex"));
      else atLast();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    port: (server.address() as AddressInfo).port,
    connections: () => connections,
    close() {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  };
}

it("says that it was the proxy that could not be reached, and not its password", async () => {
  const env = { HTTPS_PROXY: `http://${LOGIN}@127.0.0.1:1` };
  const one = createRegistryClient({ env, cacheDir: null, machineMirrors: false, retry: { attempts: 1 } });
  const error = await one
    .repository(`${NAME}/team/app`)
    .resolve("v1")
    .catch((thrown: Error) => thrown);
  expect(error).toMatchObject({ code: "NETWORK_FAILED", message: expect.stringContaining("the proxy 127.0.0.1:1") });
  expect(JSON.stringify(error)).not.toContain("through-the-wall");
});
