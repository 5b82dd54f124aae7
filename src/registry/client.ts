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
import { createProxySelector } from "../base/proxy.ts";
import { parseReference, type Reference } from "../oci/reference.ts";
import type { TransferStats } from "../oci/target.ts";
import { createBlobLocks } from "./blob-lock.ts";
import { cloudCredentials } from "./clouds/cloud-credentials.ts";
import { createCloudRequest } from "./clouds/request.ts";
import { type CredentialSource, createRedactor, firstOf } from "./credentials.ts";
import { dockerConfigCredentials } from "./docker-config.ts";
import { createBadContent, type Endpoint } from "./endpoint.ts";
import { registryError } from "./errors.ts";
import { createExchange } from "./exchange.ts";
import { readFailure, readYes } from "./failed-answer.ts";
import { createHosts, type HostOptions } from "./hosts.ts";
import { createKnownBlobs } from "./known-blobs.ts";
import { createMirrorPlaces, type Place } from "./mirrors/places.ts";
import { INSECURE, type Mirror, type MirrorRule, type MirrorsConfig } from "./mirrors/rules.ts";
import type { Endpoints } from "./reading.ts";
import { createRepository, type RegistryRepository, type RepositoryOptions } from "./repository.ts";
import { DEFAULT_RETRY, type RetryPolicy } from "./retry.ts";
import type { Action } from "./scope.ts";
import { createSession, type Session } from "./session.ts";
import { createStats } from "./stats.ts";
import { createTransport, DEFAULT_TIMEOUTS, type Timeouts, type TransportOptions } from "./transport.ts";

export type TrustedRealms = Readonly<Record<string, readonly string[]>>;

export interface RegistryClientOptions extends HostOptions {
  /** Default: what Docker and podman have stored, their helpers included. */
  credentials?: CredentialSource | undefined;
  /** By registry: token servers (hosts) outside its domain that may see its login. A function is called when one wants to. */
  trustedRealms?: TrustedRealms | (() => Promise<TrustedRealms | undefined>) | undefined;
  /** Keeps locks and what is known about blobs; null: nothing is kept. Default: knbuild's cache directory. */
  cacheDir?: string | null | undefined;
  /** `mirrors:` of the project's configuration; a function is called when something is first read. */
  mirrors?: MirrorsConfig | (() => Promise<MirrorsConfig | undefined>) | undefined;
  /** For messages: the file that `mirrors` comes from. */
  mirrorsFrom?: string | undefined;
  /** Use the mirrors that Docker, containerd and podman are set up with on this machine. Default true. */
  machineMirrors?: boolean | undefined;
  /** Where this machine's configuration lies. Default /etc. */
  etc?: string | undefined;
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
   * @param options with `access: "push"`: reads and writes the registry itself, never a mirror, and asks for the right to write at once
   * @throws REFERENCE_INVALID
   */
  repository(reference: Reference | string, options?: { access?: "pull" | "push" }): RegistryRepository;
  /** Asks a registry for nothing but its consent, with the login that is known. @throws REGISTRY_UNAUTHORIZED, … */
  ping(registry: string): Promise<void>;
  /** The mirror rules in force: the project's own, and the machine's. @throws MIRRORS_INVALID */
  mirrorRules(): Promise<{ own: MirrorRule[]; machine: MirrorRule[] }>;
  /** Where a reference would be read from, in order, and why. Nothing is sent. */
  places(reference: Reference | string): Promise<Place[]>;
  /** A single place of those, as a target to read from: a mirror by itself. */
  openPlace(reference: Reference | string, place: Place): RegistryRepository;
  /** Of all repositories together. */
  readonly stats: Readonly<TransferStats>;
  /** Gives up what copies were expected to need, and drops kept connections. */
  close(): Promise<void>;
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
  const network = { hosts, proxyFor, stats, userAgent: "knbuild", signal };
  const transport = createTransport({ ...network, timeouts });
  const exchange = createExchange(transport, hosts);
  // A mirror is there to be quick: when it is not, the next place is asked.
  const mirrorTransport = createTransport({ ...network, timeouts: shorter(timeouts) });
  const mirrorExchange = createExchange(mirrorTransport, hosts);
  const credentials = options.credentials ?? defaultCredentials(env, network);
  const known = createKnownBlobs(cacheDir);
  const locks = createBlobLocks(cacheDir, signal);
  const bad = createBadContent();
  const sessions = new Map<string, Session>();
  const expecting: RepositoryOptions["expecting"] = new Set();
  const trustedRealms = async () =>
    typeof options.trustedRealms === "function" ? options.trustedRealms() : options.trustedRealms;
  const shared = {
    credentials,
    hosts,
    retry,
    stats,
    redactor,
    emit,
    signal,
  };

