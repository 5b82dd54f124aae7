/** cosign, the other side of the signature tests. */
import { spawnSync } from "node:child_process";
import { goProgram } from "./go-program.ts";

const VERSION = "v3.1.3";
const PACKAGE = "github.com/sigstore/cosign/v3/cmd/cosign";

/** The program's path; undefined where there is no Go to build it with (in CI that is an error). */
export function cosignProgram(): string | undefined {
  const needs = [`${PACKAGE}@${VERSION}`];
  return goProgram({ name: "cosign", version: VERSION, needs, main: { package: PACKAGE } });
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
