/** Runs the project's own build in a copy of its tree; the copy is kept by the content it was made from. */
import { createHash } from "node:crypto";
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { dirname, join, posix, relative } from "node:path";
import { canonicalJson } from "../base/canonical-json.ts";
import { KnbuildError } from "../base/errors.ts";
import type { HostCommandStep, InstallStep } from "../plan/types.ts";
import { childEnvironment } from "./environment.ts";
import { withKeyedDir } from "./keyed-dir.ts";
import { linkTree } from "./link-tree.ts";
import { variablesForOldTools } from "./old-tools.ts";
import { OUTGROWN_SCRIPT } from "./outgrown.ts";
import { lastLines, runProcess } from "./process.ts";
import { YARN_SETTINGS } from "./run-manager.ts";
import { siteDirectory } from "./site-directory.ts";
import { withTargetNode } from "./target-node.ts";
import { openManager } from "./tools.ts";
import type { InstallContext, InstallResult } from "./types.ts";
import { unlockedVersion } from "./unlocked.ts";
import { unreachedHost } from "./unreached-host.ts";
import { modulesFolders } from "./work-tree.ts";

export interface BuildResult {
  /** The app's directory after the build: sources, node_modules and what the build made. */
  appDir: string;
  modulesRoot: string;
  durationMs: number;
  cached: boolean;
}

/**
 * @param steps the commands, in order @param install the install step and its result (made with `needsCopy`), where there is one
 * @throws BUILD_FAILED with the end of the output, BUILD_OUTPUT_MISSING
 */
export async function runHostCommands(
  steps: readonly HostCommandStep[],
  given: InstallContext,
  install?: { step: InstallStep; result: InstallResult },
): Promise<BuildResult> {
  const begin = performance.now();
  const context = await withTargetNode(install?.step, given);
  const app = context.source;
  const root = install?.step.workspaceRoot === undefined ? app : app.at(install.step.workspaceRoot);
  const member = relative(root.root, app.root).split("\\").join("/") || ".";
  // knbuild's own note, written by the build before, is nothing to the project's commands.
  const files = root
    .list()
    .filter(({ path }) => posix.basename(path) !== "knbuild.lock")
    .map(({ path, type }) => [path, type === "file" ? context.digest(join(root.root, path)) : type]);
  const facts = {
    layout: 1,
    steps,
    member,
    install: install?.result.modulesRoot,
    files,
    node: install?.step.nodeMajor ?? process.version,
  };
  const key = createHash("sha256").update(canonicalJson(facts)).digest("hex").slice(0, 40);
  const parent = join(context.cacheDir, "build");
  const make = async (tree: string): Promise<null> => {
    if (install?.step.withSource) linkTree(install.result.modulesRoot, tree, true);
    else {
      rmSync(tree, { recursive: true });
      context.stage(root, tree);
      mkdirSync(tree, { recursive: true });
      const modules = install?.result.modulesRoot;
      if (modules !== undefined)
        for (const folder of modulesFolders(modules))
          linkTree(folder, join(tree, folder.slice(modules.length + 1)), true);
      if (install?.step.packageManager === "yarn-berry") asYarnInstalled(install.result.modulesRoot, tree);
    }
    for (const step of steps) await runOne(step, context, join(tree, member), tree, install?.step);
    writeFileSync(join(parent, key, "project"), root.root);
    return null;
  };
  const made = await withKeyedDir(parent, key, make, context.fresh);
  if (!made.cached) forgetEarlier(parent, key, root.root);
  return {
    appDir: join(made.tree, member),
    modulesRoot: made.tree,
    durationMs: performance.now() - begin,
    cached: made.cached,
  };
}

/**
 * Yarn runs scripts only where it finds what its install left: the lock file, which the sources may lack or have in an older
 * form, and no loader of Plug'n'Play, in whose place there is node_modules.
 */
function asYarnInstalled(from: string, tree: string): void {
  const lock = join(from, "yarn.lock");
  if (existsSync(lock)) copyFileSync(lock, join(tree, "yarn.lock"));
  for (const name of [".pnp.cjs", ".pnp.js", ".pnp.loader.mjs"]) rmSync(join(tree, name), { force: true });
}

