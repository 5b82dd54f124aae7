/** The configuration of a directory, as far as detection and plans depend on it. */

import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { loadConfig } from "../config/load.ts";
import type { Config } from "../config/schema.ts";
import type { PlanOptions } from "../plan/options.ts";

/** @param flags of the command line, by the configuration's names @throws CONFIG_* (wrong use) */
export function optionsOf(
  dir: string,
  flags: Record<string, unknown>,
  cwd: string,
  env: NodeJS.ProcessEnv,
): PlanOptions & Pick<Config, "dockerfile"> {
  const directory = resolve(cwd, dir);
  if (!existsSync(directory)) return {};
  const known = ["workspace", "entrypoint", "buildpack", "base", "bundle"];
  const given = Object.fromEntries(
    known.filter((name) => flags[name] !== undefined && flags[name] !== true).map((name) => [name, flags[name]]),
  );
  return loadConfig({ dir: directory, cwd, env, flags: given }).config;
}
