/** BuildKit's own daemon, without containers: from PATH, or built once from the Go module proxy and kept for later runs. */
import { spawn } from "node:child_process";
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { findProgram, runProgram } from "../../src/sandbox/program.ts";
import { goProgram, hasGo } from "./go-program.ts";
import { stopDaemon } from "./stop-daemon.ts";

const VERSION = "v0.28.0";
const PROGRAMS = ["buildkitd", "buildctl"];

export interface BuildkitBuild {
  context: string;
  /** Where the Dockerfile lies, if not in the context. */
  dockerfileDir?: string;
  /** Where the OCI archive goes. */
  dest: string;
  buildArgs?: Record<string, string>;
  target?: string;
}

export interface Buildkitd {
  /** @returns what it said where it failed, undefined where it built */
  build(options: BuildkitBuild): Promise<string | undefined>;
  stop(): Promise<void>;
}

/** From PATH, or built from the Go module proxy: whether one of the two can be. In CI one must. */
export const hasBuildkit = (): boolean => PROGRAMS.every((name) => findProgram(name)) || hasGo();

/** @param registries that speak plain http */
export async function startBuildkitd(registries: readonly string[]): Promise<Buildkitd> {
  const [buildkitd, buildctl] = PROGRAMS.map((name) => {
    const main = { package: `github.com/moby/buildkit/cmd/${name}` };
    return findProgram(name) ?? goProgram({ name, version: VERSION, needs: [`${main.package}@${VERSION}`], main });
  }) as [string, string];
  const root = mkdtempSync(join(tmpdir(), "knbuild-buildkitd-"));
  const address = `unix://${join(root, "socket")}`;
  writeFileSync(
    join(root, "config.toml"),
    registries.map((host) => `[registry."${host}"]\n  http = true\n`).join("\n"),
  );
  const daemon = spawn(
    buildkitd,
    [
      ...["--root", join(root, "data"), "--addr", address, "--config", join(root, "config.toml")],
      ...["--oci-worker-binary", findProgram("runc") ?? "runc", "--oci-worker-snapshotter", "native"],
      ...["--containerd-worker=false", "--oci-worker-net", "host"],
    ],
    { stdio: ["ignore", "ignore", "pipe"] },
  );
  let log = "";
  daemon.stderr.setEncoding("utf8").on("data", (text: string) => (log = (log + text).slice(-8000)));
  const answers = async () => (await runProgram(buildctl, ["--addr", address, "debug", "workers"])).code === 0;
  for (let waited = 0; !(await answers()); waited += 200) {
    if (daemon.exitCode !== null || waited > 30_000) {
      await stopDaemon(daemon, root);
      throw new Error(`buildkitd did not start:\n${log}`);
    }
    await delay(200);
  }
  return {
    // Never by spawnSync: it may fetch from a server of this very process.
    async build({ context, dockerfileDir = context, dest, buildArgs = {}, target }) {
      const result = await runProgram(buildctl, [
        ...["--addr", address],
        ...["build", "--frontend", "dockerfile.v0", "--progress", "plain"],
        ...["--local", `context=${context}`, "--local", `dockerfile=${dockerfileDir}`],
        ...["--opt", "platform=linux/amd64", "--output", `type=oci,dest=${dest},compression=uncompressed`],
        ...Object.entries(buildArgs).flatMap(([name, value]) => ["--opt", `build-arg:${name}=${value}`]),
        ...(target === undefined ? [] : ["--opt", `target=${target}`]),
      ]);
      return result.code === 0 ? undefined : result.stderr;
    },
    stop: () => stopDaemon(daemon, root),
  };
}
