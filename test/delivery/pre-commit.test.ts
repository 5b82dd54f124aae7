/** The hooks, by pre-commit itself: it clones this repository, installs it with npm and runs what .pre-commit-hooks.yaml names. */
import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join, relative } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { packageRoot } from "../../src/base/package-root.ts";
import { runProcess } from "../support/ci-systems.ts";
import { pythonTool } from "../support/python-tool.ts";

const NOT_COMMITTED = /^(?:node_modules|\.git|dist|dist-.*|coverage|\.cache)$/;
const root = packageRoot();

describe("pre-commit", () => {
  let dir: string;
  let program: string | undefined;
  let revision: string;

  function git(cwd: string, ...args: string[]): string {
    const name = ["-c", "user.name=t", "-c", "user.email=t@example.com"];
    return execFileSync("git", [...name, ...args], { cwd, encoding: "utf8" }).trim();
  }

  beforeAll(() => {
    dir = mkdtempSync(join(tmpdir(), "knbuild-pre-commit-"));
    program = pythonTool("pre-commit", "4.7.0", "pre-commit");
    // The working tree as a commit: what is released is what stands here.
    const repository = join(dir, "repository");
    const kept = (path: string) =>
      !NOT_COMMITTED.test(basename(path)) && !/^(?:src\/generated|docs\/api)$/.test(relative(root, path));
    cpSync(root, repository, { recursive: true, filter: kept });
    git(repository, "init", "-q", "-b", "main");
    git(repository, "add", ".");
    git(repository, "commit", "-q", "-m", "x");
    revision = git(repository, "rev-parse", "HEAD");
  }, 120_000);
  afterAll(() => rmSync(dir, { recursive: true, force: true }));

  test("both hooks judge the Dockerfiles of a repository, and only them; the second mends", async ({ skip }) => {
    if (!program) return skip();
    const app = join(dir, "app");
    mkdirSync(join(app, "api"), { recursive: true });
    const config = (hook: string) =>
      `repos:\n  - repo: ${dir}/repository\n    rev: ${revision}\n    hooks: [{ id: ${hook} }]\n`;
    const Dockerfile = "FROM node:24\nMAINTAINER me\nUSER 1000\nCMD node server.js\n";
    writeFileSync(join(app, "Dockerfile"), Dockerfile);
    writeFileSync(join(app, "api/Dockerfile.dev"), Dockerfile);
    writeFileSync(join(app, "README.md"), "MAINTAINER me\n");
    writeFileSync(join(app, ".pre-commit-config.yaml"), config("knbuild-lint"));
    git(app, "init", "-q", "-b", "main");
    git(app, "add", ".");
    const run = () =>
      runProcess(program!, ["run", "--all-files", "--color", "never"], {
        cwd: app,
        env: { ...(process.env as Record<string, string>), PRE_COMMIT_HOME: join(dir, "home") },
        timeoutMs: 900_000,
      });
    const judged = await run();
    expect(judged.code, judged.output).toBe(1);
    expect(judged.output).toMatch(/^knbuild lint\.+Failed$/m);
    expect(judged.output).toMatch(/^Dockerfile:4:1 warning KN03\d/m);
    expect(judged.output).toMatch(/^api\/Dockerfile\.dev:4:1 warning KN03\d/m);
    expect(judged.output).not.toContain("README.md");

    writeFileSync(join(app, ".pre-commit-config.yaml"), config("knbuild-lint-fix"));
    git(app, "add", ".");
    const mended = await run();
    expect(mended.output).toMatch(/files were modified by this hook/);
    expect(readFileSync(join(app, "Dockerfile"), "utf8")).toContain('CMD ["node", "server.js"]');
  }, 1_200_000);
});
