/** Docker's and podman's own storage, through their command-line programs: `load` takes an archive, `save` gives one. */
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { errnoCode, KnbuildError } from "../base/errors.ts";
import type { ByteStream } from "../base/streams.ts";
import type { Closable, ReadTarget, Target } from "../oci/target.ts";
import { collectDockerArchive, openDockerArchive } from "./docker-archive.ts";

export type DaemonKind = "docker" | "podman";

/** A target whose images arrive in the daemon at `close`. @throws DAEMON_UNAVAILABLE, DAEMON_FAILED */
export function createDaemonTarget(kind: DaemonKind, program: string = kind): Target & Closable {
  const writer = collectDockerArchive(`${kind}:`);
  return {
    ...writer,
    async close(error) {
      if (error === undefined) await run(kind, program, ["load", "--quiet"], await writer.stream());
    },
  };
}

/**
 * Saves one image of the daemon to a temporary archive and opens that; `close` removes it.
 * @throws IMAGE_UNKNOWN, DAEMON_UNAVAILABLE, DAEMON_FAILED
 */
export async function openDaemonImage(
  kind: DaemonKind,
  name: string,
  program: string = kind,
): Promise<ReadTarget & Closable> {
  const dir = mkdtempSync(join(tmpdir(), "knbuild-save-"));
  const cleanUp = () => rmSync(dir, { recursive: true, force: true });
  try {
    const path = join(dir, "image.tar");
    await run(
      kind,
      program,
      kind === "podman" ? ["save", "--format", "docker-archive", "-o", path, name] : ["save", "-o", path, name],
    );
    return { ...(await openDockerArchive(path)), name: `${kind}-daemon:${name}`, close: async () => cleanUp() };
  } catch (error) {
    cleanUp();
    throw error;
  }
}

async function run(kind: DaemonKind, program: string, args: string[], input?: ByteStream): Promise<void> {
  const child = spawn(program, args, { stdio: [input ? "pipe" : "ignore", "ignore", "pipe"] });
  let stderr = "";
  child.stderr?.on("data", (chunk: Buffer) => {
    stderr = (stderr + chunk.toString()).slice(-4000);
  });
  const exited = new Promise<number | null>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", resolve);
  });
  let fed: unknown;
  if (input && child.stdin)
    fed = await pipeline(Readable.from(input, { objectMode: false }), child.stdin).catch((error) => error);
  let code: number | null;
  try {
    code = await exited;
  } catch (error) {
    const missing = errnoCode(error) === "ENOENT";
    throw new KnbuildError({
      code: "DAEMON_UNAVAILABLE",
      message: missing ? `${program} is not installed` : `${program} cannot be started`,
      hint: `Install ${kind}, or write an archive instead.`,
      cause: error,
    });
  }
  if (code !== 0) {
    const last = stderr.trim().split("\n").slice(-3).join("\n");
    if (args[0] === "save" && /reference does not exist|no such image|image not known/i.test(stderr)) {
      throw new KnbuildError({
        code: "IMAGE_UNKNOWN",
        message: `${kind} has no image ${args.at(-1)}`,
        hint: `${program} images lists what it has.`,
      });
    }
    const unreachable = /cannot connect to the docker daemon|is the docker daemon running/i.test(stderr);
    throw new KnbuildError({
      code: unreachable ? "DAEMON_UNAVAILABLE" : "DAEMON_FAILED",
      message: `${program} ${args[0]} failed with status ${code}`,
      detail: last,
      hint: unreachable ? "Start the daemon, or let DOCKER_HOST say where it listens." : undefined,
    });
  }
  // The program ended well, so an error here is the source's.
  if (fed) throw fed;
}
