/** Wrong use and broken sources: a code, a place, a hint, the right exit code, and never a stack trace. */
import { spawn, spawnSync } from "node:child_process";
import { chmodSync, closeSync, existsSync, mkdirSync, mkdtempSync, openSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { joinAllowedSecrets } from "../../src/cli/build-options.ts";
import { buildKnbuild, type Knbuild } from "../support/knbuild.ts";

let knbuild: Knbuild;
const work = mkdtempSync(join(tmpdir(), "knbuild-cli-"));

beforeAll(() => {
  knbuild = buildKnbuild();
});
afterAll(() => {
  knbuild.remove();
  rmSync(work, { recursive: true, force: true });
});

let made = 0;
function project(files: Record<string, string>): string {
  const dir = join(work, String(made++));
  mkdirSync(dir);
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(dir, name)), { recursive: true });
    writeFileSync(join(dir, name), text);
  }
  return dir;
}

const env = { KNBUILD_CACHE_DIR: join(work, "cache") };
const SERVER = 'require("node:http").createServer((q, s) => s.end("hi")).listen(process.env.PORT || 8080);\n';

const CASES: [string, Record<string, string>, string[], number, string, RegExp][] = [
  ["an unknown command", {}, ["imgaes"], 2, "UNKNOWN_COMMAND", /images/],
  ["a command with two letters swapped", {}, ["buidl", "."], 2, "UNKNOWN_COMMAND", /"build"/],
  ["a push that says nowhere", {}, ["push", "team/app"], 2, "USAGE", /REGISTRY\/PATH:TAG/],
  ["a push of what is not there", {}, ["push", "localhost:9/a/b:v1"], 1, "IMAGE_UNKNOWN", /knbuild images/],
  ["a part of a command that it has not", {}, ["cache", "clear"], 2, "USAGE", /has no clear[\s\S]*info, prune, verify/],
  ["an archive without its transport", { "a.tar": "x" }, ["inspect", "a.tar"], 2, "TRANSPORT_MISSING", /oci-archive:a/],
  ["a Dockerfile that is no text", { Dockerfile: "\u007fELF\0\u001b[2J\n" }, ["."], 1, "DOCKERFILE_INVALID", /no text/],
  ["a Dockerfile of other lines", { Dockerfile: "a b\n".repeat(99) }, ["."], 1, "DOCKERFILE_INVALID", /… and 89 more/],
  [
    "a Dockerfile with an escape in it",
    { Dockerfile: "FROM scratch\nCO\u001b[2JPY a\n" },
    ["plan"],
    1,
    "DOCKERFILE_INVALID",
    /unknown instruction: CO␛\[2JPY/,
  ],
  [
    "a base that is none",
    { "server.js": SERVER },
    [".", "--base", "debian13-node2"],
    2,
    "BASE_UNKNOWN",
    /debian13-node24/,
  ],
  ["an unknown flag", {}, [".", "--psuh"], 2, "USAGE", /--push|--help/],
  ["a missing directory", {}, ["./nowhere"], 2, "SOURCE_MISSING", /nowhere/],
  ["a missing directory to run", {}, ["run", "./nowhere"], 2, "SOURCE_MISSING", /nowhere[\s\S]*hint: .*image/],
  ["a daemon that is none", { "server.js": SERVER }, [".", "--load", "dokcer"], 2, "USAGE", /hint: .*--load podman/],
  ["a file instead of a directory", { "server.js": SERVER }, ["./server.js"], 2, "SOURCE_NOT_DIRECTORY", /directory/],
  ["an empty directory", {}, ["."], 1, "NOTHING_DETECTED", /hint: /],
  [
    "apps further down only",
    {
      "README.md": "a repository",
      "tools/note.js": "exports.a = 1;",
      "services/web/package.json": '{"devDependencies":{"vite":"^7"}}',
      "services/web/index.html": "<h1>hi</h1>",
    },
    ["."],
    1,
    "NOTHING_DETECTED",
    /Below it:\n\s+services\/web \(node, vite\)\nhint: Name one of these directories\./,
  ],
  [
    "a program further down that nothing surely starts",
    { "a/b/package.json": '{"main":"index.js"}', "a/b/index.js": "console.log(1);", "deploy.sh": "" },
    ["."],
    1,
    "NOTHING_DETECTED",
    /Below it:\n\s+a\/b \(node\)\nhint: /,
  ],
  [
    "a language that no buildpack knows, with a page for its server",
    { "Package.swift": "// swift-tools-version:5.5", "Public/index.html": "<h1>hi</h1>" },
    ["."],
    1,
    "NOTHING_DETECTED",
    /this is a Swift package/,
  ],
  [
    "hpack's package.yaml, which is not pnpm's",
    { "package.yaml": "name: hello\ndependencies:\n- base\n\nexecutables:\n  hello: {}\n", "stack.yaml": "" },
    ["."],
    1,
    "NOTHING_DETECTED",
    /this is a Haskell program/,
  ],
  [
    "only a script",
    { "start.sh": "echo hi\n", "README.md": "" },
    ["."],
    1,
    "NOTHING_DETECTED",
    /this is a shell script[\s\S]*start\.sh/,
  ],
  [
    "a language that is built by a Dockerfile",
    { "mix.exs": "defmodule A do\nend\n", "lib/a.ex": "" },
    ["."],
    1,
    "BUILDPACK_CANNOT_BUILD",
    /this is an Elixir program, which is built from a Dockerfile only\n/,
  ],
  [
    "apps further down only, of which init is to write for one",
    { "services/api/go.mod": "module api\n", "services/api/main.go": "package main\n\nfunc main() {}\n" },
    ["init"],
    1,
    "NOTHING_DETECTED",
    /Below it:\n\s+services\/api \(go\)\nhint: Name one of these directories\./,
  ],
  [
    "a broken package.json",
    { "package.json": '{"name": "x",,}', "server.js": SERVER },
    ["."],
    1,
    "JSON_INVALID",
    /package\.json:1 \(column 14\)\n/,
  ],
  [
    "a syntax error in the app",
    { "server.js": 'require("node:http").createServer((q, s) => { s.end( }).listen(1);\n' },
    ["."],
    1,
    "BUNDLE_SYNTAX",
    /server\.js:1:\d+[\s\S]*createServer/,
  ],
  [
    "a library",
    { "package.json": '{"name":"l","main":"l.js"}', "l.js": "module.exports = 1;\n" },
    ["."],
    1,
    "NOT_A_SERVER",
    /l\.js/,
  ],
  [
    "functions of another provider than Amazon",
    {
      "package.json": '{"main":"h.js"}',
      "serverless.yml": "provider:\n  name: azure\n",
      "h.js": "exports.hi = (c) => c;\n",
    },
    ["."],
    1,
    "NOT_A_SERVER",
    /functions of Azure are called[\s\S]*serverless\.yml/,
  ],
  [
    "data of the app that is no JSON",
    { "server.js": `require("./c.json");\n${SERVER}`, "c.json": "{ 'a': 1 }\n" },
    ["."],
    1,
    "BUNDLE_FAILED",
    /at c\.json:1[\s\S]*hint: Correct the file/,
  ],
  [
    "an unknown key",
    { "knbuild.yaml": "entrypiont: x\n", "server.js": SERVER },
    ["."],
    2,
    "CONFIG_UNKNOWN_KEY",
    /entrypoint/,
  ],
  ["broken YAML", { "knbuild.yaml": "a: [\n", "server.js": SERVER }, ["."], 2, "CONFIG_SYNTAX", /knbuild\.yaml:2/],
  [
    "an output that does not exist",
    { "server.js": SERVER },
    [".", "-o", "type=ocii,dest=x"],
    2,
    "OUTPUT_UNKNOWN",
    /oci/,
  ],
  ["an output without a place", { "server.js": SERVER }, [".", "-o", "type=oci"], 2, "OUTPUT_NEEDS_DEST", /dest=/],
  ["a push without a registry", { "server.js": SERVER }, [".", "--push"], 2, "PUSH_NEEDS_NAME", /KNBUILD_REPO/],
  ["a port that is none", { "server.js": SERVER }, [".", "-t", "localhost:70000/a"], 2, "REFERENCE_INVALID", /host/],
  ["a name that is none", { "server.js": SERVER }, [".", "-t", "Bad Name"], 2, "REFERENCE_INVALID", /lower case/],
  [
    "a secret that is allowed without a reason",
    { "server.js": SERVER },
    [".", "--allow-secret", "app/dev.pem"],
    2,
    "USAGE",
    /path=reason/,
  ],
  ["an unknown engine", { "server.js": SERVER }, [".", "--engine", "magic"], 2, "ENGINE_UNKNOWN", /native/],
  [
    "a source that breaks the contract",
    {
      "server.js": 'require("node:https").createServer({ key: "k", cert: "c" }, () => {}).listen(process.env.PORT);\n',
    },
    ["."],
    1,
    "CONTRACT_BROKEN",
    /KS010[\s\S]*explain/,
  ],
  [
    "an entrypoint that is not there",
    { "server.js": SERVER },
    [".", "--entrypoint", "app.js"],
    1,
    "ENTRYPOINT_NOT_FOUND",
    /app\.js/,
  ],
];

describe.each(CASES)("%s", (_name, files, args, exitCode, code, text) => {
  test("is explained on stderr", async () => {
    const run = await knbuild.run(args, { cwd: project(files), env });
    expect(run.stderr).toContain(`error[${code}]: `);
    expect(run.stderr).toMatch(text);
    expect(run.stderr).not.toMatch(/\n\s+at .*\(?(?:file:|node:|\/).*:\d+:\d+\)?\n\s+at /);
    expect(run.stdout).toBe("");
    expect(run.code).toBe(exitCode);
  });

  test("is JSON on stdout with --json", async () => {
    const run = await knbuild.run([...args, "--json"], { cwd: project(files), env });
    const { error } = JSON.parse(run.stdout) as { error: { code: string; message: string; hint: string | null } };
    expect(error.code).toBe(code);
    expect(error.message).not.toBe("");
    expect(error).toHaveProperty("hint");
  });
});

test("a file that cannot be read is named", async () => {
  const dir = project({ "server.js": SERVER });
  chmodSync(join(dir, "server.js"), 0);
  // Root reads every file, unless it has lost the capability to.
  const without = "-dac_override,-dac_read_search";
  const asAnybody = process.getuid?.() === 0 ? ["setpriv", `--bounding-set=${without}`] : [];
  const [program = "", ...args] = [...asAnybody, process.execPath, knbuild.program, "."];
  const run = spawnSync(program, args, { cwd: dir, env: { ...process.env, ...env }, encoding: "utf8" });
  expect(run.stderr).toMatch(/error\[[A-Z_]+\]: .*server\.js|at .*server\.js/);
  expect(run.stderr).toContain("hint: ");
  expect(run.status).toBe(1);
});

test("a secret is allowed with its reason in one word or in two; a directory is no reason", () => {
  const two = ["build", "--allow-secret", "app/dev.pem", "for the tests", ".", "--push"];
  expect(joinAllowedSecrets(two)).toEqual(["build", "--allow-secret", "app/dev.pem=for the tests", ".", "--push"]);
  for (const asIs of [
    ["--allow-secret", "app/dev.pem=for the tests", "."],
    ["--allow-secret", "app/dev.pem", "."],
    ["--allow-secret", "app/dev.pem", "--push"],
    ["--allow-secret"],
  ])
    expect(joinAllowedSecrets(asIs)).toEqual(asIs);
});

test("a reader that leaves before the end is no error", async () => {
  const child = spawn(process.execPath, [knbuild.program, "rules", "--json"], { stdio: ["ignore", "pipe", "pipe"] });
  child.stdout.destroy();
  let stderr = "";
  child.stderr.on("data", (chunk) => (stderr += chunk));
  expect(await new Promise((resolve) => child.on("close", resolve))).toBe(0);
  expect(stderr).toBe("");
});

test("--debug adds the stack, --version is one line, --help lists every command with an example each", async () => {
  expect((await knbuild.run(["./nowhere", "--debug"], { cwd: work, env })).stderr).toMatch(/\n {4}at /);
  expect((await knbuild.run(["--version"])).stdout).toMatch(/^\d+\.\d+\.\d+\S*\n$/);
  const help = (await knbuild.run(["--help"])).stdout;
  const names = [...help.matchAll(/^ {2}([a-z-]+) {2,}\S/gm)].map((match) => match[1] as string);
  expect(names.length).toBeGreaterThan(15);
  const helpOf = async (name: string) => [name, (await knbuild.run([...name.split(" "), "--help"])).stdout] as const;
  const helps = await Promise.all(names.map(helpOf));
  for (const [name, text] of [...helps])
    for (const [, below] of (text.split("\nCommands:\n")[1]?.split("\n\n")[0] ?? "").matchAll(/^ {2}([a-z-]+) /gm))
      if (below !== "help") helps.push(await helpOf(`${name} ${below}`));
  expect(helps.map(([name]) => name)).toContain("cache prune");
  expect(
    helps
      .filter(([name, text]) => !text.includes("Examples:") || !text.includes(`knbuild ${name}`))
      .map(([name]) => name),
  ).toEqual([]);
});

test("global flags may stand before the command", async () => {
  const dir = project({});
  for (const args of [
    ["--json", "detect", "."],
    ["-q", "--json", "detect"],
    ["detect", "--json"],
  ]) {
    const { stdout } = await knbuild.run(args, { cwd: dir, env });
    expect(JSON.parse(stdout)).toEqual({ selected: null, candidates: [] });
  }
  expect((await knbuild.run(["--debug", "copy", "only-one"], { env })).stderr).toContain("error[USAGE]: ");
  expect((await knbuild.run(["--json", "cache", "info"], { env })).stdout).toMatch(/^\{/);
  expect((await knbuild.run(["-q", "help", "copy"])).stdout).toContain("knbuild copy");
  const typo = await knbuild.run(["--quiet", "imgaes"], { cwd: dir, env });
  expect(typo.stderr).toContain("error[UNKNOWN_COMMAND]: ");
  // Without a command they are the build's.
  expect((await knbuild.run(["-q"], { cwd: dir, env })).stderr).toContain("error[NOTHING_DETECTED]: ");
});

test("detection of nothing is no error; its JSON has the promised shape", async () => {
  const nothing = await knbuild.run(["detect", ".", "--json"], { cwd: project({}), env });
  expect(nothing.code).toBe(0);
  expect(JSON.parse(nothing.stdout)).toEqual({ selected: null, candidates: [] });
  const found = JSON.parse(
    (await knbuild.run(["detect", ".", "--json"], { cwd: project({ "server.js": SERVER }), env })).stdout,
  );
  expect(found.selected).toBe("node");
  expect(Object.keys(found.candidates[0]).sort()).toEqual([
    "buildpack",
    "entrypoint",
    "evidence",
    "framework",
    "language",
    "packageManager",
    "runtimeVersion",
    "score",
  ]);
});

test("lint that cannot do its work ends with 2: 1 says that something was found", async () => {
  const dir = project({ Dockerfile: 'FROM scratch\nUSER 1\nENTRYPOINT ["/a"]\n', "known/base.json": "{}" });
  const lint = (...args: string[]) => knbuild.run(["lint", "Dockerfile", ...args], { cwd: dir, env });
  expect((await lint()).code).toBe(0);
  const unreadable = await lint("--baseline", "known");
  expect([unreadable.code, unreadable.stderr]).toEqual([2, expect.stringContaining("error[LINT_UNREADABLE]")]);
  const unwritable = await lint("--update-baseline", "--baseline", "known");
  expect([unwritable.code, unwritable.stderr]).toEqual([2, expect.stringContaining("error[EISDIR]")]);
});

test.runIf(existsSync("/dev/full"))("an answer that does not fit on the disk is an error, and no stack", () => {
  const full = openSync("/dev/full", "w");
  for (const args of [["rules"], ["contract", "--json"]]) {
    const { status, stderr } = spawnSync(process.execPath, [knbuild.program, ...args], {
      stdio: ["ignore", full, "pipe"],
      encoding: "utf8",
    });
    expect([status, stderr]).toEqual([1, expect.stringMatching(/^error\[OUTPUT_FAILED\]: .*\nhint: .*\n$/)]);
  }
  closeSync(full);
});

test("lint says that a package.json is broken, and what it looked at", async () => {
  const dir = project({ "package.json": '{ "name": ', "a/x.py": "print(1)\n" });
  const broken = await knbuild.run(["lint", "."], { cwd: dir, env });
  expect(broken.stderr).toContain("package.json is not valid JSON");
  expect(broken.stderr).toContain("no Dockerfile found; 1 file of source looked at");
  expect((await knbuild.run(["lint", "."], { cwd: project({}), env })).stderr).toContain("no source either");
});

test.each([1, 2])("Ctrl-C ends with 130 and says so, though %i signals come", async (signals) => {
  const dir = project({ "server.js": SERVER });
  const child = spawn(process.execPath, [knbuild.program, "."], {
    cwd: dir,
    env: { ...process.env, ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let stderr = "";
  // The base is being chosen or fetched: work that takes a while.
  const begun = new Promise<void>((resolve) =>
    child.stderr.on("data", (chunk) => {
      stderr += chunk;
      resolve();
    }),
  );
  // One that comes while Node goes down ends it by itself: a shell says 130 of both.
  const ended = new Promise<number | null>((resolve) =>
    child.on("close", (code, signal) => resolve(signal === "SIGINT" && signals > 1 ? 130 : code)),
  );
  await begun;
  for (let i = 0; i < signals; i++) {
    child.kill("SIGINT");
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  expect(await ended).toBe(130);
  expect(stderr).toContain("error[INTERRUPTED]");
});
