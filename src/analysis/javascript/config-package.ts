/**
 * npm's `config` and what reads its files alike (`wild-config`, `node-config`): values of `config/default.*`, and the variables
 * that `custom-environment-variables` maps.
 */
import { parse as parseToml } from "../../base/toml.ts";
import { parse as parseYaml } from "../../base/yaml.ts";
import { env, literal, type Value } from "../values.ts";
import { parseLooseJson } from "./resolve.ts";

/** The start of a path of values that such a package gives. */
export const CONFIG_PACKAGE = /^(?:@[\w-]+\/)?(?:[\w-]+-)?config\./;

/** A function from a dotted key to its value; undefined where the files do not say. */
export function configPackageKey(texts: ReadonlyMap<string, string>): (key: string) => Value | undefined {
  let loaded: { defaults: unknown; variables: unknown } | undefined;
  return (key) => {
    loaded ??= { defaults: read(texts, "default"), variables: read(texts, "custom-environment-variables") };
    const mapped = dig(loaded.variables, key);
    const name = typeof mapped === "string" ? mapped : (mapped as { __name?: unknown } | undefined)?.__name;
    const plain = dig(loaded.defaults, key);
    const fallback =
      typeof plain === "string" || typeof plain === "number" || typeof plain === "boolean" ? literal(plain) : undefined;
    if (typeof name === "string") return env(name, fallback);
    return fallback && { t: "option", name: key, default: fallback };
  };
}

function read(texts: ReadonlyMap<string, string>, name: string): unknown {
  for (const extension of ["json", "json5", "yaml", "yml", "toml"]) {
    const text = texts.get(`config/${name}.${extension}`);
    if (text === undefined) continue;
    if (extension.startsWith("json")) return parseLooseJson(text);
    try {
      return extension === "toml" ? parseToml(text) : parseYaml(text);
    } catch {
      return undefined;
    }
  }
  return undefined;
}

function dig(value: unknown, key: string): unknown {
  let at = value;
  for (const part of key.split(".")) {
    if (typeof at !== "object" || at === null) return undefined;
    at = (at as Record<string, unknown>)[part];
  }
  return at;
}
