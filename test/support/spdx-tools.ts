/** The SPDX project's own validator, from PyPI, in a virtual environment that is kept for later runs. */
import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { findProgram } from "../../src/sandbox/program.ts";

const VERSION = "0.8.3";

/** `pyspdxtools`; undefined where there is no Python to install it with (in CI that is an error). */
export function spdxValidator(): string | undefined {
  const dir = join(tmpdir(), "knbuild-tools", `spdx-tools-${VERSION}`);
  const program = join(dir, "bin", "pyspdxtools");
  if (existsSync(program)) return program;
  const python = findProgram("python3");
  if (!python) {
    if (process.env["CI"] === "true")
      throw new Error("CI=true, and python3 is missing: spdx-tools cannot be installed");
    return undefined;
  }
  mkdirSync(dir, { recursive: true });
  try {
    execFileSync(python, ["-m", "venv", dir], { stdio: "ignore" });
    execFileSync(join(dir, "bin", "pip"), ["install", "--quiet", `spdx-tools==${VERSION}`], {
      stdio: ["ignore", "ignore", "pipe"],
    });
  } catch (error) {
    rmSync(dir, { recursive: true, force: true });
    throw error;
  }
  return program;
}

/** What the validator says; empty when the document is valid. */
export function spdxComplaints(program: string, file: string): string {
  const result = spawnSync(program, ["-i", file], { encoding: "utf8" });
  return result.status === 0 ? "" : `${result.stdout}${result.stderr}`;
}
