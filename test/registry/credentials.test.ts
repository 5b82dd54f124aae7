import { spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { createProxySelector } from "../../src/base/proxy.ts";
import { copy } from "../../src/oci/copy.ts";
import { createMemoryTarget } from "../../src/oci/memory-target.ts";
import { parseChallenges } from "../../src/registry/challenge.ts";
import { createRegistryClient } from "../../src/registry/client.ts";
import { getFromHelper, listOfHelper } from "../../src/registry/credential-helper.ts";
import { dockerConfigCredentials } from "../../src/registry/docker-config.ts";
import { createHosts } from "../../src/registry/hosts.ts";
import { login, logout } from "../../src/registry/login.ts";
import { publicUrl } from "../../src/registry/public-url.ts";
import { isTrustedRealm } from "../../src/registry/realm.ts";
import { type DockerRegistry, startDockerRegistry } from "../support/docker-registry.ts";
import { callOf, type FaultProxy, startFaultProxy } from "../support/fault-proxy.ts";
import { buildKnbuild } from "../support/knbuild.ts";
import { randomImage } from "./random-image.ts";

/** alice, open-sesame */
const HTPASSWD = "alice:$2y$05$HcJwSpkPA7UYXV35t5B40Ow9JcAI0WajmqcjWxH2P23vOi7X4Aw4m\n";
const PASSWORD = "open-sesame";

let scratch: string;
let registry: DockerRegistry;
let front: FaultProxy;
let elsewhere: FaultProxy;

beforeAll(async () => {
  scratch = mkdtempSync(join(tmpdir(), "knbuild-credentials-"));
  registry = await startDockerRegistry({ htpasswd: HTPASSWD });
  front = await startFaultProxy(registry.host);
  elsewhere = await startFaultProxy(registry.host);
});

afterAll(async () => {
  await Promise.all([front.close(), elsewhere.close(), registry.close()]);
  rmSync(scratch, { recursive: true, force: true });
});

function home(name: string, config?: object) {
  const dir = join(scratch, name);
  mkdirSync(dir, { recursive: true });
  if (config) writeFileSync(join(dir, "config.json"), JSON.stringify(config));
  return { HOME: dir, DOCKER_CONFIG: dir, PATH: `${scratch}/bin:${process.env["PATH"]}` };
}

const auth = Buffer.from(`alice:${PASSWORD}`).toString("base64");
const client = () =>
  createRegistryClient({
    env: home("plain", { auths: { [front.host]: { auth } } }),
    cacheDir: null,
    retry: { baseDelayMs: 5, attempts: 3 },
    monolithicBytes: 10_000,
  });

describe("credentials stay with their origin", () => {
  it("when a download is sent elsewhere", async () => {
    const image = await randomImage([50_000], { seed: "redirected" });
    await copy(image.target, client().repository(`${front.host}/a/b`, { access: "push" }), {
      reference: "latest",
      tags: ["v1"],
    });
    const to = `${elsewhere.url}/v2/a/b/blobs/${image.layers[0]!.digest}`;
    front.faults.push({ when: (r) => callOf(r) === "get-blob", fault: { do: "redirect", to }, times: 100 });
    await expect(
      copy(client().repository(`${front.host}/a/b`), createMemoryTarget(), { reference: "v1" }),
    ).rejects.toThrow();
    front.faults.length = 0;
    expect(elsewhere.seen.length).toBeGreaterThan(0);
    expect(elsewhere.seen.every((request) => request.authorization === undefined)).toBe(true);
  });

  it("when an upload's Location names another host or port", async () => {
    elsewhere.seen.length = 0;
    const image = await randomImage([50_000], { seed: "located" });
    const set = (headers: Record<string, string | undefined>) =>
      headers["location"] ? { ...headers, location: headers["location"].replace(front.host, elsewhere.host) } : headers;
    front.faults.push({ when: (r) => callOf(r) === "start", fault: { do: "headers", set }, times: 100 });
    const pushing = copy(image.target, client().repository(`${front.host}/a/c`, { access: "push" }), {
      reference: "latest",
      tags: ["v1"],
    });
    await expect(pushing).rejects.toMatchObject({ code: "REGISTRY_UNAUTHORIZED" });
    front.faults.length = 0;
    expect(elsewhere.seen.length).toBeGreaterThan(0);
    expect(elsewhere.seen.every((request) => request.authorization === undefined)).toBe(true);
  });

  it("when a list of tags goes on at another host", async () => {
    elsewhere.seen.length = 0;
    const set = (headers: Record<string, string | undefined>) => ({
      ...headers,
      link: `<${elsewhere.url}/v2/a/b/tags/list?last=v1>; rel="next"`,
    });
    front.faults.push({ when: (r) => callOf(r) === "tags", fault: { do: "headers", set }, times: 100 });
    const list = async () => {
      for await (const _ of client().repository(`${front.host}/a/b`).tags());
    };
    await expect(list()).rejects.toThrow();
    front.faults.length = 0;
    expect(elsewhere.seen.map((request) => request.authorization)).toEqual([undefined]);
  });

  it("when a token server belongs to somebody else", () => {
    const hosts = createHosts({ env: {} });
    const trusted = (registryUrl: string, realm: string, extra: string[] = []) =>
      isTrustedRealm(new URL(registryUrl), new URL(realm), hosts, extra);
    expect(trusted("https://registry-1.docker.io", "https://auth.docker.io/token")).toBe(true);
    expect(trusted("https://ghcr.io", "https://ghcr.io/token")).toBe(true);
    expect(trusted("https://registry.gitlab.com", "https://gitlab.com/jwt/auth")).toBe(true);
    expect(trusted("http://127.0.0.1:5000", "http://127.0.0.1:5001/token")).toBe(true);
    expect(trusted("https://registry.example.com", "https://evil.test/token")).toBe(false);
    expect(trusted("https://registry.example.com", "https://evil.test/token", ["evil.test"])).toBe(true);
    expect(trusted("https://registry.example.com", "http://registry.example.com/token")).toBe(false);
    expect(trusted("https://registry.example.co.uk", "https://evil.co.uk/token")).toBe(false);
  });

  it("and are not shown in URLs", () => {
    const url = new URL("https://user:pw@storage.example/blob?X-Amz-Signature=abc&sig=def&n=100");
    expect(publicUrl(url)).toBe("https://storage.example/blob?n=100&…");
  });
});

describe("where logins come from", () => {
  const find = (env: NodeJS.ProcessEnv, host: string, repository = "a/b") =>
    dockerConfigCredentials(env).find(host, repository);

  it("auths by host, by path, by URL; the file that is named first", async () => {
    const pair = (text: string) => ({ auth: Buffer.from(text).toString("base64") });
    const env = home("auths", {
      auths: {
        "https://index.docker.io/v1/": pair("hub:one"),
        "registry.example": pair("host:two"),
        "registry.example/team": pair("team:three"),
        "https://old.example/v2/": pair("old:four"),
        "token.example": { identitytoken: "five" },
      },
    });
    expect(await find(env, "docker.io")).toMatchObject({ credential: { username: "hub", password: "one" } });
    expect(await find(env, "registry.example")).toMatchObject({ credential: { username: "host" } });
    expect(await find(env, "registry.example", "team/app")).toMatchObject({ credential: { username: "team" } });
    expect(await find(env, "old.example")).toMatchObject({ credential: { username: "old" } });
    expect(await find(env, "token.example")).toMatchObject({ credential: { kind: "identity-token", token: "five" } });
    expect(await find(env, "registry.example.evil")).toBeUndefined();
    const named = join(scratch, "named.json");
    writeFileSync(named, JSON.stringify({ auths: { "registry.example": pair("named:six") } }));
    expect(await find({ ...env, REGISTRY_AUTH_FILE: named }, "registry.example")).toMatchObject({
      credential: { username: "named" },
    });
    const podman = { HOME: join(scratch, "podman-home") };
    mkdirSync(join(podman.HOME, ".config/containers"), { recursive: true });
    writeFileSync(
      join(podman.HOME, ".config/containers/auth.json"),
      JSON.stringify({ auths: { "registry.example": pair("podman:seven") } }),
    );
    expect(await find(podman, "registry.example")).toMatchObject({ credential: { username: "podman" } });
  });

  it("says which file is broken without showing what is in it", async () => {
    const env = home("broken");
    writeFileSync(join(env.DOCKER_CONFIG, "config.json"), '{"auths": {"x": {"auth": "c2VjcmV0"}}');
    const error = await find(env, "x").catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: "AUTH_FILE_INVALID", where: join(env.DOCKER_CONFIG, "config.json") });
    expect(String(error)).not.toContain("c2VjcmV0");
  });

  it("credential helpers, asked by the protocol", async () => {
    mkdirSync(join(scratch, "bin"), { recursive: true });
    const helper = join(scratch, "bin/docker-credential-test");
    const state = join(scratch, "helper-state");
    writeFileSync(
      helper,
      `#!/bin/sh
read -r line
case "$1" in
get) case "$line" in
  known.example) echo '{"ServerURL":"known.example","Username":"bob","Secret":"pw"}';;
  token.example) echo '{"Username":"<token>","Secret":"refresh"}';;
  https://url.example:5000|api.example/v1/) echo '{"Username":"url","Secret":"pw"}';;
  broken.example) echo 'the keychain is locked' >&2; exit 1;;
  *) echo 'credentials not found in native keychain'; exit 1;;
  esac;;
list) echo '{"https://url.example:5000":"url","api.example/v1/":"url","https://other.example":"x"}';;
store) echo "$line" > ${state};;
erase) echo "erased $line" > ${state};;
esac
`,
    );
    chmodSync(helper, 0o755);
    const env = home("helper", { credsStore: "test", credHelpers: { "other.example": "missing" } });
    expect(await find(env, "known.example")).toEqual({
      credential: { kind: "password", username: "bob", password: "pw" },
      from: "docker-credential-test",
    });
    expect(await find(env, "token.example")).toMatchObject({
      credential: { kind: "identity-token", token: "refresh" },
    });
    expect(await find(env, "unknown.example")).toBeUndefined();
    // Stored under a URL, as older tools did: the helper's list tells it.
    for (const host of ["url.example:5000", "api.example"])
      expect(await find(env, host)).toMatchObject({ credential: { username: "url" } });
    expect(
      await find(home("helper-url", { credHelpers: { "https://api.example": "test" } }), "api.example"),
    ).toBeDefined();
    await expect(find(env, "broken.example")).rejects.toMatchObject({
      code: "CREDENTIAL_HELPER_FAILED",
      message: expect.stringContaining("keychain is locked"),
      where: "broken.example",
    });
    await expect(find(env, "other.example")).rejects.toMatchObject({ code: "CREDENTIAL_HELPER_MISSING" });

    const stored = await login(registry.host, { username: "alice", password: PASSWORD }, { env, cacheDir: null });
    expect(stored.storedIn).toBe("docker-credential-test");
    expect(JSON.parse(readFileSync(state, "utf8"))).toEqual({
      ServerURL: registry.host,
      Username: "alice",
      Secret: PASSWORD,
    });
    expect(await logout(registry.host, env)).toBe(true);
    expect(readFileSync(state, "utf8")).toBe(`erased ${registry.host}\n`);
  });
});

