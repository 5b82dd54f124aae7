/** Is the user's own node_modules what the lock file says? Then nothing is installed at all. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import satisfies from "semver/functions/satisfies.js";
import type { InstallStep } from "../plan/types.ts";
import { hostMajor, sharesTarget } from "./host.ts";
import { fitsTarget, type LockEntry, nameAt, namesPlatform, type PackageLock } from "./lock-tree.ts";
import type { InstallSource } from "./types.ts";

const LOCK_LIMIT = 64 * 1024 * 1024;

/** @param app the app's directory @param root where the lock file lies @returns number of packages, undefined: not usable */
export function freshModules(
  step: InstallStep,
  app: InstallSource,
  root: InstallSource,
): { packages: number } | undefined {
  if (!root.isDirectory("node_modules") || step.withSource || step.command !== undefined) return undefined;
  // Addons of another system or Node are of no use in the image.
  if (!sharesTarget()) return undefined;
  if (step.lockFile === undefined) return directDependencies(step, app, root);
  const lock = root.read(step.lockFile, LOCK_LIMIT);
  if (lock === undefined) return undefined;
  switch (step.packageManager) {
    case "npm":
      return npmFresh(step, root, lock);
    case "pnpm":
      return pnpmFresh(step, root, lock);
    case "yarn":
      return yarnFresh(root, lock);
    case "yarn-berry":
      return berryFresh(root, lock);
    case "bun":
      return undefined;
  }
}

function npmFresh(step: InstallStep, root: InstallSource, text: string): { packages: number } | undefined {
  const hiddenText = root.read("node_modules/.package-lock.json", LOCK_LIMIT);
  if (hiddenText === undefined) return undefined;
  let lock: PackageLock;
  let hidden: PackageLock;
  try {
    lock = JSON.parse(text);
    hidden = JSON.parse(hiddenText);
  } catch {
    return undefined;
  }
  const manifest = root.readJson("package.json") as LockEntry | undefined;
  const locked = lock.packages?.[""];
  if (!manifest || !locked || !sameDependencies(manifest, locked)) return undefined;
  let packages = 0;
  for (const [location, entry] of Object.entries(lock.packages ?? {})) {
    if (!location.includes("node_modules/") || entry.extraneous || (entry.dev && !step.dev)) continue;
    const found = hidden.packages?.[location];
    if (!found) {
      // A folder that another system's npm filled, or one told to install for it, lacks what is for this one.
      if (entry.optional && isMissed(location, entry, lock, hidden)) return undefined;
      if (entry.optional || (entry.peer && entry.devOptional)) continue;
      return undefined;
    }
    if (!fitsTarget(entry)) continue;
    if (found.version !== entry.version || (entry.integrity !== undefined && found.integrity !== entry.integrity))
      return undefined;
    if (entry.hasInstallScript && step.nodeMajor !== undefined && step.nodeMajor !== hostMajor()) return undefined;
    if (!existsSync(join(root.root, location))) return undefined;
    packages++;
  }
  return { packages };
}

/**
 * Is an optional package that was not installed one for this system? Only npm 11 keeps `libc` in lock files: of musl's and
 * glibc's files for Linux older ones say the same, and where one of what is asked for together is there, the other is none.
 */
function isMissed(location: string, entry: LockEntry, lock: PackageLock, hidden: PackageLock): boolean {
  if (!namesPlatform(entry) || !fitsTarget(entry)) return false;
  if (entry.libc !== undefined) return true;
  const name = nameAt(location);
  const installed = new Set(
    Object.entries(hidden.packages ?? {})
      .filter(([, found]) => namesPlatform(found) && fitsTarget(found))
      .map(([path]) => nameAt(path)),
  );
  return !Object.values(lock.packages ?? {}).some(
    ({ optionalDependencies = {} }) =>
      name in optionalDependencies && Object.keys(optionalDependencies).some((sibling) => installed.has(sibling)),
  );
}

function sameDependencies(a: LockEntry, b: LockEntry): boolean {
  for (const table of ["dependencies", "devDependencies", "optionalDependencies"] as const) {
    const [left, right] = [a[table] ?? {}, b[table] ?? {}];
    if (Object.keys(left).length !== Object.keys(right).length) return false;
    for (const name of Object.keys(left)) if (left[name] !== right[name]) return false;
  }
  return true;
}

