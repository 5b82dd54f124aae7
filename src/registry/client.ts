/**
 * The registry client: one for a run of the program. It holds connections, logins, tokens and counters; `repository` gives
 * the targets to copy from and to.
 *
 *     const client = createRegistryClient({ signal });
 *     const source = client.repository("docker.io/library/node:24");
 *     const destination = client.repository("localhost:5000/app:v1", { access: "push" });
 *     await copy(source, destination, { reference: "24", tags: ["v1"] });
 */
import { cacheDir as defaultCacheDir } from "../base/dirs.ts";
import { type Emit, silent } from "../base/events.ts";
import { parseReference, type Reference } from "../oci/reference.ts";
import type { TransferStats } from "../oci/target.ts";
import { createBlobLocks } from "./blob-lock.ts";
import { type CredentialSource, createRedactor } from "./credentials.ts";
import { dockerConfigCredentials } from "./docker-config.ts";
import { createBadContent, type Endpoint } from "./endpoint.ts";
import { createExchange } from "./exchange.ts";
import { createHosts, type HostOptions } from "./hosts.ts";
import { createKnownBlobs } from "./known-blobs.ts";
import { createProxySelector } from "./proxy.ts";
import { createRepository, type RegistryRepository } from "./repository.ts";
import { DEFAULT_RETRY, type RetryPolicy } from "./retry.ts";
import type { Action } from "./scope.ts";
import { createSession, type Session } from "./session.ts";
import { createStats } from "./stats.ts";
import { createTransport, DEFAULT_TIMEOUTS, type Timeouts } from "./transport.ts";

export interface RegistryClientOptions extends HostOptions {
  /** Default: what Docker and podman have stored, their helpers included. */
  credentials?: CredentialSource | undefined;
  /** Token servers (hosts) outside their registry's domain that may see its login. */
  trustedRealms?: readonly string[] | undefined;
  /** Keeps locks and what is known about blobs; null: nothing is kept. Default: knbuild's cache directory. */
  cacheDir?: string | null | undefined;
  timeouts?: Partial<Timeouts> | undefined;
  retry?: Partial<RetryPolicy> | undefined;
  /** Blobs up to this size go in one request. Default 1 MiB. */
  monolithicBytes?: number | undefined;
  /** Size of a request after the server has refused a longer one. Default 8 MiB. */
  chunkBytes?: number | undefined;
  emit?: Emit | undefined;
  signal?: AbortSignal | undefined;
}

export interface RegistryClient {
  /**
   * @param access `push` reads and writes the registry itself, never a mirror, and asks for the right to write at once
   * @throws REFERENCE_INVALID
   */
  repository(reference: Reference | string, options?: { access?: "pull" | "push" }): RegistryRepository;
  /** Of all repositories together. */
  readonly stats: Readonly<TransferStats>;
  /** Drops kept connections. */
  close(): void;
}

const MIB = 1024 * 1024;

/** Nothing is read, resolved or connected before a repository is used. */
export function createRegistryClient(options: RegistryClientOptions = {}): RegistryClient {
  const env = options.env ?? process.env;
  const emit = options.emit ?? silent;
  const { signal } = options;
  const stats = createStats();
  const redactor = createRedactor();
  const hosts = createHosts({ ...options, env });
  const retry = { ...DEFAULT_RETRY, ...options.retry };
  const timeouts = { ...DEFAULT_TIMEOUTS, ...options.timeouts };
  const cacheDir = options.cacheDir === null ? undefined : (options.cacheDir ?? defaultCacheDir(env));
  const proxyFor = createProxySelector(env);
  const transport = createTransport({ hosts, proxyFor, timeouts, stats, userAgent: "knbuild", signal });
  const exchange = createExchange(transport, hosts);
  const credentials = options.credentials ?? dockerConfigCredentials(env);
  const known = createKnownBlobs(cacheDir);
  const locks = createBlobLocks(cacheDir, signal);
  const bad = createBadContent();
  const sessions = new Map<string, Session>();

  function session(registry: string): Session {
    let found = sessions.get(registry);
    if (!found) {
      found = createSession({
        registry,
        credentials,
        hosts,
        exchange,
        retry,
        stats,
        redactor,
        trustedRealms: options.trustedRealms ?? [],
        emit,
        signal,
      });
      sessions.set(registry, found);
    }
    return found;
  }

  return {
    stats,
    repository(reference, { access = "pull" } = {}) {
      const { registry, repository } = typeof reference === "string" ? parseReference(reference) : reference;
      const readActions: Action[] = access === "push" ? ["pull", "push"] : ["pull"];
      const origin: Endpoint = {
        session: session(registry),
        repository,
        label: registry,
        isMirror: false,
        readActions,
      };
      return createRepository({
        registry,
        repository,
        origin,
        endpoints: async () => [origin],
        stats,
        bad,
        known,
        locks,
        retry,
        signal,
        monolithicBytes: options.monolithicBytes ?? MIB,
        chunkBytes: options.chunkBytes ?? 8 * MIB,
      });
    },
    close: () => transport.close(),
  };
}
