/** Mirror rules: which other places may be read instead of a registry. Mirrors are only ever read. */
import { usageError } from "../../base/errors.ts";
import { isLoopback } from "../../base/loopback.ts";
import { hostnameOf } from "../hosts.ts";
import type { Reached } from "../transport.ts";

/**
 * `mirrors:` of knbuild.yaml. A list is for Docker Hub: `[gcr]`, `["https://mirror.example"]`. A map goes from a registry or
 * a prefix of names (`docker.io/library`) to URLs, or to URLs with options.
 */
export type MirrorsConfig =
  | readonly string[]
  | Readonly<
      Record<string, readonly string[] | { urls: readonly string[]; strict?: boolean; ca?: string | undefined }>
    >;

export interface Mirror {
  /** Host and port: the key of its credentials. */
  host: string;
  /** The URL above `v2/`; undefined: found out by asking (a host on this machine without a scheme). */
  baseUrl: URL | undefined;
  /** The repository's path at the mirror. */
  repositoryFor(repository: string): string;
  /** Every request says which registry is meant, as containerd's do (`ns=docker.io`). */
  namespaced?: boolean;
  /** The API is right below `baseUrl`, without `v2/`. */
  bareApi?: boolean;
  /** Sent with every request. */
  headers?: Readonly<Record<string, string>>;
  /** Certificates, and how long a connection may take. */
  reached?: Reached;
  /** It may speak plain HTTP where it does not speak TLS. */
  mayBePlain?: boolean;
  /** Tags may be asked for, not only digests. */
  resolvesTags: boolean;
  /** Digests may be asked for. */
  servesDigests: boolean;
}

export interface MirrorRule {
  /** `docker.io`, `docker.io/library`, `*.example.com`, `*` for every registry. */
  prefix: string;
  mirrors: Mirror[];
  /** The registry itself is never asked. */
  strict: boolean;
  /** For people: `knbuild.yaml`, `/etc/docker/daemon.json`. */
  from: string;
  /** Of a machine's tool: it goes by its most special rule alone. */
  tool?: "docker" | "containerd" | "podman";
  /** Nothing is to be read from the registry. */
  blocked?: boolean;
  /** The registry itself: TLS with any certificate, and plain HTTP where there is no TLS. */
  insecure?: boolean;
}

/** "Insecure", as the machine's tools mean it: TLS with any certificate, and plain HTTP where there is no TLS. */
export const INSECURE = { reached: { tls: { insecure: true } }, mayBePlain: true } satisfies Partial<Mirror>;

/** Names of well-known mirrors: one word in the configuration. */
const NAMED: Readonly<Record<string, { registry: string; url: string }>> = {
  gcr: { registry: "docker.io", url: "https://mirror.gcr.io" },
};

/** @throws MIRRORS_INVALID (exit 2) */
export function parseMirrors(config: MirrorsConfig, from: string): MirrorRule[] {
  if (Array.isArray(config)) return [ruleOf("docker.io", { urls: config as string[] }, from)];
  return Object.entries(config as Readonly<Record<string, unknown>>).map(([prefix, value]) => {
    const entry = (Array.isArray(value) ? { urls: value } : typeof value === "string" ? { urls: [value] } : value) as {
      urls?: unknown;
      strict?: boolean;
      ca?: string;
    } | null;
    if (!Array.isArray(entry?.urls) || !entry.urls.every((url) => typeof url === "string")) {
      throw usageError(
        "MIRRORS_INVALID",
        `mirrors of ${prefix}: not a list of URLs`,
        'Write "docker.io": ["https://mirror.example"].',
        from,
      );
    }
    return ruleOf(prefix, { ...entry, urls: entry.urls as string[] }, from);
  });
}

function ruleOf(
  prefix: string,
  entry: { urls: readonly string[]; strict?: boolean; ca?: string | undefined },
  from: string,
): MirrorRule {
  const mirrors = entry.urls.map((text) => {
    const named = NAMED[text];
    if (named && named.registry !== prefix) {
      throw usageError(
        "MIRRORS_INVALID",
        `${text} is a mirror of ${named.registry}, not of ${prefix}`,
        undefined,
        from,
      );
    }
    return {
      ...mirrorOf(named?.url ?? text, from),
      ...(entry.ca !== undefined && { reached: { tls: { caFiles: [entry.ca] } } }),
    };
  });
  return { prefix: prefix === "index.docker.io" ? "docker.io" : prefix, mirrors, strict: entry.strict === true, from };
}

/**
 * `https://host[:port][/path]` or `host[:port][/path]`. A path goes before the repository's (as Harbor and Artifactory have
 * it), unless it ends with /v2: then it is the API's own.
 */
export function mirrorOf(text: string, from: string): Mirror {
  const bare = !/^https?:\/\//.test(text);
  let url: URL;
  try {
    url = new URL(bare ? `https://${text}` : text);
  } catch {
    throw usageError(
      "MIRRORS_INVALID",
      `not a mirror's URL: ${JSON.stringify(text)}`,
      "Write https://host[:port][/path].",
      from,
    );
  }
  if (url.username || url.password) {
    throw usageError(
      "MIRRORS_INVALID",
      `the mirror ${url.host} is written with a password in its URL`,
      "Leave it out and log in to the mirror's host instead.",
      from,
    );
  }
  const path = url.pathname.replace(/^\/+|\/+$/g, "");
  const api = /(?:^|\/)v2$/.test(path);
  const root = api ? path.replace(/\/?v2$/, "") : "";
  const ask = bare && isLoopback(url.hostname) && root === "";
  return {
    host: url.host,
    baseUrl: ask ? undefined : new URL(root === "" ? "/" : `/${root}/`, url),
    repositoryFor: (repository) => (api || path === "" ? repository : `${path}/${repository}`),
    resolvesTags: true,
    servesDigests: true,
  };
}

/** Does a rule speak of this repository? @returns how much of the name it matches, -1 for not at all */
export function matchLength(prefix: string, registry: string, repository: string): number {
  if (prefix === "*") return 0;
  // Less than any name, and the longer the better.
  if (prefix.startsWith("*.")) return hostnameOf(registry).endsWith(prefix.slice(1)) ? prefix.length / 1000 : -1;
  const name = `${registry}/${repository}`;
  return name === prefix || registry === prefix || name.startsWith(`${prefix}/`) ? prefix.length : -1;
}
