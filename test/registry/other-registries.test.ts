/**
 * Habits of registries that cannot run here, each known from public reports: an image is pushed to a server that has one of them
 * and read back from it.
 */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { readAll } from "../../src/base/streams.ts";
import { copy } from "../../src/oci/copy.ts";
import { createMemoryTarget } from "../../src/oci/memory-target.ts";
import type { ReadTarget } from "../../src/oci/target.ts";
import { createRegistryClient, type RegistryClientOptions } from "../../src/registry/client.ts";
import { type Call, type Habit, startMemoryRegistry } from "../support/memory-registry.ts";
import { randomImage } from "./random-image.ts";

const closers: (() => void)[] = [];
afterEach(() => {
  for (const close of closers.splice(0)) close();
});

async function registry(habit?: Habit) {
  const made = await startMemoryRegistry(habit);
  closers.push(made.close);
  return made;
}

const LOGIN = {
  find: async () => ({ credential: { kind: "password", username: "u", password: "p" } as const, from: "a file" }),
};

function repository(host: string, options: RegistryClientOptions & { access?: "push" } = {}) {
  const { access, ...rest } = options;
  const retry = { baseDelayMs: 1, maxDelayMs: 2 };
  const made = createRegistryClient({
    env: {},
    cacheDir: null,
    machineMirrors: false,
    retry,
    monolithicBytes: 4096,
    ...rest,
  });
  closers.push(() => void made.close());
  return made.repository(`${host}/a/b`, access ? { access } : {});
}

/** Layers of two sizes: in one request, and in more. */
const source = () => randomImage([1_000, 300_000]);

async function assertSame(from: ReadTarget, to: ReadTarget, digest: string): Promise<void> {
  const back = createMemoryTarget();
  const report = await copy(to, back, { reference: "v1" });
  expect(report.digest).toBe(digest);
  for (const { digest, size } of report.blobs) {
    const descriptor = { mediaType: "application/octet-stream", digest, size };
    expect(Buffer.compare(await readAll(back.open(descriptor), 1e6), await readAll(from.open(descriptor), 1e6))).toBe(
      0,
    );
  }
}

async function roundTrip(habit: Habit, options: RegistryClientOptions = {}) {
  const { host, seen } = await registry(habit);
  const { target: memory, descriptor } = await source();
  await copy(memory, repository(host, { ...options, access: "push" }), { reference: descriptor, tags: ["v1"] });
  await assertSame(memory, repository(host, options), descriptor.digest);
  return seen;
}

/** A token server under the registry's own name; what a token is good for is written in it. */
function tokens(call: Call, host: string, grant: (scope: string) => string = (scope) => scope): boolean {
  if (call.path.startsWith("token") || call.request.url?.startsWith("/token")) {
    const scope = new URLSearchParams(call.query).getAll("scope").map(grant).join(" ");
    call.answer(
      200,
      { "content-type": "application/json" },
      JSON.stringify({ token: Buffer.from(scope).toString("base64url") }),
    );
    return true;
  }
  const held = Buffer.from(call.authorization?.replace("Bearer ", "") ?? "", "base64url").toString();
  const needed = ["GET", "HEAD"].includes(call.method) && !call.path.includes("uploads") ? "pull" : "push";
  if (call.authorization && held.includes(needed)) return false;
  const challenge = `Bearer realm="http://${host}/token",service="fake",scope="repository:a/b:${needed === "pull" ? "pull" : "pull,push"}"`;
  call.refuse(401, "UNAUTHORIZED", "authentication required", { "www-authenticate": challenge });
  return true;
}

