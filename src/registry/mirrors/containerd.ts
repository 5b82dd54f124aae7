/** containerd's mirrors: `certs.d/HOST/hosts.toml` (containerd "Registry Configuration", docs/hosts.md). */
import { readdirSync, readFileSync } from "node:fs";
import { isAbsolute, join } from "node:path";
import { durationMs } from "../../base/go-duration.ts";
import { parse } from "../../base/toml.ts";
import { apiHost } from "../hosts.ts";
import type { MachinePaths } from "./machine.ts";
import { type Mirror, type MirrorRule, mirrorOf } from "./rules.ts";

interface HostTable {
  capabilities?: unknown;
  ca?: unknown;
  client?: unknown;
  header?: unknown;
  skip_verify?: unknown;
  override_path?: unknown;
  dial_timeout?: unknown;
}

/** The directory for every registry that has none of its own. */
const FOR_ALL = "_default";

export function containerdRules(paths: MachinePaths): MirrorRule[] {
  const root = join(paths.etc, "containerd/certs.d");
  return list(root).map((name) => ruleFrom(join(root, name), registryOf(name)));
}

/** `host_port_` where a file system has no colons. */
function registryOf(directory: string): string {
  return directory === FOR_ALL ? "*" : directory.replace(/_(\d+)_$/, ":$1");
}

/** A registry with a directory of its own has a rule, if an empty one: what is for all others is not for it. */
function ruleFrom(dir: string, registry: string): MirrorRule {
  const file = join(dir, "hosts.toml");
  const { host, ...content } = read(file);
  const tables = Object.entries(host ?? {});
  const server = serverElsewhere(content.server, registry);
  if (server !== undefined) tables.push([server, content]);
  const mirrors = tables.flatMap(([url, table]) => mirrorFrom(url, table, dir, file) ?? []);
  return { prefix: registry, mirrors, strict: server !== undefined, from: file, tool: "containerd" };
}

/** `server` is asked in the registry's place, after all others; usually it names the registry itself. */
function serverElsewhere(server: unknown, registry: string): string | undefined {
  if (typeof server !== "string") return undefined;
  const text = server.includes("://") ? server : `https://${server}`;
  if (!URL.canParse(text)) return undefined;
  return [registry, apiHost(registry)].includes(new URL(text).host) ? undefined : text;
}

function mirrorFrom(url: string, table: HostTable, dir: string, file: string): Mirror | undefined {
  const capabilities = strings(table.capabilities).map((one) => one.toLowerCase());
  // None are all.
  const can = (what: string) => capabilities.length === 0 || capabilities.includes(what);
  const text = url.includes("://") ? url : `https://${url}`;
  if (!can("pull") || !URL.canParse(text)) return undefined;
  const parsed = new URL(text);
  const caFiles = strings(table.ca);
  const full = (name: string) => (isAbsolute(name) ? name : join(dir, name));
  const clients = clientPairs(table.client).map(([cert, key]) => ({
    certFile: full(cert),
    keyFile: full(key || cert),
  }));
  const headers = headersOf(table.header);
  const dial = typeof table.dial_timeout === "string" ? durationMs(table.dial_timeout) : Number.NaN;
  const tls = {
    ...(caFiles.length > 0 && { caFiles: caFiles.map(full) }),
    ...(clients.length > 0 && { clients }),
    ...(table.skip_verify === true && { insecure: true }),
  };
  return {
    ...mirrorOf(parsed.origin, file),
    ...apiOf(parsed, table.override_path === true),
    namespaced: true,
    resolvesTags: can("resolve"),
    ...(headers && { headers }),
    reached: { tls, ...(dial > 0 && { connectMs: dial }) },
  };
}

/**
 * containerd puts v2 behind a path that does not end with it, and the repository behind that; with `override_path` it takes the
 * path as it is, often one with v2 in its middle (`/v2/project`).
 */
function apiOf(url: URL, override: boolean): Pick<Mirror, "baseUrl" | "repositoryFor" | "bareApi"> {
  const path = url.pathname
    .replace(/^\/+|\/+$/g, "")
    .split("/")
    .filter(Boolean);
  const at = override ? path.indexOf("v2") : path.at(-1) === "v2" ? path.length - 1 : path.length;
  const above = at < 0 ? path : path.slice(0, at);
  const below = at < 0 ? [] : path.slice(at + 1);
  return {
    baseUrl: new URL(above.length > 0 ? `/${above.join("/")}/` : "/", url),
    repositoryFor: (repository) => [...below, repository].join("/"),
    ...(at < 0 && { bareApi: true }),
  };
}

/** `"file"` with both in it, `["file", "file"]`, or `[["certificate", "key"]]`, where an empty key is in the certificate's file. */
function clientPairs(value: unknown): [string, string][] {
  return (Array.isArray(value) ? value : [value]).flatMap((one) => {
    const [cert, key] = Array.isArray(one) ? one : [one, ""];
    return typeof cert === "string" && typeof key === "string" ? [[cert, key] as [string, string]] : [];
  });
}

function headersOf(value: unknown): Record<string, string> | undefined {
  if (value === null || typeof value !== "object") return undefined;
  const entries = Object.entries(value).map(([name, text]) => [name.toLowerCase(), strings(text).join(", ")] as const);
  return Object.fromEntries(entries.filter(([, text]) => text !== ""));
}

function strings(value: unknown): string[] {
  return (Array.isArray(value) ? value : [value]).filter((one): one is string => typeof one === "string");
}

function list(dir: string): string[] {
  try {
    return readdirSync(dir).sort();
  } catch {
    return [];
  }
}

/** What cannot be read says nothing: certificates may lie in the directory without it. */
function read(file: string): HostTable & { server?: unknown; host?: Record<string, HostTable> } {
  try {
    return parse(readFileSync(file, "utf8"));
  } catch {
    return {};
  }
}
