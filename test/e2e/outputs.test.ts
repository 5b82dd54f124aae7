/** What other people's tools say to knbuild's outputs: each is given to the program that users would give it to. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { ImageConfig, Index, Manifest } from "../../src/oci/manifest.ts";
import type { BuildReport } from "../../src/pipeline/build-types.ts";
import { type DockerRegistry, startDockerRegistry } from "../support/docker-registry.ts";
import { type Dockerd, startDockerd } from "../support/dockerd.ts";
import { freePort } from "../support/free-port.ts";
import { requireComponent, system } from "../support/machine.ts";
import { PODMAN_RUN } from "../support/podman.ts";
import { schemaErrors } from "./image-schema.ts";
import { openWorkshop, type Workshop } from "./workshop.ts";

let workshop: Workshop;
let report: BuildReport;
let out: string;

beforeAll(async () => {
  workshop = openWorkshop();
  out = workshop.dir("out");
  report = await workshop.build(
    workshop.example("express-js"),
    ...["-t", "hello:v1"],
    ...[
      "-o",
      `type=oci,dest=${out}/oci.tar`,
      "-o",
      `type=docker,dest=${out}/docker.tar`,
      "-o",
      `type=layout,dest=${out}/layout`,
    ],
    ...["-o", "type=store"],
  );
});
afterAll(() => workshop.close());

const blob = (digest: string) => join(out, "layout/blobs/sha256", digest.slice("sha256:".length));
const json = <T>(path: string) => JSON.parse(readFileSync(path, "utf8")) as T;

describe("the OCI layout", () => {
  test("holds to the schemas of the image specification", () => {
    expect(schemaErrors("layout", json(join(out, "layout/oci-layout")))).toEqual([]);
    const index = json<Index>(join(out, "layout/index.json"));
    expect(schemaErrors("index", index)).toEqual([]);
    expect(index.manifests.map(({ digest }) => digest)).toContain(report.digest);
    const manifest = json<Manifest>(blob(report.digest));
    expect(schemaErrors("manifest", manifest)).toEqual([]);
    const config = json<ImageConfig>(blob(manifest.config.digest));
    expect(schemaErrors("config", config)).toEqual([]);
    expect(config.rootfs.diff_ids).toEqual(report.layers.map(({ diffId }) => diffId));
    expect(config.history?.filter(({ empty_layer }) => !empty_layer)).toHaveLength(manifest.layers.length);
  });

  test("promises what the contract asks for", () => {
    const { config = {} } = json<ImageConfig>(blob(json<Manifest>(blob(report.digest)).config.digest));
    expect(config.User).toMatch(/^65532(:65532)?$/);
    expect(config.ExposedPorts).toEqual({ "8080/tcp": {} });
    expect(config.Entrypoint?.[0]).toMatch(/^\/.*\/node$/);
    expect(config.Env).toContain("NODE_ENV=production");
    expect(config.Env?.filter((pair) => /^(PORT|K_\w+)=/.test(pair))).toEqual([]);
    expect(config.Volumes ?? {}).toEqual({});
  });

  test.skipIf(!requireComponent("umoci"))("is unpacked by umoci", () => {
    const bundle = join(workshop.dir("umoci"), "bundle");
    const tag = json<Index>(join(out, "layout/index.json")).manifests[0]?.annotations?.[
      "org.opencontainers.image.ref.name"
    ];
    system("umoci", "unpack", "--image", `${out}/layout:${tag}`, bundle);
    const runtime = json<{ process: { args: string[]; user: { uid: number } } }>(join(bundle, "config.json"));
    expect(runtime.process.args).toEqual(report.entrypoint);
    expect(runtime.process.user.uid).toBe(65532);
    expect(readFileSync(join(bundle, "rootfs", report.entrypoint.at(-1) as string), "utf8")).not.toBe("");
  });
});

describe.skipIf(!requireComponent("skopeo"))("skopeo", () => {
  test.each(["oci-archive:oci.tar", "oci:layout", "docker-archive:docker.tar"])("inspects and copies %s", (place) => {
    const [transport, file] = place.split(":") as [string, string];
    const source = `${transport}:${join(out, file)}`;
    const seen = JSON.parse(system("skopeo", "inspect", source)) as {
      Architecture: string;
      Digest: string;
      Layers: string[];
    };
    expect(seen.Architecture).toBe("amd64");
    expect(seen.Layers).toHaveLength(report.layers.length);
    if (transport !== "docker-archive") expect(seen.Digest).toBe(report.digest);
    const copied = workshop.dir("copied");
    system("skopeo", "copy", "--quiet", "--preserve-digests", source, `dir:${copied}`);
    expect(json<Manifest>(join(copied, "manifest.json")).layers).toHaveLength(report.layers.length);
  });
});

describe.skipIf(!requireComponent("docker-registry"))("a real registry", () => {
  let registry: DockerRegistry;
  beforeAll(async () => {
    registry = await startDockerRegistry();
  });
  afterAll(() => registry.close());

  test("takes what is pushed, gives it to skopeo and back to knbuild, and a second push sends nothing", async () => {
    const reference = `${registry.host}/team/hello:v1`;
    const source = workshop.example("express-js");
    const push = ["-t", reference, "--push", "--plain-http", registry.host];
    const pushed = await workshop.build(source, ...push);
    expect(pushed.digest).toBe(report.digest);
    expect(pushed.outputs[0]).toMatchObject({ type: "registry", bytesUploaded: expect.any(Number) });
    const again = await workshop.build(source, ...push, "--fresh");
    expect(again.outputs[0]?.bytesUploaded).toBe(0);
    const seen = JSON.parse(system("skopeo", "inspect", "--tls-verify=false", `docker://${reference}`)) as {
      Digest: string;
    };
    expect(seen.Digest).toBe(report.digest);
    const pulled = join(workshop.dir("pulled"), "back.tar");
    const copy = await workshop.knbuild.run([
      "copy",
      `docker://${reference}`,
      `oci-archive:${pulled}`,
      "--plain-http",
      registry.host,
      "--json",
    ]);
    expect(copy, copy.stderr).toMatchObject({ code: 0 });
    const moved = JSON.parse(copy.stdout) as { bytesDownloaded: number; blobs: { size: number }[] };
    expect(moved.bytesDownloaded).toBe(moved.blobs.reduce((sum, { size }) => sum + size, 0));
    expect(JSON.parse(system("skopeo", "inspect", `oci-archive:${pulled}`))).toMatchObject({ Digest: report.digest });
  });
});

describe.skipIf(!requireComponent("podman"))("podman", () => {
  test.each(["docker.tar", "oci.tar"])("loads %s and runs it", async (file) => {
    const said = system("podman", "load", "--input", join(out, file));
    const image = /Loaded image(?:\(s\))?:\s*(\S+)/.exec(said)?.[1] as string;
    await startsAndAnswers("podman", ["run", ...PODMAN_RUN], image);
  });
});

describe.skipIf(!requireComponent("docker"))("docker", () => {
  let daemon: Dockerd;
  beforeAll(async () => {
    daemon = await startDockerd();
    process.env["DOCKER_HOST"] = daemon.host;
  });
  afterAll(async () => {
    delete process.env["DOCKER_HOST"];
    await daemon.stop();
  });

  test("loads the archive and runs it", async () => {
    const said = system("docker", "load", "--input", join(out, "docker.tar"));
    expect(said).toContain("hello:v1");
    await startsAndAnswers("docker", ["run"], "hello:v1");
  });

  test("has what --load puts there, and copy reads and writes it", async () => {
    const source = workshop.example("plain-http-cjs");
    const loaded = await workshop.build(source, "-t", "loaded:v2", "--load", "docker");
    expect(loaded.outputs[0]).toMatchObject({ type: "docker-daemon" });
    await startsAndAnswers("docker", ["run"], "loaded:v2");

    const copy = (from: string, to: string) => workshop.knbuild.run(["copy", from, to]);
    const archive = `oci-archive:${join(workshop.dir("of-docker"), "image.tar")}:v2`;
    for (const [from, to] of [
      ["docker-daemon:loaded:v2", archive],
      [archive, "docker-daemon:copied:v3"],
    ] as const) {
      const copied = await copy(from, to);
      expect(copied, copied.stderr).toMatchObject({ code: 0 });
    }
    const id = (name: string) => system("docker", "image", "inspect", "--format", "{{.Id}}", name);
    expect(id("copied:v3")).toBe(id("loaded:v2"));
    expect(await copy("docker-daemon:never:v1", archive)).toMatchObject({
      code: 1,
      stderr: expect.stringContaining("IMAGE_UNKNOWN"),
    });
  });
});

/** On the host's network: a daemon without a bridge is enough. */
async function startsAndAnswers(engine: string, run: string[], image: string): Promise<void> {
  const port = await freePort();
  const id = system(engine, ...run, "--detach", "--network", "host", "--env", `PORT=${port}`, image)
    .trim()
    .split("\n")
    .at(-1) as string;
  try {
    const body = await firstAnswer(`http://127.0.0.1:${port}/`);
    expect(body).toMatch(/Hello, /);
    system(engine, "stop", "--time", "10", id);
    expect(system(engine, "inspect", "--format", "{{.State.ExitCode}}", id).trim()).toBe("0");
  } finally {
    system(engine, "rm", "--force", id);
  }
}

async function firstAnswer(url: string): Promise<string> {
  for (let attempt = 0; ; attempt++) {
    try {
      return await (await fetch(url, { headers: { connection: "close" } })).text();
    } catch (error) {
      if (attempt > 100) throw error;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}
