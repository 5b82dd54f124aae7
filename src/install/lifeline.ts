/**
 * A package manager ends with knbuild, however knbuild ends: killed outright it can tell nobody, and what it started would go
 * on writing into a directory that the next build makes anew. A shell in front of the program waits for the end of a pipe
 * that only knbuild holds open.
 */
import { spawn } from "node:child_process";
import type { Readable } from "node:stream";

/** The watcher keeps none of the program's outputs open: they end with the program. */
const SHELL = `exec 3<&0 </dev/null
{ read -r _ <&3; kill -TERM 0; } >/dev/null 2>&1 &
watcher=$!
"$@" 3<&-
code=$?
kill $watcher 2>/dev/null
exit $code`;

export interface Held {
  pid?: number | undefined;
  stdout: Readable;
  stderr: Readable;
  on(event: "error", heard: (cause: NodeJS.ErrnoException) => void): unknown;
  on(event: "close", heard: (code: number | null, signal: NodeJS.Signals | null) => void): unknown;
  kill(signal: NodeJS.Signals): boolean;
}

/** Starts a program as the leader of a process group of its own, without an input. */
export function spawnHeld(argv: readonly string[], options: { cwd: string; env: NodeJS.ProcessEnv }): Held {
  if (process.platform === "win32") {
    const [program = "", ...args] = argv;
    return spawn(program, args, { ...options, stdio: ["ignore", "pipe", "pipe"], detached: true });
  }
  const child = spawn("/bin/sh", ["-c", SHELL, "sh", ...argv], {
    ...options,
    stdio: ["pipe", "pipe", "pipe"],
    detached: true,
  });
  // The pipe breaks when the program is through.
  child.stdin.on("error", () => {});
  child.on("close", () => child.stdin.destroy());
  return child;
}
