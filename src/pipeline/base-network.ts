/** How the parts of a base are fetched: through the same proxies as everything else. */
import type { BaseOptions } from "../bases/context.ts";
import { proxyAgent } from "../registry/proxy-agent.ts";

const CONNECT_MS = 30_000;

export function baseNetwork(env: NodeJS.ProcessEnv, signal: AbortSignal | undefined) {
  const options = { connectMs: CONNECT_MS, keepAlive: false, signal };
  return { env, signal, tunnel: (proxy, secure) => proxyAgent(proxy, secure, options) } satisfies BaseOptions;
}
