/** Dockerfiles with RUN, by the builders that are here; and what a directory with a Dockerfile means to `build`. */
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { engines } from "../../src/generated/engines.ts";
import { copy } from "../../src/oci/copy.ts";
import { targetOfImage } from "../../src/oci/image-target.ts";
import type { Manifest } from "../../src/oci/manifest.ts";
import { build } from "../../src/pipeline/build.ts";
import type { BuildOptions } from "../../src/pipeline/build-types.ts";
import { createRegistryClient } from "../../src/registry/client.ts";
import { openStore } from "../../src/store/store.ts";
import { type DockerRegistry, startDockerRegistry } from "../support/docker-registry.ts";
import { type Dockerd, startDockerd } from "../support/dockerd.ts";
import { requireComponent, system } from "../support/machine.ts";
import { nodeEntries, testImage } from "../support/test-image.ts";

const root = process.getuid?.() === 0 && requireComponent("docker-registry");

const DOCKERFILE = `ARG TAG=none
FROM library/node-for-test:$TAG AS build
ARG WORD=default
WORKDIR /build
COPY in.txt .
RUN --mount=type=secret,id=token ["/usr/local/bin/node", "-e", "const fs=require('fs');fs.writeFileSync('made', fs.readFileSync('in.txt','utf8')+process.env.WORD+fs.readFileSync('/run/secrets/token','utf8').length)"]
FROM library/node-for-test:$TAG AS final
COPY --from=build /build/made /app/made
RUN ["/usr/local/bin/node", "-e", "require('fs').writeFileSync('/app/second','2')"]
USER 1000
EXPOSE 8080
CMD ["/usr/local/bin/node", "-e", "0"]
FROM scratch AS unused
RUN ["/this", "is", "not", "asked", "for"]
`;

