import { execFileSync } from "node:child_process";
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { readNpmConfig } from "../../src/bases/npm-config.ts";
import { childEnvironment } from "../../src/install/environment.ts";
import { type LockEntry, type PackageLock, readLockTree } from "../../src/install/lock-tree.ts";
import { installFromLock } from "../../src/install/lockfile-install.ts";
import { removeTemporary, snapshot, temporary } from "./context.ts";

afterAll(removeTemporary);
const root = new URL("../..", import.meta.url).pathname;
const env = childEnvironment({ env: process.env });

/** The lock file as the test's own npm ci and the room's reader lay it out. */
async function bothWays(
  from: string,
  options: { dev: boolean; ignoreScripts: boolean },
): Promise<[ours: Record<string, string>, npms: Record<string, string>]> {
  const [ours, npms] = [temporary(), temporary()];
  for (const dir of [ours, npms])
    for (const name of ["package.json", "package-lock.json"]) copyFileSync(join(from, name), join(dir, name));
  const flags = [options.dev ? "--include=dev" : "--omit=dev", ...(options.ignoreScripts ? ["--ignore-scripts"] : [])];
  execFileSync("npm", ["ci", ...flags, "--prefer-offline", "--no-audit", "--no-fund", "--loglevel=error"], {
    cwd: npms,
    env,
    stdio: "pipe",
  });
  const lock = JSON.parse(readFileSync(join(from, "package-lock.json"), "utf8")) as PackageLock;
  const made = await installFromLock({
    tree: ours,
    lock,
    ...options,
    manifest: (location) =>
      location === "" ? (JSON.parse(readFileSync(join(from, "package.json"), "utf8")) as LockEntry) : undefined,
    env: process.env,
    npmConfig: () => readNpmConfig(from, process.env),
  });
  expect(made).not.toHaveProperty("reason");
  return [snapshot(join(ours, "node_modules")), snapshot(join(npms, "node_modules"))];
}

describe("lays out file by file, mode by mode, what npm ci does", () => {
  it.each(["express-js", "fastify-ts", "assets-and-views"])("examples/%s", async (name) => {
    const [ours, npms] = await bothWays(join(root, "examples", name), { dev: false, ignoreScripts: false });
    expect(Object.keys(npms).length).toBeGreaterThan(50);
    expect(ours).toEqual(npms);
  });

  // Nested versions, scopes, programs, optional packages of other platforms, peers, packages with install scripts.
  it("a large development tree, install scripts apart", async () => {
    const dir = temporary();
    writeFileSync(
      join(dir, "package.json"),
      JSON.stringify({
        name: "tree",
        dependencies: { "@vercel/nft": "1.11.5" },
        devDependencies: { mocha: "^11.0.0" },
      }),
    );
    execFileSync(
      "npm",
      ["install", "--package-lock-only", "--prefer-offline", "--no-audit", "--no-fund", "--loglevel=error"],
      { cwd: dir, env, stdio: "pipe" },
    );
    const [ours, npms] = await bothWays(dir, { dev: true, ignoreScripts: true });
    expect(Object.keys(npms).length).toBeGreaterThan(800);
    const differing = [...new Set([...Object.keys(ours), ...Object.keys(npms)])].filter(
      (path) => ours[path] !== npms[path],
    );
    expect(differing).toEqual([]);
  });
});

const INTEGRITY = "sha512-AAAA";
const entry = (more: object = {}) => ({ version: "1.0.0", integrity: INTEGRITY, ...more });
const lockOf = (dependencies: Record<string, string>, packages: Record<string, object>): PackageLock => ({
  lockfileVersion: 3,
  packages: { "": { dependencies }, ...packages } as Record<string, LockEntry>,
});
const read = (lock: PackageLock, dependencies: Record<string, string>) =>
  readLockTree(lock, {
    dev: false,
    ignoreScripts: false,
    manifest: (location) => (location === "" ? { dependencies } : undefined),
  });

describe("readLockTree leaves to npm what is not plain", () => {
  it.each<[string, Record<string, string>, Record<string, object>, string]>([
    ["another range in package.json", { a: "^2" }, { "node_modules/a": entry() }, "differ in dependencies"],
    [
      "a version that does not fit",
      { a: "^1" },
      { "node_modules/a": entry({ version: "3.0.0" }) },
      "a@3.0.0 is not ^1",
    ],
    ["install scripts", { a: "^1" }, { "node_modules/a": entry({ hasInstallScript: true }) }, "install scripts"],
    [
      "git",
      { a: "^1" },
      { "node_modules/a": entry({ resolved: "git+ssh://git@x.test/a.git#1" }) },
      "not come from a registry",
    ],
    ["no integrity", { a: "^1" }, { "node_modules/a": { version: "1.0.0" } }, "no integrity"],
    [
      "bundled",
      { a: "^1" },
      { "node_modules/a": entry(), "node_modules/a/node_modules/b": entry({ inBundle: true }) },
      "bundled",
    ],
    [
      "a package of another platform",
      { a: "^1" },
      { "node_modules/a": entry({ os: ["darwin"] }) },
      "not for linux-x64",
    ],
    [
      "a peer that does not fit",
      { a: "^1", b: "^1" },
      { "node_modules/a": entry({ peerDependencies: { b: "^2" } }), "node_modules/b": entry() },
      "does not accept its peer b@1.0.0",
    ],
    [
      "a peer that is not there",
      { a: "^1" },
      { "node_modules/a": entry({ peerDependencies: { b: "^2" } }) },
      "lacks its peer b",
    ],
  ])("%s", (name, manifest, packages, reason) => {
    const locked = name === "another range in package.json" ? { a: "^1" } : manifest;
    expect(read(lockOf(locked, packages), manifest)).toEqual({ reason: expect.stringContaining(reason) });
  });

  it("drops optional packages of other platforms, with what only they need", () => {
    const packages = {
      "node_modules/a": entry({ optionalDependencies: { mac: "^1", linux: "^1" } }),
      "node_modules/mac": entry({ optional: true, os: ["darwin"], dependencies: { "mac-only": "^1", shared: "^1" } }),
      "node_modules/mac-only": entry({ optional: true }),
      "node_modules/linux": entry({
        optional: true,
        os: ["linux"],
        cpu: ["x64"],
        libc: ["glibc"],
        dependencies: { shared: "^1" },
      }),
      "node_modules/shared": entry({ optional: true }),
      "node_modules/musl": entry({ optional: true, libc: ["musl"] }),
      "node_modules/dev-only": entry({ dev: true, hasInstallScript: true }),
    };
    const found = read(lockOf({ a: "^1" }, packages), { a: "^1" });
    expect("entries" in found && found.entries.map(([location]) => location)).toEqual([
      "node_modules/a",
      "node_modules/linux",
      "node_modules/shared",
    ]);
  });
});

it("a package that is not what the lock file says is refused", async () => {
  const tree = temporary();
  mkdirSync(tree, { recursive: true });
  writeFileSync(join(tree, "package.json"), '{"dependencies":{"ms":"2.1.3"}}');
  const lock = lockOf(
    { ms: "2.1.3" },
    { "node_modules/ms": { version: "2.1.3", integrity: `sha512-${Buffer.alloc(64).toString("base64")}` } },
  );
  await expect(
    installFromLock({
      tree,
      lock,
      dev: false,
      ignoreScripts: false,
      manifest: () => ({ dependencies: { ms: "2.1.3" } }),
      env: process.env,
      npmConfig: () => readNpmConfig(tree, process.env),
    }),
  ).rejects.toMatchObject({ code: "PACKAGE_INTEGRITY" });
});
