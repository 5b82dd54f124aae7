/** How each host is reached: scheme, certificates. Nothing is plain or unchecked unless somebody said so; localhost may be. */
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { isLoopback } from "../base/loopback.ts";
import { type ClientFiles, readAuthority, readClient, readPem } from "./pem-files.ts";

export interface TlsSettings {
  /** PEM, in addition to the system's roots. */
  ca?: string[];
  /** Client certificates and their keys, PEM; of several that a server would take the last one counts. */
  cert?: string[];
  key?: string[];
  /** Accept any certificate: only when the user said so for this host. */
  insecure?: boolean;
}

export interface HostOptions {
  /** Hosts (`host` or `host:port`) that are spoken to without TLS. */
  plainHttp?: readonly string[] | undefined;
  /** Hosts whose certificate is not checked. */
  insecure?: readonly string[] | undefined;
  /** Files with more certificate authorities, PEM; for every host. */
  caFiles?: readonly string[] | undefined;
  /** Client certificates by host. */
  clientCertificates?: Readonly<Record<string, ClientFiles>> | undefined;
  env?: NodeJS.ProcessEnv | undefined;
}

export interface Hosts {
  /** `http`, `https`, or `ask` for a host on this machine about which nothing was said. */
  scheme(host: string): "http" | "https" | "ask";
  /** May this host be spoken to without TLS? */
  allowsPlain(hostname: string, host: string): boolean;
  /** @param more what the configuration of a mirror says of it: it holds for the mirror, not for all that its host has */
  tls(host: string, more?: MirrorTls): TlsSettings;
}

/** What a mirror of its own is spoken to with, by its configuration. */
export interface MirrorTls {
  caFiles?: readonly string[] | undefined;
  /** The first of a kind (RSA, ECDSA) counts. */
  clients?: readonly ClientFiles[] | undefined;
  insecure?: boolean | undefined;
}

/** Docker Hub's API does not live at its name. */
export function apiHost(registry: string): string {
  return registry === "docker.io" ? "registry-1.docker.io" : registry;
}

export function hostnameOf(host: string): string {
  return host.startsWith("[") ? host.slice(0, host.indexOf("]") + 1) : host.replace(/:\d+$/, "");
}

/** @throws CA_FILE_UNREADABLE, CA_FILE_INVALID, CLIENT_KEY_INVALID (exit 2), when a host is first asked for. */
export function createHosts(options: HostOptions): Hosts {
  const env = options.env ?? process.env;
  const plain = new Set(options.plainHttp ?? []);
  const insecure = new Set(options.insecure ?? []);
  const settings = new Map<string, TlsSettings>();
  let common: string[] | undefined;
  const says = (set: Set<string>, host: string) => set.has(host) || set.has(hostnameOf(host));

  function commonCa(): string[] {
    const bySystem = env["SSL_CERT_FILE"] ? [env["SSL_CERT_FILE"]] : [];
    common ??= [...(options.caFiles ?? []), ...bySystem].map(readAuthority);
    return common;
  }

  return {
    scheme(host) {
      if (says(plain, host)) return "http";
      return isLoopback(hostnameOf(host)) ? "ask" : "https";
    },
    allowsPlain: (hostname, host) => isLoopback(hostname) || says(plain, host),
    tls(host, more = {}) {
      const key = `${host} ${JSON.stringify(more)}`;
      let found = settings.get(key);
      if (!found) {
        found = machineTls(host, env);
        const ca = [...commonCa(), ...(found.ca ?? []), ...(more.caFiles ?? []).map(readPem)];
        if (ca.length > 0) found.ca = ca;
        const certificates = options.clientCertificates;
        const own = certificates?.[host] ?? certificates?.[hostnameOf(host)];
        const clients = (own ? [own] : [...(more.clients ?? [])].reverse()).map(readClient);
        if (clients.length > 0) {
          found.cert = clients.map(({ cert }) => cert);
          found.key = clients.map(({ key }) => key);
        }
        if (says(insecure, host) || more.insecure) found.insecure = true;
        settings.set(key, found);
      }
      return found;
    },
  };
}

/** What Docker and the containers tools keep for a host: `certs.d/HOST/{*.crt,*.cert,*.key}`. */
function machineTls(host: string, env: NodeJS.ProcessEnv): TlsSettings {
  const home = env["HOME"] ?? "";
  const folders = ["/etc/docker/certs.d", "/etc/containers/certs.d"];
  if (home) folders.push(join(home, ".config/containers/certs.d"), join(home, ".docker/certs.d"));
  const settings: TlsSettings = {};
  for (const folder of folders) {
    const dir = join(folder, host);
    if (!existsSync(dir)) continue;
    for (const name of safeList(dir)) {
      const path = join(dir, name);
      if (name.endsWith(".crt")) (settings.ca ??= []).push(readPem(path));
      const keyFile = path.replace(/\.cert$/, ".key");
      if (name.endsWith(".cert") && existsSync(keyFile)) {
        const { cert, key } = readClient({ certFile: path, keyFile });
        Object.assign(settings, { cert: [cert], key: [key] });
      }
    }
  }
  return settings;
}

function safeList(dir: string): string[] {
  try {
    return readdirSync(dir).sort();
  } catch {
    return [];
  }
}
