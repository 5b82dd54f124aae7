/** The command line program, built from this tree as it would be published (without types). */
import { spawn, spawnSync } from "node:child_process";
import { chmodSync, cpSync, mkdtempSync, rmSync } from "node:fs";
import { basename, join } from "node:path";
import { packageRoot } from "../../src/base/package-root.ts";

export interface Run {
  code: number;
  stdout: string;
  stderr: string;
}

export interface Knbuild {
  /** dist/cli.js of this build. */
  program: string;
  /** @param options.env added to this process's own; a value of undefined takes a variable away */
  run(
    args: string[],
    options?: { cwd?: string; env?: Record<string, string | undefined>; timeoutMs?: number },
  ): Promise<Run>;
  remove(): void;
}

/** A build of the caller's own, to do with as it likes; a copy of the one that `npm test` has just made, where it runs the test. */
export function buildKnbuild(): Knbuild {
  const root = packageRoot();
  // Below the root, so that node finds the packages that stay outside, and git ignores it.
  const dir = mkdtempSync(join(root, "dist-test-"));
  const made = process.env["KNBUILD_TEST_DIST"];
  if (made) {
    cpSync(made, dir, { recursive: true });
    // Other users run it too.
    chmodSync(dir, 0o755);
  } else {
    const built = spawnSync(process.execPath, ["scripts/build.mjs", "--no-types", "--out", basename(dir)], {
      cwd: root,
      encoding: "utf8",
    });
    if (built.status !== 0) {
      rmSync(dir, { recursive: true, force: true });
      throw new Error(built.stderr);
    }
  }
  const program = join(dir, "cli.js");
  return {
    program,
    run: (args, { cwd = root, env = {}, timeoutMs = 120_000 } = {}) =>
      new Promise((resolve) => {
        const child = spawn(process.execPath, [program, ...args], {
          cwd,
          env: { ...process.env, ...env },
          timeout: timeoutMs,
        });
        let stdout = "";
        let stderr = "";
        child.stdout.setEncoding("utf8").on("data", (text: string) => (stdout += text));
        child.stderr.setEncoding("utf8").on("data", (text: string) => (stderr += text));
        child.stdin.end();
        child.on("close", (code) => resolve({ code: code ?? 1, stdout, stderr }));
      }),
    remove: () => rmSync(dir, { recursive: true, force: true }),
  };
}
