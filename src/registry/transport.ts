/**
 * One HTTP exchange: node:http and node:https with kept-alive connections, three timeouts (connect, headers, idle) and the
 * raw bytes of the body. No redirects, no retries, no credentials: those are the session's.
 *
 * fetch and undici are not used on purpose: loading them costs more than a whole push of an unchanged image.
 */
import http, { type ClientRequest, type IncomingMessage, type RequestOptions } from "node:http";
import { isIP, type Socket } from "node:net";
import { errnoCode, interrupted, isKnbuildError, type KnbuildError } from "../base/errors.ts";
import { isSocks, type ProxyFor, proxyAuthorization } from "../base/proxy.ts";
import type { ByteStream } from "../base/streams.ts";
import type { TransferStats } from "../oci/target.ts";
import { sendBody } from "./body.ts";
import type { Hosts, MirrorTls } from "./hosts.ts";
import { networkError, proxyRefused } from "./network-error.ts";
import { proxyAgent } from "./proxy-agent.ts";
import { receivingAgent, takeLargeBody } from "./receive.ts";
import type { TunnelOptions } from "./tunnel.ts";
import { createWatch, type Watch } from "./watch.ts";

export interface Timeouts {
  connectMs: number;
  /** From the end of the request to the first byte of the answer. */
  headersMs: number;
  /** Without a byte moving, in either direction. */
  idleMs: number;
}

export const DEFAULT_TIMEOUTS: Timeouts = { connectMs: 15_000, headersMs: 30_000, idleMs: 30_000 };

export interface RequestBody {
  /** Bytes; the stream must give exactly so many. */
  size: number;
  /** Chunks may be lent: each is sent before the next one is asked for. */
  open(): ByteStream;
  /** Told about every chunk that went out. */
  onSent?(bytes: number): void;
}

export interface HttpRequest {
  method: string;
  url: URL;
  headers: Record<string, string>;
  body?: RequestBody | undefined;
  /** Milliseconds more for the answer than usual (a server that hashes gigabytes before it answers). */
  patienceMs?: number | undefined;
  /** The answer's body is read as `Reading` says. */
  lent?: boolean | undefined;
  /** How the place is reached, where its configuration says so. Holds for its host alone, not where a redirect leads. */
  reached?: Reached | undefined;
}

/** How one place is reached, other than the rest. */
export interface Reached {
  tls?: MirrorTls | undefined;
  /** Instead of the usual time. */
  connectMs?: number | undefined;
}

export interface HttpResponse {
  status: number;
  /** Lower-case names. */
  headers: Record<string, string | undefined>;
  url: URL;
  /** It comes from another origin than the registry's, where a redirect or a Location has led: no login was shown there. */
  elsewhere?: boolean | undefined;
  /** How often it was asked for before this answer counted; undefined: nobody counted. */
  tries?: number | undefined;
  /** Raw bytes, once. Ends with an error when the connection breaks or stalls. */
  body: ByteStream;
  /** Reads a short rest so that the connection can be used again, drops the connection otherwise. */
  discard(): Promise<void>;
}

export interface Transport {
  /** @throws NETWORK_FAILED, NETWORK_TIMEOUT, TLS_UNTRUSTED, INTERRUPTED, or what the body's stream throws */
  send(request: HttpRequest): Promise<HttpResponse>;
  close(): void;
}

export interface TransportOptions {
  hosts: Hosts;
  proxyFor: ProxyFor;
  timeouts: Timeouts;
  stats: TransferStats;
  userAgent: string;
  signal?: AbortSignal | undefined;
}

const DISCARD_LIMIT = 256 * 1024;
/** Node's own limit is 16 KiB: proxies add policies and cookies, registries long links. */
const HEAD_LIMIT = 256 * 1024;
/** A host whose kept connections were dead so often in a row gets a new one for each request. */
const DEAD_REUSES = 3;

