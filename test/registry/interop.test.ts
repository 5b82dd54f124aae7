import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { copy } from "../../src/oci/copy.ts";
import { MediaType } from "../../src/oci/descriptor.ts";
import { createMemoryTarget } from "../../src/oci/memory-target.ts";
import { createRegistryClient } from "../../src/registry/client.ts";
import { distributionV3 } from "../support/distribution-v3.ts";
import { type DockerRegistry, startDockerRegistry } from "../support/docker-registry.ts";
import { GO_BUILD_TIMEOUT_MS, hasGo } from "../support/go-program.ts";
import { createTestTls, type TestTls } from "../support/tls.ts";
import { randomImage } from "./random-image.ts";

const has = (program: string) => spawnSync(program, ["--version"], { stdio: "ignore" }).status === 0;
const MIB = 1024 * 1024;

let scratch: string;
let tls: TestTls;
let registry: DockerRegistry;

beforeAll(async () => {
  scratch = mkdtempSync(join(tmpdir(), "knbuild-interop-"));
  tls = await createTestTls();
  registry = await startDockerRegistry();
});

afterAll(async () => {
  await registry.close();
  rmSync(scratch, { recursive: true, force: true });
  rmSync(tls.dir, { recursive: true, force: true });
});

const client = () => createRegistryClient({ env: {}, cacheDir: null });

describe.skipIf(!has("skopeo"))("skopeo", () => {
  const skopeo = (...args: string[]) =>
    execFileSync("skopeo", args, { encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });

  it("reads what we push, and we read what it pushes", async () => {
    const image = await randomImage([200_000, 3 * MIB], { seed: "skopeo", docker: true });
    const there = client().repository(`${registry.host}/interop/ours`, { access: "push" });
    await copy(image.target, there, { reference: "latest", tags: ["v1"] });
    const seen = JSON.parse(skopeo("inspect", "--tls-verify=false", `docker://${registry.host}/interop/ours:v1`));
    expect(seen).toMatchObject({
      Digest: image.descriptor.digest,
      Architecture: "amd64",
      Layers: image.layers.map((l) => l.digest),
    });

    const theirs = `docker://${registry.host}/interop/theirs:v1`;
    skopeo(
      "copy",
      "--insecure-policy",
      "--preserve-digests",
      "--src-tls-verify=false",
      "--dest-tls-verify=false",
      `docker://${registry.host}/interop/ours:v1`,
      theirs,
    );
    const down = createMemoryTarget();
    const report = await copy(client().repository(`${registry.host}/interop/theirs`), down, { reference: "v1" });
    expect(report).toMatchObject({ digest: image.descriptor.digest, mediaType: MediaType.dockerManifest });
    expect(down.content.size).toBe(4);
  });
});

describe.skipIf(!hasGo())("distribution v3", () => {
  it("takes, mounts, lists and gives back", { timeout: GO_BUILD_TIMEOUT_MS }, async () => {
    const v3 = await startDockerRegistry({ program: distributionV3() as string });
    try {
      const image = await randomImage([3_000, 5 * MIB], { seed: "v3" });
      const one = client();
      const there = one.repository(`${v3.host}/a/b`, { access: "push" });
      await copy(image.target, there, { reference: "latest", tags: ["v1", "v2"] });
      const mounted = await copy(
        one.repository(`${v3.host}/a/b`),
        one.repository(`${v3.host}/c/d`, { access: "push" }),
        { reference: "v1", tags: ["v1"] },
      );
      expect(mounted.blobs.every((blob) => blob.action === "mounted")).toBe(true);
      const down = createMemoryTarget();
      await copy(client().repository(`${v3.host}/c/d`), down, { reference: "v1" });
      for (const [digest, bytes] of down.content)
        expect(Buffer.compare(bytes, image.target.content.get(digest)!)).toBe(0);
      const tags: string[] = [];
      for await (const tag of there.tags()) tags.push(tag);
      expect(tags).toEqual(["v1", "v2"]);
      expect(await there.referrers(image.descriptor.digest)).toEqual([]);
    } finally {
      await v3.close();
    }
  });
});

describe("networks", () => {
  it("shows a client certificate where one is wanted", async () => {
    const strict = await startDockerRegistry({ tls: { ...tls, clientCaFile: tls.caFile } });
    try {
      const reference = `${strict.host}/a/b`;
      const options = { env: {}, cacheDir: null, caFiles: [tls.caFile], retry: { attempts: 2, baseDelayMs: 5 } };
      await expect(createRegistryClient(options).repository(reference).resolve("v1")).rejects.toThrow();
      const clientCertificates = { [strict.host]: { certFile: tls.clientCertFile, keyFile: tls.clientKeyFile } };
      expect(
        await createRegistryClient({ ...options, clientCertificates })
          .repository(reference)
          .resolve("v1"),
      ).toBeNull();
    } finally {
      await strict.close();
    }
  });
});
