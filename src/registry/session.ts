/**
 * The conversation with one registry or mirror: requests with authentication, redirects and retries. Everything that talks
 * to a registry goes through `request` (tried again by itself) or `once` (for bodies that the caller goes on with).
 */
import { errnoCode, interrupted, isKnbuildError, KnbuildError } from "../base/errors.ts";
import type { Emit } from "../base/events.ts";
import { pause } from "../base/pause.ts";
import { readAll } from "../base/streams.ts";
import type { TransferStats } from "../oci/target.ts";
import { type Authenticator, createAuthenticator } from "./authenticator.ts";
import { createBaseUrl } from "./base-url.ts";
import { decoded } from "./content-coding.ts";
import type { CredentialSource, Redactor } from "./credentials.ts";
import { protocolError, registryError, wrongYes } from "./errors.ts";
import type { Exchange } from "./exchange.ts";
import { readFailure } from "./failed-answer.ts";
import { apiHost, type Hosts } from "./hosts.ts";
import {
  asksTooMuch,
  createTries,
  isRetryableFailure,
  isRetryableStatus,
  lasting,
  parseRetryAfter,
  type RetryPolicy,
  retryDelayMs,
} from "./retry.ts";
import type { Scope } from "./scope.ts";
import type { HttpRequest, HttpResponse, Reached, RequestBody } from "./transport.ts";

export interface RegistryRequest {
  method: string;
  /** Below the base: `v2/NAME/manifests/latest?n=1`. Or a URL that the registry gave us (Location, Link). */
  path: string | URL;
  headers?: Record<string, string>;
  /** Must give the same bytes every time it is opened. */
  body?: RequestBody;
  scopes: readonly Scope[];
  /** See `Authenticator`. */
  ownToken?: boolean | undefined;
  patienceMs?: number;
  /** The answer's body is read as `Reading` says. */
  lent?: boolean | undefined;
}

export interface WholeAnswer {
  response: HttpResponse;
  bytes: Uint8Array;
}

export interface Session {
  /** As in references; for mirrors the mirror's host. */
  readonly registry: string;
  readonly redactor: Redactor;
  readonly login: { from: string } | undefined;
  base(): Promise<URL>;
  /**
   * Sends until there is an answer that is not a passing failure; the last failed answer when patience is over.
   * @param brief somebody else can be asked: one more try at once, none where nobody listens, no waiting for the slow and the overloaded
   */
  request(request: RegistryRequest, brief?: boolean): Promise<HttpResponse>;
  /**
   * The same for a small answer that is read to its end: one that breaks off, or that `check` throws a passing failure for, is
   * asked for again. Without `bytes` the status was not 200, and the body is still to be read.
   * @throws TOO_LARGE, and what `check` throws
   */
  read(
    request: RegistryRequest,
    limitBytes: number,
    options?: { brief?: boolean | undefined; check?: (answer: WholeAnswer) => void },
  ): Promise<{ response: HttpResponse; bytes?: Uint8Array }>;
  /** Sends once. A 401 is looked at so that the next try has what the server asked for. */
  once(request: RegistryRequest): Promise<HttpResponse>;
}

export interface SessionOptions {
  registry: string;
  /** The API's URL where it is not simply the registry's host (mirrors with a path). */
  baseUrl?: URL | undefined;
  /** What comes before the repository in a path of the API; default `v2/`. */
  apiRoot?: string | undefined;
  /** Without `baseUrl`: plain HTTP where no TLS is spoken. */
  mayBePlain?: boolean | undefined;
  /** Sent to it, and to no other host, with every request. */
  headers?: Readonly<Record<string, string>> | undefined;
  /** There is another place to go to. */
  isMirror?: boolean;
  /** How its host is reached. */
  reached?: Reached | undefined;
  credentials: CredentialSource;
  hosts: Hosts;
  exchange: Exchange;
  retry: RetryPolicy;
  stats: TransferStats;
  redactor: Redactor;
  trustedRealms: () => Promise<readonly string[]>;
  emit: Emit;
  signal?: AbortSignal | undefined;
}

