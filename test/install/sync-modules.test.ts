import { lstatSync, mkdirSync, readdirSync, readFileSync, readlinkSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { linkTree } from "../../src/install/link-tree.ts";
import { linkFrom, syncModules } from "../../src/install/sync-modules.ts";
import { scratchDir } from "../support/scratch.ts";

/** Where a package lies → its version; `link:DIR` is a member of a workspace. */
type Packages = Record<string, string>;

function write(root: string, path: string, text: string): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
}

/** As an installation lays them out: a package's files tell its version. */
function layOut(packages: Packages): string {
  const root = scratchDir("modules");
  mkdirSync(join(root, "node_modules"));
  for (const [location, version] of Object.entries(packages)) {
    if (version.startsWith("link:")) {
      mkdirSync(dirname(join(root, location)), { recursive: true });
      symlinkSync(version.slice("link:".length), join(root, location));
      continue;
    }
    write(root, `${location}/package.json`, JSON.stringify({ version }));
    write(root, `${location}/lib/index-${version}.js`, version);
    write(root, `${dirname(location).replace(/\/@\w+$/, "")}/.bin/${location.split("/").at(-1)}`, version);
  }
  const entries = Object.entries(packages).map(([location, version]) => [
    location,
    version.startsWith("link:") ? { link: true, resolved: version } : { version, integrity: `sha512-${version}` },
  ]);
  write(root, "node_modules/.package-lock.json", JSON.stringify({ packages: Object.fromEntries(entries) }));
  return root;
}

function listing(root: string): Record<string, string> {
  const found: Record<string, string> = {};
  for (const entry of readdirSync(root, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    const name = path.slice(root.length + 1);
    if (entry.isDirectory()) found[`${name}/`] = "";
    else found[name] = entry.isSymbolicLink() ? `-> ${readlinkSync(path)}` : readFileSync(path, "utf8");
  }
  return found;
}

function brought(
  before: Packages,
  after: Packages,
  folders: readonly string[] = ["node_modules"],
): { tree: string; modules: string; old: string } {
  const [old, modules, tree] = [layOut(before), layOut(after), scratchDir("tree")];
  linkTree(old, tree);
  syncModules(modules, tree, folders);
  return { tree, modules, old };
}

describe("node_modules brought from one installation to another", () => {
  test("is what the new one alone would be", () => {
    const names = ["a", "b", "@s/c", "@s/d", "@t/e"];
    const version = fc.constantFrom("1", "2", "link:../packages/x");
    const packages = fc
      .dictionary(fc.constantFrom(...names), fc.tuple(version, fc.dictionary(fc.constantFrom(...names), version)))
      .map((tops) => {
        const found: Packages = {};
        for (const [name, [own, inside]] of Object.entries(tops)) {
          found[`node_modules/${name}`] = own;
          if (own.startsWith("link:")) continue;
          for (const [other, its] of Object.entries(inside)) found[`node_modules/${name}/node_modules/${other}`] = its;
        }
        return found;
      });
    fc.assert(
      fc.property(packages, packages, (before, after) => {
        const { tree, modules } = brought(before, after);
        expect(listing(tree)).toEqual(listing(modules));
      }),
      { numRuns: 60 },
    );
  });

  test("so are those of a workspace's members", () => {
    const before = { "node_modules/a": "1", "apps/x/node_modules/a": "2", "apps/x/node_modules/b": "1" };
    const after = { "node_modules/a": "1", "apps/x/node_modules/a": "3", "apps/x/node_modules/b": "1" };
    const { tree, modules } = brought(before, after, ["node_modules", "apps/x/node_modules"]);
    expect(listing(tree)).toEqual(listing(modules));
  });

  test("packages that both have stay", () => {
    const before = { "node_modules/a": "1", "node_modules/@s/b": "1", "node_modules/@s/b/node_modules/c": "1" };
    const { tree, modules, old } = brought(before, { ...before, "node_modules/@s/b/node_modules/c": "2" });
    const file = (root: string, path: string) => lstatSync(join(root, "node_modules", path)).ino;
    expect(file(tree, "a/package.json")).toBe(file(old, "a/package.json"));
    expect(file(tree, "@s/b/package.json")).toBe(file(old, "@s/b/package.json"));
    expect(file(tree, "@s/b/node_modules/c/package.json")).toBe(file(modules, "@s/b/node_modules/c/package.json"));
  });

  test("a package is linked from an earlier one where its entry is the same and nothing lies in it", () => {
    const before = { "node_modules/a": "1", "node_modules/b": "1", "node_modules/c": "1" };
    const old = layOut({ ...before, "node_modules/b/node_modules/d": "1" });
    const tree = scratchDir("tree");
    const link = linkFrom(old, tree);
    const entry = (version: string) => ({ version, integrity: `sha512-${version}` });
    expect(link("node_modules/a", entry("1"))).toBe(true);
    expect(link("node_modules/b", entry("1"))).toBe(false);
    expect(link("node_modules/c", entry("2"))).toBe(false);
    expect(link("node_modules/e", entry("1"))).toBe(false);
    expect(Object.keys(listing(tree)).sort()).toEqual([
      "node_modules/",
      "node_modules/a/",
      "node_modules/a/lib/",
      "node_modules/a/lib/index-1.js",
      "node_modules/a/package.json",
    ]);
  });
});
