/** Calls the package manager in a laid-out tree, the way its own CI mode does, and says what went wrong in its own words. */
import { cpSync, existsSync, linkSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import gte from "semver/functions/gte.js";
import { KnbuildError } from "../base/errors.ts";
import type { InstallStep } from "../plan/types.ts";
import { despiteBrokenCache } from "./broken-cache.ts";
import { childEnvironment } from "./environment.ts";
import { hostMajor, sharesTarget } from "./host.ts";
import { hasLostHost } from "./lost-host.ts";
import { lastLines, type ProcessResult, runProcess } from "./process.ts";
import type { ManagerTool } from "./tools.ts";
import type { InstallContext, InstallSource } from "./types.ts";
import { unreachedHost } from "./unreached-host.ts";

export interface ManagerRun {
  step: InstallStep;
  context: InstallContext;
  root: InstallSource;
  tool: ManagerTool;
  /** Directory laid out for the installation. */
  tree: string;
  /** Path of the member below the root, `.` for the root itself. */
  member: string;
}

/** @throws LOCKFILE_OUT_OF_SYNC, INSTALL_FAILED */
export async function runManager(run: ManagerRun): Promise<void> {
  const { step, tool, tree } = run;
  const argv: [string, ...string[]] =
    step.command === undefined ? [...tool.argv, ...installArguments(run)] : ["sh", "-c", step.command];
  const result = await call(run, argv, tree);
  if (result.exitCode !== 0) throw failure(run, result);
}

/**
 * Adds a package to what is installed; neither package.json nor the lock file is the user's here.
 * @throws INSTALL_FAILED
 */
export async function addPackage(run: ManagerRun, name: string): Promise<void> {
  const { tool, tree, member } = run;
  const result = await call(run, [...tool.argv, ...addArguments(run, name)], join(tree, member));
  if (result.exitCode === 0) return;
  const { code, message, where, detail, hint } = failure(run, result);
  throw new KnbuildError({ code, message: `${message}: ${name}, which the start script runs`, where, detail, hint });
}

async function call(run: ManagerRun, argv: [string, ...string[]], cwd: string): Promise<ProcessResult> {
  const { step, context, tool, tree } = run;
  const env = childEnvironment({
    env: context.env,
    path: [join(tree, "node_modules/.bin"), tool.binDir],
    targetNode: context.targetNode,
    nodeHeaders: context.nodeHeaders,
  });
  if (step.packageManager === "yarn-berry" || step.packageManager === "bun") await passNpmConfiguration(run, env);
  if (tool.argv[0] !== process.execPath) passGlobalConfiguration(env);
  const lost = await hasLostHost(run.root, env);
  const start = (more: readonly string[]) =>
    runProcess({
      argv: [...argv, ...more],
      cwd,
      env: { ...env, ...managerEnvironment(run.step), ...(lost && { npm_config_fetch_retries: "0" }) },
      emit: context.emit,
      source: step.packageManager,
      signal: context.signal,
    });
  const result =
    step.command === undefined ? await despiteBrokenCache(step.packageManager, context.emit, start) : await start([]);
  // yarn leaves its logs in the project.
  if (result.exitCode === 0)
    for (const name of ["yarn-error.log", "npm-debug.log"]) rmSync(join(tree, name), { force: true });
  return result;
}

function addArguments({ step, context, member, tool }: ManagerRun, name: string): string[] {
  const scripts = step.ignoreScripts ? ["--ignore-scripts"] : [];
  const root = member === "." && step.workspaceRoot !== undefined;
  switch (step.packageManager) {
    case "npm":
      return [
        ...["install", name, "--no-save", "--no-package-lock", step.dev ? "--include=dev" : "--omit=dev"],
        ...[...NPM_FLAGS, ...npmTarget(), ...scripts],
      ];
    case "pnpm":
      return [
        ...["add", name, ...(root ? ["--workspace-root"] : [])],
        ...[...PNPM_FLAGS, ...pnpmTarget(tool), ...scripts],
      ];
    case "yarn":
      return [
        ...["add", name, step.dev ? "--production=false" : "--production", "--ignore-workspace-root-check"],
        ...[...yarnFlags(context), "--ignore-engines", ...scripts],
      ];
    case "yarn-berry":
      return ["add", name];
    case "bun":
      return ["add", name, "--no-progress", ...scripts];
  }
}

const NPM_FLAGS = ["--prefer-offline", "--no-audit", "--no-fund", "--no-progress", "--loglevel=error"];
const PNPM_FLAGS = [
  "--prefer-offline",
  "--reporter=append-only",
  "--config.manage-package-manager-versions=false",
  "--config.verify-deps-before-run=false",
];

function yarnFlags({ cacheDir }: InstallContext): string[] {
  const mutex = `file:${join(cacheDir, "tools", "yarn-mutex")}`;
  return ["--non-interactive", "--no-progress", "--prefer-offline", "--mutex", mutex];
}

/**
 * Whatever npm's own configuration says. An empty `libc` is the machine's; named, it would reach install scripts, some of which
 * take it for a part of a file's name.
 */
function npmTarget(): string[] {
  return ["--os=linux", "--cpu=x64", sharesTarget() ? "--libc=" : "--libc=glibc"];
}

/** Where the machine is another; older ones read the manifest (`installsForTarget`) and know no such options. */
function pnpmTarget({ version }: ManagerTool): string[] {
  const knows = version !== undefined && gte(version, "10.14.0");
  return knows && !sharesTarget() ? ["--os=linux", "--cpu=x64", "--libc=glibc"] : [];
}

function installArguments({ step, context, member, root, tool }: ManagerRun): string[] {
  const locked = step.lockFile !== undefined && step.frozen;
  const scripts = step.ignoreScripts ? ["--ignore-scripts"] : [];
  switch (step.packageManager) {
    case "npm":
      return [
        ...(locked ? ["ci"] : step.lockFile === undefined ? ["install", "--no-package-lock"] : ["install"]),
        ...(step.dev ? ["--include=dev"] : ["--omit=dev"]),
        ...NPM_FLAGS,
        // Packages are judged by the Node that will run them; npm itself is run by this machine's.
        ...(step.nodeMajor !== undefined && step.nodeMajor !== hostMajor() ? ["--engine-strict=false"] : []),
        ...npmTarget(),
        ...scripts,
      ];
    case "pnpm":
      return [
        // In braces: a path without them takes the member alone, not what it depends on. A project that pnpm knows nothing of
        // (Nx's, without a package.json) needs what the root installs.
        ...(root.isFile(`${member}/package.json`) && member !== "." ? ["--filter", `{./${member}}...`] : []),
        "install",
        ...(step.lockFile === undefined
          ? ["--no-lockfile"]
          : locked
            ? ["--frozen-lockfile"]
            : ["--no-frozen-lockfile"]),
        ...(step.dev ? [] : ["--prod"]),
        ...PNPM_FLAGS,
        "--config.confirmModulesPurge=false",
        ...(plugAndPlay(root) ? ["--config.node-linker=isolated", "--config.symlink=true"] : []),
        ...pnpmTarget(tool),
        ...scripts,
      ];
    case "yarn":
      return [
        "install",
        ...(locked ? ["--frozen-lockfile"] : step.lockFile === undefined ? ["--no-lockfile"] : []),
        ...(step.dev ? ["--production=false"] : ["--production"]),
        ...yarnFlags(context),
        // Packages are judged by the Node that will run them; yarn itself is run by this machine's.
        ...(step.nodeMajor !== undefined && step.nodeMajor !== hostMajor() ? ["--ignore-engines"] : []),
        ...scripts,
      ];
    case "yarn-berry":
      return [
        "install",
        ...(locked ? ["--immutable"] : ["--no-immutable"]),
        ...(step.ignoreScripts ? ["--mode=skip-build"] : []),
      ];
    case "bun":
      return [
        "install",
        ...(locked ? ["--frozen-lockfile"] : ["--no-save"]),
        // `--production` would freeze the lock file too.
        ...(step.dev ? [] : ["--omit=dev"]),
        "--no-progress",
        ...scripts,
      ];
  }
}

/** pnpm's Plug'n'Play: as with yarn's, an image has no loader for it, and gets files in node_modules. */
function plugAndPlay(root: InstallSource): boolean {
  return (
    /^\s*node-linker\s*=\s*pnp\b/m.test(root.read(".npmrc") ?? "") ||
    /^nodeLinker:\s*["']?pnp\b/m.test(root.read("pnpm-workspace.yaml") ?? "")
  );
}

/** For yarn's install, and for the scripts that it runs afterwards. */
export const YARN_SETTINGS: NodeJS.ProcessEnv = {
  YARN_ENABLE_TELEMETRY: "0",
  YARN_ENABLE_PROGRESS_BARS: "false",
  YARN_ENABLE_COLORS: "false",
  YARN_ENABLE_IMMUTABLE_CACHE: "false",
  // Files in node_modules, whatever the project develops with: an image has no loader for zipped packages.
  YARN_NODE_LINKER: "node-modules",
};

function managerEnvironment({ packageManager }: InstallStep): NodeJS.ProcessEnv {
  if (packageManager === "yarn-berry") return YARN_SETTINGS;
  return packageManager === "pnpm"
    ? { CI: "1", npm_config_manage_package_manager_versions: "false", PNPM_HOME: undefined }
    : {};
}

/** yarn and bun do not read npm's files: the machine's registry, certificates and proxy are told to them. */
async function passNpmConfiguration({ step, context, root }: ManagerRun, env: NodeJS.ProcessEnv): Promise<void> {
  const config = (await context.npmConfig?.()) ?? {};
  const registry = typeof config["registry"] === "string" ? config["registry"].replace(/\/$/, "") : undefined;
  if (step.packageManager === "bun") {
    if (registry && !root.isFile("bunfig.toml")) env["BUN_CONFIG_REGISTRY"] ??= registry;
    return;
  }
  const own = root.read(".yarnrc.yml") ?? "";
  if (registry && !/^npmRegistryServer:/m.test(own)) env["YARN_NPM_REGISTRY_SERVER"] ??= registry;
  // yarn names this setting differently from version to version; Node's own variable works with all of them.
  const certificates = context.env["npm_config_cafile"];
  if (certificates) env["NODE_EXTRA_CA_CERTS"] ??= certificates;
  if (typeof config["httpsProxy"] === "string") env["YARN_HTTPS_PROXY"] ??= config["httpsProxy"];
}

/** npm and pnpm look for the machine's npmrc beside the Node that runs them. */
function passGlobalConfiguration(env: NodeJS.ProcessEnv): void {
  const file = join(dirname(dirname(process.execPath)), "etc/npmrc");
  if (existsSync(file)) env["npm_config_globalconfig"] ??= file;
}

/** The project's offline cache, as files that the installation may replace without changing the project's. */
export function copyOfflineCache(root: InstallSource, tree: string): void {
  const from = join(root.root, ".yarn/cache");
  const to = join(tree, ".yarn/cache");
  cpSync(from, to, { recursive: true, filter: (path) => !path.endsWith(".zip") });
  for (const name of root.names(".yarn/cache")) {
    if (!name.endsWith(".zip")) continue;
    try {
      linkSync(join(from, name), join(to, name));
    } catch {
      cpSync(join(from, name), join(to, name));
    }
  }
}

const OUT_OF_SYNC =
  /can only install (?:packages )?when your package\.json and .*(?:are )?in sync|ERR_PNPM_OUTDATED_LOCKFILE|lockfile needs to be updated|YN0028|lockfile had changes, but lockfile is frozen|lockfile would have been modified|ERR_PNPM_LOCKFILE_CONFIG_MISMATCH/i;

function failure({ step, context, root }: ManagerRun, { exitCode, tail }: ProcessResult): KnbuildError {
  const name = step.packageManager === "yarn-berry" ? "yarn" : step.packageManager;
  const detail = shorten(tail, name).join("\n");
  const where = step.lockFile === undefined ? root.root : `${root.root}/${step.lockFile}`;
  if (step.command === undefined && tail.some((line) => OUT_OF_SYNC.test(line))) {
    return new KnbuildError({
      code: "LOCKFILE_OUT_OF_SYNC",
      message: `${step.lockFile} does not fit package.json`,
      where,
      detail,
      hint: [`Run ${name} install and commit the lock file.`, ...otherLocks(root, step.lockFile)].join(" "),
    });
  }
  const missing = /(?:ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ETIMEDOUT|ECONNRESET|network)/.test(detail);
  const text = tail.join("\n");
  const script = failedScript(text);
  const compiles = /node-gyp|gyp ERR!/.test(text);
  if (compiles && OUTGROWN.test(text) && step.nodeMajor !== undefined)
    return new KnbuildError({
      code: "ADDON_NOT_COMPILED",
      message: `${script ?? "a native addon"} does not compile for Node ${step.nodeMajor}`,
      where,
      detail,
      hint: "Update it, or ask for an older Node: engines.node in package.json, or .nvmrc.",
    });
  return new KnbuildError({
    code: "INSTALL_FAILED",
    message:
      step.command === undefined
        ? `${name} could not install the dependencies (exit code ${exitCode})${script ? `: the install script of ${script} failed` : ""}`
        : `the install command failed (exit code ${exitCode}): ${step.command}`,
    where,
    detail,
    retryable: missing,
    hint: unreached(text, script) ?? hintFor(detail, text, compiles, context.targetNode !== undefined),
  });
}

/** Left behind by another package manager, or the one that is in use. */
function otherLocks(root: InstallSource, used: string | undefined): string[] {
  const others = ["package-lock.json", "pnpm-lock.yaml", "yarn.lock", "bun.lock"].filter(
    (file) => file !== used && root.isFile(file),
  );
  return others.length === 0
    ? []
    : [`Beside it lies ${others.join(" and ")}: remove the one that is not in use, or say so in packageManager.`];
}

/** The compiler's words where C++ asks for what this Node's own interface does not have, or not so. */
const OUTGROWN =
  /\berror: (?:.*\b(?:v8|node|Nan)::|no member named|‘?\S+’? (?:was not declared|has not been declared|is not a member of)|.*\bhas no member named|.*\bno matching function for call|.*\btoo (?:few|many) arguments)/;

/** The package whose own script failed, as npm, pnpm and yarn 1 name it. */
function failedScript(text: string): string | undefined {
  const directory = String.raw`[\\/]node_modules[\\/]((?:@[^\\/\s]+[\\/])?[^\\/\s:]+)`;
  return [
    String.raw`^npm (?:error|ERR!) path \S*${directory}\s*\n(?:.*\n)??npm (?:error|ERR!) command failed`,
    // From the folder on: a line may be a bundle of a megabyte.
    `${directory}:? (?:Running )?(?:pre|post)?install(?: script)?[:,] [Ff]ailed`,
    String.raw`^error \S*${directory}: Command failed`,
  ]
    .map((pattern) => new RegExp(pattern, "m").exec(text)?.[1])
    .find((found) => found !== undefined);
}

/** A script that fetches what its package does not hold, from a host that is not reached. */
function unreached(text: string, script: string | undefined): string | undefined {
  const host = unreachedHost(text);
  const proxy = "which this machine does not reach (a proxy is named in HTTPS_PROXY).";
  if (host === undefined) return undefined;
  if (script !== undefined)
    return `${script} fetches a binary from ${host}, ${proxy} A version that brings its binary in the package needs no download.`;
  return OWN_SCRIPT.test(text) || OWN_SCRIPT_OF_PNPM.test(text)
    ? `A script of the project's own fetches from ${host}, ${proxy}`
    : `Packages come from ${host}, ${proxy} Another registry is named in .npmrc or npm's configuration.`;
}

/** npm's words for a script of the project itself: those of packages have their folder in the path. */
const OWN_SCRIPT =
  /^npm (?:error|ERR!) path (?!\S*[\\/]node_modules[\\/])\S+\s*\n(?:.*\n)??npm (?:error|ERR!) command failed/m;

/** pnpm says what it runs before, and of what is not a package's nothing more. */
const OWN_SCRIPT_OF_PNPM = /^> \S*@\S* (?:pre|post)?(?:install|prepare)\b[\s\S]*^\s*ELIFECYCLE\b/m;

function hintFor(detail: string, text: string, compiles: boolean, hasTarget: boolean): string {
  if (/ERESOLVE/.test(detail))
    return "Peer dependencies conflict. Choose versions that fit together, or put legacy-peer-deps=true into the project's .npmrc.";
  if (/ETARGET|No matching version|notarget/.test(detail))
    return "A version that is asked for is not published. Correct the range in package.json; where a dependency asks for it, overrides (resolutions) or a lock file that once worked say another.";
  const protocol = /Unsupported URL Type "(\w+):"/.exec(detail)?.[1];
  if (protocol !== undefined)
    return `"${protocol}:" is for members of a workspace, by another package manager: build it from the workspace's tree, or write versions in package.json.`;
  if (/\bE404\b|FETCH_404|\b404\b/.test(detail))
    return "The registry has no such package or version for you: the name is wrong, the version was withdrawn, it is private (credentials and registry in npm's configuration), or it is a member of a workspace, which is built from the workspace's tree.";
  if (/\bE40[13]\b|FETCH_40[13]|Unauthorized|Forbidden/.test(detail))
    return "The registry refused. Check the credentials and the registry in npm's configuration.";
  const library =
    /Package '?([\w.+-]+?)'? was not found in the pkg-config/.exec(text)?.[1] ??
    /\bfatal error: ([\w./+-]+): No such file/.exec(text)?.[1];
  if (compiles && library !== undefined)
    return `A native addon is compiled here, against ${library}, which this machine does not have: install its development package (Debian: lib…-dev). The image gets the library itself with base.packages.`;
  if (compiles)
    return `A native addon did not compile. It may need an older Node (engines.node, .nvmrc)${hasTarget ? "" : ", or a C++ compiler, make and Python on this machine"}.`;
  if (
    /Could not resolve host(?:name)?\b|Permission denied \(publickey|could not read Username|Host key verification/.test(
      text,
    )
  )
    return "A dependency comes from a git repository that this machine cannot read: git's own credentials (an SSH key, a token) must reach it, or the dependency comes from a registry.";
  if (OWN_SCRIPT.test(text))
    return "A script of the project's own failed: it runs after a fresh installation, with no more than package.json lists.";
  return "The message above is the package manager's own; run its install command in the project to see more.";
}

/** The lines that matter: errors and what stands beside them, without log file names and help texts. */
function shorten(tail: readonly string[], name: string): string[] {
  const help = tail.findIndex((line) => /^npm (?:error|ERR!) (?:Clean install a project|Usage:)/.test(line));
  const useful = lastLines(help < 0 ? tail : tail.slice(0, help), tail.length).filter(
    (line) =>
      !/A complete log of this run|For a full report see|_logs\/|npm (?:error|ERR!)\s*$|^npm (?:warn|WARN)|YN0000: [┌└]|Progress: resolved/.test(
        line,
      ),
  );
  const errors = useful.filter((line) => /^npm (?:error|ERR!)/.test(line));
  // What a script of the project's own said stands before npm's words.
  const own = OWN_SCRIPT.test(tail.join("\n")) ? useful.indexOf(errors[0] as string) : 0;
  const said = useful.slice(Math.max(0, own - LINES / 2), own).filter((line) => line.trim() !== "");
  const chosen = name === "npm" && errors.length > 0 ? [...said, ...errors].slice(0, LINES) : useful.slice(-LINES);
  return chosen.map((line) => line.slice(0, 400));
}

const LINES = 40;
