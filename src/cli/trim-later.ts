/** The cache is held to its bound by a process of its own, once a day, which no build waits for. */
import { spawn } from "node:child_process";
import { cacheDir } from "../base/dirs.ts";
import type { BuildOptions } from "../pipeline/build-types.ts";
import { cacheBound } from "../pipeline/cache-bound.ts";
import { isTrimDue } from "../pipeline/trim-due.ts";

/** @param dirs what was built, with these options: the bound is what their configuration says */
export async function trimLater(dirs: readonly string[], options: Omit<BuildOptions, "dir">): Promise<void> {
  const { cwd, env = process.env } = options;
  const program = process.argv[1];
  if (program === undefined || !isTrimDue(cacheDir(env))) return;
  const bound = await cacheBound(dirs, options);
  if (bound === undefined) return;
  const words = [program, "cache", "prune", "--max-size", bound, "--quiet"];
  const child = spawn(process.execPath, words, { cwd, env, detached: true, stdio: "ignore" });
  // What cannot be started today is tried tomorrow.
  child.on("error", () => {});
  child.unref();
}
