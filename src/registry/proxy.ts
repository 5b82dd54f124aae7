/** Which proxy a request goes through: HTTP_PROXY, HTTPS_PROXY, NO_PROXY, in capitals or not, as Go programs read them. */
import { BlockList, isIP } from "node:net";
import { usageError } from "../base/errors.ts";
import { isLoopback } from "./hosts.ts";

export type ProxyFor = (url: URL) => URL | undefined;

/** @throws PROXY_INVALID (exit 2) */
export function createProxySelector(env: NodeJS.ProcessEnv): ProxyFor {
  const value = (name: string) => env[name] || env[name.toLowerCase()] || undefined;
  const http = parseProxy(value("HTTP_PROXY"));
  const https = parseProxy(value("HTTPS_PROXY"));
  if (!http && !https) return () => undefined;
  const excluded = noProxy(value("NO_PROXY") ?? "");
  return (url) => {
    const proxy = url.protocol === "https:" ? https : http;
    if (!proxy || isLoopback(url.hostname) || excluded(url)) return undefined;
    return proxy;
  };
}

function parseProxy(text: string | undefined): URL | undefined {
  if (!text) return undefined;
  let url: URL;
  try {
    url = new URL(text.includes("://") ? text : `http://${text}`);
  } catch {
    throw usageError("PROXY_INVALID", "the proxy in the environment is not a URL", "Write it as http://host:port.");
  }
  if (url.protocol !== "http:" && url.protocol !== "https:") {
    throw usageError(
      "PROXY_INVALID",
      `a ${url.protocol.replace(":", "")} proxy is not supported`,
      "Use an HTTP proxy: http://host:port.",
    );
  }
  return url;
}

/** `*`, `host`, `.domain`, `*.domain`, `host:port`, addresses and CIDR ranges; a domain matches the names below it. */
function noProxy(list: string): (url: URL) => boolean {
  const ranges = new BlockList();
  const names: { suffix: string; port: string | undefined }[] = [];
  let everything = false;
  for (const raw of list.split(/[\s,]+/).filter(Boolean)) {
    const entry = raw.toLowerCase();
    const [address = "", bits] = entry.split("/");
    const family = isIP(address.replace(/^\[|\]$/g, ""));
    if (entry === "*") everything = true;
    else if (family && bits !== undefined) ranges.addSubnet(address, Number(bits), family === 6 ? "ipv6" : "ipv4");
    else if (family) ranges.addAddress(address.replace(/^\[|\]$/g, ""), family === 6 ? "ipv6" : "ipv4");
    else {
      const [, host = "", port] = /^(.*?)(?::(\d+))?$/.exec(entry) ?? [];
      names.push({ suffix: host.replace(/^\*?\./, ""), port });
    }
  }
  return (url) => {
    if (everything) return true;
    const host = url.hostname.replace(/^\[|\]$/g, "").toLowerCase();
    const family = isIP(host);
    if (family) return ranges.check(host, family === 6 ? "ipv6" : "ipv4");
    const port = url.port || (url.protocol === "https:" ? "443" : "80");
    return names.some(
      (name) =>
        (host === name.suffix || host.endsWith(`.${name.suffix}`)) && (name.port === undefined || name.port === port),
    );
  };
}

/** `Proxy-Authorization` of a proxy URL with user information. */
export function proxyAuthorization(proxy: URL): string | undefined {
  if (!proxy.username) return undefined;
  const pair = `${decodeURIComponent(proxy.username)}:${decodeURIComponent(proxy.password)}`;
  return `Basic ${Buffer.from(pair).toString("base64")}`;
}
