/** Starts an image as the platform would, and waits until it answers. */
import { statSync } from "node:fs";
import { resolve } from "node:path";
import { cacheDir as defaultCacheDir } from "../base/dirs.ts";
import { alsoTelling, isKnbuildError, KnbuildError, usageError } from "../base/errors.ts";
import { type Emit, silent, step } from "../base/events.ts";
import { sandboxes } from "../generated/sandboxes.ts";
import { type Image, imageBlobs } from "../oci/image.ts";
import { formatPlatform, LINUX_AMD64, samePlatform } from "../oci/platform.ts";
import { parseReference } from "../oci/reference.ts";
import type { RegistryClient } from "../registry/client.ts";
import { chooseSandbox } from "../sandbox/choose.ts";
import { type Listener, listeners } from "../sandbox/listeners.ts";
import type { LogLine, RunningContainer, SaveArchive } from "../sandbox/types.ts";
import { freePort, isPortFree, waitForAnswer } from "../sandbox/wait-for-answer.ts";
import { createDockerArchive } from "../store/docker-archive.ts";
import { createOciArchive } from "../store/oci-archive.ts";
import { build } from "./build.ts";
import type { BuildOptions } from "./build-types.ts";
import { exitCause } from "./exit-cause.ts";
import { openImage } from "./inspect.ts";
import { builtImage, TRANSPORTS } from "./transports.ts";

/** The platform's limits (profile gke): 4 minutes to start (S20), 10 seconds after SIGTERM (S23). */
export const START_LIMIT_MS = 240_000;
export const GRACE_MS = 10_000;

export interface RunOptions {
  /** A directory, which is built first, or an image: a name in the store, a transport's name, a reference. */
  what: string;
  cwd?: string;
  env?: NodeJS.ProcessEnv;
  /** For a directory: how it is built. */
  build?: Omit<BuildOptions, "dir">;
  registry: () => RegistryClient;
  /** Id of the sandbox; default: the first that works here. */
  sandbox?: string | undefined;
  /** Default: any free port. */
  port?: number | undefined;
  /** The app's own variables; PORT and K_* belong to the platform (U2). */
  variables?: Record<string, string>;
  args?: readonly string[];
  user?: string | undefined;
  memoryBytes?: number | undefined;
  readOnlyRoot?: boolean;
  /** Default: the image's name. */
  service?: string | undefined;
  startTimeoutMs?: number;
  /** Called for each line that the app writes, from the start. */
  onLog?: (line: LogLine) => void;
  emit?: Emit;
  signal: AbortSignal;
}

export interface RunSession {
  sandbox: string;
  url: string;
  digest: string;
  /** Milliseconds from the start of the process to its first answer. */
  firstAnswerMs: number;
  container: RunningContainer;
}

/**
 * Builds if it is given a directory, starts the image, and returns when it answers. Stopping it is the caller's.
 * @throws PORT_IN_USE, VARIABLE_RESERVED, IMAGE_PLATFORM, CONTAINER_EXITED, CONTAINER_SILENT, and what building, opening and
 * sandboxes throw
 */
export async function run(options: RunOptions): Promise<RunSession> {
  const { emit = silent, env = process.env } = options;
  const variables = options.variables ?? {};
  checkVariables(variables);
  const sandbox = await chooseSandbox(sandboxes, options.sandbox);
  const { image, name, close } = await theImage(options);
  try {
    await checkPlatform(image);
    const service = options.service ?? serviceName(name);
    const port = await choosePort(options.port);
    const revision = `${service}-00001`;
    const container = await step(emit, "start", `Start in ${sandbox.id}`, () =>
      sandbox.start(image, {
        port,
        env: { ...variables, PORT: String(port), K_SERVICE: service, K_REVISION: revision, K_CONFIGURATION: service },
        ...(options.args && { args: options.args }),
        ...(options.user !== undefined && { user: options.user }),
        ...(options.memoryBytes !== undefined && { memoryBytes: options.memoryBytes }),
        ...(options.readOnlyRoot !== undefined && { readOnlyRoot: options.readOnlyRoot }),
        hostname: revision,
        signal: options.signal,
        cacheDir: defaultCacheDir(env),
        saveArchive,
        emit,
      }),
    );
    const lines = follow(container, options.onLog);
    try {
      const firstAnswerMs = await firstAnswer(container, options, lines, emit);
      await warnAboutLocalhost(container, emit);
      const url = `http://${container.address.host}:${container.address.port}`;
      return { sandbox: sandbox.id, url, digest: image.descriptor.digest, firstAnswerMs, container };
    } catch (error) {
      await container.stop(0);
      throw error;
    }
  } finally {
    await close();
  }
}

async function theImage(options: RunOptions): Promise<{ image: Image; name: string; close(): Promise<void> }> {
  const { cwd = process.cwd(), env = process.env } = options;
  const sources = { registry: options.registry, env };
  const dir = resolve(cwd, options.what);
  if (!statSync(dir, { throwIfNoEntry: false })?.isDirectory()) {
    // Nothing that begins so is the name of an image.
    if (/^(\.{0,2}\/|\.{1,2}$)/.test(options.what)) {
      const hint = "Name the app's directory, or an image: NAME, or oci-archive:PATH and the like.";
      throw usageError("SOURCE_MISSING", `no such directory: ${options.what}`, hint, dir);
    }
    const { image, place } = await openImage(options.what, sources).catch((error: unknown) => {
      throw isKnbuildError(error) && /^[\w.-]+$/.test(options.what)
        ? alsoTelling(
            error,
            `no directory ${options.what} is here, and no image of that name in the store: a registry was asked.`,
          )
        : error;
    });
    return { image, name: options.what, close: () => place.close() };
  }
  const report = await build({
    cwd,
    env,
    ...(options.emit && { emit: options.emit }),
    signal: options.signal,
    ...options.build,
    outputs: [{ type: "store" }],
    push: false,
    dir,
  });
  const { image, place } = await openImage(builtImage(report), sources);
  return { image, name: report.name, close: () => place.close() };
}

