/** What two installations have in common, both laid out from a lock file alone: a package's folder holds what its entry says. */
import { existsSync, lstatSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { linkTree } from "./link-tree.ts";
import type { LockEntry } from "./lock-tree.ts";

type Packages = Readonly<Record<string, LockEntry>>;

/**
 * node_modules brought from one installation to another: packages that both have stay where they are.
 * @param modules the installation, absolute
 * @param tree has a whole earlier one
 * @param folders node_modules of the root and of members, relative; those that the tree lacks are made
 */
export function syncModules(modules: string, tree: string, folders: readonly string[]): void {
  const before = packagesOf(tree);
  const after = packagesOf(modules);
  const same = (location: string) => isSame(before[location], after[location]);

  /** @param at a node_modules folder, or a scope's in it */
  function sync(at: string): void {
    const wanted = new Set(readdirSync(join(modules, at)));
    for (const name of readdirSync(join(tree, at)))
      if (!wanted.has(name)) rmSync(join(tree, at, name), { recursive: true });
    for (const name of wanted) {
      const path = `${at}/${name}`;
      const there = isThere(tree, path);
      if (there && same(path)) nested(`${path}/node_modules`);
      else if (there && name.startsWith("@")) sync(path);
      else replace(path);
    }
  }

  /** Those that lie in a package that stays, or in the root or a member. */
  function nested(path: string): void {
    const [from, to] = [isThere(modules, path), isThere(tree, path)];
    if (from && to) sync(path);
    else if (from || to) replace(path);
  }

  function replace(path: string): void {
    rmSync(join(tree, path), { recursive: true, force: true });
    if (isThere(modules, path)) linkTree(join(modules, path), join(tree, path));
  }

  for (const folder of folders) nested(folder);
}

/**
 * Packages of an earlier installation, linked where a new one has the same.
 * @returns links a package into its place in `tree`; false: it has to be unpacked, and nothing was done
 * @throws what the file system says, when the earlier one goes meanwhile
 */
export function linkFrom(earlier: string, tree: string): (location: string, entry: LockEntry) => boolean {
  const before = packagesOf(earlier);
  return (location, entry) => {
    const from = join(earlier, location);
    // What lies in a package has entries of its own, and may be another.
    if (!isSame(before[location], entry) || existsSync(join(from, "node_modules"))) return false;
    linkTree(from, join(tree, location));
    return true;
  };
}

function isSame(one: LockEntry | undefined, other: LockEntry | undefined): boolean {
  return one?.integrity !== undefined && JSON.stringify(one) === JSON.stringify(other);
}

function isThere(tree: string, path: string): boolean {
  return lstatSync(join(tree, path), { throwIfNoEntry: false }) !== undefined;
}

function packagesOf(tree: string): Packages {
  const text = readFileSync(join(tree, "node_modules/.package-lock.json"), "utf8");
  return (JSON.parse(text) as { packages: Packages }).packages;
}
