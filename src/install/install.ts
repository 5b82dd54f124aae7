/** Dependencies exactly as the lock file says, for linux-x64-glibc, without a change in the user's tree. */
import { existsSync, mkdirSync, readdirSync, rmSync } from "node:fs";
import { join, relative } from "node:path";
import { KnbuildError } from "../base/errors.ts";
import type { InstallStep } from "../plan/types.ts";
import { addProgram, hasProgram } from "./added-program.ts";
import { childEnvironment } from "./environment.ts";
import { freshModules } from "./fresh.ts";
import { installKey, isOfMember, LAYOUT } from "./install-key.ts";
import { withKeyedDir } from "./keyed-dir.ts";
import type { LockEntry, PackageLock } from "./lock-tree.ts";
import { installFromLock, type LockfileInstallRequest } from "./lockfile-install.ts";
import { assertInside } from "./outside.ts";
import { copyOfflineCache, runManager } from "./run-manager.ts";
import { isSettings, layOut } from "./skeleton.ts";
import { withTargetNode } from "./target-node.ts";
import { openManager } from "./tools.ts";
import type { InstallContext, InstallResult, InstallSource } from "./types.ts";
import { modulesFolders, openWorkTree, plainInstallation } from "./work-tree.ts";

/** Who installed, where no manager ran and no script. */
const LOCK_FILE_ALONE = "lock file";

interface Installed {
  packages: number;
  manager: string;
}

/**
 * Uses the user's node_modules where it is what the lock file says; an earlier installation of the same content; else installs.
 * @throws LOCKFILE_OUT_OF_SYNC, INSTALL_FAILED, DEPENDENCY_OUTSIDE, PACKAGE_*, MANAGER_*, PROGRAM_MISSING
 */
export async function installDependencies(step: InstallStep, context: InstallContext): Promise<InstallResult> {
  const begin = performance.now();
  const app = context.source;
  const root = step.workspaceRoot === undefined ? app : app.at(step.workspaceRoot);
  const member = relative(root.root, app.root).split("\\").join("/") || ".";
  const done = (result: Omit<InstallResult, "durationMs">): InstallResult => ({
    ...result,
    durationMs: performance.now() - begin,
  });

  const there = step.program === undefined || hasProgram(root.root, member, step.program.name);
  const own = context.needsCopy || !there ? undefined : freshModules(step, app, root);
  if (own) {
    return done({
      appDir: app.root,
      modulesRoot: root.root,
      modulesDir: join(root.root, "node_modules"),
      packages: own.packages,
      cached: true,
      origin: "in-place",
      manager: step.packageManager,
    });
  }
  if (step.command === undefined) assertInside(root, member);
  const key = installKey(step, context, root, member, `${step.packageManager}@${step.version ?? ""}`);
  const installed = await withKeyedDir<Installed>(
    join(context.cacheDir, "install"),
    key,
    (tree) => fill(step, context, root, member, tree),
    context.fresh,
  );
  // Install scripts of the app's own made files beside its sources: the copy they ran in is the app.
  const tree =
    step.withSource || context.needsCopy
      ? installed.tree
      : await openWorkTree(
          context.cacheDir,
          root,
          installed.tree,
          { key, plain: installed.result.manager === LOCK_FILE_ALONE ? LAYOUT : undefined },
          isOfMember(step) ? member : ".",
          !installed.cached,
        );
  const modulesDir = join(tree, "node_modules");
  return done({
    appDir: join(tree, member),
    modulesRoot: tree,
    modulesDir: existsSync(modulesDir) ? modulesDir : undefined,
    packages: installed.result.packages,
    cached: installed.cached,
    origin: installed.cached ? "cache" : "installed",
    manager: installed.result.manager,
  });
}

async function fill(
  step: InstallStep,
  context: InstallContext,
  root: InstallSource,
  member: string,
  tree: string,
): Promise<Installed> {
  layOut(step, context, root, tree);
  try {
    const fast = await fromLockFile(step, context, root, tree);
    const { program } = step;
    if (fast && (program === undefined || hasProgram(tree, member, program.name))) return fast;
    const tool = await openManager(step, context, root);
    const target = runsScripts(step) ? await withTargetNode(step, context) : context;
    if (step.packageManager === "yarn-berry" && root.isDirectory(".yarn/cache")) copyOfflineCache(root, tree);
    mkdirSync(join(context.cacheDir, "tools"), { recursive: true });
    const run = { step, context: target, root, tool, tree, member };
    if (!fast) await runManager(run);
    if (program !== undefined) await addProgram(run, program);
    return { packages: countPackages(tree), manager: tool.label };
  } finally {
    // They may hold tokens, and are links into the user's tree.
    for (const path of [".npmrc", ".yarnrc", ".yarnrc.yml", "bunfig.toml"])
      if (isSettings(path)) rmSync(join(tree, path), { force: true });
  }
}

