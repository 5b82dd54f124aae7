/** The hashes under which lock files know the installed packages. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";

export type FindIntegrity = (dir: string, name: string, version: string) => string | undefined;

/** Looks into what npm (its record of node_modules, or the lock file) and pnpm leave in a directory. */
export function readIntegrity(modulesRoot: string): FindIntegrity {
  const byDir = new Map<string, string>();
  for (const file of ["node_modules/.package-lock.json", "package-lock.json", "npm-shrinkwrap.json"]) {
    const lock = readJson(join(modulesRoot, file)) as { packages?: Record<string, { integrity?: string }> } | undefined;
    if (!lock?.packages) continue;
    for (const [dir, { integrity }] of Object.entries(lock.packages)) if (integrity) byDir.set(dir, integrity);
    break;
  }
  const byVersion = new Map<string, string>();
  const pnpm = readYaml(join(modulesRoot, "pnpm-lock.yaml")) as
    | { packages?: Record<string, { resolution?: { integrity?: string } }> }
    | undefined;
  for (const [key, value] of Object.entries(pnpm?.packages ?? {})) {
    // `name@1.2.3`, in older lock files `/name@1.2.3(peer@1)` or `/name/1.2.3`.
    const found = /^\/?(@?[^@]+)[@/](\d[^(_]*)/.exec(key);
    const integrity = value?.resolution?.integrity;
    if (found && integrity) byVersion.set(`${found[1]}@${found[2]}`, integrity);
  }
  return (dir, name, version) => byDir.get(dir) ?? byVersion.get(`${name}@${version}`);
}

function readJson(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, "utf8"));
  } catch {
    return undefined;
  }
}

function readYaml(path: string): unknown {
  try {
    return parse(readFileSync(path, "utf8"));
  } catch {
    return undefined;
  }
}