  function session(registry: string, how: Partial<Mirror> = {}, isMirror = false): Session {
    const { baseUrl, headers, mayBePlain, bareApi, reached } = how;
    const settings = JSON.stringify({ headers, mayBePlain, bareApi, reached });
    const key = `${isMirror} ${baseUrl?.href ?? registry} ${settings}`;
    let found = sessions.get(key);
    if (!found) {
      found = createSession({
        ...shared,
        registry,
        trustedRealms: async () => (await trustedRealms())?.[registry] ?? [],
        baseUrl,
        apiRoot: bareApi ? "" : undefined,
        mayBePlain,
        headers,
        isMirror,
        reached,
        exchange: isMirror ? mirrorExchange : exchange,
      });
      sessions.set(key, found);
    }
    return found;
  }

  const mirrors = createMirrorPlaces({
    mirrors: options.mirrors,
    mirrorsFrom: options.mirrorsFrom ?? "knbuild.yaml",
    machine: options.machineMirrors === false ? undefined : { etc: options.etc ?? "/etc", env },
    cacheDir,
    session: (mirror) => session(mirror.host, mirror, true),
  });

  /**
   * The registry itself, as the machine's configuration lets it be spoken to, which is read when something is sent. Nothing is
   * sent to what it blocks: podman neither reads nor writes there.
   */
  function itself(registry: string, repository: string): Session {
    let chosen = session(registry);
    async function ready(): Promise<Session> {
      mirrors.assertOpen(registry, repository);
      if (await mirrors.insecureBy(registry, repository)) chosen = session(registry, INSECURE);
      return chosen;
    }
    return {
      registry,
      redactor,
      get login() {
        return chosen.login;
      },
      base: async () => (await ready()).base(),
      request: async (...asked) => (await ready()).request(...asked),
      read: async (...asked) => (await ready()).read(...asked),
      once: async (...asked) => (await ready()).once(...asked),
    };
  }

  function originOf(reference: Reference, access: "pull" | "push"): Endpoint {
    const { registry, repository } = reference;
    const readActions: Action[] = access === "push" ? ["pull", "push"] : ["pull"];
    return { session: itself(registry, repository), repository, label: registry, isMirror: false, readActions };
  }

  function open(reference: Reference, origin: Endpoint, endpoints: Endpoints): RegistryRepository {
    return createRepository({
      registry: reference.registry,
      repository: reference.repository,
      origin,
      endpoints,
      stats,
      bad,
      known,
      locks,
      retry,
      signal,
      monolithicBytes: options.monolithicBytes ?? MIB,
      chunkBytes: options.chunkBytes ?? 8 * MIB,
      expecting,
      emit,
    });
  }

  const parsed = (reference: Reference | string) =>
    typeof reference === "string" ? parseReference(reference) : reference;

  return {
    stats,
    repository(reference, { access = "pull" } = {}) {
      const name = parsed(reference);
      const origin = originOf(name, access);
      const { registry, repository } = name;
      return open(name, origin, async (wanted) =>
        access === "push" ? [origin] : mirrors.endpoints(registry, repository, origin, wanted),
      );
    },
    async ping(registry) {
      const asked = itself(registry, "");
      const response = await asked.request({ method: "GET", path: "v2/", scopes: [] });
      if (response.status === 200) return readYes(response, "the API");
      const login = asked.login;
      throw registryError(response, await readFailure(response), { action: "log in", redactor, registry, login });
    },
    mirrorRules: () => mirrors.rules(),
    async places(reference) {
      const name = parsed(reference);
      return mirrors.places(name.registry, name.repository, originOf(name, "pull"));
    },
    openPlace: (reference, place) => open(parsed(reference), place.endpoint, async () => [place.endpoint]),
    async close() {
      const left = [...expecting].flatMap((ahead) => ahead.giveUp() ?? []);
      expecting.clear();
      if (left.length > 0) await Promise.all(left);
      transport.close();
      mirrorTransport.close();
    },
  };
}

/** What people have logged in to first, then what the cloud gives. */
function defaultCredentials(env: NodeJS.ProcessEnv, network: Omit<TransportOptions, "timeouts">): CredentialSource {
  // Metadata servers answer at once or are not there.
  const timeouts = { connectMs: 1_000, headersMs: 10_000, idleMs: 10_000 };
  const request = createCloudRequest(createTransport({ ...network, timeouts }));
  return firstOf(dockerConfigCredentials(env), cloudCredentials(env, request));
}

function shorter(timeouts: Timeouts): Timeouts {
  return {
    connectMs: Math.min(timeouts.connectMs, 5_000),
    headersMs: Math.min(timeouts.headersMs, 10_000),
    idleMs: Math.min(timeouts.idleMs, 10_000),
  };
}
