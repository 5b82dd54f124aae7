/** Sandboxes made of an OCI runtime (runc, crun) run in the foreground on a bundle that knbuild writes. */
import { spawn } from "node:child_process";
import { lstatSync } from "node:fs";
import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { errnoCode, KnbuildError, throwIfAborted } from "../base/errors.ts";
import type { Image } from "../oci/image.ts";
import { EXIT_ZERO_PATH, exitZeroRoot } from "./exit-zero.ts";
import { imageProcess } from "./image-process.ts";
import { createLogLines, type LogLines } from "./log-lines.ts";
import { findProgram, lastLine, runProgram } from "./program.ts";
import { runsAsRoot, unpackImage } from "./rootfs.ts";
import { createRunDirectory, hostResolvConf, writeHosts } from "./run-directory.ts";
import { childExit, runningContainer } from "./running.ts";
import { runtimeConfig } from "./runtime-config.ts";
import { resolveInRoot } from "./scoped-path.ts";
import { type IdMappings, subordinateIds } from "./subordinate-ids.ts";
import type { RunningContainer, Sandbox, SandboxProbe, StartOptions } from "./types.ts";
import { writableRoot } from "./writable-root.ts";

const HINT_OTHERS = "Use another sandbox: bubblewrap, podman or docker.";

export function createOciRuntimeSandbox(definition: { id: string; summary: string; rank: number }): Sandbox {
  const { id } = definition;
  return { ...definition, probe: () => probe(id), start: (image, options) => start(id, image, options) };
}

async function probe(id: string): Promise<SandboxProbe> {
  const program = findProgram(id);
  if (process.platform !== "linux") {
    return { ok: false, reason: `${id} works on Linux only`, hint: "Install Docker or Podman." };
  }
  if (!program) return { ok: false, reason: `${id} is not installed`, hint: `Debian, Ubuntu: apt install ${id}.` };
  const mappings = await idMappings();
  if ("reason" in mappings) return { ok: false, ...mappings };
  const root = await exitZeroRoot();
  try {
    const config = runtimeConfig({
      process: {
        argv: [EXIT_ZERO_PATH],
        env: {},
        cwd: "/",
        user: { uid: 65532, gid: 65532, additionalGids: [], home: "/" },
      },
      rootPath: root,
      readOnlyRoot: false,
      hostname: "knbuild",
      hasTmp: true,
      idMappings: mappings.ids,
    });
    await writeFile(join(root, "config.json"), JSON.stringify(config));
    const name = root.split("/").at(-1) as string;
    const result = await runProgram(program, ["--root", join(root, ".state"), "run", "--bundle", root, name], {
      timeoutMs: 15_000,
    });
    if (result.code === 0) {
      const version = await runProgram(program, ["--version"], { timeoutMs: 5_000 });
      return { ok: true, version: /\d+(\.\d+)+\S*/.exec(version.stdout)?.[0] ?? "unknown" };
    }
    return {
      ok: false,
      reason: `${id} cannot start a container here: ${readableError(result.stderr) || `exit code ${result.code}`}`,
      hint: HINT_OTHERS,
    };
  } finally {
    await rm(root, { recursive: true, force: true });
  }
}

/** Ids of the container for ids of this machine: none needed for root. */
async function idMappings(): Promise<{ ids: IdMappings | undefined } | { reason: string; hint: string }> {
  if (runsAsRoot()) return { ids: undefined };
  const found = await subordinateIds();
  return "reason" in found ? found : { ids: found };
}

