/** Mirrors of podman, skopeo and CRI-O: containers-registries.conf(5), version 2, with its drop-in directory. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "../../base/toml.ts";
import type { MachinePaths } from "./machine.ts";
import { INSECURE, type Mirror, type MirrorRule, mirrorOf } from "./rules.ts";

interface RegistryTable {
  prefix?: string;
  location?: string;
  insecure?: boolean;
  blocked?: boolean;
  "mirror-by-digest-only"?: boolean;
  mirror?: { location?: string; insecure?: boolean; "pull-from-mirror"?: string }[];
}

/** A `[[registry]]` table, or a `registry` key whose value is a list: short names are keys with a string. */
const NAMES_A_REGISTRY = /^\s*(?:\[\[\s*["']?registry["']?\s*[\].]|["']?registry["']?\s*=\s*\[)/m;

export function containersRules(paths: MachinePaths): MirrorRule[] {
  /** A later file's table takes the place of an earlier one's of the same prefix. */
  const rules = new Map<string, MirrorRule>();
  for (const file of files(paths)) {
    let tables: unknown;
    try {
      const text = readFileSync(file, "utf8");
      // Most machines have these files with short names and comments only: not worth loading a parser.
      if (!NAMES_A_REGISTRY.test(text)) continue;
      tables = parse(text)["registry"];
    } catch {
      continue;
    }
    for (const table of Array.isArray(tables) ? (tables as RegistryTable[]) : []) {
      const rule = ruleFrom(table, file);
      if (rule) rules.set(rule.prefix, rule);
    }
  }
  return [...rules.values()];
}

/** The user's file takes the system's place; drop-ins come on top. The variable names the only file. */
function files({ etc, env }: MachinePaths): string[] {
  const named = env["CONTAINERS_REGISTRIES_CONF"];
  if (named) return [named];
  const config = env["XDG_CONFIG_HOME"] || (env["HOME"] && join(env["HOME"], ".config"));
  const own = config ? join(config, "containers/registries.conf") : undefined;
  const main = own && existsSync(own) ? own : join(etc, "containers/registries.conf");
  const dropIns = [
    join(etc, "containers/registries.conf.d"),
    ...(config ? [join(config, "containers/registries.conf.d")] : []),
  ];
  const extra = dropIns.flatMap((dir) => {
    try {
      return readdirSync(dir)
        .filter((name) => name.endsWith(".conf"))
        .sort()
        .map((name) => join(dir, name));
    } catch {
      return [];
    }
  });
  return [...(existsSync(main) ? [main] : []), ...extra];
}

function ruleFrom(table: RegistryTable, file: string): MirrorRule | undefined {
  const location = placeOf(table.location);
  const prefix = placeOf(table.prefix) ?? location;
  if (prefix === undefined) return undefined;
  const rule = { prefix, from: file, tool: "podman" as const };
  if (table.blocked === true) return { ...rule, mirrors: [], strict: false, blocked: true };
  const mirrors = (Array.isArray(table.mirror) ? table.mirror : []).flatMap(
    (mirror) =>
      mirrorFrom(
        placeOf(mirror.location),
        prefix,
        file,
        mirror.insecure,
        pullMode(table, mirror["pull-from-mirror"]),
      ) ?? [],
  );
  // A location of its own takes the registry's place altogether.
  const moved = location !== undefined && location !== prefix;
  const instead = moved ? mirrorFrom(location, prefix, file, table.insecure, "all") : undefined;
  if (instead) mirrors.push(instead);
  const insecure = !moved && table.insecure === true;
  return { ...rule, mirrors, strict: instead !== undefined, ...(insecure && { insecure }) };
}

/** Slashes at the end do not count; a scheme has no place here. */
function placeOf(text: unknown): string | undefined {
  if (typeof text !== "string" || text.includes("://")) return undefined;
  return text.replace(/\/+$/, "") || undefined;
}

function pullMode(table: RegistryTable, mode: string | undefined): string {
  return mode ?? (table["mirror-by-digest-only"] ? "digest-only" : "all");
}

function mirrorFrom(
  location: string | undefined,
  prefix: string,
  file: string,
  insecure: boolean | undefined,
  mode: string,
): Mirror | undefined {
  if (location === undefined || !URL.canParse(`https://${location}`)) return undefined;
  const slash = location.indexOf("/");
  const host = slash < 0 ? location : location.slice(0, slash);
  const path = slash < 0 ? "" : location.slice(slash + 1);
  const below = prefix.includes("/") ? prefix.slice(prefix.indexOf("/") + 1) : "";
  return {
    ...mirrorOf(host, file),
    // The mirror's location stands for the prefix: what follows the prefix follows the location.
    repositoryFor: (repository) => {
      const rest =
        below !== "" && `${repository}/`.startsWith(`${below}/`) ? repository.slice(below.length + 1) : repository;
      return [path, rest].filter(Boolean).join("/");
    },
    resolvesTags: mode !== "digest-only",
    servesDigests: mode !== "tag-only",
    ...(insecure === true && { baseUrl: undefined, ...INSECURE }),
  };
}
