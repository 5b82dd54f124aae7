/** TLS through an HTTP proxy (RFC 9110 9.3.6 CONNECT), by an agent that does not wait for ever for a proxy that is silent. */
import type http from "node:http";
import type { HttpsProxyAgent as ProxyAgent } from "https-proxy-agent";
import { PROXY_HINT, timedOut } from "./network-error.ts";

export interface TunnelOptions {
  /** From the first packet to the proxy's answer. */
  connectMs: number;
  keepAlive: boolean;
  signal?: AbortSignal | undefined;
}

/** Loaded where there is a proxy. @param tls of the connection to the proxy; that for the registry goes with each request */
export async function tunnelAgent(
  proxy: URL,
  tls: Record<string, unknown>,
  { connectMs, keepAlive, signal }: TunnelOptions,
): Promise<http.Agent> {
  const { HttpsProxyAgent } = await import("https-proxy-agent");

  class TunnelAgent extends HttpsProxyAgent<string> {
    override async connect(...[request, options]: Parameters<ProxyAgent<string>["connect"]>) {
      const late = new AbortController();
      const timer = setTimeout(() => late.abort(), connectMs);
      const ends = signal ? AbortSignal.any([signal, late.signal]) : late.signal;
      // Read before anything is awaited: every connection has its own clock.
      this.connectOpts = { ...this.connectOpts, signal: ends } as typeof this.connectOpts;
      try {
        return await super.connect(request, options);
      } catch (error) {
        if (!late.signal.aborted) throw error;
        const doing = `connecting through the proxy ${proxy.host}`;
        throw timedOut(connectMs, doing, options.host, PROXY_HINT);
      } finally {
        clearTimeout(timer);
      }
    }
  }

  return new TunnelAgent(proxy.href, { keepAlive, ...tls }) as unknown as http.Agent;
}
