import { readFileSync, statSync } from "node:fs";
import { resolve } from "node:path";
import { parseEnv } from "node:util";
import { type Command, InvalidArgumentError } from "commander";
import { errorMessage, KnbuildError, usageError } from "../../base/errors.ts";
import { GRACE_MS, type RunOptions, type RunSession, run } from "../../pipeline/run.ts";
import { runWatch } from "../../pipeline/run-watch.ts";
import type { StopReport } from "../../sandbox/types.ts";
import { collectPair } from "../build-options.ts";
import { type CliContext, defineCommand } from "../command.ts";
import { formatDuration } from "../format.ts";
import { addRegistryOptions, registryClient } from "../registry-options.ts";
import { reportError } from "../report-error.ts";
import { printRebuild } from "../watch.ts";

export default defineCommand({
  usage: "run [what]",
  summary: "Start an image (or build a directory and start it) as the platform would",
  examples: [
    "knbuild run .                                 # build, start, print the URL; Ctrl-C stops it and says how it stopped",
    "knbuild run . --watch                         # a save is served moments later, at the same URL",
    "knbuild run hello --port 8080 --env GREETING=hi",
    "knbuild run localhost:5000/hello:v1 --sandbox podman",
    "knbuild run oci-archive:hello.tar --read-only --memory 256",
  ],
  ownsInterrupt: true,
  configure: (command: Command) => {
    command
      .option("--sandbox <id>", "runc, crun, bubblewrap, podman or docker (default: the first that works)")
      .option("--port <port>", "port on this machine (default: a free one)", parsePort)
      .option("-e, --env <name=value>", "variable of the app (repeatable)", collectPair)
      .option(
        "--env-file <file>",
        "file of variables, NAME=value a line (repeatable)",
        (file: string, all: string[] = []) => [...all, file],
      )
      .option("--service <name>", "K_SERVICE (default: the image's name)")
      .option("--user <uid[:gid]>", "run as another user than the image says")
      .option("--memory <MiB>", "limit of memory", parseCount)
      .option("--read-only", "read-only root file system, /tmp apart")
      .option("--start-timeout <seconds>", "how long to wait for the first answer (default: 240)", parseCount)
      .option("--base <base>", "for a directory: base to build on")
      .option("--entrypoint <file>", "for a directory: file that starts the server")
      .option("--buildpack <id>", "for a directory: use this buildpack, whatever else is detected")
      .option("--workspace <name>", "for a directory: member of a monorepo to build")
      .option("--watch", "for a directory: build again on every change, and swap the instance for the new one")
      .option("--no-lint", "for a directory: build although the source breaks the contract");
    addRegistryOptions(command);
  },
  async run([what = "."], options, context) {
    const client = registryClient(options, context);
    let session: RunSession | undefined;
    // A second Ctrl-C ends this process at once: the container must not outlive it.
    const killed = () => kill(session);
    process.once("exit", killed);
    try {
      const overrides = ["base", "entrypoint", "buildpack", "workspace"].map((name) => [name, options[name]]);
      const wish = {
        what: what as string,
        cwd: context.cwd,
        env: context.env,
        build: {
          overrides: Object.fromEntries(overrides.filter(([, value]) => value !== undefined)),
          lint: options["lint"] !== false,
          registry: () => client,
        },
        registry: () => client,
        sandbox: options["sandbox"] as string | undefined,
        port: options["port"] as number | undefined,
        variables: {
          ...readEnvFiles(options["envFile"] as string[] | undefined, context.cwd),
          ...(options["env"] as Record<string, string>),
        },
        user: options["user"] as string | undefined,
        service: options["service"] as string | undefined,
        memoryBytes: options["memory"] === undefined ? undefined : (options["memory"] as number) * 1024 * 1024,
        readOnlyRoot: options["readOnly"] === true,
        ...(options["startTimeout"] !== undefined && { startTimeoutMs: (options["startTimeout"] as number) * 1000 }),
        onLog: ({ stream, line }) => (stream === "stdout" && !context.json ? context.print(line) : context.note(line)),
        emit: context.emit,
        signal: context.signal,
      } satisfies RunOptions;
      if (options["watch"] === true) return await serveChanges(wish, context, (next) => (session = next));
      session = await run(wish);
      return await serve(session, context);
    } finally {
      process.off("exit", killed);
      client.close();
    }
  },
});

