import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  createWriteStream,
  linkSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { chmod, chown } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { afterAll, describe, expect, it } from "vitest";
import { findDebianMirrors } from "../../src/bases/apt-sources.ts";
import { readBaseFiles } from "../../src/bases/base-files.ts";
import { BASES } from "../../src/bases/catalogue.ts";
import { baseDefinitionSchema } from "../../src/bases/definition-schema.ts";
import { type AssembledBase, resolveBase } from "../../src/bases/resolve.ts";
import { checkElfClosure } from "../../src/elf/check-closure.ts";
import { fileKind } from "../../src/elf/magic.ts";
import type { TarEntry } from "../../src/oci/layer-source.ts";
import { directoryView } from "../elf/directory-view.ts";
import { keptPath } from "../support/kept.ts";
import { requireComponent } from "../support/machine.ts";

/** Kept between runs: the packages are fetched once. */
const CACHE = keptPath("cache");
const hasMirror = findDebianMirrors("/etc/apt").length > 0;
if (!hasMirror && process.env["CI"] === "true") throw new Error("CI=true, and apt names no Debian mirror");
const isRoot = process.getuid?.() === 0;

describe("the catalogue", () => {
  it("has definitions of the form that is asked of users", () => {
    expect(BASES.map(({ id }) => id)).toEqual([
      "debian13-node22",
      "debian13-node24",
      "debian13-node26",
      "debian13-static",
    ]);
    for (const base of BASES) expect(baseDefinitionSchema.parse(base)).toEqual(base);
  });
});

describe.skipIf(!hasMirror)("assembled from the machine's mirror", () => {
  const roots: string[] = [];
  afterAll(() => {
    for (const root of roots) rmSync(root, { recursive: true, force: true });
  });

  for (const { id, runtime } of BASES) {
    it(`${id}: every library resolves, users and certificates are there, node starts`, {
      timeout: 240_000,
    }, async () => {
      const base = (await resolveBase(id, { cacheDir: CACHE })) as AssembledBase;
      const root = await unpack(base, roots);
      const view = directoryView(root);
      const files = listFiles(root);
      const elfs = files
        .filter((path) => fileKind(readFileSync(join(root, path)).subarray(0, 16)) === "elf")
        .map((path) => `/${path}`);
      const programs = elfs.filter((path) => path.startsWith("/nodejs/bin/"));
      const libraries = elfs.filter((path) => !programs.includes(path));
      const host = programs[0];
      const request = { programs, libraries, ...(host && { host }) };
      expect(await checkElfClosure(view, request)).toEqual([]);
      // The same without writing anything.
      const inPlace = await readBaseFiles(base);
      expect(await checkElfClosure(inPlace, request)).toEqual([]);
      expect([...inPlace.paths()].filter((path) => inPlace.lookup(path)?.type === "file").sort()).toEqual(
        files.map((path) => `/${path}`).sort(),
      );
      expect(readFileSync(join(root, "etc/passwd"), "utf8")).toMatch(/^nonroot:x:65532:65532:/m);
      expect(readFileSync(join(root, "etc/os-release"), "utf8")).toContain("VERSION_CODENAME=trixie");
      const certificates = readFileSync(join(root, "etc/ssl/certs/ca-certificates.crt"), "utf8").match(
        /BEGIN CERTIFICATE/g,
      );
      expect(certificates?.length).toBeGreaterThan(100);
      expect(files).toContain("usr/share/zoneinfo/Europe/Berlin");
      expect(files.filter((path) => /bin\/(?:ba|da)?sh$|bin\/(?:dpkg|apt|perl)$/.test(path))).toEqual([]);
      if (!runtime) {
        expect(elfs).toEqual([]);
        return;
      }
      expect(elfs.length).toBeGreaterThan(200);
      if (!isRoot) return;
      const inside = (...argv: string[]) =>
        execFileSync("chroot", ["--userspec=65532:65532", root, ...argv], { encoding: "utf8" });
      expect(inside("/nodejs/bin/node", "--version").trim()).toBe(`v${base.node?.version}`);
      expect(base.node?.version.startsWith(`${runtime.major}.`)).toBe(true);
      expect(inside("/usr/bin/node", "-p", "new Date(0).toLocaleString('de', { timeZone: 'Asia/Tokyo' })")).toContain(
        "9:00:00",
      );
      expect(inside("/lib64/ld-linux-x86-64.so.2", "--list", "/nodejs/bin/node")).not.toContain("not found");
    });
  }

  it.skipIf(!requireComponent("dpkg"))("dpkg-query reads the packages", async () => {
    const base = (await resolveBase("debian13-node24", { cacheDir: CACHE })) as AssembledBase;
    const admin = mkdtempSync(join(tmpdir(), "knbuild-dpkg-"));
    roots.push(admin);
    const texts: string[] = [];
    const sums = new Map<string, string>();
    for (const layer of base.layers) {
      for await (const entry of layer.entries()) {
        if (entry.type !== "file" || !entry.path.startsWith("var/lib/dpkg/status.d/")) continue;
        const text = await readText(entry);
        if (entry.path.endsWith(".md5sums")) sums.set(entry.path, text);
        else texts.push(text);
      }
    }
    mkdirSync(join(admin, "info"));
    mkdirSync(join(admin, "updates"));
    writeFileSync(join(admin, "status"), texts.join("\n"));
    const format = "${Package}=${Version} ${db:Status-Status}\\n";
    const output = execFileSync("dpkg-query", [`--admindir=${admin}`, "-W", "-f", format], {
      encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"],
    });
    const expected = base.locked.layers.flatMap(({ packages }) =>
      packages.map(({ name, version }) => `${name}=${version} installed`),
    );
    expect(output.trim().split("\n").sort()).toEqual(expected.sort());
    expect(sums.size).toBe(expected.length);
    expect(sums.get("var/lib/dpkg/status.d/libc6.md5sums")).toMatch(
      /^[0-9a-f]{32} {2}usr\/lib\/x86_64-linux-gnu\/libc\.so\.6$/m,
    );
  });

  it("extra packages bring what they need, and nothing that is there", { timeout: 240_000 }, async () => {
    const base = (await resolveBase("debian13-node24", { cacheDir: CACHE, packages: ["libcairo2"] })) as AssembledBase;
    const names = base.locked.layers.map(({ packages }) => packages.map(({ name }) => name));
    expect(names[2]).toContain("libpixman-1-0");
    expect(names[2]).not.toContain("libc6");
    const library = "/usr/lib/x86_64-linux-gnu/libcairo.so.2";
    const files = await readBaseFiles(base);
    expect(await checkElfClosure(files, { libraries: [library] })).toEqual([]);
    // The same check on the base alone names what is missing.
    const bare = (await resolveBase("debian13-node24", { cacheDir: CACHE })) as AssembledBase;
    const bareFiles = await readBaseFiles(bare);
    const lookup = (path: string) =>
      bareFiles.lookup(path) ?? (path.includes("cairo") ? files.lookup(path) : undefined);
    const problems = await checkElfClosure({ lookup }, { libraries: [library], host: "/nodejs/bin/node" });
    expect(problems.map(({ missing }) => missing)).toContain("libpixman-1.so.0");
  });

  it("is the same from an empty cache", { timeout: 240_000 }, async () => {
    const other = mkdtempSync(join(tmpdir(), "knbuild-other-cache-"));
    roots.push(other);
    const [one, two] = (await Promise.all([
      resolveBase("debian13-static", { cacheDir: CACHE }),
      resolveBase("debian13-static", { cacheDir: other }),
    ])) as [AssembledBase, AssembledBase];
    expect(two.digest).toBe(one.digest);
    expect(await fingerprint(two)).toBe(await fingerprint(one));
    const node = (await resolveBase("debian13-node24", { cacheDir: CACHE })) as AssembledBase;
    expect(node.layers[0]?.cacheKey).toBe(one.layers[0]?.cacheKey);
  });
});