describe("uploads", () => {
  it("by the book", async () => {
    await roundTrip(() => false);
  });

  it("Artifactory: a PUT with the whole blob is a blob unknown, PATCH and PUT are not", async () => {
    await roundTrip(({ method, path, body, refuse }) => {
      if (method !== "PUT" || !path.startsWith("blobs/uploads") || body.byteLength === 0) return false;
      refuse(404, "BLOB_UNKNOWN");
      return true;
    });
  });

  it("a registry without PATCH takes the whole blob in one PUT", async () => {
    await roundTrip(({ method, refuse }) => {
      if (method !== "PATCH") return false;
      refuse(405, "UNSUPPORTED");
      return true;
    });
  });

  it("ECR: PATCH is answered with 201 and no range", async () => {
    await roundTrip((call) => {
      if (call.method === "PATCH") call.change = (_, { range: _range, ...headers }) => [201, headers];
      return false;
    });
  });

  it("the state in a Location is the registry's own writing, and goes back as it came", async () => {
    const state = "_state=a~b%2Fc%20d!e(1)*%7E&flag&x=%c3%a4+b";
    const seen = await roundTrip((call) => {
      if (!call.path.startsWith("blobs/uploads")) return false;
      if (call.method !== "POST" && !call.query.startsWith(state)) {
        call.refuse(404, "BLOB_UPLOAD_UNKNOWN");
        return true;
      }
      call.change = (status, { location = "", ...headers }) => [
        status,
        { ...headers, location: location.includes("uploads") ? `${location}?${state}` : location },
      ];
      return false;
    });
    expect(seen.filter((line) => line.startsWith("POST"))).toHaveLength(3);
  });

  it("a session's range that counts one byte too many is found out", async () => {
    let cut = false;
    await roundTrip((call) => {
      if (call.method === "PATCH" && !cut) {
        cut = true;
        call.request.socket.destroy();
        return true;
      }
      call.change = (status, headers) => {
        const last = Number(headers["range"]?.slice(2) ?? 0);
        return [status, last > 0 ? { ...headers, range: `0-${last + 1}` } : headers];
      };
      return false;
    });
  });
});

it("ECR: what is meant by hanging up is told", async () => {
  const { host } = await registry(({ method, request, refuse }) => {
    if (method === "POST") request.socket.destroy();
    else refuse(404, "NAME_UNKNOWN");
    return true;
  });
  const ecr = "123456789012.dkr.ecr.eu-west-1.amazonaws.com";
  const { target: memory, descriptor } = await source();
  const through = {
    env: { HTTP_PROXY: `http://${host}` },
    plainHttp: [ecr],
    credentials: LOGIN,
    retry: { attempts: 2 },
  };
  const push = copy(memory, repository(ecr, { ...through, access: "push" }), { reference: descriptor, tags: ["v1"] });
  await expect(push).rejects.toMatchObject({
    code: "NETWORK_FAILED",
    hint: expect.stringContaining("create-repository"),
  });
});

