/** What a command gets from the process: streams, signals, style. The only place that touches them. */
import { setMaxListeners } from "node:events";
import { styleText } from "node:util";
import { monotonicMs } from "../base/clock.ts";
import { KnbuildError } from "../base/errors.ts";
import type { CliContext } from "./command.ts";
import type { GlobalFlags } from "./global-flags.ts";
import { createProgress } from "./progress.ts";
import { surviveClosedPipe, useColor } from "./streams.ts";

/** One Ctrl-C is two signals where npx stands before: the terminal's own, and npx's, which hands it on. */
const SAME_CTRL_C_MS = 300;

export interface OwnedContext extends CliContext {
  close(): void;
}

export interface InContext {
  /** The whole command line. */
  argv: readonly string[];
  flags: GlobalFlags;
  /** Ctrl-C is an end like any other: its own exit code counts. */
  ownsInterrupt?: boolean | undefined;
  kindOfRun: (detail: string) => void;
}

/** Does a command's work between the start and the end of what it gets from the process. @returns the exit code */
export async function inContext(call: InContext, work: (context: CliContext) => Promise<number>): Promise<number> {
  const context = createContext(call.argv, call.flags, call.kindOfRun);
  try {
    const exitCode = await work(context);
    return context.signal.aborted && !call.ownsInterrupt ? 130 : exitCode;
  } catch (error) {
    if (context.signal.aborted && !(error instanceof KnbuildError && error.code === "INTERRUPTED")) {
      throw new KnbuildError({ code: "INTERRUPTED", message: "interrupted", cause: error, exitCode: 130 });
    }
    throw error;
  } finally {
    context.close();
  }
}

/** @param kindOfRun hears what the command says of its run */
export function createContext(
  argv: readonly string[],
  flags: GlobalFlags,
  kindOfRun: (detail: string) => void,
): OwnedContext {
  for (const stream of [process.stdout, process.stderr]) surviveClosedPipe(stream);
  const controller = new AbortController();
  // Every request and child process of a run listens to it.
  setMaxListeners(0, controller.signal);
  let abortedMs = 0;
  const onSignal = (signal: NodeJS.Signals) => {
    if (!controller.signal.aborted) {
      abortedMs = monotonicMs();
      controller.abort(signal);
    } else if (monotonicMs() - abortedMs > SAME_CTRL_C_MS) process.exit(130);
  };
  process.on("SIGINT", onSignal);
  process.on("SIGTERM", onSignal);
  const progress = createProgress({
    quiet: flags.quiet,
    terminal: Boolean(process.stderr.isTTY) && process.env["TERM"] !== "dumb" && !process.env["CI"],
    color: useColor(process.stderr),
  });
  const color = useColor(process.stdout);
  return {
    argv,
    cwd: process.cwd(),
    env: process.env,
    signal: controller.signal,
    json: flags.json,
    debug: flags.debug,
    emit: progress.emit,
    print: (line) => {
      progress.pause();
      process.stdout.write(`${line}\n`);
    },
    printJson: (value) => {
      process.stdout.write(`${JSON.stringify(value, null, 2)}\n`);
    },
    note: (line) => {
      if (flags.quiet) return;
      progress.pause();
      process.stderr.write(`${line}\n`);
    },
    kindOfRun,
    style: (format, text) => (color ? styleText(format, text) : text),
    close() {
      progress.close();
      // What is left to say is said though the other signal of the same Ctrl-C comes.
      if (controller.signal.aborted) return;
      process.off("SIGINT", onSignal);
      process.off("SIGTERM", onSignal);
    },
  };
}