async function fingerprint(base: AssembledBase): Promise<string> {
  const hash = createHash("sha256");
  for (const layer of base.layers) {
    for await (const entry of layer.entries()) {
      // Where the bytes lie on this machine is no part of the layer.
      hash.update(JSON.stringify({ ...entry, at: undefined }));
      if (entry.type === "file") for await (const chunk of entry.open()) hash.update(chunk);
    }
  }
  return hash.digest("hex");
}

/** Writes the layers into a directory, as a container runtime would. */
async function unpack(base: AssembledBase, roots: string[]): Promise<string> {
  const root = mkdtempSync(join(tmpdir(), "knbuild-root-"));
  roots.push(root);
  await chmod(root, 0o755);
  for (const layer of base.layers) {
    const entries: TarEntry[] = [];
    for await (const entry of layer.entries()) entries.push(entry);
    // Links of directories (/lib → usr/lib) before what lies behind them.
    entries.sort((a, b) => (a.path < b.path ? -1 : 1));
    for (const entry of entries) await writeEntry(root, entry);
  }
  return root;
}

async function writeEntry(root: string, entry: TarEntry): Promise<void> {
  const path = join(root, entry.path);
  mkdirSync(dirname(path), { recursive: true });
  if (entry.type === "directory") mkdirSync(path, { recursive: true });
  else if (entry.type === "symlink") symlinkSync(entry.target, path);
  else if (entry.type === "hardlink") linkSync(join(root, entry.target), path);
  else await pipeline(Readable.from(entry.open()), createWriteStream(path));
  if (entry.type === "symlink") return;
  if (isRoot) await chown(path, entry.uid, entry.gid);
  await chmod(path, entry.mode);
}

async function readText(entry: TarEntry & { type: "file" }): Promise<string> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of entry.open()) chunks.push(chunk);
  return Buffer.concat(chunks).toString("utf8");
}

function listFiles(root: string): string[] {
  return readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(root.length + 1));
}
