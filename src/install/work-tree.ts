/**
 * A directory with the app's sources and its node_modules side by side, for tools that look for both in one place. Sources
 * are copied (a file that did not change is left alone); packages are hard links to the installation in the cache, or
 * copies where something will write among them.
 */
import { createHash } from "node:crypto";
import {
  constants,
  copyFileSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { basename, dirname, join, relative } from "node:path";
import { errnoCode, KnbuildError } from "../base/errors.ts";
import { withFileLock } from "../base/file-lock.ts";
import { LAYOUT } from "./install-key.ts";
import { linkTree } from "./link-tree.ts";
import { syncModules } from "./sync-modules.ts";
import type { InstallSource } from "./types.ts";

/** A copied time is right to this much: it went through a floating-point number of seconds. */
const CLOCK_MS = 0.01;

interface State {
  key: string;
  /** Laid out in this way (`LAYOUT`) from a lock file alone: what a package's folder holds is what its entry says. */
  plain?: number | undefined;
}

/**
 * @param modules installation to take node_modules from
 * @param installation its key, and whether a lock file alone says what it holds
 * @param member the only one of a workspace that the installation serves: its tree is not another member's
 * @param made the installation was made by this build: one with the same key may have been here before
 */
export async function openWorkTree(
  cacheDir: string,
  root: InstallSource,
  modules: string,
  installation: State,
  member = ".",
  made = false,
): Promise<string> {
  const { dir, tree, lock } = placesOf(cacheDir, root.root, member);
  mkdirSync(tree, { recursive: true });
  await withFileLock(lock, async () => {
    const state = join(dir, "state.json");
    const before = readState(state);
    noteUse(state);
    if (before?.key === installation.key && !made) return syncSources(root, tree);
    rmSync(state, { force: true });
    const folders = modulesFolders(modules).map((folder) => relative(modules, folder));
    const isRemade = before?.key === installation.key;
    const stays = installation.plain !== undefined && before?.plain === installation.plain && !isRemade;
    for (const folder of modulesFolders(tree))
      if (!stays || !folders.includes(relative(tree, folder))) rmSync(folder, { recursive: true, force: true });
    syncSources(root, tree);
    if (stays) syncModules(modules, tree, folders);
    else for (const folder of folders) linkTree(join(modules, folder), join(tree, folder));
    writeFileSync(state, JSON.stringify({ ...installation, root: root.root }));
  });
  return tree;
}

/**
 * The installation that the tree of these sources has its packages from, where a lock file alone says what lies in it.
 * @param root of the sources, absolute
 */
export function plainInstallation(cacheDir: string, root: string): string | undefined {
  const state = readState(join(placesOf(cacheDir, root).dir, "state.json"));
  if (state?.plain !== LAYOUT) return undefined;
  const tree = join(cacheDir, "install", state.key, "tree");
  return existsSync(tree) ? tree : undefined;
}

function placesOf(cacheDir: string, root: string, member = "."): { dir: string; tree: string; lock: string } {
  const whose = member === "." ? root : `${root}\0${member}`;
  const name = createHash("sha256").update(whose).digest("hex").slice(0, 24);
  const dir = join(cacheDir, "work", name);
  return { dir, tree: join(dir, "tree"), lock: join(cacheDir, "work", `${name}.lock`) };
}

/**
 * Brings single files of a tree up to date that was made before.
 * @param root of the sources, absolute
 * @returns where it lies; undefined: it is not there any more
 */
export async function refreshWorkTree(
  cacheDir: string,
  root: string,
  paths: readonly string[],
): Promise<string | undefined> {
  const { dir, tree, lock } = placesOf(cacheDir, root);
  const state = join(dir, "state.json");
  if (!existsSync(state)) return undefined;
  await withFileLock(lock, async () => {
    noteUse(state);
    for (const path of paths) syncFile(join(root, path), join(tree, path));
  });
  return tree;
}

/** For whoever clears the cache. */
function noteUse(state: string): void {
  const now = new Date();
  if (existsSync(state)) utimesSync(state, now, now);
}

function readState(file: string): State | undefined {
  try {
    return JSON.parse(readFileSync(file, "utf8")) as State;
  } catch {
    return undefined;
  }
}

/** Every outermost node_modules directory of a tree. */
export function modulesFolders(tree: string, depth = 0): string[] {
  if (depth > 6 || !existsSync(tree)) return [];
  return readdirSync(tree, { withFileTypes: true }).flatMap((entry) => {
    if (!entry.isDirectory() || entry.name === ".git") return [];
    const path = join(tree, entry.name);
    return entry.name === "node_modules" ? [path] : modulesFolders(path, depth + 1);
  });
}

function syncSources(root: InstallSource, tree: string): void {
  const wanted = new Set<string>();
  const made = new Set<string>();
  for (const { path, type } of root.list()) {
    wanted.add(path);
    const from = join(root.root, path);
    const to = join(tree, path);
    if (!made.has(dirname(to))) {
      mkdirSync(dirname(to), { recursive: true });
      made.add(dirname(to));
    }
    if (type === "symlink") {
      const target = lstatSync(to, { throwIfNoEntry: false });
      const text = readlinkSync(from);
      if (target?.isSymbolicLink() && readlinkSync(to) === text) continue;
      if (target) rmSync(to, { recursive: true });
      symlinkSync(text, to);
    } else syncFile(from, to);
  }
  removeOthers(tree, "", wanted);
}

function syncFile(from: string, to: string): void {
  const target = lstatSync(to, { throwIfNoEntry: false });
  const stats = lstatSync(from);
  if (
    target?.isFile() &&
    target.size === stats.size &&
    Math.abs(target.mtimeMs - stats.mtimeMs) < CLOCK_MS &&
    (target.mode & 0o111) === (stats.mode & 0o111)
  )
    return;
  if (target && !target.isFile()) rmSync(to, { recursive: true });
  // Whoever reads the old file at this moment keeps it whole.
  const temporary = `${to}.${process.pid}.tmp`;
  copySource(from, temporary);
  // Not the Date: it has lost what is finer than a millisecond, and the copy would look changed for ever.
  utimesSync(temporary, stats.atimeMs / 1000, stats.mtimeMs / 1000);
  renameSync(temporary, to);
}

/** @throws FILE_UNREADABLE */
function copySource(from: string, to: string): void {
  try {
    copyFileSync(from, to, constants.COPYFILE_FICLONE);
  } catch (error) {
    if (errnoCode(error) !== "EACCES") throw error;
    throw new KnbuildError({
      code: "FILE_UNREADABLE",
      message: `cannot read ${basename(from)} (EACCES)`,
      where: from,
      hint: "Check the permissions of the file, or name it in .dockerignore when the image does not need it.",
      cause: error,
    });
  }
}

function removeOthers(tree: string, prefix: string, wanted: ReadonlySet<string>): boolean {
  let left = false;
  for (const entry of readdirSync(join(tree, prefix), { withFileTypes: true })) {
    const path = prefix ? `${prefix}/${entry.name}` : entry.name;
    if (entry.isDirectory()) {
      if (entry.name === "node_modules" || removeOthers(tree, path, wanted)) left = true;
      else rmSync(join(tree, path), { recursive: true });
    } else if (wanted.has(path)) left = true;
    else rmSync(join(tree, path));
  }
  return left;
}
