/** A containerd of the test's own: its data and its socket lie in a temporary directory. */
import { spawn, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { stopDaemon } from "./stop-daemon.ts";

export interface Containerd {
  /** For ctr --address. */
  socket: string;
  stop(): Promise<void>;
}

export async function startContainerd(): Promise<Containerd> {
  const root = mkdtempSync(join(tmpdir(), "knbuild-containerd-"));
  const socket = join(root, "sock");
  const config = [
    "version = 2",
    `root = "${root}/root"`,
    `state = "${root}/state"`,
    'disabled_plugins = ["io.containerd.grpc.v1.cri"]',
    "[grpc]",
    `  address = "${socket}"`,
  ];
  writeFileSync(join(root, "config.toml"), `${config.join("\n")}\n`);
  const daemon = spawn("containerd", ["--config", join(root, "config.toml")], { stdio: ["ignore", "ignore", "pipe"] });
  let said = "";
  daemon.stderr.setEncoding("utf8").on("data", (text: string) => (said += text));
  for (let waited = 0; waited < 30_000 && daemon.exitCode === null; waited += 100) {
    await delay(100);
    if (existsSync(socket) && spawnSync("ctr", ["--address", socket, "version"]).status === 0) {
      return { socket, stop: () => stopDaemon(daemon, root) };
    }
  }
  await stopDaemon(daemon, root);
  throw new Error(`containerd did not start:\n${said.split("\n").slice(-12).join("\n")}`);
}
