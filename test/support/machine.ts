/** What this machine has for the tests: system programs that `npm test` installs where it can. */
import { spawnSync } from "node:child_process";
import { COMPONENTS } from "../../scripts/setup-system.mjs";
import { findProgram } from "../../src/sandbox/program.ts";

/** These start containers or daemons in the tests, which needs root. */
const ROOT_ONLY = new Set(["runc", "crun", "docker", "containerd", "podman", "buildah", "umoci"]);

/** Whether the tests of a component can run here. With CI=true a missing one is an error, not a skipped test. */
export function requireComponent(name: string): boolean {
  const component = COMPONENTS.find((candidate) => candidate.name === name);
  if (!component) throw new Error(`scripts/setup-system.mjs knows no component ${name}`);
  const missing = component.programs.filter((program) => findProgram(program) === undefined);
  const reason =
    missing.length > 0
      ? `${missing.join(", ")} is missing`
      : ROOT_ONLY.has(name) && process.getuid?.() !== 0
        ? `the tests of ${name} need root`
        : undefined;
  if (reason === undefined) return true;
  if (process.env["CI"] === "true") throw new Error(`CI=true, and ${reason}`);
  return false;
}

/** Runs a system program to its end and gives what it prints; throws with its output when it fails. */
export function system(program: string, ...args: string[]): string {
  const result = spawnSync(findProgram(program) ?? program, args, { encoding: "utf8", maxBuffer: 64 * 1024 * 1024 });
  if (result.status === 0) return result.stdout;
  throw new Error(`${program} ${args.join(" ")}: ${result.error?.message ?? `${result.stdout}\n${result.stderr}`}`);
}
