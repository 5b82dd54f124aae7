/**
 * esbuild's JavaScript API with bounds for the memory of its process, which lives as long as ours unless `endProcess` ends it.
 * Left to itself it lets its garbage grow to the size of what is alive.
 */
import { type BuildOptions, type BuildResult, build as buildUnbound, type SameShape, stop } from "esbuild";

/** Never less than what a small app's bundle takes anyway. */
const LEAST_BYTES = 36 * 2 ** 20;
/** Syntax trees and source maps per byte of node_modules, generously: not all of that is code, and not all of it reachable. */
const BYTES_PER_BYTE = 10;

let limit: number | undefined;

/** Says how large the packages are that may be bundled. Counts for a process of esbuild's that is not there yet. */
export function limitMemory(modulesBytes: number): void {
  limit = Math.max(LEAST_BYTES, modulesBytes * BYTES_PER_BYTE, limit ?? 0);
}

/** Builds that wait for esbuild's process. */
let running = 0;

export async function build<T extends BuildOptions>(options: SameShape<BuildOptions, T>): Promise<BuildResult<T>> {
  running++;
  try {
    return await start(options);
  } finally {
    running--;
  }
}

function start<T extends BuildOptions>(options: SameShape<BuildOptions, T>): Promise<BuildResult<T>> {
  if (limit === undefined || process.env["GOMEMLIMIT"] !== undefined) return buildUnbound(options);
  // The first call starts the process, with this environment. A soft limit: beyond it esbuild collects more often.
  process.env["GOMEMLIMIT"] = String(limit);
  try {
    return buildUnbound(options);
  } finally {
    delete process.env["GOMEMLIMIT"];
  }
}

/** Gives the memory of esbuild's process back, unless another build is at it. The next build starts it anew. */
export async function endProcess(): Promise<void> {
  if (running === 0) await stop();
}
