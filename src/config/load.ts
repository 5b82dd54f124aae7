/** Finds, reads and merges configuration: flags override KNBUILD_* variables, these override the file. */
import type { z } from "zod";
import { errorMessage, type KnbuildError, usageError } from "../base/errors.ts";
import { nearest } from "../base/nearest.ts";
import { LineCounter, parseDocument } from "../base/yaml.ts";
import { type ConfigPlace, findConfig } from "./files.ts";
import { type Config, configSchema } from "./schema.ts";

/** Where a value came from: `knbuild.yaml`, `package.json`, `KNBUILD_USER`, `command line`, `default`. */
export type ValueSource = string;

export interface LoadedConfig {
  config: Config;
  /** File that was read, absolute; undefined when there is none. */
  file?: string;
  /** By top-level key. */
  sources: Record<string, ValueSource>;
}

export interface LoadOptions extends ConfigPlace {
  /** From the command line; undefined values do not count. */
  flags?: Record<string, unknown>;
}

/** @throws CONFIG_MISSING, CONFIG_SYNTAX, CONFIG_INVALID (all exit 2) */
export function loadConfig(options: LoadOptions): LoadedConfig {
  const found = readConfigFile(options);
  const fromEnv = configFromEnv(options.env ?? {});
  const flags = Object.fromEntries(Object.entries(options.flags ?? {}).filter(([, value]) => value !== undefined));
  const merged: Record<string, unknown> = { ...found?.value };
  const sources: Record<string, ValueSource> = {};
  for (const key of Object.keys(merged)) sources[key] = found?.name as string;
  for (const [key, { value, variable }] of Object.entries(fromEnv)) {
    merged[key] = mergeMaps(merged[key], value);
    sources[key] = variable;
  }
  for (const [key, value] of Object.entries(flags)) {
    merged[key] = mergeMaps(merged[key], value);
    sources[key] = "command line";
  }
  const parsed = configSchema.safeParse(merged);
  if (!parsed.success) throw invalid(parsed.error, sources, found?.path);
  for (const key of Object.keys(configSchema.shape)) sources[key] ??= "default";
  return { config: parsed.data, sources, ...(found && { file: found.path }) };
}

/** Maps from flags and variables add to maps of the file (`--env A=b`); everything else replaces. */
function mergeMaps(old: unknown, value: unknown): unknown {
  const isMap = (v: unknown): v is Record<string, unknown> => typeof v === "object" && v !== null && !Array.isArray(v);
  return isMap(old) && isMap(value) ? { ...old, ...value } : value;
}

function readConfigFile(
  options: LoadOptions,
): { value: Record<string, unknown>; path: string; name: string } | undefined {
  const found = findConfig(options);
  return found && { ...found, value: parseConfigText(found.text, found.path) };
}

/** JSON is YAML. @throws CONFIG_SYNTAX with file:line:column */
export function parseConfigText(text: string, path: string): Record<string, unknown> {
  const counter = new LineCounter();
  const document = parseDocument(text, { lineCounter: counter, prettyErrors: false });
  const problem = document.errors[0];
  if (problem) {
    const { line, col } = counter.linePos(problem.pos[0]);
    const hint = /reserved character/.test(problem.message)
      ? 'Put the value in quotes: "@scope/name".'
      : "It is read as YAML: check quotes, brackets and indentation there.";
    throw usageError("CONFIG_SYNTAX", problem.message, hint, `${path}:${line}:${col}`);
  }
  const value: unknown = document.toJS() ?? {};
  if (typeof value !== "object" || value === null || Array.isArray(value))
    throw usageError("CONFIG_INVALID", "the configuration must be a map of keys to values", undefined, path);
  return value as Record<string, unknown>;
}

