/** What this machine has for the tests: system programs that `npm test` installs where it can. */
import { spawnSync } from "node:child_process";
import { findProgram } from "../../src/sandbox/program.ts";

/** Component → the programs that it needs. */
const COMPONENTS: Record<string, readonly string[]> = {
  runc: ["runc"],
  bubblewrap: ["bwrap"],
  podman: ["podman", "runc"],
  docker: ["dockerd", "docker"],
  buildkit: ["dockerd", "docker"],
  buildah: ["buildah"],
  skopeo: ["skopeo"],
  umoci: ["umoci"],
  "docker-registry": ["docker-registry"],
  zstd: ["zstd"],
  dpkg: ["dpkg-query"],
};

export type Component = keyof typeof COMPONENTS;

/**
 * Whether the tests of a component can run. Where nothing may be missing (KNBUILD_TEST_REQUIRE_ALL, set in CI) a missing one
 * is an error, not a skipped test.
 */
export function requireComponent(component: string): boolean {
  const programs = COMPONENTS[component];
  if (!programs) throw new Error(`no such component: ${component}`);
  const missing = programs.filter((program) => findProgram(program) === undefined);
  if (missing.length === 0) return needsRoot(component);
  if (process.env["CI"] === "true") throw new Error(`CI=true, and ${missing.join(", ")} is missing`);
  return false;
}

/** These are started as a daemon or with devices by the tests themselves. */
function needsRoot(component: string): boolean {
  const rootOnly = ["runc", "docker", "buildkit", "podman", "buildah", "umoci"];
  if (!rootOnly.includes(component) || process.getuid?.() === 0) return true;
  if (process.env["CI"] === "true") throw new Error(`CI=true, and the tests of ${component} need root`);
  return false;
}

/** Runs a system program; throws with its output when it fails. */
export function system(program: string, ...args: string[]): string {
  const result = spawnSync(findProgram(program) ?? program, args, { encoding: "utf8", maxBuffer: 64 * 1024 * 1024 });
  if (result.status === 0) return result.stdout;
  throw new Error(`${program} ${args.join(" ")}: ${result.error?.message ?? result.stderr}`);
}
