/** cosign, built once from the Go module proxy and kept for later runs: the other side of the signature tests. */
import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, renameSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { findProgram } from "../../src/sandbox/program.ts";

const VERSION = "v3.1.3";
const MODULE = "github.com/sigstore/cosign/v3";

/** Minutes on a small machine, when it is not there yet. */
export const COSIGN_BUILD_TIMEOUT_MS = 25 * 60_000;

/** The program's path; undefined where there is no Go to build it with (in CI that is an error). */
export function cosignProgram(): string | undefined {
  const dir = join(tmpdir(), "knbuild-tools", "cosign");
  const program = join(dir, `cosign-${VERSION}`);
  if (existsSync(program)) return program;
  const go = findProgram("go");
  if (!go) {
    if (process.env["CI"] === "true") throw new Error("CI=true, and go is missing: cosign cannot be built");
    return undefined;
  }
  mkdirSync(dir, { recursive: true });
  const run = (...args: string[]) => execFileSync(go, args, { cwd: dir, stdio: ["ignore", "ignore", "inherit"] });
  if (!existsSync(join(dir, "go.mod"))) run("mod", "init", "scratch");
  run("get", `${MODULE}/cmd/cosign@${VERSION}`);
  const temporary = `${program}.${process.pid}`;
  run("build", "-ldflags", "-s -w", "-o", temporary, `${MODULE}/cmd/cosign`);
  renameSync(temporary, program);
  return program;
}

export interface CosignResult {
  ok: boolean;
  /** stdout and stderr. */
  output: string;
}

/** Runs cosign with a home of its own, so that it fetches and remembers nothing. */
export function runCosign(
  program: string,
  home: string,
  args: string[],
  env: Record<string, string> = {},
): CosignResult {
  const result = spawnSync(program, args, {
    encoding: "utf8",
    cwd: home,
    env: { PATH: process.env["PATH"], HOME: home, COSIGN_PASSWORD: "", ...env },
    timeout: 60_000,
  });
  return { ok: result.status === 0, output: `${result.stdout}${result.stderr}` };
}
