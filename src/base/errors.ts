/**
 * The one error class. A library never prints and never exits: it throws a KnbuildError, and the CLI turns the code into
 * a line on stderr, a hint and an exit code.
 */
import { statfsSync } from "node:fs";
import { tmpdir } from "node:os";
import { relative, resolve } from "node:path";
import { cacheDir } from "./dirs.ts";

/** 1: the work failed or there are findings. 2: wrong use (flags, configuration, no such directory). 130: interrupted. */
export type ExitCode = 1 | 2 | 130;

export interface KnbuildErrorOptions {
  /** SCREAMING_SNAKE id, stable across releases: scripts match on it. */
  code: string;
  /** What happened, in one sentence; no flag names (those belong to the CLI), no credentials. */
  message: string;
  /** `file:line[:column]`, or a URL without secrets. */
  where?: string | undefined;
  /** What to do next. */
  hint?: string | undefined;
  /** More lines that help (a code frame, the last lines of a log). */
  detail?: string | undefined;
  cause?: unknown;
  /** The same call may succeed later. */
  retryable?: boolean;
  exitCode?: ExitCode;
}

export class KnbuildError extends Error {
  override readonly name = "KnbuildError";
  readonly code: string;
  readonly where: string | undefined;
  readonly hint: string | undefined;
  readonly detail: string | undefined;
  readonly retryable: boolean;
  readonly exitCode: ExitCode;

  constructor(options: KnbuildErrorOptions) {
    super(options.message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = options.code;
    this.where = options.where;
    this.hint = options.hint;
    this.detail = options.detail;
    this.retryable = options.retryable ?? false;
    this.exitCode = options.exitCode ?? 1;
  }
}

export function isKnbuildError(error: unknown, code?: string): error is KnbuildError {
  return error instanceof KnbuildError && (code === undefined || error.code === code);
}

/** The same error, with a second thing that hinders: a line below its others. */
export function alsoTelling(error: KnbuildError, also: string): KnbuildError {
  const { code, message, where, hint, detail, retryable, exitCode, cause } = error;
  const lines = [detail, `Also: ${also}`].filter(Boolean).join("\n");
  return new KnbuildError({ code, message, where, hint, detail: lines, retryable, exitCode, cause });
}

/** Wrong use of the program: exit code 2. */
export function usageError(code: string, message: string, hint?: string, where?: string): KnbuildError {
  return new KnbuildError({ code, message, hint, where, exitCode: 2 });
}

/** The message of anything that was thrown. */
export function errorMessage(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** The errno name (`ENOENT`, `ECONNRESET`, …) of a system error, else undefined. */
export function errnoCode(error: unknown): string | undefined {
  const code = (error as { code?: unknown } | null | undefined)?.code;
  return typeof code === "string" ? code : undefined;
}

/** What is left when a write no longer fits. */
const FULL_BYTES = 1024 * 1024;

/** DISK_FULL for the errno of a full disk or a used-up quota; undefined for anything else. */
export function diskFull(error: unknown, where?: string): KnbuildError | undefined {
  const code = errnoCode(error);
  if (code !== "ENOSPC" && code !== "EDQUOT") return undefined;
  const place = where ?? (error as NodeJS.ErrnoException).path ?? fullPlace();
  return new KnbuildError({
    code: "DISK_FULL",
    message: code === "ENOSPC" ? "no space left on the disk" : "the disk quota is used up",
    where: place,
    hint: isOurs(place)
      ? "Free some space, or let KNBUILD_CACHE_DIR name a directory on another disk."
      : "Free some space there, or have it written to another disk.",
    cause: error,
  });
}

/** Knbuild's own files: not a place that the user has named. */
function isOurs(place: string | undefined): boolean {
  if (place === undefined) return true;
  return [cacheDir(), tmpdir()].some((own) => !relative(own, resolve(place)).startsWith(".."));
}

/** A write does not say where it went: the place that has no room any more. */
function fullPlace(): string | undefined {
  return [cacheDir(), tmpdir()].find((place) => {
    try {
      const { bavail, bsize } = statfsSync(place);
      return bavail * bsize < FULL_BYTES;
    } catch {
      return false;
    }
  });
}

/** Throws an `INTERRUPTED` error (exit 130) when the signal is aborted. */
export function throwIfAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw interrupted(signal.reason);
}

export function interrupted(cause?: unknown): KnbuildError {
  return new KnbuildError({ code: "INTERRUPTED", message: "interrupted", cause, exitCode: 130 });
}