describe("logins", () => {
  it("Quay: a repository that is not there yet refuses questions, not uploads", async () => {
    let exists = false;
    await roundTrip(
      (call, host) => {
        if (tokens(call, host)) return true;
        if (call.method === "POST") exists = true;
        if (exists || !["GET", "HEAD"].includes(call.method)) return false;
        call.refuse(401, "UNAUTHORIZED", "access to the requested resource is not authorized", {
          "www-authenticate": `Bearer realm="http://${host}/token",service="fake"`,
        });
        return true;
      },
      { credentials: LOGIN },
    );
  });

  it("a token that may write and not read is enough for a push", async () => {
    const { host } = await registry((call, own) => {
      if (call.request.url?.startsWith("/token")) return tokens(call, own, () => "push");
      const read = ["GET", "HEAD"].includes(call.method) && !call.path.includes("uploads");
      if (read && call.authorization) {
        call.refuse(403, "DENIED", "pull access denied");
        return true;
      }
      return tokens(call, own, () => "push");
    });
    const { target: memory, descriptor } = await source();
    const target = repository(host, { credentials: LOGIN, access: "push" });
    const report = await copy(memory, target, { reference: descriptor, tags: ["v1"] });
    expect(report.blobs.map((blob) => blob.action)).toEqual(["uploaded", "uploaded", "uploaded"]);
  });

  it("Nexus: a question without a login is a bad request", async () => {
    await roundTrip(
      (call) => {
        if (call.authorization) return false;
        if (call.path === "")
          call.refuse(401, "UNAUTHORIZED", "", {
            "www-authenticate": 'BASIC realm="Sonatype Nexus Repository Manager"',
          });
        else
          call.answer(
            400,
            { "content-type": "text/plain" },
            call.method === "HEAD" ? undefined : "Either Authorization header is missing or invalid",
          );
        return true;
      },
      { credentials: LOGIN },
    );
  });

  it("Gitea: a challenge for every scope there is", async () => {
    await roundTrip(
      (call, host) => {
        if (call.request.url?.startsWith("/token") || call.authorization) return tokens(call, host, () => "pull,push");
        call.refuse(401, "UNAUTHORIZED", "", {
          "www-authenticate": `Bearer realm="http://${host}/token",service="container_registry",scope="*"`,
        });
        return true;
      },
      { credentials: LOGIN },
    );
  });

  it("two challenges in one header, the one for tokens last", async () => {
    await roundTrip(
      (call, host) => {
        if (call.request.url?.startsWith("/token") || call.authorization) return tokens(call, host);
        call.refuse(401, "UNAUTHORIZED", "", {
          "www-authenticate": `Basic realm="a, b=c", charset="UTF-8", bearer realm=http://${host}/token, service = "x y", error="invalid_token"`,
        });
        return true;
      },
      { credentials: LOGIN },
    );
  });

  it("a token that is good for one request is asked for again by each of those that go out together", async () => {
    let issued = 0;
    const good = new Set<string>();
    const habit: Habit = (call, host) => {
      const held = call.authorization?.replace("Bearer ", "") ?? "";
      if (call.request.url?.startsWith("/token")) {
        good.add(`token${++issued}`);
        call.answer(200, { "content-type": "application/json" }, JSON.stringify({ token: `token${issued}` }));
        return true;
      }
      if (good.delete(held)) return false;
      const challenge = `Bearer realm="http://${host}/token",service="fake"`;
      call.refuse(401, "UNAUTHORIZED", "authentication required", { "www-authenticate": challenge });
      return true;
    };
    const { host } = await registry(habit);
    const { target: memory, descriptor } = await randomImage(Array.from({ length: 12 }, (_, i) => 1_000 + i * 2_000));
    const to = repository(host, { credentials: LOGIN, access: "push" });
    await copy(memory, to, { reference: descriptor, tags: ["v1"] });
    await assertSame(memory, repository(host, { credentials: LOGIN }), descriptor.digest);
  });

  it("a stale login keeps nobody from a public image, though the server wants to see more asked for", async () => {
    const { host } = await registry((call, own) => {
      if (call.request.url?.startsWith("/token") && call.authorization) {
        call.refuse(401, "UNAUTHORIZED", "incorrect username or password");
        return true;
      }
      if (call.request.url?.startsWith("/token") || call.authorization) return tokens(call, own, () => "pull");
      const challenge = `Bearer realm="http://${own}/token",service="fake",scope="repository:a/b:pull,push"`;
      call.refuse(401, "UNAUTHORIZED", "authentication required", { "www-authenticate": challenge });
      return true;
    });
    expect(await repository(host, { credentials: LOGIN }).resolve("v1")).toBeNull();
  });

  it("a credential helper that is not there keeps nobody from a public image, and is the reason of a refusal", async () => {
    const { host } = await registry((call, own) => tokens(call, own, (scope) => scope.replace(",push", "")));
    const home = mkdtempSync(join(tmpdir(), "knbuild-helper-"));
    closers.push(() => rmSync(home, { recursive: true }));
    writeFileSync(join(home, "config.json"), JSON.stringify({ credsStore: "not-there" }));
    const env = { DOCKER_CONFIG: home, PATH: home };
    expect(await repository(host, { env }).resolve("v1")).toBeNull();
    const { target: memory, descriptor } = await source();
    const push = copy(memory, repository(host, { env, access: "push" }), { reference: descriptor, tags: ["v1"] });
    await expect(push).rejects.toMatchObject({ code: "CREDENTIAL_HELPER_MISSING" });
  });

  it("OpenShift: a token without the right that was asked for: told as such", async () => {
    const { host } = await registry((call, own) => tokens(call, own, () => "pull"));
    const { target: memory, descriptor } = await source();
    const target = repository(host, { credentials: LOGIN, access: "push" });
    const push = copy(memory, target, { reference: descriptor, tags: ["v1"] });
    await expect(push).rejects.toMatchObject({ code: "REGISTRY_UNAUTHORIZED" });
  });
});

