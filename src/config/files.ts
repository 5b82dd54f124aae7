/** Where a project's configuration is. */
import { existsSync, readFileSync } from "node:fs";
import { isAbsolute, join, resolve } from "node:path";
import { usageError } from "../base/errors.ts";

/** Names of configuration files, first found first read; the `knbuild` key of package.json comes last. */
export const CONFIG_FILES = ["knbuild.yaml", "knbuild.yml", "knbuild.json"] as const;

/** Pins of the bases, beside the app. */
export const LOCK_FILE = "knbuild.lock";

export interface ConfigPlace {
  /** The directory that is built. */
  dir: string;
  /** Named by the user: must be there. Relative to `cwd`. */
  file?: string | undefined;
  cwd?: string;
  env?: NodeJS.ProcessEnv;
}

export interface FoundConfig {
  /** Absolute. */
  path: string;
  /** For messages. */
  name: string;
  /** YAML, or JSON. */
  text: string;
}

/** @returns undefined where a project has none @throws CONFIG_MISSING */
export function findConfig({ dir, file, cwd, env }: ConfigPlace): FoundConfig | undefined {
  const named = file ?? env?.["KNBUILD_CONFIG"];
  if (named) {
    const path = isAbsolute(named) ? named : resolve(cwd ?? dir, named);
    if (!existsSync(path)) throw usageError("CONFIG_MISSING", "no such configuration file", undefined, path);
    return { path, name: named, text: readFileSync(path, "utf8") };
  }
  for (const name of CONFIG_FILES) {
    const path = join(dir, name);
    if (existsSync(path)) return { path, name, text: readFileSync(path, "utf8") };
  }
  const manifest = join(dir, "package.json");
  if (!existsSync(manifest)) return undefined;
  try {
    // A broken package.json is reported by the buildpack, which knows what it is for.
    const value = (JSON.parse(readFileSync(manifest, "utf8")) as { knbuild?: unknown }).knbuild;
    return typeof value === "object" && value !== null
      ? { path: manifest, name: "package.json", text: JSON.stringify(value) }
      : undefined;
  } catch {
    return undefined;
  }
}
