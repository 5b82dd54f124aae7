import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { KnbuildEvent } from "../../src/base/events.ts";
import { registryClientOptions } from "../../src/cli/registry-options.ts";
import { copy } from "../../src/oci/copy.ts";
import { createMemoryTarget } from "../../src/oci/memory-target.ts";
import { imageOf, selectImage } from "../../src/oci/remote-image.ts";
import { createRegistryClient, type RegistryClientOptions } from "../../src/registry/client.ts";
import { type DockerRegistry, startDockerRegistry } from "../support/docker-registry.ts";
import { createTestTls, type TestTls } from "../support/tls.ts";
import { startTokenServer, type TokenServer } from "../support/token-server.ts";
import { randomImage, randomIndex } from "./random-image.ts";

/** alice, open-sesame */
const HTPASSWD = "alice:$2y$05$9XKkJI2hhWlpzTzZPk6ZtuY4YIzw84MY3TGJwiIWD2ZcMCtrvFdn6\n";
const KIB = 1024;

let scratch: string;
let tls: TestTls;
let plain: DockerRegistry;
let basic: DockerRegistry;
let bearer: DockerRegistry;
let secure: DockerRegistry;
let tokens: TokenServer;

beforeAll(async () => {
  scratch = mkdtempSync(join(tmpdir(), "knbuild-push-pull-"));
  tls = await createTestTls();
  tokens = await startTokenServer({
    ...tls,
    service: "test registry",
    users: { alice: "open-sesame" },
    allow: (user, repository, action) => user === "alice" || (action === "pull" && repository.startsWith("public/")),
    refreshTokens: { "a-refresh-token": "alice" },
  });
  [plain, basic, bearer, secure] = await Promise.all([
    startDockerRegistry(),
    startDockerRegistry({ htpasswd: HTPASSWD }),
    startDockerRegistry({
      token: { realm: tokens.url, service: "test registry", issuer: tokens.issuer, certFile: tls.certFile },
    }),
    startDockerRegistry({ tls }),
  ]);
});

afterAll(async () => {
  await Promise.all([plain.close(), basic.close(), bearer.close(), secure.close(), tokens.close()]);
  rmSync(scratch, { recursive: true, force: true });
  rmSync(tls.dir, { recursive: true, force: true });
});

let counter = 0;
function client(options: RegistryClientOptions & { auths?: object } = {}) {
  const dir = join(scratch, String(counter++));
  const { auths, ...rest } = options;
  const env = { HOME: dir, DOCKER_CONFIG: dir };
  if (auths) {
    mkdirSync(dir, { recursive: true });
    writeFileSync(join(dir, "config.json"), JSON.stringify({ auths }));
  }
  return createRegistryClient({ env, cacheDir: join(dir, "cache"), retry: { baseDelayMs: 10 }, ...rest });
}

const login = (password = "open-sesame") => ({ auth: Buffer.from(`alice:${password}`).toString("base64") });

it("a token server elsewhere sees the login where the configuration trusts it", async () => {
  const realm = new URL(tokens.url);
  realm.hostname = "0.0.0.0"; // This machine, too, but nothing that belongs to localhost.
  const away = await startDockerRegistry({
    token: { realm: realm.href, service: "test registry", issuer: tokens.issuer, certFile: tls.certFile },
  });
  try {
    const image = await randomImage([3 * KIB]);
    const config = join(scratch, "trusting.yaml");
    const push = (registry: string) => {
      writeFileSync(config, `trustedRealms: { "${registry}": ["${realm.host}"] }\n`);
      const options = registryClientOptions({ config }, { cwd: scratch, env: {} });
      const up = client({ ...options, plainHttp: [realm.host], auths: { [away.host]: login() } });
      const destination = up.repository(`${away.host}/team/app`, { access: "push" });
      return copy(image.target, destination, { reference: "latest", tags: ["v1"] });
    };
    await expect(push("registry.example")).rejects.toMatchObject({
      code: "REALM_UNTRUSTED",
      hint: expect.stringContaining(`trustedRealms: { "${away.host}": ["${realm.host}"] }`),
    });
    expect((await push(away.host)).digest).toBe(image.descriptor.digest);
  } finally {
    await away.close();
  }
});

