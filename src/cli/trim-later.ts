/** The cache is held to its bound by a process of its own, once a day, which no build waits for. */
import { spawn } from "node:child_process";
import { cacheDir } from "../base/dirs.ts";
import { isTrimDue } from "../pipeline/trim-due.ts";

export function trimLater({ cwd, env }: { cwd: string; env: NodeJS.ProcessEnv }): void {
  const program = process.argv[1];
  if (program === undefined || !isTrimDue(cacheDir(env))) return;
  const words = [program, "cache", "prune", "--bound", "--quiet"];
  const child = spawn(process.execPath, words, { cwd, env, detached: true, stdio: "ignore" });
  // What cannot be started today is tried tomorrow.
  child.on("error", () => {});
  child.unref();
}
