/** May a login for this registry be shown to this token server? A realm is whatever the registry's answer says. */
import { isLoopback } from "../base/loopback.ts";
import type { Hosts } from "./hosts.ts";

/** Token servers of well-known registries that live under another domain than their registry. */
const PAIRS: readonly (readonly [registry: RegExp, realm: RegExp])[] = [[/\.scw\.cloud$/, /^api\.scaleway\.com$/]];

export function isTrustedRealm(registry: URL, realm: URL, hosts: Hosts, trusted: readonly string[]): boolean {
  // The token server's answer opens the registry: it must not be read or made up on the way.
  if (realm.protocol === "http:" && registry.protocol === "https:") return false;
  if (realm.protocol === "http:" && !hosts.allowsPlain(realm.hostname, realm.host)) {
    return realm.hostname === registry.hostname;
  }
  if (trusted.includes(realm.host) || trusted.includes(realm.hostname)) return true;
  if (realm.hostname === registry.hostname) return true;
  if (isLoopback(realm.hostname) && isLoopback(registry.hostname)) return true;
  if (PAIRS.some(([from, to]) => from.test(registry.hostname) && to.test(realm.hostname))) return true;
  const site = siteOf(registry.hostname);
  return site !== undefined && site === siteOf(realm.hostname);
}

/** `auth.docker.io` → `docker.io`; three labels below second-level domains such as `co.uk`; undefined for addresses. */
function siteOf(hostname: string): string | undefined {
  if (hostname.startsWith("[") || /^[\d.]+$/.test(hostname)) return undefined;
  const labels = hostname.toLowerCase().split(".");
  if (labels.length < 2) return undefined;
  const second = labels.at(-2) as string;
  const top = labels.at(-1) as string;
  const depth = top.length === 2 && second.length <= 3 ? 3 : 2;
  return labels.length < depth ? undefined : labels.slice(-depth).join(".");
}
