/** podman: loads the image into its own storage and runs it. */
import { rm } from "node:fs/promises";
import { KnbuildError } from "../../base/errors.ts";
import { type EngineCli, startInEngine } from "../engine-cli.ts";
import { EXIT_ZERO_PATH, exitZeroRoot } from "../exit-zero.ts";
import { findProgram, lastLine, runProgram } from "../program.ts";
import type { Sandbox, SandboxProbe } from "../types.ts";

/**
 * Ways to run, tried in order: as podman is configured; with runc and low limits, which works on machines with hybrid
 * cgroups and in containers that may not raise their own limits.
 */
const WAYS: readonly (readonly string[])[] = [
  [],
  ["--runtime", "runc", "--ulimit", "nofile=1024:1024", "--ulimit", "nproc=1024:1024"],
];

const sandbox: Sandbox = {
  id: "podman",
  summary: "Podman, rootless or as root",
  rank: 40,
  probe: async () => (await found()).probe,
  async start(image, options) {
    const { probe, engine } = await found();
    if (engine) return startInEngine(engine, image, options);
    const why = probe as { reason: string; hint: string };
    throw new KnbuildError({ code: "SANDBOX_UNAVAILABLE", message: why.reason, hint: why.hint });
  },
};
export default sandbox;

interface Found {
  probe: SandboxProbe;
  engine?: EngineCli;
}

let remembered: Promise<Found> | undefined;

function found(): Promise<Found> {
  remembered ??= find();
  return remembered;
}

async function find(): Promise<Found> {
  const program = findProgram("podman");
  if (!program) {
    return { probe: { ok: false, reason: "podman is not installed", hint: "Debian, Ubuntu: apt install podman." } };
  }
  const info = await runProgram(program, ["version", "--format", "{{.Client.Version}}"], { timeoutMs: 20_000 });
  const version = info.stdout.trim() || "unknown";
  // A client alone (a Mac, or a remote connection) cannot run a directory of this machine: its service is asked instead.
  if (process.platform !== "linux") {
    const service = await runProgram(program, ["info"], { timeoutMs: 20_000 });
    if (service.code === 0) {
      return { probe: { ok: true, version }, engine: { id: "podman", program, runFlags: [], publishes: true } };
    }
    return { probe: { ok: false, reason: lastLine(service.stderr), hint: "Start its machine: podman machine start." } };
  }
  const root = await exitZeroRoot();
  try {
    let reason = "";
    for (const network of [
      ["--network", "bridge"],
      ["--network", "host"],
    ]) {
      for (const runFlags of WAYS) {
        const args = ["run", "--rm", "--log-driver", "none", ...runFlags, ...network, "--rootfs", root, EXIT_ZERO_PATH];
        const result = await runProgram(program, args, { timeoutMs: 30_000 });
        if (result.code !== 0) {
          reason = lastLine(result.stderr) || `exit code ${result.code}`;
          continue;
        }
        const publishes = network[1] === "bridge";
        return { probe: { ok: true, version }, engine: { id: "podman", program, runFlags, publishes } };
      }
    }
    return {
      probe: {
        ok: false,
        reason: `podman cannot start a container here: ${reason}`,
        hint: "Use another sandbox: runc, bubblewrap or docker.",
      },
    };
  } finally {
    await rm(root, { recursive: true, force: true });
  }
}
