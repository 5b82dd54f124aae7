/** The one life cycle that all sandboxes share: a foreground child whose end is the container's end. */
import type { ChildProcess } from "node:child_process";
import type { LogLines } from "./log-lines.ts";
import { signalOfExitCode } from "./program.ts";
import type { ExitStatus, RunningContainer, StopReport } from "./types.ts";

export interface ContainerHandle {
  pid: number;
  address: { host: string; port: number };
  logs: LogLines;
  /** Resolves with the exit code of the image's process (128 + n for signal n) after both streams have ended. */
  exit: Promise<number>;
  /** Sends a signal to the image's process; does nothing when it is gone. */
  signal(name: "SIGTERM" | "SIGKILL"): Promise<void>;
  /** Removes what was made for this run. */
  cleanup(): Promise<void>;
}

export function runningContainer(handle: ContainerHandle): RunningContainer {
  let ended = false;
  let stopping: Promise<StopReport> | undefined;
  const finished: Promise<ExitStatus> = handle.exit.then(async (exitCode) => {
    ended = true;
    handle.logs.close();
    await handle.cleanup();
    return { exitCode, signal: signalOfExitCode(exitCode) };
  });
  // A failed clean-up reaches whoever waits; nobody waiting must not end the process.
  finished.catch(() => {});

  async function stop(graceMs: number): Promise<StopReport> {
    if (ended) return { ...(await finished), how: "exited-before", durationMs: 0 };
    const begin = performance.now();
    let killed = false;
    await handle.signal("SIGTERM");
    const timer = setTimeout(() => {
      killed = true;
      void handle.signal("SIGKILL");
    }, graceMs);
    try {
      await handle.exit;
      const durationMs = performance.now() - begin;
      const status = await finished;
      const how = killed
        ? "ignored"
        : status.signal === "SIGTERM"
          ? "killed-by-default"
          : FAULTS.has(status.signal ?? "")
            ? "crashed"
            : "handled";
      return { ...status, how, durationMs };
    } finally {
      clearTimeout(timer);
    }
  }

  return {
    pid: handle.pid,
    address: handle.address,
    logs: handle.logs,
    stop: (graceMs) => (stopping ??= stop(graceMs)),
    wait: () => finished,
  };
}

/** As PID 1 some runtimes raise SIGTERM for themselves, the kernel ignores it, and they end in a fault (Deno does). */
const FAULTS = new Set(["SIGILL", "SIGTRAP", "SIGABRT", "SIGBUS", "SIGFPE", "SIGSEGV"]);

/** The exit code of a child after its output has been read to the end. */
export async function childExit(child: ChildProcess, logs: LogLines): Promise<number> {
  const ended = new Promise<number>((resolve) => {
    child.once("error", () => resolve(127));
    child.once("exit", (code, signal) =>
      resolve(code ?? (signal === "SIGKILL" ? 137 : signal === "SIGTERM" ? 143 : 1)),
    );
  });
  const streams = [
    child.stdout ? logs.attach("stdout", child.stdout) : undefined,
    child.stderr ? logs.attach("stderr", child.stderr) : undefined,
  ];
  const code = await ended;
  // A grandchild may hold the pipes open for ever: what it still writes is of no interest.
  await Promise.race([Promise.all(streams), new Promise((resolve) => setTimeout(resolve, 500).unref())]);
  return code;
}
