/** Sandboxes made of a container engine with docker's command line (podman, docker). */
import { spawn } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { digestHex } from "../base/digest.ts";
import { KnbuildError, throwIfAborted } from "../base/errors.ts";
import { step } from "../base/events.ts";
import type { Image } from "../oci/image.ts";
import { createLogLines, type LogLines } from "./log-lines.ts";
import { requireProgram, runProgram } from "./program.ts";
import { childExit, runningContainer } from "./running.ts";
import type { RunningContainer, StartOptions } from "./types.ts";

export interface EngineCli {
  id: string;
  program: string;
  /** Flags of `run` that make containers work on this machine. */
  runFlags: readonly string[];
  /** The engine can publish a port on 127.0.0.1; without, the container uses the host's network. */
  publishes: boolean;
}

export async function startInEngine(engine: EngineCli, image: Image, options: StartOptions): Promise<RunningContainer> {
  const imageId = await loadImage(engine, image, options);
  throwIfAborted(options.signal);
  const folder = await mkdtemp(join(tmpdir(), "knbuild-run-"));
  const idFile = join(folder, "id");
  const child = spawn(engine.program, runArgs(engine, imageId, idFile, options), {
    stdio: ["ignore", "pipe", "pipe"],
    // A session of its own: Ctrl-C is knbuild's to handle, and must not reach the container as SIGINT.
    detached: true,
    // By name on the command line, with the value here: values stay out of everybody's process list.
    env: clientEnvironment(options.env),
  });
  const logs = createLogLines();
  const attached = childExit(child, logs);
  try {
    const id = await containerId(idFile, attached, () => startFailure(engine, logs));
    const pid = await containerPid(engine, id, attached, () => startFailure(engine, logs));
    return runningContainer({
      pid,
      address: { host: "127.0.0.1", port: options.port },
      logs,
      exit: exitCode(engine, id, attached),
      signal: async (name) => {
        await runProgram(engine.program, ["kill", "--signal", name, id]);
      },
      cleanup: async () => {
        await runProgram(engine.program, ["rm", "--force", id]);
        await rm(folder, { recursive: true, force: true });
      },
    });
  } catch (error) {
    const id = await readFile(idFile, "utf8").catch(() => "");
    if (id) await runProgram(engine.program, ["rm", "--force", id.trim()]);
    await rm(folder, { recursive: true, force: true });
    throw error;
  }
}

function runArgs(engine: EngineCli, imageId: string, idFile: string, options: StartOptions): string[] {
  const network = engine.publishes ? ["--publish", `127.0.0.1:${options.port}:${options.port}`] : ["--network", "host"];
  return [
    ...["run", "--cidfile", idFile, "--log-driver", "none", ...engine.runFlags, ...network],
    ...["--hostname", options.hostname, "--security-opt", "no-new-privileges"],
    ...Object.entries(options.env).flatMap(([name, value]) => ["--env", byName(name) ? name : `${name}=${value}`]),
    ...(options.user !== undefined ? ["--user", options.user] : []),
    ...(options.memoryBytes !== undefined ? ["--memory", String(options.memoryBytes)] : []),
    ...(options.readOnlyRoot ? ["--read-only", "--tmpfs", "/tmp:mode=1777"] : []),
    imageId,
    ...(options.args ?? []),
  ];
}

/** A variable that means something to the engine's own client must not change under it. */
function byName(name: string): boolean {
  return (
    process.env[name] === undefined && !/^(DOCKER|CONTAINER|PODMAN|XDG|LD)_|^(PATH|HOME|TMPDIR)$|_PROXY$/i.test(name)
  );
}

function clientEnvironment(env: Record<string, string>): NodeJS.ProcessEnv {
  return { ...process.env, ...Object.fromEntries(Object.entries(env).filter(([name]) => byName(name))) };
}

/** Loads the image unless the engine has it. @returns what the engine calls it */
async function loadImage(engine: EngineCli, image: Image, options: StartOptions): Promise<string> {
  const config = (await image.manifest()).config.digest;
  const name = `localhost/knbuild-run:${digestHex(image.descriptor.digest).slice(0, 16)}`;
  const known = await runProgram(engine.program, ["image", "inspect", "--format", "{{.Id}}", config]);
  if (known.code === 0) return config;
  return step(options.emit, "load", `Load the image into ${engine.id}`, async () => {
    const folder = await mkdtemp(join(tmpdir(), "knbuild-load-"));
    try {
      const archive = join(folder, "image.tar");
      await options.saveArchive(image, archive, "docker-archive", name);
      throwIfAborted(options.signal);
      const said = await requireProgram(
        engine.program,
        ["load", "--input", archive],
        `${engine.id} refused the image`,
        {
          signal: options.signal,
        },
      );
      return /Loaded image(?:\(s\)| ID)?:\s*(\S+)/.exec(said)?.[1] ?? name;
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });
}

/** The engine writes its id file when the container is made. */
async function containerId(file: string, attached: Promise<number>, failure: () => KnbuildError): Promise<string> {
  const ended = hasEnded(attached);
  for (;;) {
    const last = ended();
    const id = (await readFile(file, "utf8").catch(() => "")).trim();
    if (id) return id;
    if (last) throw failure();
    await delay(20);
  }
}

async function containerPid(
  engine: EngineCli,
  id: string,
  attached: Promise<number>,
  failure: () => KnbuildError,
): Promise<number> {
  const ended = hasEnded(attached);
  for (;;) {
    const last = ended();
    const state = await runProgram(engine.program, ["inspect", "--format", "{{.State.Pid}} {{.State.StartedAt}}", id]);
    const [pid = "0", startedAt = ""] = state.stdout.trim().split(" ");
    if (Number(pid) > 0) return Number(pid);
    if (last) {
      // It may have run and ended already: then its exit code says more than we can.
      if (state.code === 0 && startedAt !== "" && !startedAt.startsWith("0001-01-01")) return 0;
      throw failure();
    }
    await delay(30);
  }
}

function hasEnded(promise: Promise<unknown>): () => boolean {
  let ended = false;
  void promise.then(() => (ended = true));
  return () => ended;
}

/** The client's own exit code mixes the engine's faults with the app's: the engine is asked. */
async function exitCode(engine: EngineCli, id: string, attached: Promise<number>): Promise<number> {
  const fallback = await attached;
  for (let attempt = 0; attempt < 50; attempt++) {
    const state = await runProgram(engine.program, [
      "inspect",
      "--format",
      "{{.State.Running}} {{.State.ExitCode}}",
      id,
    ]);
    const [running, code] = state.stdout.trim().split(" ");
    if (state.code !== 0 || code === undefined) break;
    if (running === "false") return Number(code);
    await delay(100);
  }
  return fallback;
}

function startFailure(engine: EngineCli, logs: LogLines): KnbuildError {
  const output = logs
    .recent(8)
    .map(({ line }) => line)
    // The client's advice about its own flags helps nobody here.
    .filter((line) => line.trim() !== "" && !/--help/.test(line));
  return new KnbuildError({
    code: "CONTAINER_START_FAILED",
    message: `${engine.id} could not start the image: ${output.at(-1) ?? "it ended without a word"}`,
    detail: output.join("\n") || undefined,
    hint: "An entrypoint that does not exist, is not executable or is made for another CPU is the usual cause.",
  });
}
