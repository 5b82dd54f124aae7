import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { networkInterfaces, tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { copy } from "../../src/oci/copy.ts";
import { createMemoryTarget } from "../../src/oci/memory-target.ts";
import { createRegistryClient, type RegistryClientOptions } from "../../src/registry/client.ts";
import { asTold, toDaemonJson, toHostsToml, toRegistriesConf } from "../../src/registry/mirrors/export.ts";
import { machineRules } from "../../src/registry/mirrors/machine.ts";
import { mirrorOf, parseMirrors } from "../../src/registry/mirrors/rules.ts";
import { selectMirrors } from "../../src/registry/mirrors/select.ts";
import { type DockerRegistry, startDockerRegistry } from "../support/docker-registry.ts";
import { callOf, type FaultKind, type FaultProxy, startFaultProxy } from "../support/fault-proxy.ts";
import { freePort } from "../support/free-port.ts";
import { createTestTls } from "../support/tls.ts";
import { startTokenServer } from "../support/token-server.ts";
import { randomImage, type TestImage } from "./random-image.ts";

const MIB = 1024 * 1024;
let scratch: string;
let origin: DockerRegistry;
let cache: DockerRegistry;
/** The way to the registry and to its cache: both keep a log. */
let front: FaultProxy;
let mirror: FaultProxy;
let counter = 0;

beforeAll(async () => {
  scratch = mkdtempSync(join(tmpdir(), "knbuild-mirrors-"));
  origin = await startDockerRegistry();
  cache = await startDockerRegistry({ proxyOf: origin.url });
  front = await startFaultProxy(origin.host);
  mirror = await startFaultProxy(cache.host);
});

afterAll(async () => {
  await Promise.all([front.close(), mirror.close(), cache.close(), origin.close()]);
  rmSync(scratch, { recursive: true, force: true });
});

beforeEach(() => {
  front.seen.length = 0;
  mirror.seen.length = 0;
});

afterEach(() => {
  mirror.faults.length = 0;
});

function client(options: RegistryClientOptions = {}) {
  const cacheDir = options.cacheDir ?? join(scratch, `cache-${counter++}`);
  return createRegistryClient({
    env: { HOME: scratch },
    etc: join(scratch, "etc"),
    retry: { baseDelayMs: 5, maxDelayMs: 20 },
    ...options,
    cacheDir,
  });
}

async function published(sizes = [30_000, 2 * MIB]): Promise<TestImage & { name: string }> {
  const image = await randomImage(sizes, { seed: `mirrored ${counter++}` });
  const repository = `team/app${counter}`;
  const target = client().repository(`${origin.host}/${repository}`, { access: "push" });
  await copy(image.target, target, { reference: "latest", tags: ["v1"] });
  return { ...image, name: `${front.host}/${repository}` };
}

async function pull(image: TestImage & { name: string }, options: RegistryClientOptions) {
  const down = createMemoryTarget();
  const report = await copy(client(options).repository(image.name), down, { reference: "v1" });
  for (const [digest, bytes] of down.content) expect(Buffer.compare(bytes, image.target.content.get(digest)!)).toBe(0);
  expect(down.content.size).toBe(image.target.content.size);
  return report;
}

const mirrors = (options: { strict?: boolean; urls?: string[] } = {}) => ({
  [front.host]: { urls: options.urls ?? [mirror.url], strict: options.strict ?? false },
});

describe("reading through a pull-through cache", () => {
  it("asks the mirror alone and says so", async () => {
    const image = await published();
    const report = await pull(image, { mirrors: mirrors() });
    expect(front.seen).toEqual([]);
    expect(report.resolvedAt).toBe(mirror.host);
    expect(report.blobs.every((blob) => blob.from === mirror.host)).toBe(true);
  });

  it("writes to the registry, never to the mirror", async () => {
    const image = await randomImage([20_000], { seed: "written" });
    const target = client({ mirrors: mirrors() }).repository(`${front.host}/team/written`, { access: "push" });
    await copy(image.target, target, { reference: "latest", tags: ["v1"] });
    expect(mirror.seen).toEqual([]);
  });

  it.each<[string, string, FaultKind]>([
    ["404 for a blob", "get-blob", { do: "status", status: 404, code: "BLOB_UNKNOWN" }],
    ["a cut before the first byte", "get-blob", { do: "cut-down", after: 0 }],
    ["wrong bytes", "get-blob", { do: "corrupt" }],
    ["an HTML page", "get-blob", { do: "status", status: 200, html: true }],
    ["an HTML page for the manifest", "get-manifest", { do: "status", status: 200, html: true }],
    ["429", "get-blob", { do: "status", status: 429, headers: { "retry-after": "30" } }],
    ["silence", "get-blob", { do: "stall" }],
    ["403", "manifest", { do: "status", status: 403, code: "DENIED" }],
    ["wrong manifest bytes", "get-manifest", { do: "corrupt" }],
    ["silence in the middle", "get-blob", { do: "stall-body", after: 700_000 }],
    ["a body that is too short", "get-blob", { do: "truncate", to: 700_000 }],
    ["a redirect to itself", "get-blob", { do: "redirect", to: "" }],
    ["an error of its own, again and again", "manifest", { do: "status", status: 500 }],
  ])("goes on to the registry on %s", async (_name, call, fault) => {
    const image = await published();
    mirror.faults.push({ when: (r) => callOf(r).includes(call), fault, times: 1000 });
    const timeouts = fault.do.startsWith("stall") ? { headersMs: 1_500, idleMs: 1_500 } : {};
    await pull(image, { mirrors: mirrors(), timeouts });
    expect(front.seen.length).toBeGreaterThan(0);
  });

  it("never asks the registry when strict", async () => {
    const image = await published();
    await pull(image, { mirrors: mirrors({ strict: true }) });
    mirror.faults.push({ when: (r) => callOf(r) === "get-blob", fault: { do: "corrupt" }, times: 1000 });
    await expect(pull(await published(), { mirrors: mirrors({ strict: true }) })).rejects.toMatchObject({
      code: "BLOB_DIGEST_MISMATCH",
    });
    const unknown = client({ mirrors: mirrors({ strict: true }) }).repository(`${front.host}/no/such`);
    expect(await unknown.resolve("v1")).toBeNull();
    expect(front.seen).toEqual([]);
  });

  it("sets a dead mirror aside, for later runs too", async () => {
    const dead = `http://127.0.0.1:${await freePort()}`;
    const cacheDir = join(scratch, "health");
    const image = await published([1_000]);
    const options = { mirrors: mirrors({ urls: [dead, mirror.url] }), cacheDir };
    await pull(image, options);
    const [first] = await client(options).places(image.name);
    expect(first).toMatchObject({ kind: "mirror", host: new URL(dead).host, asideUntil: expect.any(Number) });
    const again = await pull(await published([1_000]), options);
    expect(again.retries).toBe(0);
    expect(again.resolvedAt).toBe(mirror.host);
  });

  it("gives each place its own login", async () => {
    const image = await published([1_000]);
    const asked: string[] = [];
    const credentials = {
      find: async (registry: string) => {
        asked.push(registry);
        return {
          credential: { kind: "password" as const, username: registry, password: `secret of ${registry}` },
          from: "test",
        };
      },
    };
    const challenge: FaultKind = {
      do: "status",
      status: 401,
      headers: { "www-authenticate": 'Basic realm="mirror"' },
    };
    mirror.faults.push({ when: (r) => r.headers.authorization === undefined, fault: challenge, times: 1000 });
    await pull(image, { mirrors: mirrors(), credentials });
    expect(asked).toEqual([mirror.host]);
    const sent = Buffer.from(`${mirror.host}:secret of ${mirror.host}`).toString("base64");
    expect(new Set(mirror.seen.map((r) => r.authorization))).toEqual(new Set([undefined, `Basic ${sent}`]));
  });
});

describe("what Docker calls insecure", () => {
  const USER = { kind: "password", username: "u", password: "password" } as const;
  const conf = (...entries: unknown[]) => {
    const etc = mkdtempSync(join(scratch, "docker-"));
    mkdirSync(join(etc, "docker"));
    writeFileSync(join(etc, "docker/daemon.json"), JSON.stringify({ "insecure-registries": entries }));
    return etc;
  };

  it("is read and written with any certificate: by its name and port, or by its address in a range", async () => {
    const tls = await createTestTls();
    const registry = await startDockerRegistry({ tls });
    const port = registry.host.split(":")[1];
    const image = await randomImage([1_000], { seed: "insecure for Docker" });
    const push = (host: string, ...entries: unknown[]) => {
      const there = client({ etc: conf(...entries) }).repository(`${host}/app`, { access: "push" });
      return copy(image.target, there, { reference: "latest", tags: ["v1"] });
    };
    try {
      const [address, name] = [registry.host, `localhost:${port}`];
      for (const [host, entry] of [
        [address, address],
        [address, "127.0.0.0/8"],
        [name, `http://${name}/`],
        [name, "127.0.0.0/30"],
      ] as const)
        await push(host, 5, entry);
      // Not by the name without its port, by the address of a name, or by a range that begins elsewhere.
      for (const [host, entry] of [
        [address, "127.0.0.1"],
        [name, address],
        [address, "127.1.0.0/16"],
      ] as const)
        await expect(push(host, entry)).rejects.toMatchObject({ code: "TLS_UNTRUSTED" });
    } finally {
      await registry.close();
    }
  });

  it("has a token server that is spoken to so, too", async () => {
    const tls = await createTestTls();
    const tokens = await startTokenServer({
      ...tls,
      tlsName: "127.0.0.1",
      service: "s",
      users: { u: "password" },
      allow: (user) => user === "u",
    });
    const token = { realm: tokens.url, service: "s", issuer: tokens.issuer, certFile: tls.certFile };
    const registry = await startDockerRegistry({ tls, token });
    const image = await randomImage([1_000], { seed: "insecure token server" });
    const credentials = { find: async () => ({ credential: USER, from: "this test" }) };
    const push = (etc: string) => {
      const there = client({ etc, credentials }).repository(`${registry.host}/app`, { access: "push" });
      return copy(image.target, there, { reference: "latest", tags: ["v1"] });
    };
    try {
      await push(conf(registry.host));
      expect(tokens.requests).toContainEqual(expect.objectContaining({ user: "u", status: 200 }));
      await expect(push(conf(new URL(tokens.url).host))).rejects.toMatchObject({ code: "TLS_UNTRUSTED" });
    } finally {
      await Promise.all([registry.close(), tokens.close()]);
    }
  });

  it("is spoken to without TLS where it has none", async () => {
    const own = Object.values(networkInterfaces())
      .flat()
      .find((one) => one && !one.internal && one.family === "IPv4")?.address;
    // A machine without a network has no address but the loopback's.
    if (own === undefined) return;
    const registry = await startDockerRegistry({ listen: `${own}:${await freePort()}` });
    const image = await randomImage([1_000], { seed: "plain for Docker" });
    const push = (etc: string) => {
      const there = client({ etc, retry: { attempts: 1 } }).repository(`${registry.host}/app`, { access: "push" });
      return copy(image.target, there, { reference: "latest", tags: ["v1"] });
    };
    try {
      await expect(push(conf())).rejects.toMatchObject({ code: "TLS_NOT_SPOKEN" });
      const etc = conf(`${own}/32`);
      await push(etc);
      const [place] = await client({ etc }).places(`${registry.host}/app`);
      expect(place?.insecureBy).toBe(join(etc, "docker/daemon.json"));
    } finally {
      await registry.close();
    }
  });
});

describe("what podman's configuration says", () => {
  function conf(name: string, text: string): string {
    const etc = join(scratch, name);
    mkdirSync(join(etc, "containers"), { recursive: true });
    writeFileSync(join(etc, "containers/registries.conf"), text);
    return etc;
  }

  it("of a blocked registry holds for everything that is sent there", async () => {
    const etc = conf("blocked", `[[registry]]\nlocation = "${front.host}/closed"\nblocked = true\n`);
    const image = await randomImage([1_000], { seed: "blocked" });
    const refused = { code: "REGISTRY_BLOCKED", where: join(etc, "containers/registries.conf") };
    const closed = client({ etc }).repository(`${front.host}/closed/app`, { access: "push" });
    await expect(copy(image.target, closed, { reference: "latest", tags: ["v1"] })).rejects.toMatchObject(refused);
    await expect(closed.delete("v1")).rejects.toMatchObject(refused);
    await expect(closed.tags()[Symbol.asyncIterator]().next()).rejects.toMatchObject(refused);
    expect(front.seen).toEqual([]);
    const open = client({ etc }).repository(`${front.host}/closed-not/app`, { access: "push" });
    await copy(image.target, open, { reference: "latest", tags: ["v1"] });
    // A mirror of it may still be read.
    const mirrors = { [`${front.host}/closed`]: [mirror.url] };
    expect(await client({ etc, mirrors }).repository(`${front.host}/closed/app`).resolve("v1")).toBeNull();
  });

  it("of an insecure registry holds for what is pushed there, and for the part of it that is named", async () => {
    const tls = await createTestTls();
    const registry = await startDockerRegistry({ tls });
    try {
      const etc = conf("itself", `[[registry]]\nlocation = "${registry.host}/team"\ninsecure = true\n`);
      const image = await randomImage([1_000], { seed: "itself" });
      const named = (name: string) => `${registry.host}/${name}`;
      const push = (name: string) => {
        const there = client({ etc }).repository(named(name), { access: "push" });
        return copy(image.target, there, { reference: "latest", tags: ["v1"] });
      };
      await push("team/app");
      expect((await client({ etc }).repository(named("team/app")).resolve("v1"))?.digest).toBe(image.descriptor.digest);
      await expect(push("teams/app")).rejects.toMatchObject({ code: "TLS_UNTRUSTED" });
      const [place] = await client({ etc }).places(named("team/app"));
      expect(place?.insecureBy).toBe(join(etc, "containers/registries.conf"));
      expect((await client({ etc }).places(named("teams/app")))[0]).not.toHaveProperty("insecureBy");
    } finally {
      await registry.close();
    }
  });

  it("of a mirror's certificate holds for the mirror alone, not for its host", async () => {
    const tls = await createTestTls();
    const registry = await startDockerRegistry({ tls });
    try {
      const etc = conf(
        "insecure",
        `[[registry]]\nlocation = "quay.test"\n[[registry.mirror]]\nlocation = "${registry.host}/cache"\ninsecure = true\n`,
      );
      const image = await randomImage([1_000], { seed: "insecure" });
      const options = { etc, caFiles: [tls.caFile] };
      const there = client(options).repository(`${registry.host}/cache/app`, { access: "push" });
      await copy(image.target, there, { reference: "latest", tags: ["v1"] });
      const one = client({ etc });
      expect(await one.repository("quay.test/app").resolve("v1")).not.toBeNull();
      for (const access of ["push", "pull"] as const) {
        const itself = one.repository(`${registry.host}/cache/app`, { access });
        await expect(itself.resolve("v1")).rejects.toMatchObject({ code: "TLS_UNTRUSTED" });
      }
    } finally {
      await registry.close();
      rmSync(tls.dir, { recursive: true, force: true });
    }
  });
});

describe("configuration", () => {
  it("knows gcr, lists, maps, paths and prefixes", () => {
    expect(parseMirrors(["gcr"], "f")).toMatchObject([
      { prefix: "docker.io", strict: false, mirrors: [{ host: "mirror.gcr.io" }] },
    ]);
    const rules = parseMirrors(
      {
        "docker.io": ["http://localhost:5001"],
        "docker.io/library": { urls: ["https://harbor.example/hub"], strict: true },
      },
      "f",
    );
    const library = selectMirrors(rules, [], "docker.io", "library/node");
    expect(library.useOrigin).toBe(false);
    expect(library.mirrors.map(({ mirror: m }) => `${m.baseUrl?.href}v2/${m.repositoryFor("library/node")}`)).toEqual([
      "https://harbor.example/v2/hub/library/node",
    ]);
    expect(selectMirrors(rules, [], "docker.io", "other/app").mirrors[0]?.mirror.host).toBe("localhost:5001");
    expect(selectMirrors(rules, [], "ghcr.io", "other/app")).toEqual({ mirrors: [], useOrigin: true });
    expect(() => parseMirrors({ "ghcr.io": ["gcr"] }, "f")).toThrow(/mirror of docker.io/);
    expect(() => parseMirrors(["https://user:pass@mirror.example"], "f")).toThrow(/password in its URL/);
    expect(mirrorOf("https://host.example/artifactory/api/docker/hub/v2", "f").baseUrl?.href).toBe(
      "https://host.example/artifactory/api/docker/hub/",
    );
  });

  it("reads what Docker, containerd and podman have", async () => {
    const etc = join(scratch, "machine");
    const write = (name: string, text: string) => {
      mkdirSync(join(etc, name, ".."), { recursive: true });
      writeFileSync(join(etc, name), text);
    };
    write("docker/daemon.json", '{"registry-mirrors": ["https://mirror.one"]}');
    write(
      "containerd/certs.d/ghcr.io/hosts.toml",
      'server = "https://ghcr.io"\n[host."https://mirror.two/path"]\n  capabilities = ["pull"]\n  ca = "own.crt"\n  dial_timeout = "1.5s"\n[host."https://pusher.example"]\n  capabilities = ["push"]\n',
    );
    write(
      "containers/registries.conf",
      '[[registry]]\nprefix = "docker.io/library"\nlocation = "docker.io/library"\n[[registry.mirror]]\nlocation = "mirror.three/proxy"\npull-from-mirror = "digest-only"\n',
    );
    write(
      "containers/registries.conf.d/00-moved.conf",
      '[[registry]]\nprefix = "quay.io"\nlocation = "moved.example/quay"\n',
    );
    const rules = machineRules({ etc, env: {} });
    const hub = selectMirrors([], rules, "docker.io", "library/node");
    expect(hub.mirrors.map(({ mirror: m }) => [m.host, m.repositoryFor("library/node"), m.resolvesTags])).toEqual([
      ["mirror.three", "proxy/node", false],
      ["mirror.one", "library/node", true],
    ]);
    const ghcr = selectMirrors([], rules, "ghcr.io", "a/b").mirrors;
    expect(ghcr).toHaveLength(1);
    expect(ghcr[0]?.mirror).toMatchObject({
      namespaced: true,
      resolvesTags: false,
      reached: { tls: { caFiles: [join(etc, "containerd/certs.d/ghcr.io/own.crt")] }, connectMs: 1_500 },
    });
    expect(ghcr[0]?.mirror.baseUrl?.href).toBe("https://mirror.two/path/");
    const quay = selectMirrors([], rules, "quay.io", "a/b");
    expect(quay.useOrigin).toBe(false);
    expect(quay.mirrors[0]?.mirror.repositoryFor("a/b")).toBe("quay/a/b");
  });

  it("reads their odd but legal forms as they do", () => {
    const etc = join(scratch, "odd");
    const write = (name: string, text: string) => {
      mkdirSync(join(etc, name, ".."), { recursive: true });
      writeFileSync(join(etc, name), text);
    };
    const mirrors = ["https://u:p@login.test", "ftp://ftp.test", "bare.test:5000", 7, "http://hub.test/"];
    write("docker/daemon.json", JSON.stringify({ "registry-mirrors": mirrors }));
    const certs = (host: string, text: string) => write(`containerd/certs.d/${host}/hosts.toml`, text);
    certs("_default", '[host."http://localhost:30020"]\n');
    certs("a.test", '[host."https://x.test/v2/cache"]\noverride_path = true\n[host."https://y.test/v2/"]\n');
    certs(
      "b.test_5000_",
      '[host."https://x.test/api"]\noverride_path = true\ncapabilities = []\nca = ["one.pem", "/two.pem"]\nclient = [["/c.pem", "/k.pem"], ["both.pem", ""]]\n[host."https://x.test/api".header]\nX-Key = ["k"]\n',
    );
    certs("c.test", 'server = "https://c.test"\n');
    const registry = (lines: string) => `[[registry]]\n${lines}\n`;
    const mirror = (location: string) => `[[registry.mirror]]\nlocation = "${location}"\n`;
    write(
      "containers/registries.conf",
      registry(`location = "p.test/"\n${mirror("replaced.test")}`) +
        registry(`prefix = "*.w.test"\n${mirror("wide.test")}`) +
        registry(`prefix = "*.n.w.test"\n${mirror("narrow.test/n/")}`) +
        registry(`prefix = "p.test/team"\nlocation = "moved.test:5000/t"\ninsecure = true`) +
        registry(`location = "no.test"\nblocked = true\n${mirror("unused.test")}`),
    );
    write(
      "containers/registries.conf.d/1.conf",
      registry(`location = "p.test"\n${mirror("https://no-scheme.test")}${mirror("new.test")}`),
    );
    const rules = machineRules({ etc, env: {} });
    const places = (host: string, repository: string) => {
      const { mirrors, useOrigin } = selectMirrors([], rules, host, repository);
      const urls = mirrors.map(({ mirror: m }) => {
        const api = m.bareApi ? "" : "v2/";
        return `${m.baseUrl?.href ?? `?${m.host}/`}${api}${m.repositoryFor(repository)}`;
      });
      return [...urls, ...(useOrigin ? ["itself"] : [])];
    };
    const everywhere = (repository: string) => `http://localhost:30020/v2/${repository}`;
    expect(places("docker.io", "x")).toEqual(["http://hub.test/v2/x", everywhere("x"), "itself"]);
    expect(places("a.test", "x")).toEqual(["https://x.test/v2/cache/x", "https://y.test/v2/x", "itself"]);
    expect(places("b.test:5000", "x")).toEqual(["https://x.test/api/x", "itself"]);
    expect(selectMirrors([], rules, "b.test:5000", "x").mirrors[0]?.mirror).toMatchObject({
      resolvesTags: true,
      headers: { "x-key": "k" },
      reached: {
        tls: {
          caFiles: [join(etc, "containerd/certs.d/b.test_5000_/one.pem"), "/two.pem"],
          clients: [
            { certFile: "/c.pem", keyFile: "/k.pem" },
            {
              certFile: expect.stringMatching(/5000_\/both\.pem$/),
              keyFile: expect.stringMatching(/5000_\/both\.pem$/),
            },
          ],
        },
      },
    });
    expect(places("c.test", "x")).toEqual(["itself"]);
    expect(places("p.test", "x")).toEqual(["https://new.test/v2/x", everywhere("x"), "itself"]);
    expect(places("p.test", "team/x")).toEqual(["?moved.test:5000/v2/t/x", everywhere("team/x")]);
    const insecure = toHostsToml([{ ...rules.find(({ prefix }) => prefix === "p.test/team")!, prefix: "p.test" }]);
    expect(insecure[0]?.content).toMatch(/"https:\/\/moved\.test:5000\/v2\/t"[\s\S]*skip_verify = true/);
    expect(places("a.w.test:5000", "x")).toEqual(["https://wide.test/v2/x", everywhere("x"), "itself"]);
    expect(places("a.n.w.test", "x")).toEqual(["https://narrow.test/v2/n/x", everywhere("x"), "itself"]);
    expect(selectMirrors([], rules, "no.test", "x")).toMatchObject({ useOrigin: false, blockedBy: expect.any(String) });
  });

  it("is written with what the command line says of the mirrors' hosts", () => {
    const mirrors = ["https://one.test", "https://two.test:5000", "https://three.test/below"];
    const rules = parseMirrors({ "docker.io": mirrors }, "f");
    const told = asTold(rules, { plainHttp: ["two.test"], insecure: ["one.test", "three.test"] });
    expect(JSON.parse(toDaemonJson(told).content)).toEqual({
      "registry-mirrors": ["https://one.test", "http://two.test:5000"],
      "insecure-registries": ["one.test"],
    });
    expect(
      toHostsToml(told)[0]
        ?.content.split(/^\[/m)
        .map((host) => host.includes("skip_verify = true")),
    ).toEqual([false, true, false, true]);
    expect(toHostsToml(told)[0]?.content).toContain('[host."http://two.test:5000"]');
    expect(toRegistriesConf(told).content.match(/^insecure = true$/gm)).toHaveLength(3);
    expect(toRegistriesConf(rules).content).not.toContain("insecure");
  });

  it("is written for the other tools so that it reads back the same", async () => {
    const rules = parseMirrors(
      { "docker.io": ["https://mirror.one"], "ghcr.io": { urls: ["https://mirror.two/cache"], strict: true } },
      "f",
    );
    const etc = join(scratch, "exported");
    for (const file of [toDaemonJson(rules), ...toHostsToml(rules)]) {
      const path = join(etc, file.path.replace(/^\/etc\//, ""));
      mkdirSync(join(path, ".."), { recursive: true });
      writeFileSync(path, file.content);
    }
    const back = machineRules({ etc, env: {} });
    const docker = selectMirrors([], back, "docker.io", "library/node").mirrors;
    expect(new Set(docker.map(({ mirror: m }) => m.host))).toEqual(new Set(["mirror.one"]));
    const [ghcr] = selectMirrors([], back, "ghcr.io", "a/b").mirrors;
    expect(ghcr?.mirror.baseUrl?.href).toBe("https://mirror.two/");
    expect(ghcr?.mirror.repositoryFor("a/b")).toBe("cache/a/b");
    const conf = join(scratch, "podman");
    mkdirSync(join(conf, "containers/registries.conf.d"), { recursive: true });
    writeFileSync(join(conf, "containers/registries.conf.d/knbuild.conf"), toRegistriesConf(rules).content);
    const podman = selectMirrors([], machineRules({ etc: conf, env: {} }), "ghcr.io", "a/b");
    expect(podman).toMatchObject({ useOrigin: false, mirrors: [{ mirror: { host: "mirror.two" } }] });
    expect(podman.mirrors[0]?.mirror.repositoryFor("a/b")).toBe("cache/a/b");
  });
});
