/** The end of a daemon that was started in a directory of its own. */
import { type ChildProcess, spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { rm } from "node:fs/promises";

/** SIGTERM, SIGKILL after 15 s; then what it left mounted below `root`, and `root` itself, go. */
export async function stopDaemon(daemon: ChildProcess, root: string): Promise<void> {
  if (daemon.exitCode === null) {
    const ended = new Promise((resolve) => daemon.once("exit", resolve));
    daemon.kill("SIGTERM");
    const timer = setTimeout(() => daemon.kill("SIGKILL"), 15_000);
    await ended;
    clearTimeout(timer);
  }
  // Network namespaces and snapshots may still be mounted.
  const mounts = readFileSync("/proc/self/mountinfo", "utf8")
    .split("\n")
    .map((line) => line.split(" ")[4] ?? "");
  for (const path of mounts
    .filter((path) => path.startsWith(`${root}/`))
    .sort()
    .reverse())
    spawnSync("umount", ["-l", path]);
  await rm(root, { recursive: true, force: true });
}