describe.skipIf(!root)("a directory with a Dockerfile", () => {
  let dir: string;
  let registry: DockerRegistry;
  let dockerd: Dockerd | undefined;

  beforeAll(async () => {
    dir = mkdtempSync(join(tmpdir(), "knbuild-run-engines-"));
    registry = await startDockerRegistry();
    const store = openStore(join(dir, "store"));
    const base = await testImage({ store, compression: "gzip", layers: [nodeEntries()], config: { Env: ["A=1"] } });
    const client = createRegistryClient({ plainHttp: [registry.host], env: {} });
    const target = client.repository(`${registry.host}/library/node-for-test`, { access: "push" });
    await copy(await targetOfImage(base, "base"), target, { reference: base.descriptor, tags: ["1"] });
    client.close();
    if (requireComponent("docker")) {
      dockerd = await startDockerd({ mirrors: [registry.url] });
      process.env["DOCKER_HOST"] = dockerd.host;
    }
  }, 120_000);

  afterAll(async () => {
    await dockerd?.stop();
    delete process.env["DOCKER_HOST"];
    await registry?.close();
    if (dir) rmSync(dir, { recursive: true, force: true });
  }, 60_000);

  function project(files: Record<string, string>): string {
    const path = mkdtempSync(join(dir, "app-"));
    for (const [name, text] of Object.entries(files)) {
      mkdirSync(dirname(join(path, name)), { recursive: true });
      writeFileSync(join(path, name), text);
    }
    return path;
  }

  /** Docker Hub is the test's registry. */
  function options(path: string, more: Partial<BuildOptions> = {}): BuildOptions {
    const mirrors = { "docker.io": { urls: [registry.url], strict: true } };
    return {
      dir: path,
      cacheDir: join(dir, "cache"),
      registry: { plainHttp: [registry.host] },
      ...more,
      overrides: { mirrors, ...more.overrides },
    };
  }

  for (const id of ["buildah", "podman", "docker"]) {
    test.skipIf(!requireComponent(id))(
      `${id} runs commands, and its image is one like any other`,
      async () => {
        const path = project({ Dockerfile: DOCKERFILE, "in.txt": "in-", "token.txt": "12345" });
        const engine = engines.find((one) => one.id === id);
        const probe = await engine?.probe();
        expect(probe).toEqual({ ok: true });
        const dest = join(dir, `${id}.tar`);
        const wish = options(path, {
          lint: false,
          engine: id,
          outputs: [{ type: "oci", dest }],
          overrides: {
            dockerfile: {
              target: "final",
              args: { TAG: "1", WORD: "word-" },
              secrets: ["id=token,src=token.txt"],
              // The test's daemon has no bridge.
              ...(id === "docker" && { network: "host" }),
            },
            labels: { team: "x" },
          },
        });
        const report = await build(wish);
        expect(report).toMatchObject({
          buildpack: "dockerfile",
          base: { ref: "library/node-for-test:1" },
          unchanged: false,
        });
        expect(report.base.digest).toMatch(/^sha256:/);
        expect(report.layers.map(({ kind }) => kind)).toEqual(["base", "app", "app"]);
        const { files, config } = unpack(dest, join(dir, `${id}-out`));
        expect(readFileSync(join(files, "app/made"), "utf8")).toBe("in-word-5");
        expect(readFileSync(join(files, "app/second"), "utf8")).toBe("2");
        expect(config).toMatchObject({ User: "1000", Cmd: ["/usr/local/bin/node", "-e", "0"], Labels: { team: "x" } });
        const again = await build(wish);
        expect(again.digest).toBe(report.digest);
        expect(again.layers.every(({ cached }) => cached)).toBe(true);
      },
      240_000,
    );
  }

  /** What each flag is for, looked at from inside: an agent, another directory, no network, a cache at a registry. */
  const FLAGS = `FROM library/node-for-test:1
COPY --from=shared note.txt /note.txt
RUN --mount=type=ssh ["/usr/local/bin/node", "-e", "require('net').connect(process.env.SSH_AUTH_SOCK, () => { require('fs').writeFileSync('/agent', 'there'); process.exit(0) })"]
RUN ["/usr/local/bin/node", "-e", "require('fs').writeFileSync('/networks', Object.keys(require('os').networkInterfaces()).join())"]
`;

  for (const id of ["buildah", "podman", "docker"]) {
    test.skipIf(!requireComponent(id))(
      `${id} is given agents, contexts, networks and caches, or says that it cannot`,
      async () => {
        const agent = createServer((socket) => socket.end());
        const socket = join(mkdtempSync(join(dir, "agent-")), "s");
        await new Promise<void>((resolve) => agent.listen(socket, resolve));
        const path = project({ Dockerfile: FLAGS, "shared/note.txt": "from another context\n" });
        const dest = join(dir, `${id}-flags.tar`);
        const cache = `type=registry,ref=${registry.host}/cache/${id}:1`;
        const wish = (dockerfile: object): BuildOptions =>
          options(path, {
            lint: false,
            engine: id,
            outputs: [{ type: "oci", dest }],
            overrides: {
              dockerfile: {
                contexts: { shared: "shared" },
                ssh: [`default=${socket}`],
                network: "none",
                ...dockerfile,
              },
            },
          });
        try {
          if (id === "docker" && !hasBuildx()) {
            const refused = async (dockerfile: object, flag: string): Promise<void> => {
              const error = await build(wish(dockerfile)).catch((one) => one);
              expect(error).toMatchObject({
                code: "ENGINE_CANNOT",
                exitCode: 2,
                hint: expect.stringContaining("buildx"),
              });
              expect(error.message).toContain(flag);
            };
            await refused({}, "--build-context");
            writeFileSync(join(path, "Dockerfile"), FLAGS.replace("--from=shared note.txt", "shared/note.txt"));
            await refused({ contexts: {}, cacheTo: ["type=local,dest=x"] }, "--cache-to");
            await build(wish({ contexts: {}, cacheFrom: [cache], cacheTo: ["type=inline"] }));
          } else {
            await build(wish(id === "docker" ? {} : { cacheFrom: [cache], cacheTo: [cache] }));
            if (id !== "docker") {
              const tags = await fetch(`${registry.url}/v2/cache/${id}/tags/list`);
              expect(((await tags.json()) as { tags: string[] }).tags.length).toBeGreaterThan(0);
              const local = await build(wish({ cacheFrom: ["type=local,src=x"] })).catch((one) => one);
              expect(local).toMatchObject({ code: "ENGINE_CANNOT", message: expect.stringContaining("type=local") });
            }
          }
          const { files } = unpack(dest, join(dir, `${id}-flags-out`));
          const made = (name: string): string => readFileSync(join(files, name), "utf8");
          expect([made("note.txt"), made("agent"), made("networks")]).toEqual([
            "from another context\n",
            "there",
            "lo",
          ]);
        } finally {
          agent.close();
        }
      },
      600_000,
    );
  }

  test("an engine that lacks RUN says so before anything is done, and names one that would do", async () => {
    const path = project({ Dockerfile: DOCKERFILE });
    const overrides = { dockerfile: { target: "final", args: { TAG: "1" } } };
    const error = await build(options(path, { engine: "native", overrides })).catch((one) => one);
    expect(error).toMatchObject({ code: "ENGINE_CANNOT", exitCode: 2 });
    expect(error.message).toContain("RUN");
    expect(error.hint).toMatch(/docker|buildah|podman/);
  }, 60_000);

  test("a failing command is told with the builder's own lines", async () => {
    const failing = `FROM library/node-for-test:1\nRUN ["/usr/local/bin/node", "-e", "console.log('went wrong'); process.exit(3)"]\n`;
    const path = project({ Dockerfile: failing });
    const error = await build(options(path, { lint: false })).catch((one) => one);
    expect(error.code).toBe("DOCKERFILE_FAILED");
    expect(error.detail).toContain("went wrong");
  }, 60_000);

  test("it is linted first: errors stop the build, with their lines", async () => {
    const path = project({
      Dockerfile: 'FROM scratch\nCOPY a /a\nUSER 1000\nEXPOSE 9090\nENTRYPOINT ["/a"]\n',
      a: "a",
    });
    const error = await build(options(path)).catch((one) => one);
    expect(error).toMatchObject({ code: "CONTRACT_BROKEN", where: "Dockerfile:4" });
    expect(error.message).toContain("KN006");
    const report = await build(options(path, { lint: false, outputs: [{ type: "oci", dest: join(dir, "x.tar") }] }));
    expect(report).toMatchObject({ buildpack: "dockerfile", base: { ref: "scratch" }, platform: "linux/amd64" });
  }, 60_000);

  test("what cannot be read is an error with its line", async () => {
    const path = project({ Dockerfile: "FROM scratch\nCOPY a\nWRONG x\n" });
    const error = await build(options(path)).catch((one) => one);
    expect(error).toMatchObject({ code: "DOCKERFILE_INVALID", where: "Dockerfile:2" });
    expect(error.detail).toContain("Dockerfile:3");
    const other = project({ Dockerfile: "# syntax=devthefuture/dockerfile-x\nFROM scratch\nINCLUDE x\n" });
    await expect(build(options(other))).rejects.toMatchObject({
      code: "DOCKERFILE_INVALID",
      where: "Dockerfile:3",
      message: expect.stringMatching(/^devthefuture\/dockerfile-x reads this file, .*: INCLUDE$/),
      hint: expect.stringContaining("docker build"),
    });
  });

  test("the buildpack that is named builds the app; without its base, an app is built rather than nothing", async () => {
    const app = { "server.js": "require('http').createServer((q, r) => r.end('x')).listen(process.env.PORT)\n" };
    const warnings: string[] = [];
    const emit: BuildOptions["emit"] = (event) => {
      if (event.type === "warning") warnings.push(event.code);
    };
    const path = project({ ...app, Dockerfile: "FROM library/not-there:1\nCOPY . /app\n", "package.json": "{}" });
    const base = { base: `${registry.host}/library/node-for-test:1` };
    const named = await build(options(path, { overrides: { ...base, buildpack: "node" }, lint: false, emit }));
    expect(named.buildpack).toBe("node");
    expect(warnings).not.toContain("DOCKERFILE_SKIPPED");
    const standIn = await build(options(path, { overrides: base, lint: false, emit }));
    expect(standIn.buildpack).toBe("node");
    expect(warnings).toContain("DOCKERFILE_SKIPPED");
    warnings.length = 0;
    const offline = project({
      ...app,
      Dockerfile: "FROM registry.invalid/node:1\nCOPY . /app\n",
      "package.json": "{}",
    });
    expect((await build(options(offline, { overrides: base, lint: false, emit }))).buildpack).toBe("node");
    expect(warnings).toContain("DOCKERFILE_SKIPPED");
    const job = project({
      "index.js": "console.log(1)\n",
      Dockerfile: "FROM registry.invalid/node:1\n",
      "package.json": "{}",
    });
    const neither = await build(options(job, { overrides: base, lint: false })).catch((one) => one);
    expect(neither).toMatchObject({ code: "NOT_A_SERVER" });
    expect(neither.detail).toContain("NETWORK_HOST_UNKNOWN");
    const outright = build(options(path, { overrides: { ...base, buildpack: "dockerfile" }, lint: false }));
    await expect(outright).rejects.toMatchObject({ code: "BASE_REFERENCE_UNKNOWN" });
  }, 120_000);
});

/** Whether the first docker client that the engine would take has buildx. */
function hasBuildx(): boolean {
  return spawnSync("docker", ["buildx", "version"]).status === 0;
}

function unpack(archive: string, dir: string) {
  const [layout, files] = [join(dir, "layout"), join(dir, "files")];
  mkdirSync(layout, { recursive: true });
  mkdirSync(files);
  system("tar", "-xf", archive, "-C", layout);
  const json = (digest: string) => JSON.parse(readFileSync(join(layout, "blobs", digest.replace(":", "/")), "utf8"));
  const index = JSON.parse(readFileSync(join(layout, "index.json"), "utf8"));
  const manifest = json(index.manifests[0].digest) as Manifest;
  for (const { digest } of manifest.layers) {
    system("tar", "-xpf", join(layout, "blobs", digest.replace(":", "/")), "--exclude=dev/*", "-C", files);
  }
  return { files, config: json(manifest.config.digest).config };
}
