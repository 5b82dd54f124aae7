/** A place that a repository can be read from: the registry itself or a mirror of it. */

import { LruSet } from "./lru-set.ts";
import type { Action, Scope } from "./scope.ts";
import type { Session } from "./session.ts";

export interface Endpoint {
  readonly session: Session;
  /** The repository's path there: mirrors may keep it under another one. */
  readonly repository: string;
  /** For messages and reports: `localhost:5001`. */
  readonly label: string;
  readonly isMirror: boolean;
  /** What reads ask a token for; writers ask for the right to write at once. Default: `pull`. */
  readonly readActions?: readonly Action[];
  /** Added to every request's query (containerd mirrors want `ns=docker.io`). */
  readonly query?: string;
  /** What comes before the repository in a path of the API; default `v2/`. */
  readonly apiRoot?: string;
  /** Told how a request ended, so that a dead mirror is set aside. */
  readonly report?: (ok: boolean) => void;
}

/** The path of an API call of a repository, with the endpoint's own query. */
export function apiPath(endpoint: Endpoint, rest: string): string {
  const path = `${endpoint.apiRoot ?? "v2/"}${endpoint.repository}/${rest}`;
  return endpoint.query === undefined ? path : `${path}${path.includes("?") ? "&" : "?"}${endpoint.query}`;
}

/** Whether a redirect led to storage, behind the same host or on another, with names of its own for what `path` asked for. */
export async function isRenamed({ session }: Endpoint, path: string, response: { url: URL }): Promise<boolean> {
  return response.url.pathname !== new URL(path, await session.base()).pathname;
}

export function pullScope(endpoint: Endpoint): Scope[] {
  return [{ repository: endpoint.repository, actions: endpoint.readActions ?? ["pull"] }];
}

export function deleteScopes(endpoint: Endpoint): Scope[] {
  return [{ repository: endpoint.repository, actions: ["delete", "pull"] }];
}

/** Content that an endpoint served wrongly: it is not asked for it again by this process. */
export type BadContent = LruSet;

export function createBadContent(): BadContent {
  return new LruSet(10_000);
}
