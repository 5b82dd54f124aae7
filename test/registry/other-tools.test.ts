/** What we push, docker, podman and crane read; what they push, we read: the same image either way. */
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { copy } from "../../src/oci/copy.ts";
import type { Image } from "../../src/oci/image.ts";
import { targetOfImage } from "../../src/oci/image-target.ts";
import { imageOf } from "../../src/oci/remote-image.ts";
import { createRegistryClient } from "../../src/registry/client.ts";
import { openLayout } from "../../src/store/layout.ts";
import { openStore } from "../../src/store/store.ts";
import { craneProgram } from "../support/crane.ts";
import { type DockerRegistry, startDockerRegistry } from "../support/docker-registry.ts";
import { type Dockerd, startDockerd } from "../support/dockerd.ts";
import { GO_BUILD_TIMEOUT_MS, hasGo } from "../support/go-program.ts";
import { requireComponent } from "../support/machine.ts";
import { useOwnPodmanStorage } from "../support/podman.ts";
import { directory, file, testImage } from "../support/test-image.ts";

let scratch: string;
let registry: DockerRegistry;
let image: Image;

beforeAll(async () => {
  scratch = mkdtempSync(join(tmpdir(), "knbuild-other-tools-"));
  registry = await startDockerRegistry();
  image = await testImage({
    store: openStore(join(scratch, "cache")),
    layers: [[directory("etc"), file("etc/motd", "hello\n")], [file("app.txt", "x".repeat(100_000))]],
    config: { Entrypoint: ["/bin/app"], User: "65532", Labels: { from: "knbuild" } },
    compression: "gzip",
  });
  const there = client().repository(`${registry.host}/ours/app`, { access: "push" });
  await copy(await targetOfImage(image, "made"), there, { reference: "latest", tags: ["v1"] });
});

afterAll(async () => {
  await registry.close();
  rmSync(scratch, { recursive: true, force: true });
});

const client = () => createRegistryClient({ env: {}, cacheDir: null });

/** Pulls what another tool has pushed into a layout, where every byte is checked, and compares what is in the layers. */
async function readBack(repository: string): Promise<Image> {
  const layout = openLayout(join(scratch, repository.replaceAll("/", "-")), { create: true });
  const source = client().repository(`${registry.host}/${repository}`);
  await copy(source, layout, { reference: "v1", tags: ["v1"] });
  const found = await layout.resolve("v1");
  const theirs = imageOf(layout, found!);
  const diffIds = async (one: Image) => (await one.layers()).map((layer) => layer.diffId);
  expect(await diffIds(theirs)).toEqual(await diffIds(image));
  const { config } = await theirs.config();
  expect(config).toMatchObject({ Entrypoint: ["/bin/app"], User: "65532", Labels: { from: "knbuild" } });
  return theirs;
}

describe.skipIf(!hasGo())("crane", () => {
  it("reads ours, and we read its", { timeout: GO_BUILD_TIMEOUT_MS }, async () => {
    const program = craneProgram() as string;
    const crane = (...args: string[]) => execFileSync(program, args, { encoding: "utf8", stdio: "pipe" }).trim();
    const ours = `${registry.host}/ours/app:v1`;
    expect(crane("digest", "--insecure", ours)).toBe(image.descriptor.digest);
    crane("validate", "--insecure", "--remote", ours);
    const archive = join(scratch, "crane.tar");
    crane("pull", "--insecure", ours, archive);
    crane("push", "--insecure", archive, `${registry.host}/crane/app:v1`);
    await readBack("crane/app");
  });

  it("needs more requests for a copy within the registry", { timeout: GO_BUILD_TIMEOUT_MS }, async () => {
    const requestsTo = async (repository: string) => {
      const stored = () => registry.log().findIndex((line) => line.method === "PUT" && line.path.includes(repository));
      await vi.waitFor(() => expect(stored()).toBeGreaterThan(0), 5_000);
      return registry.log().length;
    };
    const begin = registry.log().length;
    const one = client();
    const source = one.repository(`${registry.host}/ours/app`);
    const report = await copy(source, one.repository(`${registry.host}/copied/ours`, { access: "push" }), {
      reference: "v1",
      tags: ["v1"],
    });
    const ours = (await requestsTo("/copied/ours/manifests/")) - begin;
    const program = craneProgram() as string;
    const args = ["copy", "--insecure", `${registry.host}/ours/app:v1`, `${registry.host}/copied/crane:v1`];
    execFileSync(program, args, { stdio: "pipe" });
    const theirs = (await requestsTo("/copied/crane/manifests/")) - begin - ours;
    expect(report.blobs.map((blob) => blob.action)).toEqual(["mounted", "mounted", "mounted"]);
    expect(ours).toBe(report.requests);
    expect(ours).toBeLessThan(theirs);
  });
});

describe.skipIf(!requireComponent("podman"))("podman", () => {
  let restore: () => void;
  beforeAll(() => {
    restore = useOwnPodmanStorage();
  });
  afterAll(() => restore());

  it("reads ours, and we read its", { timeout: 120_000 }, async () => {
    const podman = (...args: string[]) => execFileSync("podman", args, { encoding: "utf8", stdio: "pipe" }).trim();
    podman("pull", "--tls-verify=false", `${registry.host}/ours/app:v1`);
    const digest = podman("image", "inspect", "--format", "{{.Digest}}", `${registry.host}/ours/app:v1`);
    expect(digest).toBe(image.descriptor.digest);
    podman("push", "--tls-verify=false", `${registry.host}/ours/app:v1`, `${registry.host}/podman/app:v1`);
    await readBack("podman/app");
  });
});

describe.skipIf(!requireComponent("docker"))("docker", () => {
  let daemon: Dockerd;
  beforeAll(async () => {
    daemon = await startDockerd();
  }, 60_000);
  afterAll(() => daemon.stop());

  it("reads ours, and we read its", { timeout: 120_000 }, async () => {
    const docker = (...args: string[]) =>
      execFileSync("docker", ["-H", daemon.host, ...args], { encoding: "utf8", stdio: "pipe" }).trim();
    // 127.0.0.0/8 may be plain for docker too.
    docker("pull", `${registry.host}/ours/app:v1`);
    docker("tag", `${registry.host}/ours/app:v1`, `${registry.host}/docker/app:v1`);
    docker("push", `${registry.host}/docker/app:v1`);
    await readBack("docker/app");
    expect(readFileSync(join(scratch, "docker-app/index.json"), "utf8")).toContain("v1");
  });
});