/** pnpm keeps a copy of the lock file that it installed from. */
function pnpmFresh(step: InstallStep, root: InstallSource, text: string): { packages: number } | undefined {
  const modules = root.read("node_modules/.modules.yaml", LOCK_LIMIT);
  if (modules === undefined || root.read("node_modules/.pnpm/lock.yaml", LOCK_LIMIT) !== text) return undefined;
  if (step.dev && !/"?devDependencies"?:\s*true/.test(modules)) return undefined;
  const folders = root.names("node_modules/.pnpm");
  for (const [, name, block] of text.matchAll(/^ {2}['"]?([^\s'"]+)['"]?:\n((?: {4}.*\n)+)/gm)) {
    const lists = (block as string).matchAll(/^ {4}(os|cpu|libc): \[(.*)\]/gm);
    const platform = Object.fromEntries([...lists].map(([, key, list]) => [key, (list as string).split(/, */)]));
    if (!namesPlatform(platform) || !fitsTarget(platform)) continue;
    // `/@scope/name/1.0.0` before pnpm 8, `/@scope/name@1.0.0` in 8; the folder is `@scope+name@1.0.0` in all.
    const folder = (name as string)
      .replace(/^\/((?:@[^/]+\/)?[^/@]+)\//, "$1@")
      .replace(/^\//, "")
      .replaceAll("/", "+");
    if (!folders.some((found) => found.startsWith(folder))) return undefined;
  }
  return { packages: folders.length };
}

/** yarn 1 keeps what each pattern of the lock file resolved to. */
function yarnFresh(root: InstallSource, text: string): { packages: number } | undefined {
  const integrity = root.read("node_modules/.yarn-integrity", LOCK_LIMIT);
  if (integrity === undefined) return undefined;
  let state: { lockfileEntries?: Record<string, string>; systemParams?: string };
  try {
    state = JSON.parse(integrity);
  } catch {
    return undefined;
  }
  if (!state.systemParams?.startsWith("linux-x64")) return undefined;
  const entries = state.lockfileEntries ?? {};
  let patterns: string[] = [];
  let packages = 0;
  for (const line of text.split(/\r?\n/)) {
    if (/^\S.*:$/.test(line))
      patterns = line
        .slice(0, -1)
        .split(/,\s*/)
        .map((pattern) => pattern.replace(/^"|"$/g, ""));
    const resolved = /^ {2}resolved "?([^"\s]+)"?/.exec(line)?.[1];
    if (resolved === undefined) continue;
    packages++;
    for (const pattern of patterns) if (entries[pattern] !== resolved) return undefined;
  }
  return { packages };
}

/** yarn berry's node_modules linker lists every package it laid out. */
function berryFresh(root: InstallSource, text: string): { packages: number } | undefined {
  const state = root.read("node_modules/.yarn-state.yml", LOCK_LIMIT);
  if (state === undefined) return undefined;
  let packages = 0;
  for (const block of text.split(/\n(?=\S)/)) {
    const resolution = /^ {2}resolution: "([^"]+)"/m.exec(block)?.[1];
    if (resolution === undefined || /@workspace:/.test(resolution) || /@virtual:/.test(resolution)) continue;
    const conditions = /^ {2}conditions: (.+)$/m.exec(block)?.[1];
    if (conditions !== undefined && !meetsTarget(conditions)) continue;
    if (!state.includes(`"${resolution}"`) && !/@virtual:[0-9a-f]+#/.test(state)) return undefined;
    packages++;
  }
  return { packages };
}

/** `os=linux & cpu=x64 & libc=glibc`; what says more than that is not judged. */
function meetsTarget(conditions: string): boolean {
  const parts = conditions.split(" & ").map((part) => /^(os|cpu|libc)=(\w+)$/.exec(part));
  return parts.every((part) => part !== null && fitsTarget({ [part[1] as string]: [part[2] as string] }));
}

/** Without a lock file the installed packages are the only truth: every direct dependency must be there and fit. */
function directDependencies(
  step: InstallStep,
  app: InstallSource,
  root: InstallSource,
): { packages: number } | undefined {
  const manifest = app.readJson("package.json") as LockEntry | undefined;
  const wanted = { ...manifest?.dependencies, ...(step.dev ? manifest?.devDependencies : {}) };
  for (const [name, range] of Object.entries(wanted)) {
    const place = app.isFile(`node_modules/${name}/package.json`) ? app : root;
    const installed = place.readJson(`node_modules/${name}/package.json`) as { version?: string } | undefined;
    if (!installed) return undefined;
    if (/^[\d^~<>=v* x.|-]+$/i.test(range) && !satisfies(installed.version ?? "", range, { loose: true }))
      return undefined;
  }
  return { packages: Object.keys(wanted).length };
}
