/** Waits until a server answers. A connection alone proves nothing: a published port accepts before anybody listens behind it. */
import { randomInt } from "node:crypto";
import { connect, createServer } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import { KnbuildError, throwIfAborted } from "../base/errors.ts";

/** As often as the platform's own probe asks (queue proxy: every 50 ms). */
const INTERVAL_MS = 50;
/** A connection that stays open so long without a byte belongs to a server that is there, only slow or no HTTP/1.1 one. */
const SILENCE_MS = 3_000;

export interface AnswerOptions {
  host: string;
  port: number;
  timeoutMs: number;
  signal: AbortSignal;
  /** Ends the waiting when the process is gone. */
  ended: () => boolean;
  /** Called now and then while nothing answers. */
  onWait?: (waitedMs: number) => void;
  /** Called with the status of the first answer, where it is one of HTTP. */
  onStatus?: (status: number) => void;
}

/** @returns milliseconds until the first answer, or undefined when there was none in time or the process ended. */
export async function waitForAnswer(options: AnswerOptions): Promise<number | undefined> {
  const begin = performance.now();
  for (;;) {
    throwIfAborted(options.signal);
    // Asked before the attempt: what it answered with its last breath still counts.
    const last = options.ended();
    const answered = await answers(options.host, options.port);
    if (answered) {
      const durationMs = performance.now() - begin;
      if (answered.status !== undefined) options.onStatus?.(answered.status);
      return durationMs;
    }
    const waitedMs = performance.now() - begin;
    if (last || waitedMs > options.timeoutMs) return undefined;
    options.onWait?.(waitedMs);
    await delay(INTERVAL_MS);
  }
}

/** One GET: any byte of an answer counts, whatever its status. */
function answers(host: string, port: number): Promise<{ status?: number } | undefined> {
  return new Promise((resolve) => {
    const socket = connect({ host, port });
    const done = (answered: { status?: number } | undefined) => {
      socket.destroy();
      resolve(answered);
    };
    socket.setTimeout(SILENCE_MS, () => done(socket.connecting ? undefined : {}));
    socket.once("connect", () => {
      socket.write(`GET / HTTP/1.1\r\nHost: ${host}:${port}\r\nUser-Agent: knbuild-probe\r\nConnection: close\r\n\r\n`);
    });
    socket.once("data", (bytes) => {
      const status = /^HTTP\/1\.\d (\d{3})\b/.exec(bytes.toString("latin1"))?.[1];
      done(status === undefined ? {} : { status: Number(status) });
    });
    socket.once("error", () => done(undefined));
    socket.once("close", () => done(undefined));
  });
}

/** Below what systems give to outgoing connections (Linux: 32768 and up), and to nodes of Kubernetes (30000 and up). */
const FIRST_PORT = 20_000;
const PAST_PORTS = 30_000;

/** A TCP port that is free on all addresses of this machine, and that no connection is given before somebody listens on it. */
export async function freePort(): Promise<number> {
  for (let tries = 0; tries < 100; tries++) {
    const port = randomInt(FIRST_PORT, PAST_PORTS);
    if (await isPortFree(port)) return port;
  }
  throw new KnbuildError({
    code: "PORT_NONE",
    message: `no free port between ${FIRST_PORT} and ${PAST_PORTS} was found`,
    hint: "Name one with --port.",
  });
}

export function isPortFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", () => resolve(false));
    server.listen(port, () => server.close(() => resolve(true)));
  });
}
