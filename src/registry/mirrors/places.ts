/** From mirror rules to endpoints: what a read is sent to. */
import { isDigest } from "../../base/digest.ts";
import { KnbuildError } from "../../base/errors.ts";
import type { Endpoint } from "../endpoint.ts";
import type { Session } from "../session.ts";
import { containersRules } from "./containers.ts";
import { type DockerInsecure, dockerInsecure, isInsecureForDocker } from "./docker-daemon.ts";
import { createMirrorHealth } from "./health.ts";
import { type MachinePaths, machineRules } from "./machine.ts";
import { type Mirror, type MirrorRule, type MirrorsConfig, parseMirrors } from "./rules.ts";
import { selectMirrors } from "./select.ts";

/** A place that a reference may be read from. */
export interface Place {
  kind: "mirror" | "origin";
  host: string;
  repository: string;
  /** Which configuration names it; `the registry itself` for the origin. */
  from: string;
  /** Milliseconds since the epoch: it did not answer lately and is passed over until then. */
  asideUntil?: number;
  /** Tags are not asked for here. */
  digestsOnly?: boolean;
  /** Digests are not asked for here. */
  tagsOnly?: boolean;
  /** Which configuration says that its certificate is not checked, and that plain HTTP will do where there is no TLS. */
  insecureBy?: string;
  endpoint: Endpoint;
}

export interface MirrorOptions {
  mirrors: MirrorsConfig | (() => Promise<MirrorsConfig | undefined>) | undefined;
  mirrorsFrom: string;
  machine: MachinePaths | undefined;
  cacheDir: string | undefined;
  session: (mirror: Mirror) => Session;
}

export interface MirrorPlaces {
  /** All places, the set-aside ones included. @throws MIRRORS_INVALID, REGISTRY_BLOCKED */
  places(registry: string, repository: string, origin: Endpoint): Promise<Place[]>;
  /** What is asked for a tag or digest now; never empty. */
  endpoints(registry: string, repository: string, origin: Endpoint, reference: string): Promise<Endpoint[]>;
  rules(): Promise<{ own: MirrorRule[]; machine: MirrorRule[] }>;
  /** Of the registry itself, whatever is wanted of it. @throws REGISTRY_BLOCKED */
  assertOpen(registry: string, repository: string): void;
  /** The machine's file that calls the registry itself insecure. */
  insecureBy(registry: string, repository: string): Promise<string | undefined>;
}

export function createMirrorPlaces(options: MirrorOptions): MirrorPlaces {
  const health = createMirrorHealth(options.cacheDir);
  let loaded: Promise<{ own: MirrorRule[]; machine: MirrorRule[] }> | undefined;
  let podman: MirrorRule[] | undefined;
  let docker: DockerInsecure[] | undefined;
  /** What Docker's files say of a registry. */
  const insecureForDocker = new Map<string, Promise<string | undefined>>();

  async function load() {
    const config = typeof options.mirrors === "function" ? await options.mirrors() : options.mirrors;
    return {
      own: config === undefined ? [] : parseMirrors(config, options.mirrorsFrom),
      machine: options.machine ? machineRules(options.machine) : [],
    };
  }
  const rules = () => (loaded ??= load());

  function endpointOf(mirror: Mirror, registry: string, repository: string): Endpoint {
    return {
      session: options.session(mirror),
      repository: mirror.repositoryFor(repository),
      label: mirror.host,
      isMirror: true,
      ...(mirror.namespaced && { query: `ns=${encodeURIComponent(registry)}` }),
      ...(mirror.bareApi && { apiRoot: "" }),
      report: (ok) => health.report(mirror.host, ok),
    };
  }

  async function choose(registry: string, repository: string) {
    const { own, machine } = await rules();
    const choice = selectMirrors(own, machine, registry, repository);
    if (choice.blockedBy !== undefined && choice.mirrors.length === 0) {
      throw blocked(`${registry}/${repository}`, choice.blockedBy);
    }
    return choice;
  }

  /** What podman's files say of the registry itself: nothing else has to be read for a push. */
  function itself(registry: string, repository: string) {
    podman ??= options.machine ? containersRules(options.machine) : [];
    return selectMirrors([], podman, registry, repository);
  }

  async function askDocker(registry: string): Promise<string | undefined> {
    docker ??= options.machine ? dockerInsecure(options.machine) : [];
    for (const insecure of docker) if (await isInsecureForDocker(insecure, registry)) return insecure.from;
    return undefined;
  }

  async function insecureBy(registry: string, repository: string): Promise<string | undefined> {
    const found = itself(registry, repository).insecureBy;
    if (found !== undefined) return found;
    let asked = insecureForDocker.get(registry);
    if (!asked) {
      asked = askDocker(registry);
      insecureForDocker.set(registry, asked);
    }
    return asked;
  }

  return {
    rules,
    insecureBy,
    assertOpen(registry, repository) {
      const { blockedBy } = itself(registry, repository);
      if (blockedBy !== undefined) throw blocked([registry, repository].filter(Boolean).join("/"), blockedBy);
    },
    async places(registry, repository, origin) {
      const { mirrors, useOrigin } = await choose(registry, repository);
      const places: Place[] = mirrors.map(({ mirror, from }) => {
        const asideUntil = health.asideUntil(mirror.host);
        const endpoint = endpointOf(mirror, registry, repository);
        return {
          kind: "mirror",
          host: mirror.host,
          repository: endpoint.repository,
          from,
          ...(asideUntil !== undefined && { asideUntil }),
          ...(!mirror.resolvesTags && { digestsOnly: true }),
          ...(!mirror.servesDigests && { tagsOnly: true }),
          ...(mirror.reached?.tls?.insecure && { insecureBy: from }),
          endpoint,
        };
      });
      if (useOrigin) {
        const by = await insecureBy(registry, repository);
        const insecure = by !== undefined && { insecureBy: by };
        places.push({
          kind: "origin",
          host: registry,
          repository,
          from: "the registry itself",
          ...insecure,
          endpoint: origin,
        });
      }
      return places;
    },
    async endpoints(registry, repository, origin, reference) {
      const { mirrors, useOrigin } = await choose(registry, repository);
      if (mirrors.length === 0) return [origin];
      const fit = mirrors.filter(({ mirror }) => (isDigest(reference) ? mirror.servesDigests : mirror.resolvesTags));
      const alive = fit.filter(({ mirror }) => health.asideUntil(mirror.host) === undefined);
      // Where the registry must not be asked, a mirror that was dead a moment ago is still the best hope.
      const chosen = useOrigin || alive.length > 0 ? alive : fit;
      const endpoints = chosen.map(({ mirror }) => endpointOf(mirror, registry, repository));
      if (useOrigin) endpoints.push(origin);
      return endpoints.length > 0
        ? endpoints
        : mirrors.slice(0, 1).map(({ mirror }) => endpointOf(mirror, registry, repository));
    },
  };
}

function blocked(name: string, where: string): KnbuildError {
  return new KnbuildError({
    code: "REGISTRY_BLOCKED",
    message: `${name} is not to be used: this machine's configuration blocks it`,
    where,
    hint: "Use another registry, or ask whoever wrote `blocked = true` there.",
  });
}
