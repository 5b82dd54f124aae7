/** A docker daemon of the test's own: its data, sockets and pid file lie in a temporary directory. */
import { spawn, spawnSync } from "node:child_process";
import { createWriteStream, existsSync, readFileSync } from "node:fs";
import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { stopDaemon } from "./stop-daemon.ts";

export interface Dockerd {
  /** For DOCKER_HOST. */
  host: string;
  stop(): Promise<void>;
}

/**
 * Without bridge and iptables, which a container or a small machine does not allow: containers use the host's network.
 * @param options.configFile a daemon.json in the place of the machine's
 */
export async function startDockerd({
  mirrors = [],
  configFile,
}: {
  mirrors?: readonly string[];
  configFile?: string;
} = {}): Promise<Dockerd> {
  const root = await mkdtemp(join(tmpdir(), "knbuild-dockerd-"));
  const host = `unix://${join(root, "docker.sock")}`;
  const log = join(root, "log");
  const args = [
    "--iptables=false",
    "--bridge=none",
    "--data-root",
    join(root, "data"),
    "--exec-root",
    join(root, "exec"),
    ...mirrors.flatMap((url) => ["--registry-mirror", url]),
    ...(configFile === undefined ? [] : ["--config-file", configFile]),
  ];
  const daemon = spawn("dockerd", [...args, "--pidfile", join(root, "pid"), "-H", host], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  const file = createWriteStream(log);
  daemon.stdout.pipe(file);
  daemon.stderr.pipe(file);
  for (let waited = 0; waited < 30_000; waited += 200) {
    await delay(200);
    if (existsSync(join(root, "docker.sock")) && spawnSync("docker", ["-H", host, "info"]).status === 0) {
      return { host, stop: () => stopDaemon(daemon, root) };
    }
    if (daemon.exitCode !== null) break;
  }
  const said = readFileSync(log, "utf8").split("\n").slice(-12).join("\n");
  await stopDaemon(daemon, root);
  throw new Error(`dockerd did not start:\n${said}`);
}
