/** Programs of other projects from PyPI, each in a virtual environment of its own that is kept for later runs. */
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { findProgram } from "../../src/sandbox/program.ts";
import { keptPath } from "./kept.ts";

/** The program's path; undefined where there is no Python to install it with (in CI that is an error). */
export function pythonTool(name: string, version: string, programName: string): string | undefined {
  const dir = keptPath(`${name}-${version}`);
  const program = join(dir, "bin", programName);
  if (existsSync(program)) return program;
  const python = findProgram("python3");
  if (!python) {
    if (process.env["CI"] === "true") throw new Error(`CI=true, and python3 is missing: ${name} cannot be installed`);
    return undefined;
  }
  mkdirSync(dir, { recursive: true });
  try {
    execFileSync(python, ["-m", "venv", dir], { stdio: "ignore" });
    execFileSync(join(dir, "bin", "pip"), ["install", "--quiet", `${name}==${version}`], {
      stdio: ["ignore", "ignore", "pipe"],
    });
  } catch (error) {
    rmSync(dir, { recursive: true, force: true });
    throw error;
  }
  return program;
}
