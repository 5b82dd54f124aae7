/** Node: an install step of a plan as lines of a Dockerfile. */
import { posix } from "node:path";
import { copyLine } from "../../dockerfile/quote.ts";
import type { InstallStep } from "../../plan/types.ts";
import type { Source } from "../../source/open.ts";

const CACHES: Readonly<Record<InstallStep["packageManager"], string>> = {
  npm: "/root/.npm",
  pnpm: "/root/.local/share/pnpm/store",
  yarn: "/usr/local/share/.cache/yarn",
  "yarn-berry": "/root/.yarn/berry/cache",
  bun: "/root/.bun/install/cache",
};
const BUN = "1.4.5";
const SETTINGS = [".npmrc", ".yarnrc", ".yarnrc.yml", "pnpm-workspace.yaml", ".pnpmfile.cjs", "bunfig.toml"];
const FOLDERS = ["patches", ".yarn/releases", ".yarn/plugins", ".yarn/patches"];

/** A login of a registry has no place in an image. */
export function holdsLogin(npmrc: string | undefined): boolean {
  return /^[^#;\n]*(?:_auth|_authToken|_password)\s*=/m.test(npmrc ?? "");
}

/** Variables that the package manager needs while it builds, as an ENV line; empty where it needs none. */
export function settingsLines(install: InstallStep | undefined): string {
  return install?.packageManager === "yarn-berry" ? "ENV YARN_NODE_LINKER=node-modules" : "";
}

/** COPY of everything that decides what is installed, and of nothing else. */
export function manifestLines(source: Source, { lockFile, workspaceRoot }: InstallStep): string {
  const files = ["package.json", ...(lockFile === undefined ? [] : [lockFile]), ...SETTINGS].filter(
    (file) => source.isFile(file) && !(file === ".npmrc" && holdsLogin(source.read(file))),
  );
  const members =
    workspaceRoot === undefined ? [] : source.glob("**/package.json").filter((path) => path.includes("/"));
  return [
    ...(files.length > 0 ? [copyLine(files, "./")] : []),
    ...FOLDERS.filter((folder) => source.isDirectory(folder)).map((folder) => copyLine([folder], `./${folder}`)),
    ...members
      .filter((path) => !path.includes("node_modules/"))
      .map((path) => copyLine([path], `./${posix.dirname(path)}/`)),
  ].join("\n");
}

/** The package manager, pinned, where node does not bring it; else empty. */
export function managerLine(source: Source, step: InstallStep): string {
  const tool = toolPackage(source, step);
  return tool === undefined ? "" : `RUN --mount=type=cache,target=/root/.npm npm install --global --force ${tool}`;
}

export function installLines(source: Source, step: InstallStep): string {
  const login = holdsLogin(source.read(".npmrc"));
  const secret = login ? " --mount=type=secret,id=npmrc,target=/app/.npmrc" : "";
  return [
    ...(login ? ["# .npmrc holds a login: docker build --secret id=npmrc,src=.npmrc"] : []),
    `RUN --mount=type=cache,target=${CACHES[step.packageManager]}${secret} ${step.command ?? installCommand(step)}`,
  ].join("\n");
}

function installCommand({ packageManager, lockFile, dev, ignoreScripts, frozen }: InstallStep): string {
  const locked = lockFile !== undefined && frozen;
  const flags = (...list: (string | false)[]): string => list.filter(Boolean).join(" ");
  switch (packageManager) {
    case "npm":
      return flags(locked ? "npm ci" : "npm install", !dev && "--omit=dev", ignoreScripts && "--ignore-scripts");
    case "pnpm":
      return flags(
        "pnpm install",
        locked && "--frozen-lockfile",
        !dev && "--prod",
        ignoreScripts && "--ignore-scripts",
      );
    case "yarn":
      return flags(
        "yarn install",
        locked && "--frozen-lockfile",
        !dev && "--production",
        ignoreScripts && "--ignore-scripts",
      );
    case "yarn-berry":
      return flags("yarn install", locked && "--immutable", !dev && "&& yarn workspaces focus --production --all");
    case "bun":
      return flags("bun install", locked && "--frozen-lockfile", !dev && "--production");
  }
}

/** npm takes away what only the build needed without asking anybody. */
export const NPM_PRUNE = "npm prune --omit=dev --ignore-scripts";

/** Takes away what only the build needed, with the package manager's cache at hand; empty for npm, which has `NPM_PRUNE`. */
export function pruneLine({ packageManager, lockFile }: InstallStep, source: Source): string {
  const frozen = lockFile === undefined ? "" : " --frozen-lockfile";
  const cache = `--mount=type=cache,target=${CACHES[packageManager]}`;
  switch (packageManager) {
    case "npm":
      return "";
    case "pnpm":
      return `RUN ${cache} CI=true pnpm install --prod${frozen} --ignore-scripts`;
    case "yarn":
      return `RUN ${cache} yarn install --production${frozen} --ignore-scripts --prefer-offline`;
    case "yarn-berry":
      return `RUN ${cache} yarn workspaces focus --production --all`;
    case "bun":
      return `RUN ${cache} rm -rf node_modules${source.isDirectory("packages") ? " packages/*/node_modules" : ""} && bun install --production${frozen}`;
  }
}

/** The npm package, with the version that the project or its lock file asks for; undefined where node brings it. */
function toolPackage(source: Source, { packageManager, version, lockFile }: InstallStep): string | undefined {
  const head = lockFile === undefined ? "" : (source.read(lockFile, 64 * 1024 * 1024)?.slice(0, 4000) ?? "");
  switch (packageManager) {
    case "npm":
      return version === undefined ? undefined : `npm@${version}`;
    case "pnpm": {
      const format = /^lockfileVersion:\s*'?(\d+)/m.exec(head)?.[1];
      return `pnpm@${version ?? (format === "5" ? "7" : format === "6" ? "8" : "10")}`;
    }
    case "yarn":
      return `yarn@${version ?? "1.22.22"}`;
    case "yarn-berry": {
      const format = Number(/^__metadata:\s*\n\s+version:\s*(\d+)/m.exec(head)?.[1] ?? 8);
      return `@yarnpkg/cli-dist@${version ?? (format <= 4 ? "2" : format <= 6 ? "3" : "4")}`;
    }
    case "bun":
      return `bun@${version ?? BUN}`;
  }
}
