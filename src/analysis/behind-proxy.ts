/** Servers that a proxy of the same image asks on localhost: requests come to the proxy, and that is what serves. */

import type { FactValue, Listener } from "./facts.ts";
import { emptyReach } from "./facts.ts";
import { leftOut } from "./project.ts";
import { isLocalHost } from "./values.ts";

const DOCKERFILE = /(?:^|\/)[^/]*(?:Dockerfile|Containerfile)[^/]*$/i;
/** What an image has for a proxy: a package, its files. */
const PROXY = /\b(nginx|openresty|caddy|apache2|httpd|haproxy)\b/i;
/** An image that is made of the proxy: what it asks is in another container. */
const OF_PROXY = /^FROM\s+(?:--\S+\s+)?\S*(?:nginx|openresty|caddy|httpd|haproxy)/i;
const CONFIG = /(?:^|\/)(?:[^/]*\.conf|[^/]*(?:nginx|haproxy)[^/]*|Caddyfile)(?:\.(?:template|tmpl|tpl|in|j2))?$/i;
const ASKS = /\b(?:proxy_pass|upstream|uwsgi_pass|grpc_pass|reverse_proxy|ProxyPass|backend)\b/;
const LOCAL = /(?<![\w.])(?:127\.0\.0\.1|localhost|\[::1\]):(\d{2,5})\b/g;
const LISTENS = /^[ \t]*(?:listen|Listen)[ \t]+(?:\S*:)?(\d{2,5}|\$\{?\w+\}?)(?=[\s;])/m;

/** Puts the proxy in the place of those behind it; those that it does not ask stay as they are. */
export function heedProxy(listeners: readonly Listener[], texts: ReadonlyMap<string, string>): Listener[] {
  const isLocal = (l: Listener): boolean =>
    l.host.length > 0 && l.host.every((v) => v.kind === "literal" && isLocalHost(v.value));
  if (!listeners.some(isLocal) || !hasProxy(texts)) return [...listeners];
  const asked = new Map<number, { file: string; text: string }>();
  for (const [file, text] of texts) {
    if (!CONFIG.test(file) || !ASKS.test(text) || /^(?:test|documentation|vendored)$/.test(leftOut(file) ?? ""))
      continue;
    for (const [, port] of text.replace(/^[ \t]*#.*$/gm, "").matchAll(LOCAL)) asked.set(Number(port), { file, text });
  }
  const proxyOf = (l: Listener): { file: string; text: string } | undefined =>
    isLocal(l) ? portsOf(l.port).flatMap((p) => asked.get(p) ?? [])[0] : undefined;
  const out: Listener[] = [];
  for (const l of listeners) {
    const proxy = proxyOf(l);
    if (!proxy) out.push(l);
    else if (!out.some((o) => o.place.file === proxy.file)) out.push(proxyListener(proxy));
  }
  return out;
}

/** Does an image of the program hold one beside it? */
function hasProxy(texts: ReadonlyMap<string, string>): boolean {
  for (const [path, text] of texts) {
    if (!DOCKERFILE.test(path) || !PROXY.test(text)) continue;
    const last = text.match(/^FROM\s.*$/gim)?.at(-1) ?? "";
    if (!OF_PROXY.test(last)) return true;
  }
  return false;
}

function portsOf(port: readonly FactValue[]): number[] {
  return port.flatMap((v): number[] => {
    if (v.kind === "literal") return [Number(v.value)];
    return v.kind === "option" || v.kind === "env" ? portsOf(v.fallback ?? []) : [];
  });
}

function proxyListener({ file, text }: { file: string; text: string }): Listener {
  const said = LISTENS.exec(text);
  const start = said?.index ?? 0;
  const place = { file, start, end: start + (said?.[0].length ?? 0) };
  const name = /^\$\{?(\w+)/.exec(said?.[1] ?? "")?.[1];
  const port: FactValue =
    name !== undefined
      ? { kind: "env", name }
      : said
        ? { kind: "literal", value: Number(said[1]), at: place }
        : { kind: "unknown" };
  return {
    framework: "the proxy in front of it",
    protocol: "http",
    port: [port],
    host: [{ kind: "absent" }],
    defaults: { host: "all" },
    place,
    reach: emptyReach(),
    evidence: [said?.[0].trim() ?? file.slice(file.lastIndexOf("/") + 1)],
    handlesSigterm: true,
  };
}
