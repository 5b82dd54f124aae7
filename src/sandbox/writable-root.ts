/**
 * Makes an unpacked image writable for one run without changing it. Root lays an overlay over it whose upper layer is in
 * memory, as on the platform (S16), in a mount namespace of the run's own, so that nothing stays mounted however the run
 * ends. Others take a copy, which shares blocks where the file system can.
 */
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { findProgram } from "./program.ts";
import { copyTree, runsAsRoot } from "./rootfs.ts";

export interface WritableRoot {
  path: string;
  /** The command that first makes `path` what it must be, and then becomes `argv`. */
  wrap(argv: readonly string[]): string[];
}

/** $1 memory file system, $2 lower, $3 merged; the rest is the command. */
const OVERLAY_SCRIPT = `set -e
mount -t tmpfs -o mode=0755 tmpfs "$1"
mkdir "$1/upper" "$1/work"
mount -t overlay overlay -o "lowerdir=$2,upperdir=$1/upper,workdir=$1/work" "$3"
shift 3
exec "$@"`;

export async function writableRoot(lower: string, runPath: string): Promise<WritableRoot> {
  const path = join(runPath, "rootfs");
  const unshare = findProgram("unshare");
  if (!runsAsRoot() || unshare === undefined || findProgram("mount") === undefined) {
    await copyTree(lower, path);
    return { path, wrap: (argv) => [...argv] };
  }
  const memory = join(runPath, "memory");
  await mkdir(path);
  await mkdir(memory);
  // overlayfs separates lower directories with colons and mount its options with commas.
  const escaped = lower.replace(/[\\:,]/g, "\\$&");
  return {
    path,
    wrap: (argv) => [
      unshare,
      "--mount",
      "--propagation",
      "private",
      "sh",
      "-c",
      OVERLAY_SCRIPT,
      "knbuild-overlay",
      memory,
      escaped,
      path,
      ...argv,
    ],
  };
}
