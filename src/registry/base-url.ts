/** Where a registry's API begins: the scheme is known, was said, or is found out by the first request. */
import { errnoCode, isKnbuildError } from "../base/errors.ts";
import { readAll } from "../base/streams.ts";
import type { Exchange } from "./exchange.ts";
import type { Hosts } from "./hosts.ts";
import { publicUrl } from "./public-url.ts";
import type { RegistryRequest } from "./session.ts";
import type { HttpRequest, HttpResponse } from "./transport.ts";

export interface BaseUrl {
  /** @param first what is about to be asked: where the scheme is not known, it is asked in plain HTTP to find out */
  base(first?: RegistryRequest): Promise<URL>;
  /** The answer to a request, where it came with finding out the scheme; once. */
  takeEarly(request: RegistryRequest): HttpResponse | undefined;
}

export interface BaseUrlOptions {
  /** Of the API. */
  host: string;
  /** The API's URL where it is not simply the host. */
  baseUrl?: URL | undefined;
  /** Plain HTTP where no TLS is spoken. */
  mayBePlain?: boolean | undefined;
  hosts: Hosts;
  exchange: Exchange;
}

/** What Go's server, nginx and Apache say of plain HTTP at a TLS port. */
const WANTS_TLS = /HTTP request to an HTTPS server|sent to HTTPS port|SSL-enabled server port/;
const REFUSAL_LIMIT_BYTES = 64 * 1024;

export function createBaseUrl(options: BaseUrlOptions): BaseUrl {
  const { host, exchange } = options;
  let basePromise: Promise<URL> | undefined;
  /** It is being found out whether the registry speaks TLS. */
  let asking = false;
  const early = new WeakMap<RegistryRequest, HttpResponse>();

  function base(first?: RegistryRequest): Promise<URL> {
    if (basePromise) return first && asking ? beside(first, basePromise) : basePromise;
    basePromise = findBase(first).catch((error: unknown) => {
      basePromise = undefined;
      throw error;
    });
    return basePromise;
  }

  /** While another request finds out the scheme, this one is asked in the way that is most likely. */
  async function beside(request: RegistryRequest, scheme: Promise<URL>): Promise<URL> {
    const plain = plainQuestion(host, request);
    const asked = plain && exchange(plain).catch(() => undefined);
    try {
      const url = await scheme;
      const answer = await asked;
      if (answer && url.protocol === "http:" && answer.status !== 400) early.set(request, answer);
      else await answer?.discard();
      return url;
    } catch (error) {
      await (await asked)?.discard();
      throw error;
    }
  }

  /** Without a login and without TLS; undefined for what is not a read, and may not be sent twice. */
  function plainQuestion(host: string, request: RegistryRequest | undefined): HttpRequest | undefined {
    if (typeof request?.path !== "string" || !["GET", "HEAD"].includes(request.method)) return undefined;
    const url = new URL(request.path, `http://${host}/`);
    return { method: request.method, url, headers: { ...request.headers }, lent: request.lent };
  }

  async function findBase(first: RegistryRequest | undefined): Promise<URL> {
    if (options.baseUrl) return options.baseUrl;
    const scheme = options.hosts.scheme(host);
    if (scheme === "https" && options.mayBePlain) return new URL(`${await tlsOrNot(host)}://${host}/`);
    if (scheme !== "ask") return new URL(`${scheme}://${host}/`);
    asking = true;
    try {
      return new URL(`${await detectScheme(host, first)}://${host}/`);
    } finally {
      asking = false;
    }
  }

  /**
   * A registry on this machine may speak either. A Go server answers plain HTTP on a TLS port with a 400 that says so, others
   * close the connection: then a TLS handshake that gets as far as a certificate is the proof. The question is the first
   * request itself, which carries no login and, being a read, may be asked twice.
   */
  async function detectScheme(host: string, first: RegistryRequest | undefined): Promise<"http" | "https"> {
    const asked = plainQuestion(host, first);
    const http: HttpRequest = asked ?? { method: "GET", url: new URL(`http://${host}/v2/`), headers: {} };
    const { url } = http;
    try {
      const answer = await exchange(http);
      if (answer.status !== 400) {
        if (asked && first) early.set(first, answer);
        else await answer.discard();
        return "http";
      }
      // To a HEAD it says nothing.
      const refusal =
        http.method === "HEAD"
          ? await exchange({ method: "GET", url: new URL(`http://${host}/v2/`), headers: {} })
          : answer;
      if (refusal !== answer) await answer.discard();
      const said = Buffer.from(await readAll(refusal.body, REFUSAL_LIMIT_BYTES, publicUrl(url))).toString();
      return WANTS_TLS.test(said) || (await speaksTls(host)) ? "https" : "http";
    } catch (error) {
      const code = ((error as Error).cause as { code?: string } | undefined)?.code ?? "";
      if ((code === "ECONNRESET" || code.startsWith("HPE_")) && (await speaksTls(host))) return "https";
      throw error;
    }
  }

  async function greetByTls(host: string): Promise<void> {
    await (await exchange({ method: "GET", url: new URL(`https://${host}/v2/`), headers: {} })).discard();
  }

  async function tlsOrNot(host: string): Promise<"http" | "https"> {
    try {
      await greetByTls(host);
      return "https";
    } catch (error) {
      // What breaks off may have been TLS: nothing is sent in clear text for that.
      const refused = errnoCode((error as Error).cause) === "ECONNREFUSED";
      if (!refused && !isKnbuildError(error, "TLS_NOT_SPOKEN")) throw error;
      return "http";
    }
  }

  async function speaksTls(host: string): Promise<boolean> {
    try {
      await greetByTls(host);
      return true;
    } catch (error) {
      // A file that was named for TLS and is of no use: then TLS is meant, and nothing else is worth telling.
      if (isKnbuildError(error) && error.exitCode === 2) throw error;
      return isKnbuildError(error, "TLS_UNTRUSTED") || isKnbuildError(error, "TLS_FAILED");
    }
  }

  function takeEarly(request: RegistryRequest): HttpResponse | undefined {
    const answer = early.get(request);
    early.delete(request);
    return answer;
  }

  return { base, takeEarly };
}
