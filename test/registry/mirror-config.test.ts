/** `knbuild mirror docker-config`, read by the tools that it is for: each pulls through the mirror that it names. */
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import mirror from "../../src/cli/commands/mirror.ts";
import { createContext } from "../../src/cli/context.ts";
import { copy } from "../../src/oci/copy.ts";
import type { Image } from "../../src/oci/image.ts";
import { targetOfImage } from "../../src/oci/image-target.ts";
import { createRegistryClient } from "../../src/registry/client.ts";
import type { ExportedFile } from "../../src/registry/mirrors/export.ts";
import { openStore } from "../../src/store/store.ts";
import { startContainerd } from "../support/containerd.ts";
import { type DockerRegistry, startDockerRegistry } from "../support/docker-registry.ts";
import { startDockerd } from "../support/dockerd.ts";
import { freePort } from "../support/free-port.ts";
import { requireComponent } from "../support/machine.ts";
import { useOwnPodmanStorage } from "../support/podman.ts";
import { file, testImage } from "../support/test-image.ts";

let scratch: string;
/** Stands for Docker Hub's mirror, and below `quay/` for one of quay.io. */
let registry: DockerRegistry;
let image: Image;
let dead: string;
let counter = 0;

beforeAll(async () => {
  scratch = mkdtempSync(join(tmpdir(), "knbuild-mirror-config-"));
  registry = await startDockerRegistry();
  dead = `http://127.0.0.1:${await freePort()}`;
  image = await testImage({
    store: openStore(join(scratch, "cache")),
    layers: [[file("hello.txt", "hello\n")]],
    config: {},
    compression: "gzip",
  });
  for (const repository of ["team/app", "quay/team/app"]) {
    const there = createRegistryClient({ env: {}, cacheDir: null }).repository(`${registry.host}/${repository}`);
    await copy(await targetOfImage(image, "made"), there, { reference: "latest", tags: ["v1"] });
  }
});

afterAll(async () => {
  await registry.close();
  rmSync(scratch, { recursive: true, force: true });
});

/** What the command prints, written below a directory instead of /etc. */
async function exported(tool: string, mirrors: unknown): Promise<{ etc: string; files: string[]; notes: string[] }> {
  const dir = join(scratch, `config${counter++}`);
  mkdirSync(dir);
  writeFileSync(join(dir, "knbuild.json"), JSON.stringify({ mirrors }));
  const printed: ExportedFile[] = [];
  const notes: string[] = [];
  const context = {
    ...createContext([], { json: true, debug: false, quiet: true }, () => {}),
    cwd: dir,
    env: {},
    printJson: (value: unknown) => printed.push(...(value as ExportedFile[])),
    note: (line: string) => notes.push(line),
  };
  const command = mirror.subcommands?.find((one) => one.usage === "docker-config");
  expect(await command?.run?.([], { for: tool, plainHttp: [], ca: [] }, context)).toBe(0);
  context.close();
  const etc = join(dir, "etc");
  const files = printed.map(({ path, content }) => {
    const target = join(etc, path.replace(/^\/etc\//, ""));
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(target, content);
    return target;
  });
  return { etc, files, notes };
}

const url = () => registry.url.replace("127.0.0.1", "localhost");
const run = (program: string, args: string[], env: NodeJS.ProcessEnv = {}) =>
  execFileSync(program, args, { encoding: "utf8", stdio: "pipe", env: { ...process.env, ...env } }).trim();
const asked = () => registry.log().filter(({ method, path }) => method === "GET" && path.includes("/blobs/")).length;

describe.skipIf(!requireComponent("docker"))("Docker", () => {
  it("shows the mirrors and pulls through them", { timeout: 120_000 }, async () => {
    const mirrors = { "docker.io": [url(), "https://mirror.example/below"], "quay.io": [`${url()}/quay`] };
    const { files, notes } = await exported("docker", mirrors);
    expect(notes.join("\n")).toMatch(/mirror\.example: Docker takes no mirror with a path/);
    expect(notes.join("\n")).toMatch(/quay\.io: Docker has mirrors of Docker Hub only/);
    const daemon = await startDockerd({ configFile: files[0] as string });
    try {
      const docker = (...args: string[]) => run("docker", ["-H", daemon.host, ...args]);
      expect(docker("info", "--format", "{{json .RegistryConfig.Mirrors}}")).toBe(JSON.stringify([`${url()}/`]));
      const before = asked();
      docker("pull", "team/app:v1");
      expect(docker("image", "inspect", "--format", "{{index .RepoDigests 0}}", "team/app:v1")).toContain(
        image.descriptor.digest,
      );
      await vi.waitFor(() => expect(asked()).toBeGreaterThan(before), 10_000);
    } finally {
      await daemon.stop();
    }
  });
});

describe.skipIf(!requireComponent("podman") || !requireComponent("skopeo"))("podman and skopeo", () => {
  it("pull through the mirrors, strict ones and prefixes included", { timeout: 120_000 }, async () => {
    const { files } = await exported("podman", {
      "docker.io": [dead, url()],
      "quay.io/team": { urls: [`${url()}/quay`], strict: true },
      "*.example.com": [url()],
    });
    for (const name of ["docker.io/team/app:v1", "quay.io/team/app:v1", "any.example.com/team/app:v1"]) {
      // As it came: without --raw skopeo lists the registry's own tags, too.
      const args = ["--registries-conf", files[0] as string, "inspect", "--raw", `docker://${name}`];
      const manifest = execFileSync("skopeo", args, { stdio: "pipe" });
      expect(manifest).toEqual(Buffer.from(await image.rawManifest()));
    }
    const restore = useOwnPodmanStorage();
    try {
      run("podman", ["pull", "--quiet", "docker.io/team/app:v1"], { CONTAINERS_REGISTRIES_CONF: files[0] });
      expect(run("podman", ["image", "inspect", "--format", "{{.Digest}}", "docker.io/team/app:v1"])).toBe(
        image.descriptor.digest,
      );
    } finally {
      restore();
    }
  });
});

describe.skipIf(!requireComponent("containerd"))("containerd", () => {
  it("fetches through the mirrors; of a strict rule it asks nobody else", { timeout: 120_000 }, async () => {
    const { etc, files, notes } = await exported("containerd", {
      "docker.io": [dead, url()],
      "quay.io": { urls: [dead, `${url()}/quay`], strict: true },
      "ghcr.io/team": [url()],
    });
    expect(files).toHaveLength(2);
    expect(notes.join("\n")).toMatch(/ghcr\.io\/team: containerd has mirrors of whole registries only/);
    const daemon = await startContainerd();
    try {
      const fetch = (name: string) =>
        run("ctr", [
          "--debug",
          "-a",
          daemon.socket,
          "content",
          "fetch",
          "--hosts-dir",
          `${etc}/containerd/certs.d`,
          name,
        ]);
      for (const name of ["docker.io/team/app:v1", "quay.io/team/app:v1"]) fetch(name);
      const kept = run("ctr", ["-a", daemon.socket, "image", "ls"]);
      expect(kept).toContain(`docker.io/team/app:v1`);
      expect(kept.match(new RegExp(image.descriptor.digest, "g"))).toHaveLength(2);
      let said = "";
      try {
        fetch("quay.io/team/app:nope");
      } catch (error) {
        said = String((error as { stderr?: string }).stderr);
      }
      expect(said).toContain(`resolving host="${url().replace("http://", "")}"`);
      expect(said).not.toMatch(/host="?quay\.io/);
    } finally {
      await daemon.stop();
    }
  });
});
