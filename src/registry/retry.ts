/** When to try again and how long to wait: one policy for every request. */
import { errnoCode, isKnbuildError, KnbuildError } from "../base/errors.ts";

export interface RetryPolicy {
  /** Tries in a row without progress, the first included. */
  attempts: number;
  /** First delay; doubles with every failure. */
  baseDelayMs: number;
  maxDelayMs: number;
  /** A server that asks for a longer pause gets an error instead. */
  maxRetryAfterMs: number;
}

export const DEFAULT_RETRY: RetryPolicy = {
  // Three failures of one step and three of the next, and there is a try left.
  attempts: 8,
  baseDelayMs: 200,
  maxDelayMs: 2_500,
  maxRetryAfterMs: 60_000,
};

/** Below 500: too slow, wrong connection, too early, too many, given up before the answer (nginx). */
const PASSING_REFUSALS = new Set([408, 421, 425, 429, 499]);
/** 500 and above: what the server will never do, and networks that want a login. All others pass, proxies' 520 to 530 included. */
const LASTING_FAILURES = new Set([501, 505, 506, 508, 510, 511]);
/** A server that says nothing takes a minute or two to give up on with this many. */
const MAX_TIMEOUTS = 4;
/** Whoever answers at once, and wrongly so often, goes on to. */
const MAX_NONSENSE = 4;
/** Tries less where nobody listens: a wrong port is told soon. */
const FEWER_WHEN_REFUSED = 2;
/** Tries more where somebody did a moment ago: a registry that starts again takes up to half a minute. */
const MORE_WHEN_GONE = 11;

const RETRYABLE_ERRNO = new Set([
  "ECONNRESET",
  "ECONNREFUSED",
  "ECONNABORTED",
  "EPIPE",
  "ETIMEDOUT",
  "EAI_AGAIN",
  "ENETUNREACH",
  "EHOSTUNREACH",
  "ENETDOWN",
  "ERR_STREAM_PREMATURE_CLOSE",
  "ERR_SOCKET_CLOSED",
]);

export function isRetryableStatus(status: number): boolean {
  return PASSING_REFUSALS.has(status) || (status >= 500 && !LASTING_FAILURES.has(status));
}

/**
 * An error that nobody further up tries again: tries that multiply take many minutes.
 * @param tries how often it was tried, where somebody has counted
 */
export function lasting(error: unknown, tries?: number): unknown {
  if (!isKnbuildError(error) || !error.retryable) return error;
  const { code, message, where, hint, detail, exitCode } = error;
  return new KnbuildError({ code, message: message + tried(tries), where, hint, detail, exitCode, cause: error });
}

/** For the end of a message; once needs no word. */
export function tried(tries = 1): string {
  return tries > 1 ? ` (tried ${tries} times)` : "";
}

/** What one request has been tried. */
export interface Tries {
  /** In a row without progress, the first failure included. */
  readonly failures: number;
  /** Counts a failure; without an error it was a status that passes. @returns whether to give up */
  failed(error?: unknown, how?: FailedTry): boolean;
}

export interface FailedTry {
  /** Bytes have moved since the last one: the budget starts anew. */
  progressed?: boolean;
  /** The server has answered in this run. */
  wasThere?: boolean;
  /** It was said in so many words, and will be said again. */
  definite?: boolean;
}

export function createTries(policy: RetryPolicy): Tries {
  let failures = 0;
  let timeouts = 0;
  let nonsense = 0;
  return {
    get failures() {
      return failures;
    },
    failed(error, { progressed = false, wasThere = false, definite = false } = {}) {
      const again = (count: number, counts: boolean) => (counts && !progressed ? count + 1 : 0);
      failures = progressed ? 1 : failures + 1;
      timeouts = again(timeouts, isKnbuildError(error, "NETWORK_TIMEOUT"));
      nonsense = again(nonsense, definite || isNonsense(error));
      const refused = causeOf(error) === "ECONNREFUSED";
      const more = refused ? (wasThere ? MORE_WHEN_GONE : -FEWER_WHEN_REFUSED) : 0;
      return failures >= policy.attempts + more || timeouts >= MAX_TIMEOUTS || nonsense >= MAX_NONSENSE;
    },
  };
}

const NONSENSE = new Set(["REGISTRY_PROTOCOL", "REGISTRY_DENIED", "REGISTRY_NOT_FOUND", "REGISTRY_UNAUTHORIZED"]);

/** An answer, but none to the question, or none in HTTP. */
function isNonsense(error: unknown): boolean {
  return (isKnbuildError(error) && NONSENSE.has(error.code)) || (causeOf(error)?.startsWith("HPE_") ?? false);
}

function causeOf(error: unknown): string | undefined {
  return errnoCode((error as Error | undefined)?.cause);
}

/** True for failures of the network and for timeouts; false for refused certificates, unknown hosts and wrong answers. */
export function isRetryableFailure(error: unknown): boolean {
  if (isKnbuildError(error)) return error.retryable;
  const code = errnoCode(error);
  if (code === undefined) return false;
  return RETRYABLE_ERRNO.has(code) || code.startsWith("HPE_");
}

/**
 * The pause that a Retry-After header asks for (RFC 9110 10.2.3: seconds or a date), in milliseconds; undefined without one.
 * A date that has passed is 0.
 */
export function parseRetryAfter(value: string | undefined, nowMs: number = Date.now()): number | undefined {
  if (value === undefined) return undefined;
  const text = value.trim();
  if (/^\d+(?:\.\d+)?$/.test(text)) return Number(text) * 1000;
  const date = Date.parse(text);
  return Number.isNaN(date) ? undefined : Math.max(0, date - nowMs);
}

/** Exponential, with full jitter in its upper half; at least what the server asked for. */
export function retryDelayMs(policy: RetryPolicy, failures: number, retryAfterMs: number | undefined): number {
  const step = Math.min(policy.maxDelayMs, policy.baseDelayMs * 2 ** Math.max(0, failures - 1));
  const jittered = step / 2 + Math.random() * (step / 2);
  return Math.max(jittered, retryAfterMs ?? 0);
}

/** The server wants a longer pause than anybody waits for. */
export function asksTooMuch(policy: RetryPolicy, retryAfterMs: number | undefined): boolean {
  return retryAfterMs !== undefined && retryAfterMs > policy.maxRetryAfterMs;
}

/** For the end of a message: the pause that an answer asks for, where it is one that nobody waits for. */
export function askedPause(retryAfter: string | undefined): string {
  const ms = parseRetryAfter(retryAfter);
  return ms !== undefined && asksTooMuch(DEFAULT_RETRY, ms) ? `; it asks to come back in ${formatPause(ms)}` : "";
}

function formatPause(ms: number): string {
  const seconds = Math.round(ms / 1000);
  if (seconds < 120) return `${seconds} seconds`;
  if (seconds < 7200) return `${Math.round(seconds / 60)} minutes`;
  return `${Math.round(seconds / 3600)} hours`;
}