/** Until Ctrl-C, or until the app ends by itself. */
async function serve(session: RunSession, context: CliContext): Promise<number> {
  const { container, url, sandbox, digest, firstAnswerMs } = session;
  if (!context.json) context.print(context.style("bold", url));
  context.note(`answers after ${formatDuration(firstAnswerMs)} in ${sandbox}; Ctrl-C stops it`);
  const told = new Promise<"told">((resolve) => {
    if (context.signal.aborted) resolve("told");
    else context.signal.addEventListener("abort", () => resolve("told"), { once: true });
  });
  const first = await Promise.race([told, container.wait()]);
  if (first !== "told") {
    throw new KnbuildError({
      code: "CONTAINER_EXITED",
      message: `the app ended by itself: ${first.signal ? `killed by ${first.signal}` : `exit code ${first.exitCode}`}`,
    });
  }
  context.note("SIGTERM sent");
  const stop = await container.stop(GRACE_MS);
  if (context.json) context.printJson({ url, sandbox, digest, firstAnswerMs: Math.round(firstAnswerMs), stop });
  else context.print(inWords(stop));
  return exitCodeOf(stop);
}

/** Until Ctrl-C: the newest image that could be built and answers. */
async function serveChanges(
  wish: RunOptions & { build: NonNullable<RunOptions["build"]> },
  context: CliContext,
  serving: (session: RunSession) => void,
): Promise<number> {
  if (!statSync(resolve(context.cwd, wish.what), { throwIfNoEntry: false })?.isDirectory())
    throw usageError("USAGE", "--watch is for a directory", "knbuild run DIR --watch");
  const stop = await runWatch(
    wish,
    {
      serving(url, session) {
        serving(session);
        if (context.json) context.print(JSON.stringify({ url, digest: session.digest }));
        else context.print(context.style("bold", url));
        context.note(
          `answers after ${formatDuration(session.firstAnswerMs)} in ${session.sandbox}; watching, Ctrl-C stops it`,
        );
      },
      swapped({ session, swapMs, ...rebuild }) {
        serving(session);
        printRebuild(rebuild, context, `, swapped ${formatDuration(swapMs)}`, { swapMs: Math.round(swapMs) });
      },
      same: (rebuild) => printRebuild(rebuild, context, ", the same image"),
      failed: (error) => void reportError(error, { json: context.json, debug: context.debug, quiet: false }),
    },
    GRACE_MS,
  );
  if (!stop) return 130;
  if (context.json) context.print(JSON.stringify({ stop }));
  else context.print(inWords(stop));
  return exitCodeOf(stop);
}

/** Requests in flight were lost. */
const exitCodeOf = ({ how }: StopReport): number => (how === "ignored" || how === "crashed" ? 1 : 0);

function inWords(stop: StopReport): string {
  const after = `after ${formatDuration(stop.durationMs)}`;
  switch (stop.how) {
    case "handled":
      return `stopped: the app handled SIGTERM and exited with ${stop.exitCode} ${after}`;
    case "killed-by-default":
      // An init in front passes on what the kernel did to the app; Next.js ends so by itself, when its requests are done.
      return `stopped: SIGTERM's own exit code (143) ${after}: unless the app chooses it, nothing handled SIGTERM and requests in flight were cut off (S23)`;
    case "ignored":
      return `stopped: the app ignored SIGTERM and was killed (137) ${after}: requests in flight were lost (S23)`;
    case "crashed":
      return `stopped: SIGTERM made the app crash (${stop.signal}, exit code ${stop.exitCode}) ${after}: requests in flight were lost (S23)`;
    case "exited-before":
      return `stopped: the app had ended by itself with exit code ${stop.exitCode}`;
  }
}

function kill(session: RunSession | undefined): void {
  if (!session || session.container.pid <= 0) return;
  try {
    process.kill(session.container.pid, "SIGKILL");
  } catch {
    // It is gone, or not ours to kill.
  }
}

function readEnvFiles(files: readonly string[] = [], cwd: string): Record<string, string> {
  return Object.assign(
    {},
    ...files.map((file) => {
      try {
        return parseEnv(readFileSync(resolve(cwd, file), "utf8"));
      } catch (error) {
        throw usageError("ENV_FILE_UNREADABLE", `cannot read variables from ${file}: ${errorMessage(error)}`);
      }
    }),
  );
}

function parsePort(text: string): number {
  const port = Number(text);
  if (!/^\d+$/.test(text) || port < 1 || port > 65535) throw new InvalidArgumentError("write a port from 1 to 65535");
  return port;
}

function parseCount(text: string): number {
  if (!/^[1-9]\d{0,8}$/.test(text)) throw new InvalidArgumentError("write a positive whole number");
  return Number(text);
}
