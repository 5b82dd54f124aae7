import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Digest } from "../../src/base/digest.ts";
import type { KnbuildEvent } from "../../src/base/events.ts";
import { blobOf } from "../../src/oci/blob.ts";
import { copy } from "../../src/oci/copy.ts";
import { type Descriptor, MediaType } from "../../src/oci/descriptor.ts";
import { referrersTag } from "../../src/oci/referrers.ts";
import { createRegistryClient } from "../../src/registry/client.ts";
import type { RegistryRepository } from "../../src/registry/repository.ts";
import { type DockerRegistry, startDockerRegistry } from "../support/docker-registry.ts";
import { startFaultProxy } from "../support/fault-proxy.ts";
import { randomImage } from "./random-image.ts";

let registry: DockerRegistry;

beforeAll(async () => {
  registry = await startDockerRegistry();
});
afterAll(() => registry.close());

const EMPTY = blobOf("{}", MediaType.ociEmpty);

async function attach(target: RegistryRepository, subject: Descriptor, name: string) {
  const payload = blobOf(JSON.stringify({ name }), "application/json");
  await target.put(EMPTY);
  await target.put(payload);
  const manifest = {
    schemaVersion: 2,
    mediaType: MediaType.ociManifest,
    artifactType: `application/vnd.test.${name.split("-")[0]}`,
    config: EMPTY.descriptor,
    layers: [payload.descriptor],
    subject,
    annotations: { name },
  };
  const blob = blobOf(JSON.stringify(manifest), MediaType.ociManifest);
  await target.attach(blob);
  return blob.descriptor;
}

describe("a registry without the referrers API", () => {
  it("keeps them under the fallback tag; writers at the same time lose nothing, what is deleted leaves it", async () => {
    const image = await randomImage([1_000], { seed: "subject" });
    const open = () =>
      createRegistryClient({ env: {}, cacheDir: null }).repository(`${registry.host}/a/b`, { access: "push" });
    await copy(image.target, open(), { reference: "latest", tags: ["v1"] });
    expect(await open().referrers(image.descriptor.digest)).toEqual([]);
    const names = ["sbom-1", "sbom-2", "signature-1", "signature-2"];
    const attached = await Promise.all(names.map((name) => attach(open(), image.descriptor, name)));
    const listed = await open().referrers(image.descriptor.digest);
    expect(listed.map((entry) => entry.digest).sort()).toEqual(attached.map((entry) => entry.digest).sort());
    expect(listed.every((entry) => entry.annotations?.["name"] && entry.artifactType)).toBe(true);
    const sboms = await open().referrers(image.descriptor.digest, "application/vnd.test.sbom");
    expect(sboms.map((entry) => entry.annotations?.["name"]).sort()).toEqual(["sbom-1", "sbom-2"]);
    await attach(open(), image.descriptor, "sbom-1");
    expect(await open().referrers(image.descriptor.digest)).toHaveLength(4);

    const left = async () => (await open().referrers(image.descriptor.digest)).map(({ digest }) => digest).sort();
    const [first, second, third, fourth] = attached.map(({ digest }) => digest) as [Digest, Digest, Digest, Digest];
    await Promise.all([open().delete(first), open().delete(second)]);
    expect(await left()).toEqual([third, fourth].sort());
    // Another tool deletes and leaves the list as it is: registries refuse to store it again.
    expect((await fetch(`http://${registry.host}/v2/a/b/manifests/${third}`, { method: "DELETE" })).status).toBe(202);
    const fifth = await attach(open(), image.descriptor, "other-1");
    expect(await left()).toEqual([fourth, fifth.digest].sort());

    // Who may delete and not write leaves it in the list, and is told.
    const proxy = await startFaultProxy(registry.host);
    proxy.faults.push({
      when: (r) => r.method === "PUT",
      fault: { do: "status", status: 403, code: "DENIED" },
      times: 9,
    });
    const warnings: string[] = [];
    const emit = (event: KnbuildEvent) => event.type === "warning" && warnings.push(event.code);
    const limited = createRegistryClient({ env: {}, cacheDir: null, emit });
    await limited.repository(`${proxy.host}/a/b`, { access: "push" }).delete(fourth);
    await proxy.close();
    expect(warnings).toEqual(["REFERRERS_LEFT"]);
  });
});

describe("a registry with the API", () => {
  /** Speaks for the referrers API alone; all else is the real registry behind it. */
  async function withApi(list: (subject: string) => Descriptor[], task: (host: string) => Promise<void>) {
    const proxy = await startFaultProxy(registry.host);
    const api = createServer((request, response) => {
      const subject = (request.url ?? "").split("/").at(-1) ?? "";
      const index = { schemaVersion: 2, mediaType: MediaType.ociIndex, manifests: list(decodeURIComponent(subject)) };
      response.writeHead(200, { "content-type": MediaType.ociIndex }).end(JSON.stringify(index));
    });
    await new Promise<void>((resolve) => api.listen(0, "127.0.0.1", resolve));
    const url = `http://127.0.0.1:${(api.address() as AddressInfo).port}`;
    proxy.faults.push({
      when: (r) => r.path.includes("/referrers/"),
      fault: { do: "redirect", to: `${url}/sha256:x` },
      times: 1000,
    });
    try {
      await task(proxy.host);
    } finally {
      await proxy.close();
      api.close();
    }
  }

  it("is believed when it lists what was attached", async () => {
    const image = await randomImage([1_000], { seed: "api" });
    const listed: Descriptor[] = [];
    await withApi(
      () => listed,
      async (host) => {
        const target = createRegistryClient({ env: {}, cacheDir: null }).repository(`${host}/with/api`, {
          access: "push",
        });
        await copy(image.target, target, { reference: "latest", tags: ["v1"] });
        const payload = blobOf('{"name":"sbom-1"}', "application/json");
        await target.put(EMPTY);
        await target.put(payload);
        const manifest = blobOf(
          JSON.stringify({
            schemaVersion: 2,
            mediaType: MediaType.ociManifest,
            config: EMPTY.descriptor,
            layers: [payload.descriptor],
            subject: image.descriptor,
          }),
          MediaType.ociManifest,
        );
        listed.push(manifest.descriptor);
        await target.attach(manifest);
        expect(await target.resolve(referrersTag(image.descriptor.digest))).toBeNull();
      },
    );
  });

  it("is found out when it does not keep its word", async () => {
    const image = await randomImage([1_000], { seed: "liar" });
    await withApi(
      () => [],
      async (host) => {
        const target = createRegistryClient({ env: {}, cacheDir: null }).repository(`${host}/with/liar`, {
          access: "push",
        });
        await copy(image.target, target, { reference: "latest", tags: ["v1"] });
        const attached = await attach(target, image.descriptor, "sbom-1");
        expect((await target.referrers(image.descriptor.digest)).map((entry) => entry.digest)).toEqual([
          attached.digest,
        ]);
      },
    );
  });
});