/** proc_pid_stat(5): Z and X have ended; empty: there is none. */
function stateOf(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/stat`, "utf8").split(") ").at(-1)?.[0] ?? "";
  } catch {
    return "";
  }
}

it("credential helpers that hang, ask in vain or answer nonsense are told as such, and nothing waits for them", async () => {
  const bin = join(scratch, "odd-bin");
  mkdirSync(bin);
  const helper = (name: string, script: string) => {
    writeFileSync(join(bin, `docker-credential-${name}`), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
    return { PATH: `${bin}:${process.env["PATH"]}` };
  };
  // What it has started keeps its pipes open, and goes with it.
  const note = join(bin, "started");
  const hangs = helper("hangs", `trap '' TERM; sleep 60 & echo $! > ${note}; wait; echo '{"late.example":""}'`);
  expect(await listOfHelper("hangs", hangs)).toEqual([]);
  const started = readFileSync(note, "utf8").trim();
  await vi.waitFor(() => expect(stateOf(started)).toMatch(/^[ZX]?$/), 5_000);
  expect(await getFromHelper("null", "a.example", helper("null", "echo null"))).toBeUndefined();
  const said = await getFromHelper(
    "tells",
    "a.example",
    helper("tells", `echo '{"Username":"u","Secret":"hidden-password"}'; exit 1`),
  ).catch((error: unknown) => error);
  expect(said).toMatchObject({ code: "CREDENTIAL_HELPER_FAILED" });
  expect(String(said)).not.toContain("hidden-password");
});

it("a credential helper that is not there ends the program at once", async () => {
  const knbuild = buildKnbuild();
  try {
    const env = home("no-helper", { credsStore: "not-there" });
    // A clock that was left running would keep it for half a minute.
    const ended = spawnSync(process.execPath, [knbuild.program, "tags", `${registry.host}/a/b`], {
      encoding: "utf8",
      env,
      timeout: 20_000,
    });
    expect(ended).toMatchObject({ status: 1, stderr: expect.stringContaining("CREDENTIAL_HELPER_MISSING") });
  } finally {
    knbuild.remove();
  }
});

it("an `auth` that is no text is a broken file", async () => {
  const env = home("number", { auths: { x: { auth: 5 } } });
  await expect(dockerConfigCredentials(env).find("x", "a/b")).rejects.toMatchObject({ code: "AUTH_FILE_INVALID" });
});

describe("login and logout", () => {
  it("keep a good login in a file that only its owner reads, and a bad one not at all", async () => {
    const env = home("login", { psFormat: "table" });
    const file = join(env.DOCKER_CONFIG, "config.json");
    await expect(
      login(registry.host, { username: "alice", password: "wrong" }, { env, cacheDir: null }),
    ).rejects.toMatchObject({
      code: "REGISTRY_UNAUTHORIZED",
    });
    expect(JSON.parse(readFileSync(file, "utf8"))).toEqual({ psFormat: "table" });
    expect(
      await login(`http://${registry.host}/`, { username: "alice", password: PASSWORD }, { env, cacheDir: null }),
    ).toEqual({
      registry: registry.host,
      storedIn: file,
    });
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(JSON.parse(readFileSync(file, "utf8"))).toEqual({ psFormat: "table", auths: { [registry.host]: { auth } } });
    expect(await logout(registry.host, env)).toBe(true);
    expect(await logout(registry.host, env)).toBe(false);
  });
});

