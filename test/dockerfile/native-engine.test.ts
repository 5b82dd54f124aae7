/** The native engine against BuildKit: the same Dockerfiles without RUN give the same files and the same configuration. */
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  chmodSync,
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { gunzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { copy } from "../../src/oci/copy.ts";
import { targetOfImage } from "../../src/oci/image-target.ts";
import type { FileEntry } from "../../src/oci/layer-source.ts";
import type { ImageConfig, Manifest } from "../../src/oci/manifest.ts";
import { build } from "../../src/pipeline/build.ts";
import { createRegistryClient } from "../../src/registry/client.ts";
import { openStore } from "../../src/store/store.ts";
import { type Buildkitd, hasBuildkit, startBuildkitd } from "../support/buildkitd.ts";
import { type DockerRegistry, startDockerRegistry } from "../support/docker-registry.ts";
import { makeRepository, serveGit } from "../support/git-http.ts";
import { GO_BUILD_TIMEOUT_MS } from "../support/go-program.ts";
import { requireComponent, system } from "../support/machine.ts";
import { directory, file, symlink, testImage } from "../support/test-image.ts";
import { NO_RUN_CASES, type NoRunCase } from "./no-run-cases.ts";
import { randomNoRun } from "./random-no-run.ts";

const here = process.getuid?.() === 0 && requireComponent("docker-registry") && hasBuildkit();

const SEEDS = (process.env["KNBUILD_NO_RUN_SEEDS"] ?? "1-40").split("-").map(Number) as [number, number];
const CASES: readonly NoRunCase[] = [
  ...NO_RUN_CASES,
  ...Array.from({ length: SEEDS[1] - SEEDS[0] + 1 }, (_, i) => randomNoRun(SEEDS[0] + i)),
];

const CONTEXT: Record<string, string> = {
  "a.txt": "a\n",
  "b.txt": "bb\n",
  "with space.txt": "c\n",
  "src/x.md": "# x\n",
  "src/y.js": "y\n",
  "src/deep/m.c": "m\n",
  "src/deep/d.h": "d\n",
  "src/deep/d.c": "dc\n",
  "modes/x755": "x",
  "modes/r600": "r",
  "modes/w664": "w",
  "modes/in/s4755": "s",
};

describe.skipIf(!here)("Dockerfiles without RUN, by knbuild and by BuildKit", () => {
  let root: string;
  let registry: DockerRegistry;
  let buildkit: Buildkitd;
  let web: Server;
  let checksum: string;

  beforeAll(async () => {
    root = mkdtempSync(join(tmpdir(), "knbuild-no-run-"));
    registry = await startDockerRegistry();
    buildkit = await startBuildkitd([registry.host]);
    makeContext(join(root, "context"));
    await pushBases(registry.host, join(root, "store"));
    makeRepository(root, "repo");
    web = createServer((request, response) => {
      if (request.url === "/file.bin") response.end("downloaded\n");
      else if (request.url?.startsWith("/repo.git/")) serveGit(root, request, response);
      else if (request.url === "/packed.tar.gz") response.end(readFileSync(join(root, "context/packed.tar.gz")));
      else response.writeHead(404).end();
    });
    await new Promise<void>((resolve) => web.listen(0, "127.0.0.1", resolve));
    checksum = `sha256:${createHash("sha256").update("downloaded\n").digest("hex")}`;
  }, GO_BUILD_TIMEOUT_MS);

  afterAll(async () => {
    await buildkit?.stop();
    await registry?.close();
    web?.close();
    if (root) rmSync(root, { recursive: true, force: true });
  });

  function dockerfileOf({ dockerfile }: NoRunCase): string {
    const { port } = web.address() as AddressInfo;
    return dockerfile
      .replaceAll("BASE", `${registry.host}/base:1`)
      .replaceAll("TRIGGERS", `${registry.host}/triggers:1`)
      .replaceAll("URL", `http://127.0.0.1:${port}`)
      .replaceAll("=SUM", `=${checksum}`);
  }

  test.each(CASES)(
    "$name",
    async (one) => {
      const dir = mkdtempSync(join(root, "case-"));
      const context = join(dir, "context");
      cpSync(join(root, "context"), context, { recursive: true, verbatimSymlinks: true, preserveTimestamps: true });
      for (const [path, text] of Object.entries(one.files ?? {})) writeFileSync(join(context, path), text);
      const dockerfileDir = one.beside ? join(dir, "elsewhere") : context;
      mkdirSync(dockerfileDir, { recursive: true });
      for (const [path, text] of Object.entries(one.beside ?? {})) writeFileSync(join(dockerfileDir, path), text);
      writeFileSync(join(dockerfileDir, "Dockerfile"), dockerfileOf(one));
      const { buildArgs = {}, target } = one;
      const refused = await buildkit.build({
        context,
        dockerfileDir,
        dest: join(dir, "theirs.tar"),
        buildArgs,
        ...(target && { target }),
      });
      const failure = await build({
        dir: context,
        cacheDir: join(root, "cache"),
        lint: false,
        outputs: [{ type: "oci", dest: join(dir, "ours.tar") }],
        overrides: {
          buildpack: "dockerfile",
          dockerfile: { file: join(dockerfileDir, "Dockerfile"), args: buildArgs, ...(target && { target }) },
        },
        registry: { plainHttp: [registry.host] },
      }).then(
        () => undefined,
        (error) => error,
      );
      const seen = `${dockerfileOf(one)}BuildKit: ${refused?.slice(-600)}\nknbuild: ${failure?.message}`;
      if (one.fails ?? (one.random && refused !== undefined)) {
        expect(refused, seen).toBeDefined();
        expect(failure, seen).toMatchObject({ name: "KnbuildError", where: expect.stringContaining("Dockerfile:") });
      } else {
        expect(failure, seen).toBeUndefined();
        expect(refused, seen).toBeUndefined();
        const theirs = readImage(join(dir, "theirs.tar"), join(dir, "theirs"));
        const ours = readImage(join(dir, "ours.tar"), join(dir, "ours"));
        expect(ours.tree, seen).toEqual(theirs.tree);
        if (one.holds) expect(ours.tree.join("\n")).toContain(one.holds);
        expect(comparable(ours.config), seen).toEqual(comparable(theirs.config));
      }
      rmSync(dir, { recursive: true, force: true });
    },
    60_000,
  );
});

function makeContext(dir: string): void {
  for (const [path, text] of Object.entries(CONTEXT)) {
    mkdirSync(dirname(join(dir, path)), { recursive: true });
    writeFileSync(join(dir, path), text, { mode: 0o644 });
    chmodSync(join(dir, path), 0o644);
  }
  for (const path of ["modes/x755", "modes/in/s4755"]) chmodSync(join(dir, path), 0o755);
  chmodSync(join(dir, "modes/in/s4755"), 0o4755);
  chmodSync(join(dir, "modes/r600"), 0o600);
  chmodSync(join(dir, "modes/w664"), 0o664);
  chmodSync(join(dir, "modes/in"), 0o2750);
  mkdirSync(join(dir, "empty"));
  mkdirSync(join(dir, "links"));
  for (const [path, target] of [
    ["links/relative", "../a.txt"],
    ["links/absolute", "/etc/passwd"],
    ["links/broken", "nowhere"],
    ["links/directory", "../src"],
    ["link.txt", "src/../a.txt"],
    ["dirlink", "src/deep"],
  ] as const)
    symlinkSync(target, join(dir, path));
  const packed = mkdtempSync(join(tmpdir(), "knbuild-packed-"));
  mkdirSync(join(packed, "d/e"), { recursive: true });
  chmodSync(join(packed, "d/e"), 0o750);
  writeFileSync(join(packed, "d/e/f"), "in the archive\n");
  writeFileSync(join(packed, "d/big"), Buffer.alloc(300_000, "0123456789abcdef\n"));
  symlinkSync("e/f", join(packed, "d/link"));
  spawnSync("ln", [join(packed, "d/e/f"), join(packed, "d/hard")]);
  spawnSync("chown", ["-R", "21:22", join(packed, "d")]);
  for (const [name, flag] of [
    ["plain.tar", ""],
    ["packed.tar.gz", "z"],
    ["packed.tar.bz2", "j"],
    ["packed.tar.xz", "J"],
    ["packed.tar.zst", " --zstd -"],
  ] as const)
    system("tar", ...`-c${flag}f`.split(" "), join(dir, name), "-C", packed, "./d");
  rmSync(packed, { recursive: true, force: true });
}

async function pushBases(host: string, storeDir: string): Promise<void> {
  const store = openStore(storeDir);
  const base = await testImage({
    store,
    compression: "gzip",
    layers: [
      [
        directory("etc"),
        file("etc/passwd", "root:x:0:0::/:/bin/sh\napp:x:1001:1002::/home/app:/bin/sh\n"),
        file("etc/group", "root:x:0:\nstaff:x:50:\n"),
        directory("tmp", 0o1777),
        directory("srv/data"),
        file("srv/data/old", "old\n"),
        symlink("data", "/srv/data"),
        directory("usr/lib"),
        file("usr/lib/x.so", "so\n"),
        symlink("lib", "usr/lib"),
        file("usr/bin/tool", "tool\n", 0o755),
        // cap_net_bind_service=ep, version 2.
        {
          ...(file("usr/bin/binds", "binds\n", 0o755) as FileEntry),
          capability: `\x01\0\0\x02\0\x04${"\0".repeat(14)}`,
        },
        // cap_setuid=ep: a byte over 127.
        {
          ...(file("usr/bin/becomes", "becomes\n", 0o755) as FileEntry),
          capability: `\x01\0\0\x02\x80${"\0".repeat(15)}`,
        },
        { ...directory("opt/app", 0o750), uid: 7, gid: 8 },
        { ...file("opt/app/run.sh", "run\n", 0o755), uid: 7, gid: 8 },
        file("opt/app/gone", "gone\n"),
      ],
      [file("opt/app/.wh.gone", ""), file("opt/second", "2\n")],
    ],
    config: {
      Env: ["PATH=/usr/bin:/bin", "FOO=/from/base"],
      WorkingDir: "/srv",
      Entrypoint: ["/usr/bin/tool"],
      Cmd: ["serve"],
      Labels: { base: "yes" },
      ExposedPorts: { "1/tcp": {} },
    },
  });
  const triggers = await testImage({
    store,
    compression: "gzip",
    layers: [[file("marker", "m\n")]],
    config: { OnBuild: ["ARG T=1", "COPY a.txt /triggered/$T", "ENV FIRED=$T", "WORKDIR /triggered"] },
  });
  const client = createRegistryClient({ plainHttp: [host], env: {} });
  for (const [name, image] of [
    ["base", base],
    ["triggers", triggers],
  ] as const) {
    const target = client.repository(`${host}/${name}`, { access: "push" });
    await copy(await targetOfImage(image, name), target, { reference: image.descriptor, tags: ["1"] });
  }
  client.close();
}

const CAPABILITY = "SCHILY.xattr.security.capability=";

interface ReadBack {
  tree: string[];
  config: ImageConfig;
}

/** With the system's tar, layer after layer: none of these images takes a file away. */
function readImage(archive: string, dir: string): ReadBack {
  const [layout, rootfs] = [join(dir, "layout"), join(dir, "rootfs")];
  mkdirSync(layout, { recursive: true });
  mkdirSync(rootfs);
  system("tar", "-xf", archive, "-C", layout);
  const blob = (digest: string) => join(layout, "blobs", digest.replace(":", "/"));
  const json = (path: string) => JSON.parse(readFileSync(path, "utf8"));
  const capable: string[] = [];
  let manifest = json(blob(json(join(layout, "index.json")).manifests[0].digest)) as Manifest;
  if ("manifests" in manifest)
    manifest = json(blob((manifest as { manifests: { digest: string }[] }).manifests[0]?.digest as string));
  for (const { digest } of manifest.layers ?? []) {
    system("tar", "-xpf", blob(digest), "--same-owner", "--keep-directory-symlink", "--exclude=*.wh.*", "-C", rootfs);
    const packed = readFileSync(blob(digest));
    const bytes = packed[0] === 0x1f ? gunzipSync(packed) : packed;
    for (let at = bytes.indexOf(CAPABILITY); at >= 0; at = bytes.indexOf(CAPABILITY, at + 1)) {
      const value = bytes.subarray(at + CAPABILITY.length);
      capable.push(`${CAPABILITY}${value.toString("hex", 0, 20)}`);
    }
  }
  // Where a case puts a file in the way there is nothing to remove.
  if (existsSync(join(rootfs, "opt/app/gone"))) rmSync(join(rootfs, "opt/app/gone"));
  return { tree: [...walk(rootfs, ""), ...capable.sort()], config: json(blob(manifest.config.digest)) };
}

/** Path, kind, mode, owner, size and content of everything; times are left out (knbuild pins them). */
function* walk(root: string, prefix: string): Generator<string> {
  for (const name of readdirSync(join(root, prefix)).sort()) {
    const path = `${prefix}/${name}`;
    const stats = lstatSync(join(root, path));
    const owner = `${stats.uid}:${stats.gid}`;
    const mode = (stats.mode & 0o7777).toString(8);
    if (stats.isSymbolicLink()) yield `${path} -> ${readlinkSync(join(root, path))} ${owner}`;
    else if (stats.isDirectory()) {
      yield `${path}/ ${mode} ${owner}`;
      yield* walk(root, path);
    } else {
      const content = createHash("sha256")
        .update(readFileSync(join(root, path)))
        .digest("hex");
      yield `${path} ${mode} ${owner} ${stats.size} ${content}`;
    }
  }
}

/**
 * What must be equal. Left out: times (pinned by knbuild so that equal input gives equal digests), the digests of layers,
 * which hold them, and how the history words HEALTHCHECK and EXPOSE, which differs between BuildKit's versions.
 */
function comparable({ config, author, architecture, os, history }: ImageConfig) {
  const filled = Object.fromEntries(
    Object.entries(config ?? {}).filter(([, value]) => value !== null && value !== undefined),
  );
  return {
    config: filled,
    author,
    architecture,
    os,
    history: (history ?? []).map(({ created_by = "", comment, empty_layer }) => ({
      created_by: created_by.replace(/^(HEALTHCHECK|EXPOSE) .*/, "$1"),
      comment,
      empty_layer,
    })),
  };
}
