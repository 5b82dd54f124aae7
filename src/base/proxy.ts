/**
 * Which proxy a request goes through: HTTP_PROXY, HTTPS_PROXY, NO_PROXY, in capitals or not, as Go programs read them; ALL_PROXY,
 * as curl does, where there is none for the scheme.
 */
import { BlockList, isIP } from "node:net";
import { domainToASCII } from "node:url";
import { addRange } from "./address-range.ts";
import { usageError } from "./errors.ts";
import { isLoopback } from "./loopback.ts";

export type ProxyFor = (url: URL) => URL | undefined;

/** RFC 1929 2: one byte for the length of each. */
const MAX_SOCKS_LOGIN_BYTES = 255;
const PROTOCOLS = new Set(["http:", "https:", "socks:", "socks4:", "socks4a:", "socks5:", "socks5h:"]);

/** What is wrong with a proxy is said where it would be used. The selector throws PROXY_INVALID (exit 2) then. */
export function createProxySelector(env: NodeJS.ProcessEnv): ProxyFor {
  const value = (name: string) => env[name] || env[name.toLowerCase()] || undefined;
  const all = value("ALL_PROXY");
  const http = proxyOf(value("HTTP_PROXY") ?? all);
  const https = proxyOf(value("HTTPS_PROXY") ?? all);
  if (!http && !https) return () => undefined;
  const excluded = noProxy(value("NO_PROXY") ?? "");
  return (url) => {
    const proxy = url.protocol === "https:" ? https : http;
    return !proxy || isLoopback(url.hostname) || excluded(url) ? undefined : proxy();
  };
}

/** Read once, when it is first needed. */
function proxyOf(text: string | undefined): (() => URL) | undefined {
  if (!text?.trim()) return undefined;
  let proxy: URL | undefined;
  return () => (proxy ??= parseProxy(text.trim(), "the environment"));
}

/**
 * A proxy as it is configured, with a scheme or without.
 * @param from what has it, for messages
 * @throws PROXY_INVALID (exit 2)
 */
export function parseProxy(text: string, from: string): URL {
  // A password with a `%` that nobody has escaped is meant as it is written.
  const escaped = text.replace(/%(?![0-9a-f]{2})/gi, "%25");
  let url: URL;
  try {
    url = new URL(escaped.includes("://") ? escaped : `http://${escaped}`);
  } catch {
    throw invalid("the proxy is not a URL", "Write it as http://host:port.", from);
  }
  if (!PROTOCOLS.has(url.protocol) || url.hostname === "") {
    throw invalid(
      `a ${url.protocol.replace(":", "")} proxy is not supported`,
      "Use an HTTP or a SOCKS proxy: http://host:port, socks5://host:port.",
      from,
    );
  }
  assertLogin(url, from);
  return url;
}

const invalid = (message: string, hint: string, from: string) => usageError("PROXY_INVALID", message, hint, from);

function assertLogin(proxy: URL, from: string): void {
  const hint = "Write it as http://user:password@host:port, with all but letters and digits as %XX of their UTF-8.";
  for (const part of [proxy.username, proxy.password]) {
    let bytes: number;
    try {
      bytes = Buffer.byteLength(decodeURIComponent(part));
    } catch {
      throw invalid(`the login of the proxy ${proxy.host} is not UTF-8`, hint, from);
    }
    if (isSocks(proxy) && bytes > MAX_SOCKS_LOGIN_BYTES) {
      throw invalid(
        `the login of the proxy ${proxy.host} is too long: SOCKS has room for ${MAX_SOCKS_LOGIN_BYTES} bytes`,
        "Use a shorter user name or password.",
        from,
      );
    }
  }
}

export function isSocks(proxy: URL): boolean {
  return proxy.protocol.startsWith("socks");
}

/**
 * `*`, `host`, `.domain`, `*.domain`, addresses, CIDR ranges, each with a port where wanted. A name matches itself and the names
 * below it, one that begins with a dot only those below. What cannot be read is passed over.
 */
function noProxy(list: string): (url: URL) => boolean {
  const ranges = new BlockList();
  const entries: { host: string; below: boolean; only: boolean; port: string | undefined }[] = [];
  let everything = false;
  for (const raw of list.split(/[\s,]+/).filter(Boolean)) {
    const entry = raw.toLowerCase();
    if (entry === "*") everything = true;
    else if (entry.includes("/")) addRange(ranges, entry);
    else {
      const { host, port } = splitPort(entry);
      const family = isIP(host);
      // A range of one: version 4 is the same when it is written as version 6.
      if (family && port === undefined) ranges.addAddress(host, family === 6 ? "ipv6" : "ipv4");
      const only = /^\*?\./.test(host);
      const name = host.replace(/^\*?\./, "").replace(/\.$/, "");
      entries.push({ host: family ? name : domainToASCII(name) || name, below: family === 0, only, port });
    }
  }
  return (url) => {
    if (everything) return true;
    const host = url.hostname
      .replace(/^\[|\]$/g, "")
      .replace(/\.$/, "")
      .toLowerCase();
    const port = url.port || (url.protocol === "https:" ? "443" : "80");
    const family = isIP(host);
    if (family && ranges.check(host, family === 6 ? "ipv6" : "ipv4")) return true;
    return entries.some((entry) => {
      if (entry.port !== undefined && entry.port !== port) return false;
      if (host === entry.host) return !entry.only;
      return entry.below && !family && host.endsWith(`.${entry.host}`);
    });
  };
}

/** `host:port`, `[v6]:port`; an address of version 6 without brackets has no port. The address as URLs write it. */
function splitPort(entry: string): { host: string; port: string | undefined } {
  const [, inner, after] = /^\[([^\]]*)\](?::(\d+))?$/.exec(entry) ?? [];
  const bare = inner ?? entry;
  if (isIP(bare) === 6) return { host: new URL(`http://[${bare}]/`).hostname.slice(1, -1), port: after };
  const [, host = "", port] = /^(.*?)(?::(\d+))?$/.exec(entry) ?? [];
  return { host, port };
}

/** `Proxy-Authorization` of a proxy URL with user information. */
export function proxyAuthorization(proxy: URL): string | undefined {
  if (!proxy.username) return undefined;
  const pair = `${decodeURIComponent(proxy.username)}:${decodeURIComponent(proxy.password)}`;
  return `Basic ${Buffer.from(pair).toString("base64")}`;
}