describe("a registry without login", () => {
  it("takes an image and gives it back byte by byte", async () => {
    const image = await randomImage([3 * KIB, 5_000_000, 0], { seed: "plain" });
    const up = client();
    const report = await copy(image.target, up.repository(`${plain.host}/team/app`, { access: "push" }), {
      reference: "latest",
      tags: ["v1", "v2"],
    });
    expect(report.digest).toBe(image.descriptor.digest);
    expect(report.blobs.map((blob) => blob.action)).toEqual(["uploaded", "uploaded", "uploaded", "uploaded"]);
    expect(report.bytesUploaded).toBe(image.config.size + 3 * KIB + 5_000_000);

    const down = createMemoryTarget();
    const pulled = await copy(client().repository(`${plain.host}/team/app`), down, { reference: "v2", tags: ["x"] });
    expect(pulled.blobs.every((blob) => blob.action === "downloaded")).toBe(true);
    expect(pulled.bytesDownloaded).toBe(report.bytesUploaded);
    expect([...down.content.keys()].sort()).toEqual([...image.target.content.keys()].sort());
    for (const [digest, bytes] of down.content)
      expect(Buffer.compare(bytes, image.target.content.get(digest)!)).toBe(0);
  });

  it("sends nothing that is there, in one request when the tag stands", async () => {
    const image = await randomImage([20_000, 30_000], { seed: "twice" });
    const repository = `${plain.host}/team/twice`;
    await copy(image.target, client().repository(repository, { access: "push" }), { reference: "latest", tags: ["a"] });
    const again = await copy(image.target, client().repository(repository, { access: "push" }), {
      reference: "latest",
      tags: ["a"],
    });
    expect(again.blobs.map((blob) => blob.action)).toEqual(["exists", "exists", "exists"]);
    expect(again).toMatchObject({ bytesUploaded: 0, requests: 1, retries: 0 });
  });

  it("mounts within a registry: no blob is read or sent", async () => {
    const image = await randomImage([2_000_000, 30_000], { seed: "mount" });
    await copy(image.target, client().repository(`${plain.host}/base/one`, { access: "push" }), {
      reference: "latest",
      tags: ["a"],
    });
    const one = client();
    const report = await copy(one.repository(`${plain.host}/base/one`), one.repository(`${plain.host}/base/two`), {
      reference: "a",
      tags: ["b"],
    });
    expect(report.blobs.map((blob) => blob.action)).toEqual(["mounted", "mounted", "mounted"]);
    expect(report.blobs[0]?.from).toBe(`${plain.host}/base/one`);
    expect(report).toMatchObject({ bytesDownloaded: 0, bytesUploaded: 0 });
    // The manifest, the tag, a mount for each of the three blobs, the manifest again.
    expect(report.requests).toBe(6);
    expect((await client().repository(`${plain.host}/base/two`).resolve("b"))?.digest).toBe(image.descriptor.digest);
  });

  it("finds a place to mount from in what earlier runs have seen", async () => {
    const image = await randomImage([100_000], { seed: "remembered" });
    const cacheDir = join(scratch, "remembering");
    const first = client({ cacheDir }).repository(`${plain.host}/seen/one`, { access: "push" });
    await copy(image.target, first, { reference: "latest", tags: ["a"] });
    const second = client({ cacheDir }).repository(`${plain.host}/seen/two`, { access: "push" });
    const report = await copy(image.target, second, { reference: "latest", tags: ["a"] });
    expect(report.blobs.map((blob) => blob.action)).toEqual(["mounted", "mounted"]);
  });

  it("keeps an index as it is, or takes one platform out of it", async () => {
    const target = createMemoryTarget();
    const amd64 = await randomImage([9_000, 8_000], { seed: "amd64", target });
    const arm64 = await randomImage([7_000, 8_000], { seed: "arm64", target, architecture: "arm64" });
    const index = await randomIndex(
      target,
      [
        { image: arm64, architecture: "arm64" },
        { image: amd64, architecture: "amd64" },
      ],
      "both",
    );
    const repository = client().repository(`${plain.host}/team/multi`, { access: "push" });
    const whole = await copy(target, repository, { reference: "both", tags: ["both"] });
    expect(whole.digest).toBe(index.digest);
    expect(whole.blobs).toHaveLength(6);
    const one = createMemoryTarget();
    const picked = await copy(client().repository(`${plain.host}/team/multi`), one, {
      reference: "both",
      tags: ["one"],
      platform: { os: "linux", architecture: "amd64" },
    });
    expect(picked.digest).toBe(amd64.descriptor.digest);
    expect(picked.blobs.map((blob) => blob.digest)).toEqual([
      amd64.config.digest,
      ...amd64.layers.map((l) => l.digest),
    ]);
    await expect(
      copy(client().repository(`${plain.host}/team/multi`), one, {
        reference: "both",
        platform: { os: "linux", architecture: "s390x" },
      }),
    ).rejects.toMatchObject({ code: "PLATFORM_MISSING", hint: "It has: linux/arm64, linux/amd64." });
    const single = (architecture: string) =>
      copy(target, one, { reference: arm64.descriptor, platform: { os: "linux", architecture } });
    expect((await single("arm64")).digest).toBe(arm64.descriptor.digest);
    const told = { code: "PLATFORM_MISSING", message: expect.stringContaining("linux/arm64, not for linux/amd64") };
    await expect(single("amd64")).rejects.toMatchObject(told);
    const { descriptor } = await randomImage([5_000], { seed: "no system", target, os: "" });
    await copy(target, one, { reference: descriptor, platform: { os: "linux", architecture: "amd64" } });
  });

  it("opens a base lazily: a manifest and a config are all that it costs", async () => {
    const image = await randomImage([700_000, 800_000], { seed: "lazy" });
    const repository = `${plain.host}/base/lazy`;
    await copy(image.target, client().repository(repository, { access: "push" }), { reference: "latest", tags: ["a"] });
    const reader = client();
    const source = reader.repository(repository);
    const found = await source.resolve("a");
    const base = imageOf(source, await selectImage(source, found!));
    const layers = await base.layers();
    expect(layers.map((layer) => layer.descriptor)).toEqual(image.layers);
    expect(layers[0]?.origin).toEqual([{ registry: plain.host, repository: "base/lazy" }]);
    expect(reader.stats.bytesDownloaded).toBe(image.config.size);
  });

  it("says what is not there", async () => {
    const source = client().repository(`${plain.host}/no/such`);
    expect(await source.resolve("latest")).toBeNull();
    await expect(copy(source, createMemoryTarget(), { reference: "latest" })).rejects.toMatchObject({
      code: "IMAGE_UNKNOWN",
    });
  });

  it("keeps Docker's media types", async () => {
    const image = await randomImage([4_000], { seed: "docker", docker: true });
    const repository = `${plain.host}/team/docker`;
    await copy(image.target, client().repository(repository, { access: "push" }), { reference: "latest", tags: ["a"] });
    expect(await client().repository(repository).resolve("a")).toEqual(image.descriptor);
  });

  it("lists tags over pages and deletes", async () => {
    const image = await randomImage([100], { seed: "tags" });
    const tags = Array.from({ length: 120 }, (_, i) => `t${i}`);
    const repository = client().repository(`${plain.host}/team/tags`, { access: "push" });
    await copy(image.target, repository, { reference: "latest", tags });
    const found: string[] = [];
    for await (const tag of repository.tags()) found.push(tag);
    expect(found.sort()).toEqual(tags.sort());
    // distribution 2.8 deletes by digest only.
    await expect(repository.delete("t1")).rejects.toMatchObject({
      code: "REGISTRY_UNSUPPORTED",
      hint: expect.stringContaining(image.descriptor.digest),
    });
    await expect(repository.delete("never-there")).rejects.toMatchObject({ code: "IMAGE_UNKNOWN" });
    await repository.delete(image.descriptor.digest);
    expect(await client().repository(`${plain.host}/team/tags`).resolve("t1")).toBeNull();
  });
});

