/** Where knbuild keeps its own files. */
import { homedir } from "node:os";
import { join } from "node:path";

/** KNBUILD_CACHE_DIR, else $XDG_CACHE_HOME/knbuild, else ~/.cache/knbuild. The store is `store/` in it. */
export function cacheDir(env: NodeJS.ProcessEnv = process.env): string {
  if (env["KNBUILD_CACHE_DIR"]) return env["KNBUILD_CACHE_DIR"];
  return join(env["XDG_CACHE_HOME"] || join(homedir(), ".cache"), "knbuild");
}
