/** Which configuration a file is judged by: the nearest one above it, as users of other linters expect. */
import { existsSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { today } from "../base/clock.ts";
import { usageError } from "../base/errors.ts";
import { parse as parseYaml } from "../base/yaml.ts";
import type { RuleSetting } from "../check/run.ts";
import { CONFIG_FILES, type FoundConfig, findConfig } from "../config/files.ts";
import { DEFAULT_PROFILE, type ProfileId } from "../contract/profiles.ts";
import type { DockerfileSettings } from "../dockerfile/rule.ts";
import { EMPTY_LINT_CONFIG, type LintConfig, readConfig } from "./lint-config.ts";

export interface PlacedConfig {
  config: LintConfig;
  /** Directory that its globs are relative to. */
  base: string;
}

/** What `lintText` wants to know besides the text. */
export interface Judging {
  settings: Partial<DockerfileSettings> & { profile: ProfileId; today: string };
  rules: (readonly [string, RuleSetting])[];
  ignorePragmas: boolean;
}

export interface LintConfigs {
  /** @param directory absolute @throws LINT_CONFIG_INVALID (exit 2) */
  at(directory: string): Promise<PlacedConfig>;
  /** Does a walk leave this file out? @param file absolute */
  excludes(file: string): Promise<boolean>;
  /** How a file is judged, by its configuration. @param file absolute @param profile in the place of the configured one */
  judging(file: string, profile?: ProfileId): Promise<Judging>;
  /** The general settings of rules, then those of each override whose globs match. @param file absolute */
  rulesFor(file: string): Promise<(readonly [string, RuleSetting])[]>;
}

const HADOLINT_FILES = [".hadolint.yaml", ".hadolint.yml"];

/** Where a search goes on; it ends at the top of a repository: what lies above that is somebody else's. */
function nextAbove(directory: string): string | undefined {
  const above = dirname(directory);
  return above === directory || existsSync(join(directory, ".git")) ? undefined : above;
}

/** Files above a directory that a configuration may come from, there or not: what judges it may change with them. @param directory absolute */
export function configPlacesAbove(directory: string): string[] {
  const above = nextAbove(directory);
  if (above === undefined) return [];
  const names = [...CONFIG_FILES, "package.json", ...HADOLINT_FILES];
  return [...names.map((name) => join(above, name)), ...configPlacesAbove(above)];
}

/** @param named the file that holds for all, instead of the nearest; relative to `cwd` */
export function lintConfigs(cwd: string, named: string | undefined): LintConfigs {
  const known = new Map<string, Promise<PlacedConfig>>();
  const only = named === undefined ? undefined : readNamed(resolve(cwd, named), named);

  const at = (directory: string): Promise<PlacedConfig> => {
    if (only) return only;
    let found = known.get(directory);
    if (!found) {
      found = search(directory);
      known.set(directory, found);
    }
    return found;
  };
  const search = async (directory: string): Promise<PlacedConfig> => {
    const own = await readBeside(directory);
    if (own) return own;
    const above = nextAbove(directory);
    return above === undefined ? { config: EMPTY_LINT_CONFIG, base: directory } : at(above);
  };
  const rulesFor = async (file: string): Promise<Judging["rules"]> => {
    const { config, base } = await at(dirname(file));
    const rules = [...config.rules];
    for (const override of config.overrides) {
      const globs = override.files.flatMap((glob) => (glob.includes("/") ? [glob] : [glob, `**/${glob}`]));
      if (await matches(globs, [base, cwd], file)) rules.push(...override.rules);
    }
    return rules;
  };
  return {
    at,
    rulesFor,
    async excludes(file) {
      const { config, base } = await at(dirname(file));
      return config.exclude.length > 0 && (await matches(config.exclude, [base, cwd], file));
    },
    async judging(file, profile) {
      const { config } = await at(dirname(file));
      const settings = {
        ...config.settings,
        profile: profile ?? config.profile ?? DEFAULT_PROFILE,
        today: today(),
      };
      return { settings, rules: await rulesFor(file), ignorePragmas: config.ignorePragmas };
    },
  };
}

/** Relative to the configuration; to the second directory where that lies elsewhere, as a shared one that is named may. */
async function matches(globs: readonly string[], bases: readonly [string, string], file: string): Promise<boolean> {
  const { compileGlobs } = await import("../source/glob.ts");
  const [path, otherwise] = bases.map((base) => relative(base, file).replaceAll("\\", "/")) as [string, string];
  return compileGlobs(globs)(path.startsWith("../") ? otherwise : path);
}

/** knbuild's own configuration where it speaks of linting, else hadolint's. */
async function readBeside(directory: string): Promise<PlacedConfig | undefined> {
  const own = findConfig({ dir: directory });
  if (own) {
    // It speaks of linting under its keys only.
    const { lint, profile } = (parse(own) ?? {}) as { lint?: unknown; profile?: unknown };
    if (lint !== undefined || profile !== undefined)
      return { config: readConfig({ lint: lint ?? {}, profile }, own.path), base: directory };
  }
  for (const name of HADOLINT_FILES) {
    const path = join(directory, name);
    if (existsSync(path)) return { config: readConfig(parse(read(path)), path), base: directory };
  }
  return undefined;
}

async function readNamed(path: string, name: string): Promise<PlacedConfig> {
  if (!existsSync(path)) throw usageError("LINT_CONFIG_INVALID", `no such file: ${name}`, undefined, path);
  return { config: readConfig(parse(read(path)), path), base: dirname(path) };
}

function read(path: string): FoundConfig {
  return { path, name: path, text: readFileSync(path, "utf8") };
}

function parse({ path, text }: FoundConfig): unknown {
  const json = path.endsWith(".json");
  try {
    return json ? JSON.parse(text) : parseYaml(text);
  } catch (error) {
    const format = json ? "JSON" : "YAML";
    throw usageError("LINT_CONFIG_INVALID", `not ${format}: ${(error as Error).message}`, undefined, path);
  }
}