describe("images", () => {
  it.each([202, 200])("Quay: a manifest is answered with %i", async (status) => {
    await roundTrip((call) => {
      if (call.method === "PUT" && call.path.startsWith("manifests")) call.change = (_, headers) => [status, headers];
      return false;
    });
  });

  it("Harbor and ECR: a tag that may not be moved is told once", async () => {
    const { host, seen } = await registry(({ method, path, refuse }) => {
      if (method !== "PUT" || path !== "manifests/v1") return false;
      refuse(412, "PRECONDITION", "Failed to process request due to 'a/b:v1' configured as immutable.");
      return true;
    });
    const { target: memory, descriptor } = await source();
    const push = copy(memory, repository(host, { access: "push" }), { reference: descriptor, tags: ["v1"] });
    await expect(push).rejects.toMatchObject({
      message: expect.stringContaining("immutable"),
      hint: expect.stringContaining("new tag"),
    });
    expect(seen.filter((line) => line.includes("manifests/v1") && line.startsWith("PUT"))).toHaveLength(1);
  });

  it("a proxy speaks HTTP/1.0 and closes each connection", async () => {
    await roundTrip(({ response }) => {
      response.setHeader("connection", "close");
      response.useChunkedEncodingByDefault = false;
      return false;
    });
  });
});

describe("referrers", () => {
  const SUBJECT = `sha256:${"a".repeat(64)}`;

  it.each([400, 404, 405, 406, 501])("a registry that answers %i has none, and its tag is read", async (status) => {
    const { host } = await registry(({ path, refuse }) => {
      if (!path.startsWith("referrers")) return false;
      refuse(status, "UNSUPPORTED");
      return true;
    });
    expect(await repository(host).referrers(SUBJECT)).toEqual([]);
  });

  it("an index that is none is no answer", async () => {
    const { host } = await registry(({ path, answer }) => {
      if (!path.startsWith("referrers")) return false;
      answer(200, { "content-type": "application/vnd.oci.image.index.v1+json" }, "<html>hello");
      return true;
    });
    expect(await repository(host).referrers(SUBJECT)).toEqual([]);
  });

  it("a last page without anything is null where the server is written in Go", async () => {
    const entry = { mediaType: "application/vnd.oci.image.manifest.v1+json", digest: SUBJECT, size: 1 };
    const { host } = await registry(({ path, query, answer }) => {
      if (!path.startsWith("referrers")) return false;
      const type = { "content-type": "application/vnd.oci.image.index.v1+json" };
      const next = { link: `</v2/a/b/referrers/${SUBJECT}?page=1>; rel="next"` };
      if (query.includes("page=1")) answer(200, type, JSON.stringify({ schemaVersion: 2, manifests: null }));
      else answer(200, { ...type, ...next }, JSON.stringify({ schemaVersion: 2, manifests: [entry] }));
      return true;
    });
    expect(await repository(host).referrers(SUBJECT)).toMatchObject([{ digest: SUBJECT }]);
  });

  it("pages in a circle end", async () => {
    const entry = { mediaType: "application/vnd.oci.image.manifest.v1+json", digest: SUBJECT, size: 1 };
    const { host, seen } = await registry(({ path, answer }) => {
      if (!path.startsWith("referrers")) return false;
      const link = `</v2/a/b/referrers/${SUBJECT}?page=1>; rel="next"`;
      const body = JSON.stringify({ schemaVersion: 2, manifests: [entry] });
      answer(200, { "content-type": "application/vnd.oci.image.index.v1+json", link }, body);
      return true;
    });
    await expect(repository(host).referrers(SUBJECT)).rejects.toMatchObject({ code: "REGISTRY_PROTOCOL" });
    expect(seen.length).toBeLessThan(10);
  });
});

it("tags of a registry that wants smaller pages than ours", async () => {
  const { host } = await registry(({ path, query, answer, refuse }) => {
    if (path !== "tags/list") return false;
    if (query.includes("n=1000")) refuse(400, "PAGINATION_NUMBER_INVALID", "invalid number of results requested");
    else answer(200, { "content-type": "application/json" }, JSON.stringify({ name: "a/b", tags: ["v1", "v2"] }));
    return true;
  });
  const tags: string[] = [];
  for await (const tag of repository(host).tags()) tags.push(tag);
  expect(tags).toEqual(["v1", "v2"]);
});
