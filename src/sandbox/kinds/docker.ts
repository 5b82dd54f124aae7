/** docker: loads the image into the daemon and runs it. */
import { KnbuildError } from "../../base/errors.ts";
import { startInEngine } from "../engine-cli.ts";
import { findProgram, lastLine, runProgram } from "../program.ts";
import type { Sandbox, SandboxProbe } from "../types.ts";

const NOT_INSTALLED = { reason: "docker is not installed", hint: "Debian, Ubuntu: apt install docker.io." };

const sandbox: Sandbox = {
  id: "docker",
  summary: "A Docker daemon, local or in a machine of its own",
  rank: 50,
  probe,
  async start(image, options) {
    const program = findProgram("docker");
    if (!program) {
      throw new KnbuildError({ code: "SANDBOX_UNAVAILABLE", message: NOT_INSTALLED.reason, hint: NOT_INSTALLED.hint });
    }
    // A daemon without a bridge cannot publish ports.
    const bridge = await runProgram(program, ["network", "inspect", "bridge"], { timeoutMs: 20_000 });
    return startInEngine({ id: "docker", program, runFlags: [], publishes: bridge.code === 0 }, image, options);
  },
};
export default sandbox;

async function probe(): Promise<SandboxProbe> {
  const program = findProgram("docker");
  if (!program) return { ok: false, ...NOT_INSTALLED };
  const server = await runProgram(program, ["version", "--format", "{{.Server.Version}}"], { timeoutMs: 20_000 });
  const version = server.stdout.trim();
  if (server.code === 0 && version) return { ok: true, version };
  return {
    ok: false,
    reason: `the docker daemon does not answer: ${lastLine(server.stderr) || "no server"}`,
    hint: "Start Docker, or point DOCKER_HOST at a daemon that you may use.",
  };
}
