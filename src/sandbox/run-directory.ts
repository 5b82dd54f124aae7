/** The directory of one run: bundle, upper layer, pid file. What a killed knbuild left lying is cleared by the next run. */
import { randomBytes } from "node:crypto";
import { existsSync, readdirSync, readFileSync, realpathSync } from "node:fs";
import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { processExists } from "./rootfs.ts";

export interface RunDirectory {
  readonly id: string;
  readonly path: string;
  remove(): Promise<void>;
}

/** @param reclaim ends the container of a run whose knbuild is gone, before its directory is removed. */
export async function createRunDirectory(
  cacheDir: string,
  reclaim: (id: string, path: string) => Promise<void>,
): Promise<RunDirectory> {
  const runs = join(cacheDir, "sandbox", "runs");
  await mkdir(runs, { recursive: true, mode: 0o755 });
  await sweep(runs, reclaim);
  const id = `knbuild-${randomBytes(6).toString("hex")}`;
  const path = join(runs, id);
  await mkdir(path, { mode: 0o755 });
  await writeFile(join(path, "owner"), String(process.pid));
  return { id, path, remove: () => removeRun(path) };
}

async function sweep(runs: string, reclaim: (id: string, path: string) => Promise<void>): Promise<void> {
  for (const id of await readdir(runs)) {
    const path = join(runs, id);
    const owner = Number(await readFile(join(path, "owner"), "utf8").catch(() => ""));
    if (!owner || processExists(owner)) continue;
    await reclaim(id, path);
    await removeRun(path);
  }
}

/** A container may stand on any of the unpacked images. */
export function isSandboxUsed(cacheDir: string): boolean {
  const runs = join(cacheDir, "sandbox", "runs");
  if (!existsSync(runs)) return false;
  return readdirSync(runs).some((id) => {
    try {
      return processExists(Number(readFileSync(join(runs, id, "owner"), "utf8")));
    } catch {
      // Being made, or being removed.
      return true;
    }
  });
}

async function removeRun(path: string): Promise<void> {
  // overlayfs leaves a work directory of mode 000.
  await rm(path, { recursive: true, force: true, maxRetries: 3 });
}

/** The names of this very container, as kubelet and container engines write them: without the file nobody knows localhost. */
export async function writeHosts(run: RunDirectory, hostname: string): Promise<string> {
  const path = join(run.path, "hosts");
  await writeFile(path, `127.0.0.1\tlocalhost\n::1\tlocalhost ip6-localhost ip6-loopback\n127.0.0.1\t${hostname}\n`, {
    mode: 0o644,
  });
  return path;
}

/** The machine's resolv.conf itself: systemd's is a link to a place that a container does not have. */
export function hostResolvConf(): string | undefined {
  return existsSync("/etc/resolv.conf") ? realpathSync("/etc/resolv.conf") : undefined;
}