async function start(id: string, image: Image, options: StartOptions): Promise<RunningContainer> {
  const program = findProgram(id);
  const mappings = program ? await idMappings() : { reason: `${id} is not installed`, hint: HINT_OTHERS };
  if (program === undefined || "reason" in mappings) {
    const why = mappings as { reason: string; hint: string };
    throw new KnbuildError({ code: "SANDBOX_UNAVAILABLE", message: why.reason, hint: why.hint });
  }
  const lower = await unpackImage(image, { ...options, owners: runsAsRoot() });
  const imageConfig = (await image.config()).config ?? {};
  const run = await createRunDirectory(options.cacheDir, async (name, path) => {
    await runProgram(program, ["--root", join(path, "state"), "delete", "--force", name]);
  });
  const state = ["--root", join(run.path, "state"), "--log", join(run.path, "runtime.log"), "--log-format", "json"];
  try {
    const root = await writableRoot(lower, run.path);
    if (options.memoryBytes !== undefined && mappings.ids) {
      options.emit({ type: "warning", code: "MEMORY_NOT_LIMITED", message: `${id} cannot limit memory without root` });
    }
    const config = runtimeConfig({
      process: imageProcess(imageConfig, lower, options),
      rootPath: root.path,
      readOnlyRoot: options.readOnlyRoot ?? false,
      hostname: options.hostname,
      memoryBytes: options.memoryBytes,
      resolvConf: hostResolvConf(),
      hosts: await writeHosts(run, options.hostname),
      cgroupsPath: mappings.ids ? undefined : `/${run.id}`,
      idMappings: mappings.ids,
      // What a subordinate id makes on the disk could not be removed again: it gets a /tmp in memory.
      hasTmp: hasTmp(lower) && mappings.ids === undefined,
    });
    await writeFile(join(run.path, "config.json"), JSON.stringify(config));
    const pidFile = join(run.path, "pid");
    throwIfAborted(options.signal);
    const [command, ...args] = root.wrap([
      program,
      ...state,
      "run",
      "--bundle",
      run.path,
      "--pid-file",
      pidFile,
      run.id,
    ]);
    // A session of its own: Ctrl-C is knbuild's to handle, and must not reach the container as SIGINT.
    const child = spawn(command as string, args, { stdio: ["ignore", "pipe", "pipe"], detached: true });
    const logs = createLogLines();
    const exit = childExit(child, logs);
    const pid = await containerPid(pidFile, exit, async () => startFailure(id, join(run.path, "runtime.log"), logs));
    return runningContainer({
      pid,
      address: { host: "127.0.0.1", port: options.port },
      logs,
      exit,
      signal: async (name) => signalProcess(pid, name),
      cleanup: async () => {
        await runProgram(program, [...state, "delete", "--force", run.id]);
        await run.remove();
      },
    });
  } catch (error) {
    await run.remove();
    throw error;
  }
}

/** The image's /tmp can be written to by everybody (U6). */
export function hasTmp(root: string): boolean {
  const stat = lstatSync(resolveInRoot(root, ["tmp"]), { throwIfNoEntry: false });
  return stat?.isDirectory() === true && (stat.mode & 0o1777) === 0o1777;
}

/** The runtime writes the file once the container is created; if it ends before, there is none. */
async function containerPid(
  file: string,
  exit: Promise<number>,
  failure: () => Promise<KnbuildError>,
): Promise<number> {
  let ended = false;
  void exit.then(() => (ended = true));
  for (;;) {
    const last = ended;
    const pid = Number(await readFile(file, "utf8").catch(() => ""));
    if (pid > 0) return pid;
    if (last) throw await failure();
    await delay(5);
  }
}

async function startFailure(id: string, logFile: string, logs: LogLines): Promise<KnbuildError> {
  const log = await readFile(logFile, "utf8").catch(() => "");
  const output = logs.recent(8).map((line) => line.line);
  const why = readableError(log) || output.at(-1) || "it ended without a word";
  return new KnbuildError({
    code: "CONTAINER_START_FAILED",
    message: `${id} could not start the image: ${why}`,
    detail: output.join("\n") || undefined,
    hint: "An entrypoint that does not exist, is not executable or is made for another CPU is the usual cause.",
  });
}

/** The message out of a runtime's log, which is logfmt on stderr and JSON in the file. */
function readableError(log: string): string {
  const line = lastLine(
    log
      .split("\n")
      .filter((text) => /"?level"?[=:]\s*"?error|msg=/.test(text) || !/level/.test(text))
      .join("\n"),
  );
  try {
    return String((JSON.parse(line) as { msg?: unknown }).msg ?? line);
  } catch {
    return /msg="((?:[^"\\]|\\.)*)"/.exec(line)?.[1]?.replace(/\\(.)/g, "$1") ?? line;
  }
}

/** Sends a signal to the host's process behind a container's PID 1. */
export function signalProcess(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if (errnoCode(error) !== "ESRCH") throw error;
  }
}