export function createTransport(options: TransportOptions): Transport {
  const { timeouts, stats, signal } = options;
  const agents = new Map<string, http.Agent>();
  /** Requests under way. Node's own way of ending them by a signal costs each of them a listener on every stream. */
  const active = new Set<ClientRequest>();
  const endAll = () => {
    for (const client of active) client.destroy(interrupted(signal?.reason));
  };
  let listening = false;
  /** Kept connections that were dead when they were used again, by host, since one was alive. */
  const deadReuses = new Map<string, number>();
  /** Times that kept connections were forgotten. */
  let forgotten = 0;
  /** Ports of `localhost` where nobody listens at 127.0.0.1. */
  const elsewhere = new Set<string>();

  /** @param peer whom the connection leads to: the registry, or the proxy that plain requests are handed to */
  async function agentFor({ url, reached }: HttpRequest, peer: URL, proxy: URL | undefined): Promise<http.Agent> {
    const keepAlive = (deadReuses.get(url.host) ?? 0) < DEAD_REUSES;
    const secure = peer.protocol === "https:";
    const tunnelled = url === peer ? proxy : undefined;
    const through = `${tunnelled?.href ?? ""} ${tunnelled ? connectMsOf(reached) : ""}`;
    const key = `${keepAlive} ${through} ${secure ? `${peer.host} ${JSON.stringify(reached?.tls ?? {})}` : "http"}`;
    let agent = agents.get(key);
    if (!agent) {
      if (tunnelled) agent = await tunnel(tunnelled, secure, { connectMs: connectMsOf(reached), keepAlive, signal });
      else if (secure) {
        const { Agent } = await import("node:https");
        agent = receivingAgent(Agent, { keepAlive, ...(await tlsOptions(peer, url === peer ? reached : undefined)) });
      } else agent = receivingAgent(http.Agent, { keepAlive });
      agents.set(key, agent);
    }
    return agent;
  }

  const connectMsOf = (reached: Reached | undefined) => reached?.connectMs ?? timeouts.connectMs;

  async function tunnel(proxy: URL, secure: boolean, settings: TunnelOptions): Promise<http.Agent> {
    return proxyAgent(proxy, secure, settings, proxy.protocol === "https:" ? await tlsOptions(proxy) : {});
  }

  async function tlsOptions(url: URL, reached?: Reached): Promise<Record<string, unknown>> {
    const { insecure, ca, cert, key } = options.hosts.tls(url.host, reached?.tls);
    const tls: Record<string, unknown> = {};
    if (ca) tls["ca"] = [...(await import("node:tls")).rootCertificates, ...ca];
    if (cert && key) Object.assign(tls, { cert, key });
    if (insecure) tls["rejectUnauthorized"] = false;
    return tls;
  }

  async function send(request: HttpRequest): Promise<HttpResponse> {
    if (signal?.aborted) throw interrupted(signal.reason);
    const { url } = request;
    const proxy = options.proxyFor(url);
    /** It is asked for the thing itself, not for a connection. */
    const asked = url.protocol === "http:" && proxy && !isSocks(proxy) ? proxy : undefined;
    const peer = asked ?? url;
    // RFC 6761 6.3: its address is known. Asking for it costs a thread, and node a look through the grammar of IPv6.
    const byAddress = !proxy && url.protocol === "http:" && url.hostname === "localhost";
    const loopback = elsewhere.has(url.host) ? "::1" : "127.0.0.1";
    const headers: Record<string, string> = {
      "user-agent": options.userAgent,
      "accept-encoding": "identity",
      ...request.headers,
    };
    if (request.body) headers["content-length"] = String(request.body.size);
    else if (request.method !== "GET" && request.method !== "HEAD") headers["content-length"] = "0";
    const target: RequestOptions = {
      method: request.method,
      agent: await agentFor(request, peer, proxy),
      host: byAddress ? loopback : url.hostname.replace(/^\[|\]$/g, ""),
      port: url.port || (url.protocol === "https:" ? 443 : 80),
      path: url.pathname + url.search,
      headers,
      maxHeaderSize: HEAD_LIMIT,
      // Without TLS no name is shown; node would look at every request whether the host is an address.
      ...(peer.protocol === "http:" && { servername: "" }),
    };
    if (proxy && url.protocol === "https:") Object.assign(target, await tlsOptions(url, request.reached));
    if (asked) {
      const authorization = proxyAuthorization(asked);
      target.host = asked.hostname.replace(/^\[|\]$/g, "");
      target.port = asked.port || (asked.protocol === "https:" ? 443 : 80);
      target.path = url.href;
      // Else node takes the name for TLS from the Host header.
      Object.assign(target, { servername: asked.protocol === "https:" && !isIP(target.host) ? target.host : "" });
      headers["host"] = url.host;
      if (authorization) headers["proxy-authorization"] = authorization;
    }
    const { request: open } = peer.protocol === "https:" ? await import("node:https") : http;
    if (byAddress) headers["host"] = url.host;
    stats.requests++;
    const client = open(target);
    const before = forgotten;
    try {
      const response = await exchange(client, request, proxy);
      if (client.reusedSocket) deadReuses.delete(url.host);
      return response;
    } catch (error) {
      // Those that were under way when the connections were last forgotten died with them: that is one death, not many.
      if (client.reusedSocket && before === forgotten && isNetworkFailure(error)) forgetIdle(url.host);
      const refused = errnoCode((error as Error).cause) === "ECONNREFUSED";
      if (!byAddress || !refused || loopback === "::1") throw error;
      elsewhere.add(url.host);
      stats.requests--;
      return send(request).catch((other: unknown) => {
        elsewhere.delete(url.host);
        throw isKnbuildError(other, "NETWORK_FAILED") ? error : other;
      });
    }
  }

  /** One kept connection that is dead is seldom alone: the next try gets a new one. */
  function forgetIdle(host: string): void {
    forgotten++;
    deadReuses.set(host, (deadReuses.get(host) ?? 0) + 1);
    for (const agent of agents.values())
      for (const socket of Object.values(agent.freeSockets).flat()) socket?.destroy();
  }

  function exchange(client: ClientRequest, request: HttpRequest, proxy: URL | undefined): Promise<HttpResponse> {
    const describe = (error: unknown) => networkError(error, request.url, proxy, signal);
    return new Promise((resolve, reject) => {
      if (!listening) signal?.addEventListener("abort", endAll);
      listening = true;
      active.add(client);
      client.once("close", () => active.delete(client));
      const watch = createWatch(client, request.url);
      let failure: unknown;
      let answered = false;
      client.once("socket", (socket: Socket) => {
        if (socket.connecting) {
          watch.arm(connectMsOf(request.reached), "connecting");
          socket.once(request.url.protocol === "https:" ? "secureConnect" : "connect", () => started());
        } else started();
      });
      let begun = false;
      let phase: "source" | "network" | "answer" = request.body ? "source" : "answer";
      function rearm() {
        if (!begun || answered) return;
        if (phase === "source") watch.disarm();
        else if (phase === "network") watch.arm(timeouts.idleMs, "sending");
        else watch.arm(timeouts.headersMs + (request.patienceMs ?? 0), "waiting for the answer");
      }
      function started() {
        begun = true;
        watch.disarm();
        rearm();
      }
      function enter(next: typeof phase) {
        phase = next;
        rearm();
      }
      // The agent would hand on what a proxy says instead of a tunnel as if the registry had said it.
      client.once("proxyConnect", ({ statusCode }: { statusCode: number }) => {
        if (proxy && statusCode !== 200) client.destroy(proxyRefused(proxy, statusCode, request.url));
      });
      client.once("response", (response) => {
        answered = true;
        watch.disarm();
        if (proxy && response.statusCode === 407) {
          client.destroy();
          reject(proxyRefused(proxy, 407, request.url));
        } else resolve(answer(client, response, request, watch, describe));
      });
      client.on("error", (error) => {
        watch.disarm();
        if (!answered) reject(failure ?? describe(watch.timeout ?? error));
      });
      client.once("close", () => {
        watch.disarm();
        if (!answered) reject(failure ?? describe(watch.timeout ?? reset()));
      });
      if (!request.body) {
        client.end();
        return;
      }
      sendBody(client, request.body, {
        answered: () => answered,
        waiting: () => enter("network"),
        moving: () => enter("source"),
      }).then(
        () => enter("answer"),
        (error) => {
          // The source failed, not the network: its own error is the one to tell.
          failure = error;
          client.destroy();
          if (!answered) reject(error);
        },
      );
    });
  }

  function answer(
    client: ClientRequest,
    response: IncomingMessage,
    request: HttpRequest,
    watch: Watch,
    describe: (error: unknown) => KnbuildError,
  ): HttpResponse {
    const headers: Record<string, string | undefined> = {};
    for (const [name, value] of Object.entries(response.headers)) {
      headers[name] = Array.isArray(value) ? value.join(", ") : value;
    }
    let consumed = false;
    const large = request.lent && [200, 206].includes(response.statusCode ?? 0) ? takeLargeBody(response) : undefined;
    // An error of the response that nobody reads yet must not end the process.
    response.on("error", () => {});
    async function* body(): AsyncGenerator<Uint8Array> {
      consumed = true;
      let complete = false;
      try {
        watch.arm(timeouts.idleMs, "receiving");
        for await (const chunk of large ?? response) {
          watch.disarm();
          yield chunk as Uint8Array;
          watch.arm(timeouts.idleMs, "receiving");
        }
        // Without a length the end of the connection is the end of the body, whoever has ended it.
        if (watch.timeout) throw watch.timeout;
        complete = true;
      } catch (error) {
        throw describe(watch.timeout ?? error);
      } finally {
        watch.disarm();
        // An answer that came before the request was out leaves a connection that is good for nothing.
        if (!complete || large || !client.writableFinished) client.destroy();
      }
    }
    return {
      status: response.statusCode ?? 0,
      headers,
      url: request.url,
      body: body(),
      async discard() {
        if (consumed) return;
        const announced = Number(headers["content-length"] ?? 0);
        if (announced > DISCARD_LIMIT || !client.writableFinished) {
          client.destroy();
          return;
        }
        try {
          let size = 0;
          for await (const chunk of body()) if ((size += chunk.byteLength) > DISCARD_LIMIT) break;
        } catch (error) {
          if (isKnbuildError(error, "INTERRUPTED")) throw error;
        }
      },
    };
  }

  return {
    send,
    close() {
      signal?.removeEventListener("abort", endAll);
      listening = false;
      for (const agent of agents.values()) agent.destroy();
      agents.clear();
    },
  };
}

function isNetworkFailure(error: unknown): boolean {
  return isKnbuildError(error, "NETWORK_FAILED") || isKnbuildError(error, "NETWORK_TIMEOUT");
}

function reset(): Error {
  return Object.assign(new Error("the connection was closed"), { code: "ECONNRESET" });
}
