/** containerd's mirrors: `certs.d/HOST/hosts.toml` (containerd "Registry Configuration", docs/hosts.md). */
import { readdirSync, readFileSync } from "node:fs";
import { isAbsolute, join } from "node:path";
import { parse } from "../../base/toml.ts";
import { apiHost } from "../hosts.ts";
import type { MachinePaths } from "./machine.ts";
import { type Mirror, type MirrorRule, mirrorOf } from "./rules.ts";

interface HostTable {
  capabilities?: unknown;
  ca?: unknown;
  client?: unknown;
  skip_verify?: unknown;
  override_path?: unknown;
}

export function containerdRules(paths: MachinePaths): MirrorRule[] {
  const root = join(paths.etc, "containerd/certs.d");
  const rules: MirrorRule[] = [];
  for (const host of list(root)) {
    // `_default` is for every registry that has no directory: it names no registry that we could match.
    if (host === "_default") continue;
    const dir = join(root, host);
    const file = join(dir, "hosts.toml");
    const text = read(file);
    if (text === undefined) continue;
    let content: HostTable & { server?: unknown; host?: Record<string, HostTable> };
    try {
      content = parse(text);
    } catch {
      continue;
    }
    const tables = Object.entries(content.host ?? {});
    const server = serverElsewhere(content.server, host);
    if (server !== undefined) tables.push([server, content]);
    const mirrors = tables.flatMap(([url, table]) => mirrorFrom(url, table, host, dir, file) ?? []);
    if (mirrors.length > 0) rules.push({ prefix: host, mirrors, strict: server !== undefined, from: file });
  }
  return rules;
}

/** `server` is asked in the registry's place, after all others; usually it names the registry itself. */
function serverElsewhere(server: unknown, registry: string): string | undefined {
  if (typeof server !== "string") return undefined;
  const text = server.includes("://") ? server : `https://${server}`;
  if (!URL.canParse(text)) return undefined;
  return [registry, apiHost(registry)].includes(new URL(text).host) ? undefined : text;
}

function mirrorFrom(url: string, table: HostTable, registry: string, dir: string, file: string): Mirror | undefined {
  const capabilities = Array.isArray(table.capabilities) ? table.capabilities : ["pull", "resolve"];
  if (!capabilities.includes("pull") || !URL.canParse(url.includes("://") ? url : `https://${url}`)) return undefined;
  const parsed = new URL(url.includes("://") ? url : `https://${url}`);
  const path = parsed.pathname.replace(/\/+$/, "");
  // Without override_path containerd puts v2 behind the path; with it the path has it already.
  const root = table.override_path === true ? path.replace(/\/?v2$/, "") : path;
  const [ca] = strings(table.ca);
  const client = clientPair(table.client);
  const full = (name: string) => (isAbsolute(name) ? name : join(dir, name));
  return {
    ...mirrorOf(parsed.origin, file),
    baseUrl: new URL(`${root}/`, parsed),
    query: `ns=${encodeURIComponent(registry)}`,
    resolvesTags: capabilities.includes("resolve"),
    ...(ca !== undefined && { caFile: full(ca) }),
    ...(client && { client: { certFile: full(client[0]), keyFile: full(client[1]) } }),
    ...(table.skip_verify === true && { insecure: true }),
  };
}

function clientPair(value: unknown): [string, string] | undefined {
  const first = Array.isArray(value) && Array.isArray(value[0]) ? value[0] : undefined;
  const [cert, key] = first ?? [];
  return typeof cert === "string" && typeof key === "string" ? [cert, key] : undefined;
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

function read(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return undefined;
  }
}
