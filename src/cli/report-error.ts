/** An error as the user meets it: `error[CODE]: what`, where, details, `hint:`; the same as JSON with --json. */
import { styleText } from "node:util";
import { diskFull, errorMessage, isKnbuildError, KnbuildError } from "../base/errors.ts";
import { visible } from "../base/visible.ts";
import { githubAnnotation } from "./github-annotation.ts";
import type { GlobalFlags } from "./global-flags.ts";
import { hintFor } from "./hints.ts";
import { useColor } from "./streams.ts";

/** Writes the error and gives the exit code that goes with it. */
export function reportError(thrown: unknown, flags: GlobalFlags): number {
  const error = toKnbuildError(thrown);
  const hint = hintFor(error);
  const color = useColor(process.stderr);
  const paint = (format: "red" | "cyan" | "dim", text: string) => (color ? styleText(format, text) : text);
  const lines = [`${paint("red", `error[${error.code}]`)}: ${visible(error.message)}`];
  // `at file:line:column` would look like a line of a stack.
  if (error.where) lines.push(`  at ${visible(error.where).replace(/:(\d+):(\d+)$/, ":$1 (column $2)")}`);
  if (error.detail) lines.push(...error.detail.split("\n").map((line) => `  ${shownDetail(line)}`));
  if (hint) lines.push(`${paint("cyan", "hint")}: ${hint}`);
  if (flags.debug) lines.push(...stacks(thrown).map((line) => paint("dim", line)));
  process.stderr.write(`${lines.join("\n")}\n`);
  if (process.env["GITHUB_ACTIONS"] === "true") process.stderr.write(`${githubAnnotation(error)}\n`);
  if (flags.json) {
    process.stdout.write(
      `${JSON.stringify({ error: { code: error.code, message: error.message, hint: hint ?? null, ...(error.where && { where: error.where }), ...(error.detail && { detail: error.detail }) } }, null, 2)}\n`,
    );
  }
  return error.exitCode;
}

/** Other programs may have coloured what they say. */
function shownDetail(line: string): string {
  return line
    .split(/(\u001b\[[\d;]*m)/)
    .map((part, i) => (i % 2 === 0 ? visible(part) : part))
    .join("");
}

function toKnbuildError(thrown: unknown): KnbuildError {
  if (isKnbuildError(thrown)) return thrown;
  const full = diskFull(thrown);
  if (full) return full;
  const { code, path, syscall } = (thrown ?? {}) as { code?: unknown; path?: unknown; syscall?: unknown };
  // A system error that no room has explained is still told by its name, not as a stack.
  if (typeof code === "string" && typeof syscall === "string") {
    return new KnbuildError({
      code,
      message: errorMessage(thrown).replace(/^E[A-Z]+: /, ""),
      where: typeof path === "string" ? path : undefined,
      cause: thrown,
    });
  }
  return new KnbuildError({
    code: "INTERNAL",
    message: `a fault of knbuild: ${errorMessage(thrown)}`,
    hint: "--debug shows where; please report it.",
    cause: thrown,
  });
}

function stacks(thrown: unknown): string[] {
  const lines: string[] = [];
  for (
    let error = thrown, depth = 0;
    error !== undefined && depth < 8;
    error = (error as { cause?: unknown }).cause, depth++
  ) {
    lines.push(
      ...`${depth > 0 ? "caused by " : ""}${error instanceof Error ? (error.stack ?? error.message) : String(error)}`.split(
        "\n",
      ),
    );
  }
  return lines;
}
