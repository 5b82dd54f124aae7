/** Draws the library's events on stderr: live lines on a terminal, one plain line a step otherwise. */
import { styleText } from "node:util";
import { monotonicMs } from "../base/clock.ts";
import type { Emit, KnbuildEvent } from "../base/events.ts";
import { formatBytes, formatDuration } from "./format.ts";

export interface Progress {
  emit: Emit;
  /** Takes the live lines away, so that other output can be written; the next event draws them again. */
  pause(): void;
  close(): void;
}

interface Running {
  label: string;
  begin: number;
  /** How far it is; until that is known, how much there is to do. */
  note: string;
}

const size = (bytes: number | undefined) => (bytes === undefined ? "" : ` ${formatBytes(bytes)}`);

const FRAMES = ["⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏"];

export function createProgress(options: { quiet: boolean; terminal: boolean; color: boolean }): Progress {
  const running = new Map<string, Running>();
  const warned = new Set<string>();
  const paint = (format: "dim" | "green" | "yellow" | "cyan", text: string) =>
    options.color ? styleText(format, text) : text;
  let drawn = 0;
  let frame = 0;
  let timer: NodeJS.Timeout | undefined;

  function clear(): void {
    if (drawn > 0) process.stderr.write(`\x1b[${drawn}A\x1b[0J`);
    drawn = 0;
  }

  function draw(): void {
    clear();
    const width = process.stderr.columns || 80;
    const lines = [...running.values()].map(({ label, begin, note }) => {
      const text = `${label}${note ? ` ${note}` : ""} ${formatDuration(monotonicMs() - begin)}`;
      return `${paint("cyan", FRAMES[frame % FRAMES.length] as string)} ${text.length > width - 3 ? `${text.slice(0, width - 4)}…` : text}`;
    });
    frame++;
    if (lines.length > 0) process.stderr.write(`${lines.join("\n")}\n`);
    drawn = lines.length;
  }

  function line(text: string): void {
    clear();
    process.stderr.write(`${text}\n`);
  }

  function finished(event: Extract<KnbuildEvent, { type: "step-end" }>): void {
    const time = event.cached ? "cached" : formatDuration(event.durationMs);
    line(
      `${paint("green", "✓")} ${event.label}${size(event.bytes)}${event.note ? paint("dim", ` ${event.note}`) : ""} ${paint("dim", `(${time})`)}`,
    );
  }

  function emit(event: KnbuildEvent): void {
    switch (event.type) {
      case "step-start":
        running.set(event.id, { label: event.label, begin: monotonicMs(), note: size(event.bytes).trim() });
        break;
      case "step-progress": {
        const current = running.get(event.id);
        if (current)
          current.note =
            event.note ??
            (event.doneBytes === undefined
              ? ""
              : `${formatBytes(event.doneBytes)}${event.totalBytes ? ` of ${formatBytes(event.totalBytes)}` : ""}`);
        break;
      }
      case "step-end":
        running.delete(event.id);
        if (!options.quiet) finished(event);
        break;
      case "warning":
        if (warned.has(event.code + event.message)) break;
        warned.add(event.code + event.message);
        line(
          `${paint("yellow", `warning[${event.code}]`)}: ${event.message}${event.where ? `\n  at ${event.where}` : ""}${event.hint ? `\n  hint: ${event.hint}` : ""}`,
        );
        break;
      case "info":
        if (!options.quiet) line(event.message);
        break;
      case "log":
        if (!options.quiet && event.line.trim() !== "") line(paint("dim", `  ${event.source} | ${event.line}`));
        break;
    }
    if (!options.terminal || options.quiet) return;
    if (running.size > 0 && !timer) {
      timer = setInterval(draw, 80);
      timer.unref();
    }
    if (running.size === 0 && timer) {
      clearInterval(timer);
      timer = undefined;
      clear();
    }
  }

  return {
    emit,
    pause: clear,
    close() {
      if (timer) clearInterval(timer);
      timer = undefined;
      clear();
    },
  };
}