function checkVariables(variables: Record<string, string>): void {
  const reserved = Object.keys(variables).find((name) => name === "PORT" || name.startsWith("K_"));
  if (reserved !== undefined) {
    throw usageError("VARIABLE_RESERVED", `${reserved} is set by the platform and cannot be set (S15, U2)`);
  }
}

/** No silent emulation: what starts here must be what starts on the platform (S8, S10). */
async function checkPlatform(image: Image): Promise<void> {
  const config = await image.config();
  if (samePlatform(config, LINUX_AMD64)) return;
  throw new KnbuildError({
    code: "IMAGE_PLATFORM",
    message: `the image is made for ${formatPlatform(config)}; the platform runs ${formatPlatform(LINUX_AMD64)} only (S10)`,
  });
}

async function choosePort(wanted: number | undefined): Promise<number> {
  if (wanted === undefined) return freePort();
  if (await isPortFree(wanted)) return wanted;
  throw usageError(
    "PORT_IN_USE",
    `port ${wanted} is in use on this machine`,
    "Choose another, or none: a free one is found.",
  );
}

/** A DNS label out of the last component of a name. */
export function serviceName(name: string): string {
  const transport = TRANSPORTS.find((prefix) => name.startsWith(prefix)) ?? "";
  const bare = name.slice(transport.length);
  let last = bare;
  try {
    last = parseReference(bare).repository;
  } catch {
    // A path: its last part without ending is the best there is.
    last = bare.replace(/\.tar$|:[^/]*$/, "");
  }
  const label = (last.split("/").at(-1) ?? "")
    .toLowerCase()
    .replace(/[^a-z0-9-]+/g, "-")
    .replace(/^-+|-+$/g, "");
  return label.slice(0, 50) || "app";
}

/** The last lines, for errors, while every line goes to who wants it. */
function follow(container: RunningContainer, onLog: RunOptions["onLog"]): string[] {
  const last: string[] = [];
  void (async () => {
    for await (const line of container.logs) {
      last.push(line.line);
      if (last.length > 15) last.shift();
      onLog?.(line);
    }
  })();
  return last;
}

async function firstAnswer(
  container: RunningContainer,
  options: RunOptions,
  lines: readonly string[],
  emit: Emit,
): Promise<number> {
  let ended = false;
  void container.wait().then(
    () => (ended = true),
    () => (ended = true),
  );
  const timeoutMs = options.startTimeoutMs ?? START_LIMIT_MS;
  const { port } = container.address;
  let told = false;
  const answered = await waitForAnswer({
    ...container.address,
    timeoutMs,
    signal: options.signal,
    ended: () => ended,
    onStatus: (status) => {
      if (status < 500) return;
      const message = `GET / is answered with ${status}`;
      emit({ type: "warning", code: "ANSWER_FAILED", message, hint: "What the app writes may say why." });
    },
    onWait: (waitedMs) => {
      if (told || waitedMs < 5_000) return;
      told = true;
      void listeners(container.pid).then((found) => {
        if (found.length === 0) return;
        const message = `nothing answers on port ${port}; the app listens on ${describe(found)}`;
        emit({
          type: "warning",
          code: "LISTENS_ELSEWHERE",
          message,
          hint: "Listen on 0.0.0.0 and on the port in PORT (S1, S11).",
        });
      });
    },
  });
  if (answered !== undefined) return answered;
  if (ended) {
    const { exitCode, signal } = await container.wait();
    throw new KnbuildError({
      code: "CONTAINER_EXITED",
      message: `the app ended before it answered: ${signal ? `killed by ${signal}` : `exit code ${exitCode}`}`,
      detail: lines.join("\n") || undefined,
      hint: `Its last lines stand above. ${exitCause(lines.join("\n"))}`,
    });
  }
  const found = await listeners(container.pid);
  throw new KnbuildError({
    code: "CONTAINER_SILENT",
    message: `nothing answered on port ${port} within ${Math.round(timeoutMs / 1000)} s`,
    detail: [`listening: ${found.length > 0 ? describe(found) : "nothing"}`, ...lines].join("\n"),
    hint: "Listen on 0.0.0.0 and on the port in PORT (S1, S11, S20).",
  });
}

function describe(found: readonly Listener[]): string {
  return [
    ...new Set(
      found.map(({ address, port }) => (address.includes(":") ? `[${address}]:${port}` : `${address}:${port}`)),
    ),
  ].join(", ");
}

/** With the host's network a server on localhost answers here, and nowhere else. */
async function warnAboutLocalhost(container: RunningContainer, emit: Emit): Promise<void> {
  const { port } = container.address;
  const found = (await listeners(container.pid)).filter((listener) => listener.port === port);
  if (found.length === 0 || found.some(({ address }) => !/^(127\.|::1$)/.test(address))) return;
  emit({
    type: "warning",
    code: "LISTENS_ON_LOCALHOST",
    message: `the app listens on ${describe(found)} only: on the platform nothing will reach it (S11)`,
    hint: "Listen on 0.0.0.0.",
  });
}

const saveArchive: SaveArchive = async (image, path, type, name) => {
  const archive = type === "docker-archive" ? createDockerArchive(path) : createOciArchive(path);
  try {
    const { layers, config, manifest } = await imageBlobs(image);
    for (const blob of [...layers, config, manifest]) await archive.put(blob);
    await archive.tag(manifest.descriptor, name);
    await archive.close();
  } catch (error) {
    await archive.close(error);
    throw error;
  }
};
