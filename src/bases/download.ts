/** Fetches files of a Debian archive over http(s): redirects, retries, proxies, apt's own CA file and credentials. */
import { createHash } from "node:crypto";
import { createReadStream, mkdirSync, readFileSync } from "node:fs";
import { open, rename, rm } from "node:fs/promises";
import {
  type Agent,
  type ClientRequest,
  request as httpRequest,
  type IncomingMessage,
  type RequestOptions,
} from "node:http";
import { request as httpsRequest } from "node:https";
import { basename, dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { errorMessage, interrupted, KnbuildError, throwIfAborted } from "../base/errors.ts";
import { createProxySelector, isSocks, parseProxy, proxyAuthorization } from "../base/proxy.ts";
import { type ByteStream, readAll } from "../base/streams.ts";
import { findAptCredentials } from "./apt-auth.ts";
import type { AptConf } from "./apt-conf.ts";

export interface Downloader {
  /** The bytes of a small file; null when the server says that there is no such file. @throws BASE_FETCH_FAILED */
  text(url: string, limitBytes: number): Promise<Uint8Array | null>;
  /**
   * Streams a file to `path` by way of a temporary file beside it; nothing stays behind when size or sha256 are not as
   * expected. Null when there is no such file.
   * @throws BASE_FETCH_FAILED, BASE_HASH_MISMATCH
   */
  file(url: string, path: string, expected: { sha256: string; size: number }): Promise<string | null>;
}

/** An agent whose connections go through a proxy: for SOCKS, and for TLS through an HTTP proxy. */
export type TunnelAgent = (proxy: URL, secure: boolean) => Promise<Agent>;

export interface DownloaderOptions {
  conf: AptConf;
  /** Where `auth.conf` and `auth.conf.d` lie. */
  aptDir: string;
  env: NodeJS.ProcessEnv;
  tunnel: TunnelAgent;
  signal?: AbortSignal | undefined;
  /** Silence after which a connection counts as dead. */
  idleTimeoutMs?: number;
}

const ATTEMPTS = 3;
const MAX_REDIRECTS = 5;

export function createDownloader(options: DownloaderOptions): Downloader {
  const { signal } = options;

  /** Runs `consume` on a fresh response, again after failures that may pass. */
  async function attempt<T>(url: string, consume: (response: IncomingMessage) => Promise<T>): Promise<T | null> {
    for (let tries = 1; ; tries++) {
      throwIfAborted(signal);
      try {
        const response = await follow(url, options);
        if (response.statusCode === 404 || response.statusCode === 410) {
          response.resume();
          return null;
        }
        if (response.statusCode !== 200) {
          response.resume();
          throw failed(
            url,
            `HTTP ${response.statusCode}`,
            (response.statusCode ?? 0) >= 500 || response.statusCode === 429,
          );
        }
        return await consume(response);
      } catch (error) {
        if (signal?.aborted) throw interrupted(error);
        const known = error instanceof KnbuildError ? error : failed(url, errorMessage(error), true, error);
        if (!known.retryable || tries >= ATTEMPTS) throw known;
        await sleep(250 * 4 ** (tries - 1), undefined, { signal }).catch(() => {});
      }
    }
  }

  return {
    text: (url, limitBytes) => attempt(url, (response) => readAll(response, limitBytes, showUrl(url))),
    file: (url, path, expected) =>
      attempt(url, async (response) => {
        await saveVerified(response, path, expected, showUrl(url));
        return path;
      }),
  };
}

/** @throws BASE_HASH_MISMATCH, and leaves nothing at `path` */
async function saveVerified(
  source: ByteStream,
  path: string,
  expected: { sha256: string; size: number },
  where: string,
): Promise<void> {
  mkdirSync(dirname(path), { recursive: true });
  const temporary = join(dirname(path), `.${basename(path)}.${process.pid}.${Math.random().toString(36).slice(2)}`);
  const file = await open(temporary, "wx");
  const hash = createHash("sha256");
  let size = 0;
  try {
    for await (const chunk of source) {
      size += chunk.byteLength;
      if (size > expected.size) break;
      hash.update(chunk);
      await file.write(chunk);
    }
    const found = hash.digest("hex");
    if (size !== expected.size || found !== expected.sha256)
      throw hashMismatch(where, expected, { sha256: found, size });
    await file.close();
    await rename(temporary, path);
  } catch (error) {
    await file.close().catch(() => {});
    await rm(temporary, { force: true });
    throw error;
  }
}

/** True when the file is there and is what it should be; a damaged one is removed. */
export async function verifyCached(path: string, expected: { sha256: string; size: number }): Promise<boolean> {
  const hash = createHash("sha256");
  let size = 0;
  try {
    for await (const chunk of createReadStream(path)) {
      size += chunk.length;
      hash.update(chunk);
    }
  } catch {
    return false;
  }
  if (size === expected.size && hash.digest("hex") === expected.sha256) return true;
  await rm(path, { force: true });
  return false;
}

function hashMismatch(
  where: string,
  expected: { sha256: string; size: number },
  found: { sha256: string; size: number },
): KnbuildError {
  return new KnbuildError({
    code: "BASE_HASH_MISMATCH",
    message:
      found.size === expected.size
        ? `expected sha256 ${expected.sha256}, found ${found.sha256}; nothing was kept`
        : `expected ${expected.size} bytes, found ${found.size > expected.size ? "more" : found.size}; nothing was kept`,
    where,
    hint: "The file was changed on the way or at the mirror. Try again, or name another mirror; do not ignore it if it stays.",
  });
}

async function follow(url: string, options: DownloaderOptions): Promise<IncomingMessage> {
  let current = new URL(url);
  for (let hops = 0; ; hops++) {
    const response = await send(current, options);
    const { statusCode = 0, headers } = response;
    if (![301, 302, 303, 307, 308].includes(statusCode) || !headers.location) return response;
    response.resume();
    if (hops >= MAX_REDIRECTS) throw failed(url, "too many redirects", false);
    const next = new URL(headers.location, current);
    if (!/^https?:$/.test(next.protocol) || (current.protocol === "https:" && next.protocol === "http:")) {
      throw failed(url, `refusing a redirect to ${showUrl(next.href)}`, false);
    }
    // Credentials of the first URL's own text stay with its origin.
    if (next.origin !== current.origin) next.username = next.password = "";
    current = next;
  }
}

async function send(url: URL, options: DownloaderOptions): Promise<IncomingMessage> {
  const { conf, env, signal, idleTimeoutMs = 60_000 } = options;
  const proxy = proxyFor(url, conf, env);
  const auth = url.username
    ? `${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}`
    : findAptCredentials(options.aptDir, url);
  const settings: RequestOptions & { ca?: string } = {
    method: "GET",
    headers: { "user-agent": "knbuild", accept: "*/*", ...(auth && { authorization: `Basic ${base64(auth)}` }) },
    signal,
  };
  const caInfo = conf.get("acquire::https::cainfo");
  if (url.protocol === "https:" && caInfo) settings.ca = readFileSync(caInfo, "utf8");
  const secure = url.protocol === "https:";
  const agent = proxy && (secure || isSocks(proxy)) ? await options.tunnel(proxy, secure) : undefined;
  return new Promise((resolve, reject) => {
    let request: ClientRequest;
    if (proxy && !agent) {
      const authorization = proxyAuthorization(proxy);
      const headers: Record<string, string> = { ...(settings.headers as Record<string, string>), host: url.host };
      if (authorization) headers["proxy-authorization"] = authorization;
      const plain = new URL(url);
      plain.username = plain.password = "";
      const open = proxy.protocol === "https:" ? httpsRequest : httpRequest;
      request = open(proxy, { ...settings, auth: null, headers, path: plain.href });
    } else request = (secure ? httpsRequest : httpRequest)(url, { ...settings, ...(agent && { agent }) });
    request.setTimeout(idleTimeoutMs, () => request.destroy(new Error(`no data for ${idleTimeoutMs / 1000} s`)));
    request.on("error", reject).on("response", resolve).end();
  });
}

/**
 * apt.conf first (`DIRECT` switches it off, by host too), as apt does (apt-transport-http(1)); then the environment, as
 * everywhere.
 */
export function proxyFor(url: URL, conf: AptConf, env: NodeJS.ProcessEnv): URL | undefined {
  const scheme = url.protocol.slice(0, -1);
  const names = [
    `${scheme}::Proxy::${url.hostname}`,
    `${scheme}::Proxy`,
    ...(scheme === "https" ? ["http::Proxy"] : []),
  ];
  const name = names.find((one) => conf.has(`acquire::${one.toLowerCase()}`)) ?? "";
  const configured = conf.get(`acquire::${name.toLowerCase()}`);
  if (configured === "DIRECT") return undefined;
  return configured ? parseProxy(configured, `apt.conf: Acquire::${name}`) : createProxySelector(env)(url);
}

/** A URL as messages show it: without credentials and query. */
export function showUrl(url: string): string {
  const parsed = new URL(url);
  return `${parsed.origin}${parsed.pathname}`;
}

function base64(text: string): string {
  return Buffer.from(text).toString("base64");
}

function failed(url: string, why: string, retryable: boolean, cause?: unknown): KnbuildError {
  return new KnbuildError({
    code: "BASE_FETCH_FAILED",
    message: `cannot fetch from the Debian mirror: ${why}`,
    where: showUrl(url),
    hint: "Check the mirror's address and the network; a proxy is taken from apt's configuration or the environment (HTTP_PROXY, HTTPS_PROXY, ALL_PROXY).",
    retryable,
    cause,
  });
}