async function runOne(
  step: HostCommandStep,
  context: InstallContext,
  appDir: string,
  root: string,
  install: InstallStep | undefined,
): Promise<void> {
  const tool =
    install && usesManager(step)
      ? await openManager(install, context, context.source.at(install.workspaceRoot ?? "."))
      : undefined;
  const [program = "true", ...args] = step.argv;
  // `npm run build` is the manager's own file under this Node; by its name a script finds it in PATH.
  const named =
    tool !== undefined && program === (install?.packageManager === "yarn-berry" ? "yarn" : install?.packageManager);
  const argv: [string, ...string[]] = named ? [...tool.argv, ...args] : [program, ...args];
  const cwd = join(appDir, step.cwd);
  const env = childEnvironment({
    env: context.env,
    path: [join(appDir, "node_modules/.bin"), join(root, "node_modules/.bin"), tool?.binDir],
    targetNode: context.targetNode,
    nodeHeaders: context.nodeHeaders,
  });
  const own = Object.fromEntries(
    Object.entries(step.env).map(([name, value]) => [
      name,
      value.replaceAll("{root}", root).replaceAll("{app}", appDir),
    ]),
  );
  const { exitCode, tail } = await runProcess({
    argv,
    cwd,
    env: {
      NODE_ENV: "production",
      ...env,
      ...QUIET,
      ...(install?.packageManager === "yarn-berry" && YARN_SETTINGS),
      ...variablesForOldTools([appDir, root], install?.nodeMajor),
      ...own,
    },
    emit: context.emit,
    source: "build",
    signal: context.signal,
  });
  if (exitCode !== 0) {
    const free = install !== undefined && install.lockFile === undefined;
    const unlocked = free ? unlockedVersion(tail.join("\n"), [appDir, root]) : undefined;
    throw new KnbuildError({
      code: "BUILD_FAILED",
      message: `the project's build failed (exit code ${exitCode}): ${step.argv.join(" ")}`,
      where: context.source.root,
      detail: lastLines(tail, 30).join("\n"),
      hint: `${unlocked ?? hintFor(tail, install?.nodeMajor)}${unbuiltPage(step.site?.written)}`,
    });
  }
  const missing = step.outputs.filter((path) => !existsSync(join(appDir, path)));
  if (step.site && !hasSite(appDir, step.site))
    missing.push(`${step.site.places[0]}${step.site.bare ? "" : "/index.html"}`);
  if (missing.length > 0) {
    throw new KnbuildError({
      code: "BUILD_OUTPUT_MISSING",
      message: `${step.argv.join(" ")} did not make ${missing.join(", ")}`,
      where: context.source.root,
      detail: lastLines(tail, 10).join("\n"),
      hint: `Check where the build writes, and that the start script names the same place.${besides(missing, appDir)}`,
    });
  }
}

/** A page written by hand may do without what the build adds; whether it does is the user's to say. */
function unbuiltPage(written: string | undefined): string {
  return written === undefined ? "" : ` If ${written} needs no build, --buildpack static serves the files as they lie.`;
}

function hasSite(appDir: string, { places, bare }: NonNullable<HostCommandStep["site"]>): boolean {
  return siteDirectory(appDir, places) !== undefined || (bare && existsSync(join(appDir, places[0] as string)));
}

/** What the file's own folder holds tells a wrong name from a build that made nothing. */
function besides(missing: readonly string[], appDir: string): string {
  const folder = dirname(missing[0] as string);
  if (folder === "." || !statSync(join(appDir, folder), { throwIfNoEntry: false })?.isDirectory()) return "";
  const names = readdirSync(join(appDir, folder)).sort();
  const more = names.length > 6 ? ` and ${names.length - 6} more` : "";
  return ` In ${folder} there ${names.length === 0 ? "is nothing" : `are: ${names.slice(0, 6).join(", ")}${more}`}.`;
}

/** What old tools say of a Node that has taken away what they use, and of one that they have not met. */
const TOO_NEW = new RegExp(
  `${OUTGROWN_SCRIPT.source}|fs\\.\\w+ is not a function|primordials is not defined|not (?:tested|supported|compatible)\\b.*\\bNode|\\bUnsupported (?:engine|runtime)|requires? (?:a )?Node`,
  "im",
);

function hintFor(tail: readonly string[], nodeMajor: number | undefined): string {
  const host = unreachedHost(tail.join("\n"));
  if (host !== undefined)
    return `The build fetches from ${host}, which this machine does not reach (a proxy is named in HTTPS_PROXY). What it takes there can lie in the project instead.`;
  if (tail.some((line) => /ERR_OSSL_EVP_UNSUPPORTED/.test(line)))
    return "The build uses a hash that OpenSSL 3 has in its legacy provider alone: NODE_OPTIONS=--openssl-legacy-provider in the build script brings it.";
  // What the package manager says before a script runs is not the script's.
  if (tail.every((line) => line.trim() === "" || /^(?:> |\$ )/.test(line)))
    return "It says nothing of why. Run it in a fresh checkout; one that asks questions on a terminal needs a flag that answers them.";
  return nodeMajor !== undefined && tail.some((line) => TOO_NEW.test(line))
    ? `It may need another Node than ${nodeMajor}: engines.node in package.json, or .nvmrc, says which.`
    : "The lines above are the build's own. Does it work in a fresh checkout, without .env files?";
}

/** Frameworks ask nothing and report nothing. */
const QUIET = {
  NEXT_TELEMETRY_DISABLED: "1",
  ASTRO_TELEMETRY_DISABLED: "1",
  NUXT_TELEMETRY_DISABLED: "1",
  GATSBY_TELEMETRY_DISABLED: "1",
  NG_CLI_ANALYTICS: "false",
  TURBO_TELEMETRY_DISABLED: "1",
  DO_NOT_TRACK: "1",
  NX_DAEMON: "false",
  // Else a build that has succeeded fails where its client is not to be had (nx.dev, "Environment variables").
  NX_NO_CLOUD: "true",
  STORYBOOK_DISABLE_TELEMETRY: "1",
  // Not FORCE_COLOR=0: some libraries take any value of it for a yes.
  NO_COLOR: "1",
};

function usesManager(step: HostCommandStep): boolean {
  return /\b(?:npm|pnpm|yarn|bun)\b/.test(step.argv.join(" "));
}

/** One build of a project is kept: each holds a copy of its node_modules. */
function forgetEarlier(parent: string, key: string, project: string): void {
  for (const name of readdirSync(parent)) {
    const dir = join(parent, name);
    if (name === key || name.endsWith(".lock") || !statSync(dir, { throwIfNoEntry: false })?.isDirectory()) continue;
    try {
      if (readFileSync(join(dir, "project"), "utf8") === project && !existsSync(`${dir}.lock`))
        rmSync(dir, { recursive: true, force: true });
    } catch {
      // Not finished, or another build removes it.
    }
  }
}
