import type http from "node:http";
import { isSocks } from "../base/proxy.ts";
import type { TunnelOptions } from "./tunnel.ts";

/**
 * An agent whose connections go through a proxy: SOCKS, or HTTP's CONNECT. What either needs is loaded where there is one.
 * @param secure the server at the end is spoken to in TLS, whose options come with each request
 * @param tls of the connection to the proxy itself, where its URL says https
 */
export async function proxyAgent(
  proxy: URL,
  secure: boolean,
  options: TunnelOptions,
  tls: Record<string, unknown> = {},
): Promise<http.Agent> {
  if (isSocks(proxy)) return (await import("./socks-tunnel.ts")).socksAgent(proxy, secure, options);
  return (await import("./tunnel.ts")).tunnelAgent(proxy, tls, options);
}