describe("a registry with user and password", () => {
  it("is asked without login first, then with the one from config.json", async () => {
    const image = await randomImage([50_000], { seed: "basic" });
    const auths = { [basic.host]: login() };
    await copy(image.target, client({ auths }).repository(`${basic.host}/a/b`, { access: "push" }), {
      reference: "latest",
      tags: ["v1"],
    });
    const down = createMemoryTarget();
    await copy(client({ auths }).repository(`${basic.host}/a/b`), down, { reference: "v1" });
    expect(down.content.size).toBe(3);
  });

  it("says so when there is no login, or a wrong one, and never says the password", async () => {
    await expect(client().repository(`${basic.host}/a/b`).resolve("v1")).rejects.toMatchObject({
      code: "REGISTRY_UNAUTHORIZED",
      hint: `No login for ${basic.host} is known: log in first.`,
    });
    const wrong = client({ auths: { [basic.host]: login("wrong-password") } });
    const error = await wrong
      .repository(`${basic.host}/a/b`)
      .resolve("v1")
      .catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: "REGISTRY_UNAUTHORIZED" });
    expect(JSON.stringify({ ...(error as object), text: String(error) })).not.toContain("wrong-password");
  });
});

describe("a registry with a token server", () => {
  const auths = () => ({ [bearer.host]: login() });

  it("pushes with one token, mounts with a scope for both repositories", async () => {
    const image = await randomImage([60_000, 2_000_000], { seed: "bearer" });
    tokens.requests.length = 0;
    const pusher = client({ auths: auths() });
    await copy(image.target, pusher.repository(`${bearer.host}/public/app`, { access: "push" }), {
      reference: "latest",
      tags: ["v1"],
    });
    expect(tokens.requests.map((request) => request.scopes)).toEqual([["repository:public/app:pull,push"]]);
    tokens.requests.length = 0;
    const mounter = client({ auths: auths() });
    const report = await copy(
      mounter.repository(`${bearer.host}/public/app`),
      mounter.repository(`${bearer.host}/team/copy`, { access: "push" }),
      { reference: "v1", tags: ["v1"] },
    );
    expect(report.blobs.every((blob) => blob.action === "mounted")).toBe(true);
    expect(tokens.requests.map((request) => request.scopes)).toContainEqual([
      "repository:public/app:pull",
      "repository:team/copy:pull,push",
    ]);
  });

  it("reads a public image without login, and with a stale one", async () => {
    const events: KnbuildEvent[] = [];
    const stale = client({ auths: { [bearer.host]: login("stale-pass") }, emit: (event) => events.push(event) });
    for (const reader of [client(), stale]) {
      const down = createMemoryTarget();
      await copy(reader.repository(`${bearer.host}/public/app`), down, { reference: "v1" });
      expect(down.content.size).toBe(4);
    }
    expect(events).toContainEqual(expect.objectContaining({ type: "warning", code: "REGISTRY_LOGIN_REFUSED" }));
    expect(JSON.stringify(events)).not.toContain("stale-pass");
    await expect(stale.repository(`${bearer.host}/team/copy`).resolve("v1")).rejects.toMatchObject({
      code: "REGISTRY_UNAUTHORIZED",
    });
  });

  it("exchanges an identity token", async () => {
    const reader = client({ auths: { [bearer.host]: { identitytoken: "a-refresh-token" } } });
    tokens.requests.length = 0;
    expect(await reader.repository(`${bearer.host}/team/copy`).resolve("v1")).not.toBeNull();
    expect(tokens.requests).toEqual([
      { user: "alice", scopes: ["repository:team/copy:pull"], method: "POST", status: 200 },
    ]);
  });
});

describe("a registry behind TLS", () => {
  it("is found on its port without being told, and checked against the named authority", async () => {
    const image = await randomImage([70_000], { seed: "tls" });
    const repository = `${secure.host}/a/b`;
    await copy(image.target, client({ caFiles: [tls.caFile] }).repository(repository, { access: "push" }), {
      reference: "latest",
      tags: ["v1"],
    });
    await expect(client().repository(repository).resolve("v1")).rejects.toMatchObject({ code: "TLS_UNTRUSTED" });
    const careless = client({ insecure: [secure.host] });
    expect((await careless.repository(repository).resolve("v1"))?.digest).toBe(image.descriptor.digest);
  });
});
