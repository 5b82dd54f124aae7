import { execFileSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { childEnvironment } from "../../src/install/environment.ts";
import { installDependencies, resolveBin, runHostCommands, siteDirectory } from "../../src/install/index.ts";
import { withKeyedDir } from "../../src/install/keyed-dir.ts";
import { variablesForOldTools } from "../../src/install/old-tools.ts";
import { redact } from "../../src/install/process.ts";
import { unlockedVersion } from "../../src/install/unlocked.ts";
import type { HostCommandStep } from "../../src/plan/types.ts";
import { contextFor, npmStep, removeTemporary, snapshot, temporary } from "./context.ts";

afterAll(removeTemporary);
const examples = new URL("../../examples/", import.meta.url).pathname;
const cacheDir = temporary();
const env = childEnvironment({ env: process.env });

function checkout(name: string): string {
  const dir = temporary();
  cpSync(join(examples, name), dir, { recursive: true, filter: (path) => !path.includes("node_modules") });
  return dir;
}

describe("npm", () => {
  it("installs once for every checkout of the same lock file, and leaves the source as it is", async () => {
    const first = checkout("express-js");
    const before = snapshot(first);
    const made = await installDependencies(npmStep(), contextFor(first, cacheDir));
    expect(made).toMatchObject({ cached: false, origin: "installed", manager: "lock file" });
    expect(snapshot(first)).toEqual(before);
    expect(typeof createRequire(join(made.appDir, "x.js"))("express")).toBe("function");

    const second = checkout("express-js");
    const again = await installDependencies(npmStep(), contextFor(second, cacheDir));
    expect(again).toMatchObject({ cached: true, origin: "cache", packages: made.packages });
    expect(again.appDir).not.toBe(made.appDir);
    expect(readdirSync(again.appDir)).toEqual(
      expect.arrayContaining(Object.keys(before).filter((path) => !path.includes("/"))),
    );
  });

  it("the work tree follows the source: changed, added and removed files", async () => {
    const dir = checkout("express-js");
    mkdirSync(join(dir, "extra"));
    writeFileSync(join(dir, "extra/a.js"), "1");
    const { appDir } = await installDependencies(npmStep(), contextFor(dir, cacheDir));
    expect(existsSync(join(appDir, "extra/a.js"))).toBe(true);
    rmSync(join(dir, "extra"), { recursive: true });
    writeFileSync(join(dir, "new.js"), "2");
    const later = await installDependencies(npmStep(), contextFor(dir, cacheDir));
    expect(later.appDir).toBe(appDir);
    expect([
      existsSync(join(appDir, "extra")),
      existsSync(join(appDir, "new.js")),
      existsSync(join(appDir, "node_modules/express")),
    ]).toEqual([false, true, true]);
  });

  it("uses a node_modules that is what the lock file says, and no other", async () => {
    const dir = checkout("express-js");
    execFileSync("npm", ["ci", "--omit=dev", "--prefer-offline", "--no-audit", "--no-fund", "--loglevel=error"], {
      cwd: dir,
      env,
      stdio: "pipe",
    });
    expect(await installDependencies(npmStep(), contextFor(dir, cacheDir))).toMatchObject({
      origin: "in-place",
      appDir: dir,
      cached: true,
    });
    expect((await installDependencies(npmStep(), contextFor(dir, cacheDir, { needsCopy: true }))).origin).not.toBe(
      "in-place",
    );
    const hidden = join(dir, "node_modules/.package-lock.json");
    const lock = JSON.parse(readFileSync(hidden, "utf8"));
    lock.packages["node_modules/express"].version = "0.0.1";
    writeFileSync(hidden, JSON.stringify(lock));
    expect((await installDependencies(npmStep(), contextFor(dir, cacheDir))).origin).not.toBe("in-place");
    rmSync(hidden);
    expect((await installDependencies(npmStep(), contextFor(dir, cacheDir))).origin).not.toBe("in-place");
  });

  it("an out-of-date lock file is an error that says so, in npm's words too", async () => {
    const dir = checkout("express-js");
    const manifest = JSON.parse(readFileSync(join(dir, "package.json"), "utf8"));
    manifest.dependencies["is-number"] = "7.0.0";
    writeFileSync(join(dir, "package.json"), JSON.stringify(manifest));
    writeFileSync(join(dir, "yarn.lock"), "");
    const cache = temporary();
    await expect(installDependencies(npmStep(), contextFor(dir, cache))).rejects.toMatchObject({
      code: "LOCKFILE_OUT_OF_SYNC",
      detail: expect.stringContaining("is-number"),
      hint: expect.stringContaining("Beside it lies yarn.lock"),
    });
    // Nothing half-made stays behind.
    expect(readdirSync(join(cache, "install")).filter((name) => !name.endsWith(".lock"))).toEqual([]);
  });

  it("a lock file with merge conflicts is named as such", async () => {
    const dir = checkout("express-js");
    writeFileSync(join(dir, "package-lock.json"), "{\n<<<<<<< HEAD\n}");
    await expect(installDependencies(npmStep(), contextFor(dir, cacheDir))).rejects.toMatchObject({
      code: "LOCKFILE_INVALID",
      hint: expect.stringContaining("merge conflicts"),
    });
  });

  it("the package whose script fails is named, and the host that it cannot fetch from", async () => {
    const dir = temporary();
    const script = "node -e \"console.error('getaddrinfo ENOTFOUND binaries.example.com'); process.exit(1)\"";
    mkdirSync(join(dir, "fetcher"));
    writeFileSync(
      join(dir, "fetcher/package.json"),
      JSON.stringify({ name: "fetcher", version: "1.0.0", scripts: { install: script } }),
    );
    execFileSync("npm", ["pack", "./fetcher", "--ignore-scripts"], { cwd: dir, env, stdio: "pipe" });
    writeFileSync(join(dir, "package.json"), '{"dependencies":{"fetcher":"file:fetcher-1.0.0.tgz"}}');
    const { lockFile: _none, ...step } = npmStep({ withSource: true });
    await expect(installDependencies(step, contextFor(dir, temporary()))).rejects.toMatchObject({
      code: "INSTALL_FAILED",
      message: expect.stringContaining("the install script of fetcher failed"),
      hint: expect.stringContaining("from binaries.example.com, which this machine does not reach"),
    });
    // A script of the project's own: what it said is not lost among npm's words.
    writeFileSync(join(dir, "package.json"), JSON.stringify({ name: "own", scripts: { postinstall: script } }));
    await expect(installDependencies(step, contextFor(dir, temporary()))).rejects.toMatchObject({
      code: "INSTALL_FAILED",
      detail: expect.stringContaining("getaddrinfo ENOTFOUND binaries.example.com"),
      hint: expect.stringContaining("own fetches from binaries.example.com"),
    });
    const pnpm = { ...step, packageManager: "pnpm" as const };
    await expect(installDependencies(pnpm, contextFor(dir, temporary()))).rejects.toMatchObject({
      hint: expect.stringContaining("own fetches from binaries.example.com"),
    });
  });

  it.each([
    ["a registry that is not reached", { dependencies: { a: "1" } }, "Packages come from registry.invalid"],
    [
      "a git repository that is not reached",
      { dependencies: { a: "git+https://git.invalid/a.git" } },
      "git repository",
    ],
    [
      "a script of the project's own that fails",
      { scripts: { postinstall: "no-such-program" } },
      "project's own failed",
    ],
  ])("%s is told as such", async (_what, manifest, hint) => {
    const dir = temporary();
    writeFileSync(join(dir, "package.json"), JSON.stringify({ name: "x", ...manifest }));
    writeFileSync(join(dir, ".npmrc"), "registry=https://registry.invalid/\n");
    const { lockFile: _none, ...step } = npmStep({ withSource: true });
    await expect(installDependencies(step, contextFor(dir, temporary()))).rejects.toMatchObject({
      code: "INSTALL_FAILED",
      hint: expect.stringContaining(hint),
    });
  });

  it("the app's own install scripts run in a copy, and what they make is part of it; no token stays there", async () => {
    const dir = temporary();
    writeFileSync(
      join(dir, "package.json"),
      JSON.stringify({ name: "own", scripts: { postinstall: "node make.js", prepare: "husky" } }),
    );
    writeFileSync(join(dir, "make.js"), 'require("fs").writeFileSync("made.txt", process.env.npm_lifecycle_event);');
    writeFileSync(join(dir, ".npmrc"), "//registry.test/:_authToken=canary-token\n");
    const before = snapshot(dir);
    const { lockFile: _none, ...step } = npmStep({ withSource: true, dev: true });
    const made = await installDependencies(step, contextFor(dir, cacheDir));
    expect(readFileSync(join(made.appDir, "made.txt"), "utf8")).toBe("postinstall");
    expect(snapshot(dir)).toEqual(before);
    expect(existsSync(join(made.appDir, ".npmrc"))).toBe(false);
  });

  it("links the members of a workspace to their sources", async () => {
    const dir = temporary();
    const files = {
      "package.json": { name: "root", private: true, workspaces: ["packages/*"] },
      "packages/api/package.json": { name: "api", version: "1.0.0", dependencies: { lib: "1.0.0" } },
      "packages/api/index.js": 'module.exports = require("lib") + 1;',
      "packages/lib/package.json": { name: "lib", version: "1.0.0" },
      "packages/lib/index.js": "module.exports = 41;",
    };
    for (const [path, content] of Object.entries(files)) {
      mkdirSync(join(dir, path, ".."), { recursive: true });
      writeFileSync(join(dir, path), typeof content === "string" ? content : JSON.stringify(content));
    }
    execFileSync("npm", ["install", "--package-lock-only", "--no-audit", "--no-fund", "--loglevel=error"], {
      cwd: dir,
      env,
      stdio: "pipe",
    });
    const made = await installDependencies(
      npmStep({ workspaceRoot: "../.." }),
      contextFor(join(dir, "packages/api"), cacheDir),
    );
    expect(made.manager).toBe("lock file");
    expect(createRequire(join(made.appDir, "x.js"))("./index.js")).toBe(42);
  });
});

it("pnpm installs what its lock file says, in the version it asks for", async () => {
  const dir = checkout("pnpm");
  const before = snapshot(dir);
  const manifest = JSON.parse(readFileSync(join(dir, "package.json"), "utf8"));
  const version = /@([\d.]+)/.exec(manifest.packageManager)?.[1] as string;
  const step = npmStep({ packageManager: "pnpm", lockFile: "pnpm-lock.yaml", version });
  const made = await installDependencies(step, contextFor(dir, cacheDir));
  expect(made.manager).toBe(`pnpm ${version}`);
  const require = createRequire(join(made.appDir, "x.js"));
  for (const dependency of Object.keys(manifest.dependencies))
    expect(() => require.resolve(dependency), dependency).not.toThrow();
  expect(snapshot(dir)).toEqual(before);
  manifest.dependencies["is-number"] = "7.0.0";
  writeFileSync(join(dir, "package.json"), JSON.stringify(manifest));
  await expect(installDependencies(step, contextFor(dir, cacheDir))).rejects.toMatchObject({
    code: "LOCKFILE_OUT_OF_SYNC",
  });
});

it.each(["1.22.22", "4.9.2"])("yarn %s installs, and refuses a lock file that does not fit", async (version) => {
  const dir = temporary();
  writeFileSync(join(dir, "package.json"), JSON.stringify({ name: "y", dependencies: { "is-number": "7.0.0" } }));
  const packageManager = version.startsWith("1.") ? ("yarn" as const) : ("yarn-berry" as const);
  const { lockFile: _none, ...step } = npmStep({ packageManager, version });
  const made = await installDependencies(step, contextFor(dir, cacheDir));
  expect(made.manager).toBe(`yarn ${version}`);
  expect(createRequire(join(made.appDir, "x.js"))("is-number")(5)).toBe(true);
  writeFileSync(
    join(dir, "yarn.lock"),
    version.startsWith("1.") ? "# yarn lockfile v1\n" : "__metadata:\n  version: 8\n  cacheKey: 10c0\n",
  );
  await expect(
    installDependencies({ ...step, lockFile: "yarn.lock" }, contextFor(dir, cacheDir)),
  ).rejects.toMatchObject({ code: "LOCKFILE_OUT_OF_SYNC" });
});

it("yarn 1 installs although an interrupted installation has left a broken folder in its cache", async () => {
  const cache = temporary();
  const left = `npm-@a-b-1.0.0-${"0".repeat(40)}-integrity/node_modules/@a`;
  mkdirSync(join(cache, "v6", left), { recursive: true });
  const dir = temporary();
  writeFileSync(join(dir, "package.json"), JSON.stringify({ name: "y", dependencies: { "left-pad": "1.3.0" } }));
  const { lockFile: _, ...step } = npmStep({ packageManager: "yarn", version: "1.22.22" });
  const context = contextFor(dir, cacheDir);
  const env = { ...context.env, YARN_CACHE_FOLDER: cache };
  const codes: unknown[] = [];
  const emit: typeof context.emit = (event) => codes.push("code" in event && event.code);
  const { appDir } = await installDependencies(step, { ...context, env, emit });
  expect(createRequire(join(appDir, "x.js"))("left-pad")("7", 3)).toBe("  7");
  expect(codes).toContain("YARN_CACHE_BROKEN");
  // One that grows for ever, or is broken itself one day.
  expect(existsSync(join(cacheDir, "tools/yarn-cache"))).toBe(false);
});

it("yarn 1 does so as well where the lock file lacks what a package depends on", async () => {
  const dir = temporary();
  writeFileSync(join(dir, "package.json"), JSON.stringify({ name: "y", dependencies: { debug: "4.3.4" } }));
  const asked = ["exec", "--yes", "yarn@1.22.22", "--", "install", "--cache-folder", temporary()];
  execFileSync("npm", asked, { cwd: dir, env, stdio: "ignore" });
  rmSync(join(dir, "node_modules"), { recursive: true });
  const lock = readFileSync(join(dir, "yarn.lock"), "utf8");
  expect(lock).toContain("\nms@");
  writeFileSync(join(dir, "yarn.lock"), lock.replace(/\nms@[\s\S]*?\n(?=\n|$)/, ""));
  const broken = temporary();
  mkdirSync(join(broken, "v6", `npm-@a-b-1.0.0-${"0".repeat(40)}-integrity/node_modules/@a`), { recursive: true });
  const context = contextFor(dir, cacheDir);
  const step = npmStep({ packageManager: "yarn", version: "1.22.22", lockFile: "yarn.lock" });
  const withBroken = { ...context, env: { ...context.env, YARN_CACHE_FOLDER: broken } };
  const { appDir } = await installDependencies(step, withBroken);
  expect(createRequire(join(appDir, "x.js")).resolve("ms")).toContain("node_modules/ms");
});

it.each(["file:../lib", "link:../../lib", "../lib"])(
  "a dependency outside of the project is named: %s",
  async (spec) => {
    const dir = temporary();
    writeFileSync(join(dir, "package.json"), JSON.stringify({ name: "a", dependencies: { lib: spec } }));
    const { lockFile: _none, ...step } = npmStep();
    await expect(installDependencies(step, contextFor(dir, cacheDir))).rejects.toMatchObject({
      code: "DEPENDENCY_OUTSIDE",
      message: expect.stringContaining(`lib lies outside of the directory that is built: package.json says ${spec}`),
    });
  },
);

it("a dependency outside of the project that is there for its types alone is left there", async () => {
  const dir = temporary();
  const dependencies = { lib: "file:../lib" };
  const packages = { "": { dependencies }, "../lib": {}, "node_modules/lib": { resolved: "../lib", link: true } };
  writeFileSync(join(dir, "package.json"), JSON.stringify({ name: "a", dependencies }));
  writeFileSync(join(dir, "package-lock.json"), JSON.stringify({ name: "a", lockfileVersion: 3, packages }));
  const types = 'import type { A } from "lib";\nimport { type B } from "lib/b";\nlet c: import("lib").C;\n';
  writeFileSync(join(dir, "index.ts"), types);
  const install = () => installDependencies(npmStep(), contextFor(dir, cacheDir));
  expect((await install()).manager).toMatch(/npm/);
  writeFileSync(join(dir, "index.ts"), `${types}import { d } from "lib";\n`);
  await expect(install()).rejects.toMatchObject({ code: "DEPENDENCY_OUTSIDE" });
});

it("npm installs although contents that its cache lists are gone", async () => {
  const dir = temporary();
  const cache = temporary();
  writeFileSync(join(dir, "package.json"), JSON.stringify({ name: "n", dependencies: { "left-pad": "1.3.0" } }));
  const { lockFile: _, ...step } = npmStep();
  const context = contextFor(dir, cacheDir);
  const env = { ...context.env, npm_config_cache: cache };
  const install = (build: string) => installDependencies(step, { ...context, env, cacheDir: join(dir, build) });
  await install("one");
  rmSync(join(cache, "_cacache/content-v2"), { recursive: true });
  const { appDir } = await install("two");
  expect(createRequire(join(appDir, "x.js"))("left-pad")("7", 3)).toBe("  7");
  expect(context.events).toContainEqual(expect.objectContaining({ type: "warning", code: "NPM_CACHE_BROKEN" }));
});

it("bun may update a lock file that does not fit when it is told so, for production too", async () => {
  const dir = temporary();
  writeFileSync(join(dir, "package.json"), JSON.stringify({ name: "b", dependencies: { "left-pad": "1.3.0" } }));
  const lock = { lockfileVersion: 1, workspaces: { "": { name: "b" } }, packages: {} };
  writeFileSync(join(dir, "bun.lock"), JSON.stringify(lock));
  const step = npmStep({ packageManager: "bun", lockFile: "bun.lock", dev: false });
  await expect(installDependencies(step, contextFor(dir, cacheDir))).rejects.toMatchObject({
    code: "LOCKFILE_OUT_OF_SYNC",
  });
  const made = await installDependencies({ ...step, frozen: false }, contextFor(dir, cacheDir));
  expect(createRequire(join(made.appDir, "x.js"))("left-pad")("7", 3)).toBe("  7");
});

it("a lock file of an older yarn is installed by that yarn, and nobody's settings are rewritten", async () => {
  const dir = temporary();
  writeFileSync(join(dir, "package.json"), JSON.stringify({ name: "y" }));
  writeFileSync(join(dir, ".yarnrc.yml"), "enableTelemetry: false\n");
  writeFileSync(
    join(dir, "yarn.lock"),
    '__metadata:\n  version: 6\n  cacheKey: 8\n\n"y@workspace:.":\n  version: 0.0.0-use.local\n  resolution: "y@workspace:."\n  languageName: unknown\n  linkType: soft\n',
  );
  const before = snapshot(dir);
  const step = npmStep({ packageManager: "yarn-berry", lockFile: "yarn.lock", frozen: false });
  const made = await installDependencies(step, contextFor(dir, cacheDir));
  expect(made.manager).toMatch(/^yarn 3\./);
  expect(snapshot(dir)).toEqual(before);
  expect(existsSync(join(made.modulesRoot, ".yarnrc.yml"))).toBe(false);
});

it("yarn's Plug'n'Play builds with files, with no lock file too", async () => {
  const dir = temporary();
  const script = "node -e \"require('fs').writeFileSync('out.txt', require('left-pad')('7', 3))\"";
  const manifest = { name: "a", scripts: { build: script }, dependencies: { "left-pad": "1.3.0" } };
  writeFileSync(join(dir, "package.json"), JSON.stringify(manifest));
  writeFileSync(join(dir, ".pnp.cjs"), "throw new Error('the loader was there');");
  const { lockFile: _, ...rest } = npmStep({ packageManager: "yarn-berry", version: "4.9.2" });
  const context = contextFor(dir, cacheDir, { needsCopy: true });
  const result = await installDependencies(rest, context);
  const step = { type: "host-command" as const, argv: ["yarn", "run", "build"], cwd: ".", env: {}, inputs: [] };
  const made = await runHostCommands([{ ...step, outputs: ["out.txt"], why: "" }], context, { step: rest, result });
  expect(readFileSync(join(made.appDir, "out.txt"), "utf8")).toBe("  7");
});

it("a program that the start script has fetched is added where no dependency brings it, and said", async () => {
  const dir = temporary();
  const manifest = { name: "a", dependencies: { semver: "7.7.2" } };
  writeFileSync(join(dir, "package.json"), JSON.stringify(manifest));
  const { lockFile: _, ...rest } = npmStep();
  const brought = contextFor(dir, cacheDir);
  await installDependencies({ ...rest, program: { name: "semver", package: "semver" } }, brought);
  expect(brought.events.filter(({ type }) => type === "warning")).toEqual([]);

  const context = contextFor(dir, cacheDir);
  const { appDir } = await installDependencies({ ...rest, program: { name: "mime", package: "mime@3" } }, context);
  expect(execFileSync(join(appDir, "node_modules/.bin/mime"), ["a.css"], { encoding: "utf8" }).trim()).toBe("text/css");
  expect(createRequire(join(appDir, "x.js"))("semver").major("4.0.0")).toBe(4);
  expect(readFileSync(join(appDir, "package.json"), "utf8")).not.toContain("mime");
  expect(context.events).toContainEqual(expect.objectContaining({ type: "warning", code: "PROGRAM_FETCHED" }));
});

it("a project below that pnpm knows nothing of has what the root installs", async () => {
  const dir = temporary();
  writeFileSync(join(dir, "package.json"), JSON.stringify({ name: "a", dependencies: { "left-pad": "1.3.0" } }));
  mkdirSync(join(dir, "apps/web"), { recursive: true });
  writeFileSync(join(dir, "apps/web/project.json"), "{}");
  const { lockFile: _, ...step } = npmStep({ packageManager: "pnpm", workspaceRoot: "../.." });
  const made = await installDependencies(step, contextFor(join(dir, "apps/web"), cacheDir));
  expect(createRequire(join(made.appDir, "x.js"))("left-pad")("7", 3)).toBe("  7");
});

it("two members of a pnpm workspace, without a name each, have what each of them needs", async () => {
  const dir = temporary();
  const write = (path: string, text: string | object) => {
    mkdirSync(dirname(join(dir, path)), { recursive: true });
    writeFileSync(join(dir, path), typeof text === "string" ? text : JSON.stringify(text));
  };
  write("package.json", { private: true });
  write("pnpm-workspace.yaml", "packages: [apps/*]\n");
  write("apps/api/package.json", { private: true, dependencies: { "left-pad": "1.3.0" } });
  write("apps/web/package.json", { private: true, dependencies: { "is-number": "7.0.0" } });
  const { lockFile: _, ...step } = npmStep({ packageManager: "pnpm", workspaceRoot: "../.." });
  const install = (member: string) => installDependencies(step, contextFor(join(dir, member), cacheDir));
  const [api, web] = [await install("apps/api"), await install("apps/web")];
  // The first is as it was: both may be built at the same time.
  expect(createRequire(join(api.appDir, "x.js"))("left-pad")("7", 3)).toBe("  7");
  expect(createRequire(join(web.appDir, "x.js"))("is-number")(5)).toBe(true);
});

it("pnpm's Plug'n'Play becomes files", async () => {
  const dir = temporary();
  writeFileSync(join(dir, "package.json"), JSON.stringify({ name: "p", dependencies: { "is-number": "7.0.0" } }));
  writeFileSync(join(dir, ".npmrc"), "node-linker=pnp\nsymlink=false\n");
  const { lockFile: _none, ...step } = npmStep({ packageManager: "pnpm", version: "10.4.1" });
  const made = await installDependencies(step, contextFor(dir, cacheDir));
  expect(createRequire(join(made.appDir, "x.js"))("is-number")(5)).toBe(true);
});

describe("host commands", () => {
  const build = (script: string, outputs: string[] = []): HostCommandStep => ({
    type: "host-command",
    argv: ["node", "-e", script],
    cwd: ".",
    env: { KN_ROOT: "{root}" },
    inputs: ["**"],
    outputs,
    why: "test",
  });
  function project(): string {
    const dir = temporary();
    writeFileSync(join(dir, "in.txt"), "input");
    return dir;
  }

  it("run in a copy that is kept for the same content", async () => {
    const script =
      'fs.mkdirSync("dist"); fs.writeFileSync("dist/out.txt", fs.readFileSync("in.txt") + (process.env.KN_ROOT === process.cwd()))';
    const dir = project();
    const first = await runHostCommands([build(script, ["dist/out.txt"])], contextFor(dir, cacheDir));
    expect([first.cached, readFileSync(join(first.appDir, "dist/out.txt"), "utf8")]).toEqual([false, "inputtrue"]);
    expect(readdirSync(dir)).toEqual(["in.txt"]);
    expect((await runHostCommands([build(script, ["dist/out.txt"])], contextFor(project(), cacheDir))).cached).toBe(
      true,
    );
    writeFileSync(join(dir, "knbuild.lock"), "{}"); // The first build's own.
    expect((await runHostCommands([build(script, ["dist/out.txt"])], contextFor(dir, cacheDir))).cached).toBe(true);
    writeFileSync(join(dir, "in.txt"), "other");
    expect((await runHostCommands([build(script, ["dist/out.txt"])], contextFor(dir, cacheDir))).cached).toBe(false);
  });

  it("fetch no programs with a window, unless the user asks for them", () => {
    expect(childEnvironment({ env: {} })).toMatchObject({ CYPRESS_INSTALL_BINARY: "0", DISABLE_V8_COMPILE_CACHE: "1" });
    expect(childEnvironment({ env: { CYPRESS_INSTALL_BINARY: "13.0.0" } })["CYPRESS_INSTALL_BINARY"]).toBe("13.0.0");
  });

  it("with webpack before 5 have the hash that it takes", () => {
    const dir = project();
    expect(variablesForOldTools([dir])).toEqual({});
    for (const [version, options] of [
      ["4.47.0", { NODE_OPTIONS: "--openssl-legacy-provider" }],
      ["5.113.0", {}],
    ] as const) {
      mkdirSync(join(dir, "node_modules/webpack"), { recursive: true });
      writeFileSync(join(dir, "node_modules/webpack/package.json"), JSON.stringify({ name: "webpack", version }));
      expect(variablesForOldTools([join(dir, "apps/web"), dir])).toEqual(options);
      expect(variablesForOldTools([dir], 16)).toEqual({});
    }
  });

  it("say what failed, with the end of the output, and what was not made", async () => {
    await expect(
      runHostCommands(
        [build('console.log("first"); console.error("boom"); process.exit(3)')],
        contextFor(project(), cacheDir),
      ),
    ).rejects.toMatchObject({
      code: "BUILD_FAILED",
      message: expect.stringContaining("exit code 3"),
      detail: expect.stringContaining("boom"),
    });
    await expect(
      runHostCommands([build("0", ["dist/server.js"])], contextFor(project(), cacheDir)),
    ).rejects.toMatchObject({ code: "BUILD_OUTPUT_MISSING", message: expect.stringContaining("dist/server.js") });
    await expect(
      runHostCommands(
        [build('fs.mkdirSync("dist"); fs.writeFileSync("dist/index.js", "")', ["dist/server.js"])],
        contextFor(project(), cacheDir),
      ),
    ).rejects.toMatchObject({
      code: "BUILD_OUTPUT_MISSING",
      hint: expect.stringContaining("In dist there are: index.js."),
    });
    await expect(
      runHostCommands(
        [build('console.error("getaddrinfo ENOTFOUND fonts.example.com"); process.exit(1)')],
        contextFor(project(), cacheDir),
      ),
    ).rejects.toMatchObject({ code: "BUILD_FAILED", hint: expect.stringContaining("from fonts.example.com, which") });
    await expect(
      runHostCommands(
        [build('console.error("Failed to fetch `Geist` from Google Fonts."); process.exit(1)')],
        contextFor(project(), cacheDir),
      ),
    ).rejects.toMatchObject({ hint: expect.stringContaining("from fonts.googleapis.com, which") });
  });

  it("name the package whose newest version lacks what the build asks for, without a lock file", () => {
    const dir = project();
    mkdirSync(join(dir, "node_modules/packer"), { recursive: true });
    writeFileSync(join(dir, "node_modules/packer/package.json"), '{"name":"packer","version":"9.1.0"}');
    for (const said of [
      "Error: Cannot find module 'packer/lib/Plugin'\nRequire stack:",
      `Package subpath './lib/Plugin' is not defined by "exports" in ${dir}/node_modules/packer/package.json`,
    ])
      expect(unlockedVersion(said, [dir])).toContain("packer 9.1.0 has no lib/Plugin");
    expect(unlockedVersion("Cannot find module './lib/Plugin'", [dir])).toBeUndefined();
    expect(unlockedVersion("Cannot find module 'other/lib/Plugin'", [dir])).toBeUndefined();
    const types = "Cannot find module 'packer/lib/Plugin' or its corresponding type declarations.";
    expect(unlockedVersion(types, [dir])).toBeUndefined();
  });

  it("do not see what an outer npm run, a CI system or a secret file set, and ask no cloud of Nx's", async () => {
    const dir = project();
    writeFileSync(join(dir, ".env"), "SECRET=1");
    const script =
      'fs.writeFileSync("seen.json", JSON.stringify([process.env.CI, process.env.npm_lifecycle_event, process.env.NODE_OPTIONS, fs.existsSync(".env"), process.env.NX_NO_CLOUD]))';
    const outer = { ...process.env, CI: "1", npm_lifecycle_event: "test", NODE_OPTIONS: "--no-warnings" };
    const made = await runHostCommands([build(script)], contextFor(dir, cacheDir, { env: outer }));
    expect(JSON.parse(readFileSync(join(made.appDir, "seen.json"), "utf8"))).toEqual([null, null, null, false, "true"]);
  });
});

it.each<[string, string[], string | undefined]>([
  ["nothing", ["dist/app.js"], undefined],
  ["a page in the first place", ["build/index.html", "dist/index.html", "index.html"], "dist"],
  [
    "right below, with the build's notes beside it",
    ["build/default/index.html", "build/polymer.json"],
    "build/default",
  ],
  [
    "one language a folder, with what they share",
    ["dist/en/index.html", "dist/fr/index.html", "dist/css/a.css"],
    "dist",
  ],
  ["one folder, with what its page takes", ["dist/en/index.html", "dist/css/a.css"], "dist"],
  ["the page itself, and a report of the build", ["index.html", "css/main.css", "build/report/index.html"], "."],
])("a built site is where an index.html is: %s", (_name, files, expected) => {
  const dir = temporary();
  for (const path of files) {
    mkdirSync(dirname(join(dir, path)), { recursive: true });
    writeFileSync(join(dir, path), "");
  }
  expect(siteDirectory(dir, ["dist", "build", "."])).toBe(expected);
});

it("a directory whose maker was killed is made anew, two makers at once make it once", async () => {
  const parent = temporary();
  mkdirSync(join(parent, "key/tree"), { recursive: true });
  writeFileSync(join(parent, "key/tree/half"), "");
  let runs = 0;
  const fill = async (tree: string) => {
    runs++;
    expect(readdirSync(tree)).toEqual([]);
    writeFileSync(join(tree, "whole"), "");
    return runs;
  };
  const [one, two] = await Promise.all([withKeyedDir(parent, "key", fill), withKeyedDir(parent, "key", fill)]);
  expect([runs, one.result, two.result]).toEqual([1, 1, 1]);
  expect([one.cached, two.cached].sort()).toEqual([false, true]);
});

it("what is asked for anew is made again; where that fails, the one that was there stays", async () => {
  const parent = temporary();
  const make = (text: string, anew?: boolean) =>
    withKeyedDir(parent, "key", async (tree) => void writeFileSync(join(tree, "made"), text), anew);
  const { tree } = await make("once");
  const made = () => readFileSync(join(tree, "made"), "utf8");
  expect([(await make("again")).cached, made()]).toEqual([true, "once"]);
  expect([(await make("anew", true)).cached, made()]).toEqual([false, "anew"]);
  const failing = withKeyedDir(parent, "key", async () => Promise.reject(new Error("no network")), true);
  await expect(failing).rejects.toThrow("no network");
  expect([(await make("later")).cached, made(), readdirSync(parent)]).toEqual([true, "anew", ["key"]]);
});

it("a fresh installation takes nothing from earlier ones", async () => {
  const dir = checkout("express-js");
  const once = await installDependencies(npmStep(), contextFor(dir, cacheDir));
  const spoilt = "node_modules/express/index.js";
  // A tree of links: what is written over is spoilt in every place of it.
  writeFileSync(join(once.modulesRoot, spoilt), "spoilt");
  const again = await installDependencies(npmStep(), contextFor(dir, cacheDir));
  expect([again.origin, readFileSync(join(again.modulesRoot, spoilt), "utf8")]).toEqual(["cache", "spoilt"]);
  const fresh = await installDependencies(npmStep(), contextFor(dir, cacheDir, { fresh: true }));
  expect([fresh.origin, readFileSync(join(fresh.modulesRoot, spoilt), "utf8")]).toEqual([
    "installed",
    expect.stringContaining("require"),
  ]);
});

it("finds a package's program by its manifest", () => {
  const root = temporary();
  mkdirSync(join(root, "node_modules/@scope/tool"), { recursive: true });
  writeFileSync(
    join(root, "node_modules/@scope/tool/package.json"),
    JSON.stringify({ name: "@scope/tool", bin: "./run/cli.js" }),
  );
  expect(resolveBin(root, "tool", ["missing", "@scope/tool"])).toBe("node_modules/@scope/tool/run/cli.js");
  expect(resolveBin(root, "other", ["@scope/tool"])).toBeUndefined();
});

it.each([
  ["//registry.test/:_authToken=abc123 x", "//registry.test/:_authToken=*** x"],
  ["GET https://user:secret@registry.test/a", "GET https://***@registry.test/a"],
  ["Authorization: Bearer abc.def", "Authorization: Bearer ***"],
  ['npmAuthToken: "abc"', 'npmAuthToken: "***"'],
])("%s is shown without the credential", (line, shown) => {
  expect(redact(line)).toBe(shown);
});