/** KNBUILD_USER, KNBUILD_IGNORE_SCRIPTS=1, KNBUILD_TAGS=a,b …: every key; JSON for what is more than words (KNBUILD_ENV={"A":"b"}). */
function configFromEnv(env: NodeJS.ProcessEnv): Record<string, { value: unknown; variable: string }> {
  const result: Record<string, { value: unknown; variable: string }> = {};
  for (const [key, schema] of Object.entries(configSchema.shape)) {
    const variable = `KNBUILD_${key.replace(/[A-Z]/g, (c) => `_${c}`).toUpperCase()}`;
    const raw = env[variable];
    if (raw === undefined || raw === "" || variable === "KNBUILD_CONFIG") continue;
    const kind = plainType(schema as z.ZodType);
    result[key] = { value: valueFromEnv(key, kind, variable, raw), variable };
  }
  return result;
}

function valueFromEnv(key: string, kind: string, variable: string, raw: string): unknown {
  if (kind === "boolean" || (/^(?:bundle|sign|sbom)$/.test(key) && /^(?:0|1|true|false)$/.test(raw)))
    return parseSwitch(variable, raw);
  if (kind !== "string" && kind !== "enum" && /^\s*[[{]/.test(raw)) {
    try {
      return JSON.parse(raw);
    } catch (error) {
      throw usageError(
        "CONFIG_SYNTAX",
        `not JSON: ${errorMessage(error)}`,
        "A value that begins with [ or { is read as JSON: names and texts in double quotes.",
        variable,
      );
    }
  }
  if (kind !== "array") return raw;
  return raw
    .split(",")
    .map((item) => item.trim())
    .filter(Boolean);
}

function parseSwitch(variable: string, raw: string): boolean {
  if (/^(1|true|yes|on)$/i.test(raw)) return true;
  if (/^(0|false|no|off)$/i.test(raw)) return false;
  throw usageError("CONFIG_INVALID", `${variable} must be true or false, not ${JSON.stringify(raw)}`);
}

function plainType(schema: z.ZodType): string {
  const def = schema.def as { type: string; innerType?: z.ZodType };
  return def.innerType && (def.type === "default" || def.type === "optional") ? plainType(def.innerType) : def.type;
}

function invalid(error: z.ZodError, sources: Record<string, ValueSource>, file: string | undefined): KnbuildError {
  const issue = error.issues[0] as z.core.$ZodIssue;
  const at = issue.path.join(".");
  if (issue.code === "unrecognized_keys") {
    const key = issue.keys[0] as string;
    const close = nearest(key, knownKeys(issue.path));
    return usageError(
      "CONFIG_UNKNOWN_KEY",
      `unknown key ${JSON.stringify(at ? `${at}.${key}` : key)}`,
      close ? `Did you mean "${close}"?` : "knbuild config schema prints all keys.",
      file,
    );
  }
  const source = sources[String(issue.path[0])];
  const where = source?.startsWith("KNBUILD_") || source === "command line" ? source : file;
  return usageError("CONFIG_INVALID", `${at}: ${issue.message}`, hintFor(issue, where), where);
}

function hintFor(issue: z.core.$ZodIssue, where: string | undefined): string {
  const schema = "knbuild config schema prints what each key takes.";
  if (where?.startsWith("KNBUILD_") && /received string$/.test(issue.message))
    return `A variable holds more than words as JSON: ${where}='{"NAME": "value"}'. ${schema}`;
  const read = /expected string, received (number|boolean)$/.exec(issue.message)?.[1];
  return read ? `Put it in quotes: without them YAML reads a ${read}.` : schema;
}

function knownKeys(path: readonly PropertyKey[]): string[] {
  let schema: unknown = configSchema;
  for (const part of path) {
    schema = unwrap(schema);
    const { shape, element } = schema as { shape?: Record<string, unknown>; element?: unknown };
    schema = shape?.[String(part)] ?? element;
  }
  return Object.keys((unwrap(schema) as { shape?: object } | undefined)?.shape ?? {});
}

/** Through defaults, optionals and the object member of a union. */
function unwrap(schema: unknown): unknown {
  const def = (schema as { def?: { type?: string; innerType?: unknown; options?: unknown[] } } | undefined)?.def;
  if (def?.innerType) return unwrap(def.innerType);
  if (def?.type === "union")
    return unwrap(def.options?.find((o) => (o as { shape?: unknown }).shape) ?? def.options?.[0]);
  return schema;
}
