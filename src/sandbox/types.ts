/**
 * A sandbox starts an image on this machine: one file a kind in `kinds/`, default export a Sandbox; the list is generated
 * from the folder. What a sandbox promises is the platform's side of the container contract: the image's process is PID 1
 * with no init in front (S23), PORT and K_* are in its environment (S15), standard input is at its end and there is no
 * terminal (U4), the image's user is respected (U8), writes are thrown away at the end (S16, S17).
 */
import type { Emit } from "../base/events.ts";
import type { Image } from "../oci/image.ts";

export type SandboxProbe =
  | { ok: true; version: string; notes?: string[] }
  | {
      ok: false;
      /** Why it cannot be used here, one sentence. */
      reason: string;
      /** What to install or change. */
      hint: string;
    };

export type ArchiveType = "docker-archive" | "oci-archive";

/** Writes an image to a file in the named format; podman and docker load it. `name` is the reference it gets there. */
export type SaveArchive = (image: Image, path: string, type: ArchiveType, name: string) => Promise<void>;

export interface StartOptions {
  /** TCP port the process is told to listen on, and on which it is reached at `address`. Must be free. */
  port: number;
  /** Added to (and winning over) the image's Env. PORT and K_* come in here too. */
  env: Record<string, string>;
  /** Replaces the image's Cmd. */
  args?: readonly string[];
  /** Replaces the image's User: `uid`, `uid:gid`, or names of the image's passwd and group files. */
  user?: string;
  /** Limit on the memory of all processes; a sandbox that cannot set it emits a warning. */
  memoryBytes?: number;
  /** U9: nothing but /tmp and /dev/shm can be written. */
  readOnlyRoot?: boolean;
  hostname: string;
  /** Gives up while the image is made ready; a container that has started is the caller's to stop. */
  signal: AbortSignal;
  /** knbuild's cache directory; unpacked images lie in `sandbox/` below it. */
  cacheDir: string;
  saveArchive: SaveArchive;
  emit: Emit;
}

export interface LogLine {
  stream: "stdout" | "stderr";
  line: string;
}

export interface ExitStatus {
  /** As a shell gives it: 128 + n for a process killed by signal n. */
  exitCode: number;
  /** `SIGTERM`, `SIGKILL`, …, where a signal ended it. */
  signal: string | null;
}

/**
 * handled: it ended by itself. killed-by-default: the exit code is that of SIGTERM, nobody handled the signal (or the app
 * says so by choice). ignored: it was still there
 * after the grace period and got SIGKILL. crashed: a fault of its own ended it. exited-before: it had ended before it was told to.
 */
export type StopKind = "handled" | "killed-by-default" | "ignored" | "crashed" | "exited-before";

export interface StopReport extends ExitStatus {
  how: StopKind;
  /** From SIGTERM to the end. */
  durationMs: number;
}

export interface RunningContainer {
  /** Process id on this machine; 0 where the sandbox runs in a machine of its own (docker on a Mac). */
  readonly pid: number;
  readonly address: { host: string; port: number };
  /** Each iteration begins with what is remembered (the last 1,000 lines) and follows until the end. */
  readonly logs: AsyncIterable<LogLine>;
  /** SIGTERM to the image's process, SIGKILL after `graceMs`, then everything is cleaned up. May be called twice. */
  stop(graceMs: number): Promise<StopReport>;
  /** Resolves when the process has ended and everything is cleaned up. */
  wait(): Promise<ExitStatus>;
}

export interface Sandbox {
  /** Equal to the file name. */
  readonly id: string;
  readonly summary: string;
  /** Asked in ascending order when the user names none. */
  readonly rank: number;
  /** Really starts something where that is cheap: an installed program that cannot work is not `ok`. */
  probe(): Promise<SandboxProbe>;
  /** @throws CONTAINER_START_FAILED, SANDBOX_UNAVAILABLE, LAYER_INVALID, IMAGE_NO_ENTRYPOINT, IMAGE_USER_UNKNOWN */
  start(image: Image, options: StartOptions): Promise<RunningContainer>;
}
