/** podman with a storage of the test's own, so that the machine's images and containers are neither seen nor left. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Flags that let containers start on machines with hybrid cgroups, or where limits cannot be raised. */
export const PODMAN_RUN = ["--runtime", "runc", "--ulimit", "nofile=1024:1024", "--ulimit", "nproc=1024:1024"];

/** Sets CONTAINERS_STORAGE_CONF for this process and its children. @returns what takes it all away again */
export function useOwnPodmanStorage(): () => void {
  // A short name: where the path takes more than some fifty letters, podman waits twenty seconds for every container.
  const dir = mkdtempSync(join(tmpdir(), "pod-"));
  const before = process.env["CONTAINERS_STORAGE_CONF"];
  const lines = ["[storage]", 'driver = "overlay"', `graphroot = "${dir}/graph"`, `runroot = "${dir}/run"`];
  writeFileSync(join(dir, "storage.conf"), `${lines.join("\n")}\n`);
  process.env["CONTAINERS_STORAGE_CONF"] = join(dir, "storage.conf");
  return () => {
    spawnSync("podman", ["rm", "--all", "--force", "--time", "0"]);
    spawnSync("podman", ["rmi", "--all", "--force"]);
    if (before === undefined) delete process.env["CONTAINERS_STORAGE_CONF"];
    else process.env["CONTAINERS_STORAGE_CONF"] = before;
    const mounts = readFileSync("/proc/self/mountinfo", "utf8")
      .split("\n")
      .map((line) => line.split(" ")[4] ?? "");
    for (const path of mounts
      .filter((mount) => mount.startsWith(`${dir}/`))
      .sort()
      .reverse())
      spawnSync("umount", ["-l", path]);
    rmSync(dir, { recursive: true, force: true });
  };
}