describe("headers and proxies", () => {
  it("reads challenges", () => {
    expect(
      parseChallenges(
        'Bearer realm="https://a/t?x=1,2",service="s \\"q\\"",scope="repository:a/b:pull,push", Basic realm=plain',
      ),
    ).toEqual([
      {
        scheme: "bearer",
        parameters: { realm: "https://a/t?x=1,2", service: 's "q"', scope: "repository:a/b:pull,push" },
      },
      { scheme: "basic", parameters: { realm: "plain" } },
    ]);
    expect(parseChallenges('BASIC Realm="x"')).toEqual([{ scheme: "basic", parameters: { realm: "x" } }]);
    expect(parseChallenges(undefined)).toEqual([]);
    expect(parseChallenges(',,=,"')).toEqual([]);
  });

  it("chooses a proxy as Go programs do", () => {
    const select = createProxySelector({
      HTTP_PROXY: "proxy.example:3128",
      https_proxy: "http://secure.example:3129",
      NO_PROXY: "internal.example,.corp.example,10.0.0.0/8,registry.example:5000,fd00::/8",
    });
    const via = (url: string) => select(new URL(url))?.host;
    expect(via("http://a.example/")).toBe("proxy.example:3128");
    expect(via("https://a.example/")).toBe("secure.example:3129");
    expect(via("https://internal.example/")).toBeUndefined();
    expect(via("https://x.internal.example/")).toBeUndefined();
    expect(via("https://x.corp.example/")).toBeUndefined();
    expect(via("https://10.1.2.3/")).toBeUndefined();
    expect(via("https://[fd00::1]/")).toBeUndefined();
    expect(via("https://registry.example:5000/")).toBeUndefined();
    expect(via("https://registry.example/")).toBe("secure.example:3129");
    expect(via("http://localhost:5000/")).toBeUndefined();
  });

  it.each([
    ["*", "http://a/", true],
    ["a.example", "http://A.Example./", true],
    [".corp.example", "http://corp.example/", false],
    ["*.corp.example", "http://x.y.corp.example/", true],
    ["corp.example", "http://notcorp.example/", false],
    ["192.168.1.5:5000", "http://192.168.1.5:5000/", true],
    ["192.168.1.5:5000", "http://192.168.1.5:5001/", false],
    ["192.168.1.5", "http://192.168.1.5:5001/", true],
    ["168.1.5", "http://192.168.1.5/", false],
    ["192.168.0.0/16", "http://192.168.200.1:5000/", true],
    ["192.168.0.0/33, 10.0.0.0/x, a/b, [::1", "http://192.168.0.1/", false],
    ["[fd00::5]:5000", "http://[fd00::5]:5000/", true],
    ["[fd00::5]:5000", "http://[fd00::5]:5001/", false],
    ["fd00:0::5", "http://[fd00::5]:5001/", true],
    ["fd00::/8", "http://[fd12::1]/", true],
    [" , b.example ,", "http://b.example/", true],
    ["b.example c.example", "http://c.example/", true],
    ["registry:443", "https://registry/", true],
    ["registry:443", "http://registry/", false],
  ])("NO_PROXY=%s for %s: %s", (list, url, direct) => {
    const select = createProxySelector({ HTTP_PROXY: "p:1", HTTPS_PROXY: "p:1", no_proxy: list });
    expect(select(new URL(url)) === undefined).toBe(direct);
  });
});
