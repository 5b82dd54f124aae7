/** Programs of other projects, built once from the Go module proxy and kept for later runs: the other side of our tests. */
import { execFileSync } from "node:child_process";
import { copyFileSync, existsSync, mkdirSync, renameSync } from "node:fs";
import { join } from "node:path";
import { findProgram } from "../../src/sandbox/program.ts";
import { keptPath } from "./kept.ts";

/** Minutes on a small machine, when it is not there yet. */
export const GO_BUILD_TIMEOUT_MS = 25 * 60_000;

export interface GoProgram {
  name: string;
  /** Of all that is inside: another version is another program. */
  version: string;
  /** `module@version`, or a package of it. */
  needs: readonly string[];
  /** A package that is a program, or a file with a `main` of the tests' own. */
  main: { package: string } | { file: string };
}

/** Whether a missing program can be built; in CI it must be. */
export function hasGo(): boolean {
  if (findProgram("go")) return true;
  if (process.env["CI"] === "true")
    throw new Error("CI=true, and go is missing: other projects' programs cannot be built");
  return false;
}

/** The program's path; undefined where there is no Go to build it with (in CI that is an error). */
export function goProgram({ name, version, needs, main }: GoProgram): string | undefined {
  const dir = keptPath(name);
  const program = join(dir, `${name}-${version}`);
  if (existsSync(program)) return program;
  if (!hasGo()) return undefined;
  mkdirSync(dir, { recursive: true });
  const run = (...args: string[]) => execFileSync("go", args, { cwd: dir, stdio: ["ignore", "ignore", "inherit"] });
  if (!existsSync(join(dir, "go.mod"))) run("mod", "init", "scratch");
  if ("file" in main) copyFileSync(main.file, join(dir, "main.go"));
  run("get", ...needs);
  const temporary = `${program}.${process.pid}`;
  // What our own file imports decides what is needed besides: `go get` alone knows the modules, not their parts.
  run("build", "-mod=mod", "-ldflags", "-s -w", "-o", temporary, "package" in main ? main.package : ".");
  renameSync(temporary, program);
  return program;
}