/** A 401 is answered with a better login this often before it counts. */
const MAX_REFUSALS = 3;
const NAME_HINT =
  "The registry does not know its own name: behind a proxy it must be told it (REGISTRY_HTTP_HOST, X-Forwarded-Host with the port).";
/** Answers that broke off, or were wrong, in a row. */
const READ_ATTEMPTS = 4;
/** Failures in a row after which people are told why nothing moves. */
const TELL_AFTER = 4;
/** That long nobody waits without being told. */
const LONG_PAUSE_MS = 5_000;
/** Tries at a mirror that has another place behind it. */
export const BRIEF_ATTEMPTS = 2;

export function createSession(options: SessionOptions): Session {
  const { stats, signal, redactor, registry, reached } = options;
  const host = options.baseUrl?.host ?? apiHost(registry);
  const exchange: Exchange = reached
    ? (request) => options.exchange(request.url.host === host ? { ...request, reached } : request)
    : options.exchange;
  const { base, takeEarly } = createBaseUrl({ ...options, host, exchange });
  /** Hosts that have answered in this run. */
  const wereThere = new Set<string>();
  /** It was said that the registry is in trouble. */
  let told = false;
  let authenticatorPromise: Promise<Authenticator> | undefined;
  let known: Authenticator | undefined;

  async function authenticator(): Promise<Authenticator> {
    authenticatorPromise ??= base().then((url) => {
      known = createAuthenticator({
        ...options,
        base: url,
        // The token server is reached as its registry is, wherever it lies: by Docker and podman, too.
        send: (request) =>
          retrying(() => options.exchange({ ...request, reached })).catch((error: unknown) => {
            throw lasting(error);
          }),
      });
      return known;
    });
    return authenticatorPromise;
  }

  /** Repeats after passing failures, with growing pauses. */
  async function retrying(send: () => Promise<HttpResponse>, brief = false): Promise<HttpResponse> {
    const retry = brief ? { ...options.retry, attempts: BRIEF_ATTEMPTS } : options.retry;
    const tries = createTries(retry);
    for (;;) {
      let delay: number;
      let trouble: string;
      try {
        const response = await send();
        wereThere.add(response.url.host);
        if (!isRetryableStatus(response.status)) return response;
        const after = parseRetryAfter(response.headers["retry-after"]);
        if (tries.failed() || asksTooMuch(options.retry, after)) return { ...response, tries: tries.failures };
        if (brief && (response.status === 429 || after !== undefined)) return response;
        await response.discard();
        delay = retryDelayMs(options.retry, tries.failures, after);
        trouble = `answers ${response.status}`;
      } catch (error) {
        if (signal?.aborted) throw interrupted(signal.reason);
        const late = isKnbuildError(error, "NETWORK_TIMEOUT");
        if (!isRetryableFailure(error)) throw error;
        if (tries.failed(error, { wasThere: wereThere.has(hostOf(error)) && !brief }))
          throw brief ? error : lasting(error, tries.failures);
        if (brief && late) throw error;
        delay = retryDelayMs(options.retry, tries.failures, undefined);
        trouble = late ? "does not answer" : "cannot be reached";
      }
      stats.retries++;
      if (tries.failures >= TELL_AFTER || delay > LONG_PAUSE_MS) tellOnce(trouble);
      await pause(delay, signal);
    }
  }

  function tellOnce(trouble: string): void {
    if (!told) options.emit({ type: "info", message: `${registry} ${trouble}: trying again` });
    told = true;
  }

  /** @param refusals how often the same request was answered with 401 */
  async function attempt(request: RegistryRequest, refusals = 0): Promise<{ response: HttpResponse; again: boolean }> {
    const origin = await base(request);
    const auth = await authenticator();
    const url = typeof request.path === "string" ? new URL(request.path, origin) : request.path;
    if (
      url.protocol === "http:" &&
      origin.protocol === "https:" &&
      !options.hosts.allowsPlain(url.hostname, url.host)
    ) {
      throw protocolError(
        `the registry names ${url.protocol}//${url.host}, which does not speak TLS`,
        origin,
        NAME_HINT,
      );
    }
    const ours = url.origin === origin.origin;
    const answered = takeEarly(request);
    const used =
      ours && !answered ? await auth.authorization(request.scopes, request.ownToken ?? refusals > 1) : undefined;
    const http: HttpRequest = {
      method: request.method,
      url,
      headers: { ...(ours && options.headers), ...request.headers, ...(used !== undefined && { authorization: used }) },
      body: request.body,
      patienceMs: request.patienceMs,
      lent: request.lent,
    };
    const response = answered ?? (await exchange(http).catch((error) => misnamed(error, url, origin)));
    if (response.url.origin !== origin.origin) return { response: { ...response, elsewhere: true }, again: false };
    if (response.status === 401) {
      const again = await auth.refused(response, request.scopes, used);
      return { response, again };
    }
    // Nexus calls a request without a login a bad one.
    const hidden = [400, 403, 404].includes(response.status);
    if (hidden && used === undefined && !auth.knowsMode && (await auth.hasLogin(request.scopes))) {
      return { response, again: await ping(origin, auth, request.scopes) };
    }
    return { response, again: false };
  }

  /** A proxy that does not pass on the port makes a registry give out addresses where nobody listens. */
  function misnamed(error: unknown, url: URL, origin: URL): never {
    const refused = errnoCode((error as Error).cause) === "ECONNREFUSED";
    if (!refused || !isKnbuildError(error) || url.hostname !== origin.hostname || url.port === origin.port) throw error;
    const { code, message, where, retryable, cause } = error;
    throw new KnbuildError({ code, message, where, retryable, cause, hint: NAME_HINT });
  }

  /** Some registries hide private repositories from strangers instead of asking who they are. */
  async function ping(origin: URL, auth: Authenticator, scopes: readonly Scope[]): Promise<boolean> {
    const url = new URL(options.apiRoot ?? "v2/", origin);
    const response = await retrying(() => exchange({ method: "GET", url, headers: {} }));
    if (
      isRetryableStatus(response.status) &&
      asksTooMuch(options.retry, parseRetryAfter(response.headers["retry-after"]))
    )
      throw lasting(
        registryError(response, await readFailure(response), { action: "ask how to log in", redactor, registry }),
      );
    const again = response.status === 401 && (await auth.refused(response, scopes, undefined));
    await response.discard();
    if (!again) auth.wantsNothing();
    return again;
  }

  async function request(request: RegistryRequest, brief?: boolean): Promise<HttpResponse> {
    return retrying(async () => {
      for (let refusals = 0; ; refusals++) {
        const { response, again } = await attempt(request, refusals);
        if (!again || refusals >= MAX_REFUSALS) return response;
        await response.discard();
      }
    }, brief);
  }

  return {
    registry,
    redactor,
    base,
    get login() {
      return known?.login;
    },
    request,

    async read(asked, limitBytes, { brief, check } = {}) {
      for (let failures = 1; ; failures++) {
        const response = await request(asked, brief);
        // A redirect that leads nowhere is a wrong yes, too.
        if (response.status < 200 || response.status > 399) return { response };
        try {
          if (response.status !== 200) throw await wrongYes(response);
          if (Number(response.headers["content-length"] ?? 0) > limitBytes) {
            await response.discard();
            throw new KnbuildError({ code: "TOO_LARGE", message: `more than ${limitBytes} bytes` });
          }
          const bytes = await decoded(await readAll(response.body, limitBytes), response, limitBytes);
          check?.({ response, bytes });
          return { response, bytes };
        } catch (error) {
          if (!isRetryableFailure(error) || failures >= (brief ? BRIEF_ATTEMPTS : READ_ATTEMPTS)) throw error;
          stats.retries++;
          // Half a minute has passed in silence, and it may be the first of several.
          if (isKnbuildError(error, "NETWORK_TIMEOUT")) tellOnce("stopped in the middle of an answer");
          await pause(retryDelayMs(options.retry, failures, undefined), signal);
        }
      }
    },

    once: async (request) => (await attempt(request)).response,
  };
}

/** Where a request has failed: a redirect may have led it to another host than it was sent to. */
function hostOf(error: unknown): string {
  const where = isKnbuildError(error) ? (error.where ?? "") : "";
  return URL.canParse(where) ? new URL(where).host : "";
}
