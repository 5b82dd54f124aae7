/**
 * The builder image, built by knbuild, works where Cloud Build would start it: in podman, with no network but a registry's,
 * HOME and the login where Cloud Build puts them. Takes minutes: in CI, or with KNBUILD_TEST_BUILDER_IMAGE=1.
 */
import { execFileSync, spawn, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { packageRoot } from "../../src/base/package-root.ts";
import { imageBlobs } from "../../src/oci/image.ts";
import { openLayout } from "../../src/store/layout.ts";
import { openStore } from "../../src/store/store.ts";
import { requireComponent } from "../support/machine.ts";
import { nodeEntries, testImage } from "../support/test-image.ts";

const wanted = process.env["CI"] === "true" || process.env["KNBUILD_TEST_BUILDER_IMAGE"] === "1";
const possible =
  wanted && requireComponent("podman") && requireComponent("docker-registry") && requireComponent("skopeo");
const root = packageRoot();
const REGISTRY = "127.0.0.1:5000";
const NETWORK = `knbuild-test-${process.pid}`;
const IMAGE = `localhost/knbuild-builder-test:${process.pid}`;
/** What works in containers that may not raise their own limits, too. */
const PODMAN = [
  "--runtime",
  "runc",
  "run",
  "--rm",
  "--log-driver",
  "none",
  "--ulimit",
  "nofile=1024:1024",
  "--ulimit",
  "nproc=1024:1024",
];

describe.skipIf(!possible)("the builder image", () => {
  let dir: string;
  let stopRegistry: () => Promise<void> = async () => {};

  beforeAll(async () => {
    dir = mkdtempSync(join(tmpdir(), "knbuild-builder-"));
    const archive = join(dir, "builder.tar");
    const built = spawnSync(
      process.execPath,
      [join(root, "scripts/image.mjs"), "-t", IMAGE, "-o", `type=oci,dest=${archive}`],
      {
        cwd: dir,
        encoding: "utf8",
      },
    );
    if (built.status !== 0) throw new Error(`${built.stdout}${built.stderr}`);
    execFileSync("skopeo", ["copy", "--quiet", `oci-archive:${archive}`, `containers-storage:${IMAGE}`]);

    // A network of its own in which only the loopback is up: a registry, and whoever joins it.
    execFileSync("ip", ["netns", "add", NETWORK]);
    execFileSync("ip", ["netns", "exec", NETWORK, "ip", "link", "set", "lo", "up"]);
    writeFileSync(
      join(dir, "registry.yml"),
      `version: 0.1\nstorage: { filesystem: { rootdirectory: ${dir}/registry } }\nhttp: { addr: "${REGISTRY}" }\n`,
    );
    const registry = spawn("ip", ["netns", "exec", NETWORK, "docker-registry", "serve", join(dir, "registry.yml")], {
      stdio: "ignore",
    });
    const gone = new Promise<void>((resolve) => registry.once("exit", () => resolve()));
    stopRegistry = async () => {
      registry.kill();
      await gone;
    };

    // The base for the app, as a layout that skopeo brings into that network.
    const image = await testImage({
      store: openStore(join(dir, "store")),
      layers: [nodeEntries()],
      config: { Entrypoint: ["/usr/local/bin/node"], User: "65532" },
    });
    const layout = openLayout(join(dir, "base"), { create: true });
    const { layers, config, manifest } = await imageBlobs(image);
    for (const blob of [...layers, config, manifest]) await layout.put(blob);
    await layout.tag(image.descriptor, "v1");
    for (let attempt = 0; ; attempt++) {
      const copied = inNetwork(
        "skopeo",
        "copy",
        "--quiet",
        "--dest-tls-verify=false",
        `oci:${dir}/base:v1`,
        `docker://${REGISTRY}/base/runtime:v1`,
      );
      if (copied.status === 0) break;
      if (attempt > 20) throw new Error(copied.stderr);
      await new Promise((resolve) => setTimeout(resolve, 250));
    }

    const workspace = join(dir, "workspace");
    mkdirSync(workspace);
    writeFileSync(join(workspace, "package.json"), JSON.stringify({ name: "hello", main: "index.js" }));
    writeFileSync(
      join(workspace, "index.js"),
      `const server = require("http").createServer((q, s) => s.end("hi")).listen(process.env.PORT);\nprocess.on("SIGTERM", () => server.close());\n`,
    );
    for (const name of ["home", "output", "cache", "other-cache"]) mkdirSync(join(dir, name));
    mkdirSync(join(dir, "home/.docker"));
    writeFileSync(join(dir, "home/.docker/config.json"), "{}");
  }, 1_200_000);
  afterAll(async () => {
    await stopRegistry();
    spawnSync("ip", ["netns", "delete", NETWORK]);
    spawnSync("podman", ["rmi", "--force", IMAGE]);
    if (dir) rmSync(dir, { recursive: true, force: true });
  });

  function inNetwork(program: string, ...args: string[]) {
    return spawnSync("ip", ["netns", "exec", NETWORK, program, ...args], { encoding: "utf8" });
  }

  function step(args: string[], options: { entrypoint?: string; cache?: string } = {}) {
    return spawnSync(
      "podman",
      [
        ...PODMAN,
        `--network=ns:/run/netns/${NETWORK}`,
        ...["-v", `${dir}/workspace:/workspace`, "-w", "/workspace"],
        ...["-v", `${dir}/home:/builder/home`, "-e", "HOME=/builder/home"],
        ...["-v", `${dir}/output:/builder/outputs`, "-e", "BUILDER_OUTPUT=/builder/outputs"],
        ...["-v", `${dir}/${options.cache ?? "cache"}:/cache`, "-e", "KNBUILD_CACHE_DIR=/cache"],
        ...(options.entrypoint ? ["--entrypoint", options.entrypoint] : []),
        IMAGE,
        ...args,
      ],
      { encoding: "utf8", timeout: 300_000 },
    );
  }

  test("has node, npm, pnpm, yarn, git and a shell inside", () => {
    const result = step(
      [
        "-c",
        "node --version && npm --version && pnpm --version && yarn --version && git --version && knbuild --version",
      ],
      {
        entrypoint: "sh",
      },
    );
    expect(result.status, result.stderr).toBe(0);
    expect(result.stdout).toMatch(
      /^v24\.\d+\.\d+\n\d+\.\d+\.\d+\n\d+\.\d+\.\d+\n\d+\.\d+\.\d+\ngit version \S+\n\d+\.\d+\.\d+\n$/,
    );
  });

  test("builds and pushes with no network but the registry's; the second build with the same cache does nothing", async () => {
    // The lock file is part of the source: it is written once, and committed.
    const locked = step(["build", ".", "--base", `${REGISTRY}/base/runtime:v1`], { cache: "other-cache" });
    expect(locked.status, locked.stderr).toBe(0);
    // A file that was written a moment ago may change again within the clock's resolution: such a tree is looked at anew.
    await new Promise((resolve) => setTimeout(resolve, 3000));
    const args = [
      "build",
      ".",
      "-t",
      `${REGISTRY}/apps/hello:v1`,
      "--base",
      `${REGISTRY}/base/runtime:v1`,
      "--push",
      "--json",
    ];
    const first = step(args);
    expect(first.status, first.stderr).toBe(0);
    const report = JSON.parse(first.stdout);
    expect(report.unchanged).toBe(false);
    expect(readFileSync(join(dir, "output/output"), "utf8")).toBe(`${REGISTRY}/apps/hello@${report.digest}\n`);
    const found = inNetwork("skopeo", "inspect", "--tls-verify=false", `docker://${REGISTRY}/apps/hello:v1`);
    expect(JSON.parse(found.stdout)).toMatchObject({ Digest: report.digest });
    // Plain logs, no terminal's control codes.
    expect(first.stderr).not.toContain("\u001b");

    const second = step(args);
    expect(second.status, second.stderr).toBe(0);
    expect(JSON.parse(second.stdout)).toMatchObject({ unchanged: true, digest: report.digest });
  });

  test("a failure is an exit code that Cloud Build sees", () => {
    const result = step(["build", "missing", "--push", "-t", `${REGISTRY}/apps/none:v1`]);
    expect(result.status).toBe(2);
    expect(result.stderr).toContain("SOURCE_MISSING");
  });
});