/** undefined: npm itself has to do it. */
async function fromLockFile(
  step: InstallStep,
  context: InstallContext,
  root: InstallSource,
  tree: string,
): Promise<Installed | undefined> {
  if (step.packageManager !== "npm" || step.lockFile === undefined || step.command !== undefined || !step.frozen)
    return undefined;
  if (hasOwnScripts(step, root) || unusualSettings(root, context)) return undefined;
  const text = root.read(step.lockFile, 64 * 1024 * 1024);
  let lock: PackageLock;
  try {
    lock = JSON.parse(text ?? "");
  } catch {
    throw new KnbuildError({
      code: "LOCKFILE_INVALID",
      message: `${step.lockFile} is not valid JSON`,
      where: join(root.root, step.lockFile),
      hint: /^<{7} /m.test(text ?? "")
        ? "It holds merge conflicts: resolve them with npm install."
        : "Make it again with npm install.",
    });
  }
  const made = await layOutFromLock({
    tree,
    lock,
    dev: step.dev,
    ignoreScripts: step.ignoreScripts,
    manifest: (location) =>
      root.readJson(location === "" ? "package.json" : `${location}/package.json`) as LockEntry | undefined,
    earlier: context.fresh ? undefined : plainInstallation(context.cacheDir, root.root),
    env: childEnvironment({ env: context.env }),
    npmConfig: context.npmConfig,
    signal: context.signal,
  });
  if ("reason" in made) {
    context.emit({ type: "info", message: `npm itself installs: ${made.reason}` });
    rmSync(join(tree, "node_modules"), { recursive: true, force: true });
    return undefined;
  }
  return { packages: made.packages, manager: LOCK_FILE_ALONE };
}

/** Whoever clears the cache may take the earlier installation away meanwhile. */
async function layOutFromLock(request: LockfileInstallRequest): ReturnType<typeof installFromLock> {
  try {
    return await installFromLock(request);
  } catch (error) {
    if (request.earlier === undefined || existsSync(request.earlier)) throw error;
    rmSync(join(request.tree, "node_modules"), { recursive: true, force: true });
    return await installFromLock({ ...request, earlier: undefined });
  }
}

/** Programs of packages, or of the app, may run while installing. */
function runsScripts(step: InstallStep): boolean {
  return !step.ignoreScripts || step.command !== undefined;
}

function hasOwnScripts(step: InstallStep, root: InstallSource): boolean {
  if (step.ignoreScripts) return false;
  const scripts = (root.readJson("package.json") as { scripts?: Record<string, unknown> } | undefined)?.scripts ?? {};
  return (
    root.isFile("binding.gyp") ||
    ["preinstall", "install", "postinstall", "prepublish", "preprepare", "prepare", "postprepare"].some(
      (name) => scripts[name] !== undefined,
    )
  );
}

/** Settings under which npm lays out another tree, and registries by scope, which npm knows best. */
function unusualSettings(root: InstallSource, context: InstallContext): boolean {
  const text = root.read(".npmrc") ?? "";
  return (
    /^\s*(?:install-strategy|install-links|legacy-bundling|global-style|omit|include|engine-strict|bin-links|strict-allow-scripts|prefer-dedupe|@[^\s=]+:registry)\s*=/m.test(
      text,
    ) ||
    Object.keys(context.env).some((name) =>
      /^npm_config_(?:install_strategy|install_links|legacy_bundling|global_style|bin_links)$/i.test(name),
    )
  );
}

function countPackages(tree: string): number {
  let count = 0;
  for (const folder of modulesFolders(tree)) {
    const store = join(folder, ".pnpm");
    if (existsSync(store)) {
      count += readdirSync(store).filter((name) => name.includes("@")).length;
      continue;
    }
    for (const name of readdirSync(folder)) {
      if (name.startsWith("@")) count += readdirSync(join(folder, name)).length;
      else if (!name.startsWith(".")) count++;
    }
  }
  return count;
}
