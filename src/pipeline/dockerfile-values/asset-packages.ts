/** npm packages that make the assets of an app in another language. */
import type { Source } from "../../source/open.ts";

const SETTINGS = [".npmrc", ".yarnrc.yml", "pnpm-workspace.yaml"];

/** @returns lines that install what package.json and its lock file name, and the manager that runs scripts; npm is there */
export function assetPackages(source: Source): { lines: string; manager: string } {
  const lock = ["package-lock.json", "pnpm-lock.yaml", "yarn.lock"].find((file) => source.isFile(file));
  const files = ["package.json", lock, ...SETTINGS].filter((file) => file !== undefined && source.isFile(file));
  const [manager, install] = installWith(source, lock);
  return { manager, lines: `COPY ${files.join(" ")} ./\nRUN --mount=type=cache,target=/root/.npm ${install}` };
}

function installWith(source: Source, lock: string | undefined): [manager: string, install: string] {
  if (lock === "pnpm-lock.yaml") return ["pnpm", "npm install --global pnpm@10 && pnpm install --frozen-lockfile"];
  if (lock !== "yarn.lock") return ["npm", lock === undefined ? "npm install" : "npm ci"];
  const berry = /^__metadata:/m.test(source.read(lock, 64 * 1024 * 1024)?.slice(0, 400) ?? "");
  return berry
    ? [
        "yarn",
        "npm install --global --force @yarnpkg/cli-dist@4 && YARN_NODE_LINKER=node-modules yarn install --immutable",
      ]
    : ["yarn", "npm install --global --force yarn@1.22.22 && yarn install --frozen-lockfile"];
}
