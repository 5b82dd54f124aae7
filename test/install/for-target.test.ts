/** Addons come for the image's system, whatever the manager's own configuration or the user's node_modules is for. */
import { execFileSync } from "node:child_process";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { childEnvironment } from "../../src/install/environment.ts";
import { installDependencies } from "../../src/install/index.ts";
import type { InstallStep } from "../../src/plan/types.ts";
import { contextFor, npmStep, removeTemporary, temporary } from "./context.ts";

afterAll(removeTemporary);
const cacheDir = temporary();
const env = childEnvironment({ env: process.env });
const NAME = "@node-rs/crc32";

function project(files: Record<string, string>, more: object = {}): string {
  const dir = temporary();
  writeFileSync(join(dir, "package.json"), JSON.stringify({ name: "a", dependencies: { [NAME]: "1.10.6" }, ...more }));
  for (const [path, text] of Object.entries(files)) writeFileSync(join(dir, path), text);
  return dir;
}

const unlocked = (more: Partial<InstallStep>): InstallStep => {
  const { lockFile: _none, ...step } = npmStep(more);
  return step;
};
const load = (appDir: string) => createRequire(join(appDir, "x.js"))(NAME).crc32("hi");
const yaml = (more: string) => `${more}supportedArchitectures:\n  os: [darwin]\n  cpu: [arm64]\n  libc: [musl]\n`;
const inManifest = { pnpm: { supportedArchitectures: { os: ["darwin"], cpu: ["arm64"] } } };

it.each<[string, Partial<InstallStep>, Record<string, string>, object?]>([
  ["npm", {}, { ".npmrc": "os=darwin\ncpu=arm64\n" }],
  ["npm, libc", {}, { ".npmrc": "libc=musl\n" }],
  ["pnpm 9", { packageManager: "pnpm", version: "9.15.9" }, {}, inManifest],
  [
    "pnpm 10",
    { packageManager: "pnpm", version: "10.12.1" },
    { "pnpm-workspace.yaml": yaml("packages: ['.']\n") },
    inManifest,
  ],
  ["yarn", { packageManager: "yarn-berry", version: "4.9.2" }, { ".yarnrc.yml": yaml("nodeLinker: node-modules\n") }],
])("%s that is told to install for a Mac", async (_name, step, files, more) => {
  const dir = project(files, more);
  const { appDir } = await installDependencies(unlocked(step), contextFor(dir, cacheDir));
  expect(load(appDir)).toBe(3633523372);
  // The user's own files say what they said.
  for (const [path, text] of Object.entries(files)) expect(readFileSync(join(dir, path), "utf8")).toBe(text);
});

it.each([
  ["npm", "11.6.2", "bin/npm-cli.js", "package-lock.json", ["install", "--os=darwin", "--cpu=arm64"]],
  // Lock files that keep no C library.
  ["npm", "10.9.2", "bin/npm-cli.js", "package-lock.json", ["install", "--os=darwin", "--cpu=arm64"]],
  ["pnpm", "10.14.0", "bin/pnpm.cjs", "pnpm-lock.yaml", ["install", "--os=darwin", "--cpu=arm64"]],
  // Its lock file names packages in another way.
  ["pnpm", "7.33.7", "bin/pnpm.cjs", "pnpm-lock.yaml", undefined],
] as const)(
  "node_modules that %s %s filled are taken, for a Mac they are not",
  async (name, version, bin, lockFile, words) => {
    const dir = project({});
    const tools = temporary();
    execFileSync("npm", ["install", "--prefix", tools, "--prefer-offline", "--loglevel=error", `${name}@${version}`], {
      env,
      stdio: "pipe",
    });
    const install = (...more: string[]) =>
      execFileSync(process.execPath, [join(tools, "node_modules", name, bin), ...more], {
        cwd: dir,
        env,
        stdio: "pipe",
      });
    const step = npmStep({ packageManager: name, version, lockFile });
    if (words) {
      install(...words);
      const foreign = await installDependencies(step, contextFor(dir, cacheDir));
      expect(foreign.origin).not.toBe("in-place");
      expect(load(foreign.appDir)).toBe(3633523372);
    }
    for (const path of ["node_modules", lockFile]) rmSync(join(dir, path), { recursive: true, force: true });
    install("install");
    expect((await installDependencies(step, contextFor(dir, cacheDir))).origin).toBe("in-place");
  },
);
