/**
 * npm's `config` and what reads its files alike (`wild-config`, `node-config`): values of `config/default.*`, what a deployment
 * lays over them (`config/production.*`), and the variables that `custom-environment-variables` maps.
 */
import { parse as parseToml } from "../../base/toml.ts";
import { parse as parseYaml } from "../../base/yaml.ts";
import { anyOf, env, literal, type Value } from "../values.ts";
import { parseLooseJson } from "./resolve.ts";

/** The start of a path of values that such a package gives. */
export const CONFIG_PACKAGE = /^(?:@[\w-]+\/)?(?:[\w-]+-)?config\./;

/** A function from a dotted key to its value; undefined where the files do not say. */
export function configPackageKey(texts: ReadonlyMap<string, string>): (key: string) => Value | undefined {
  let loaded: { layers: unknown[]; variables: unknown } | undefined;
  return (key) => {
    loaded ??= { layers: layersOf(texts), variables: read(texts, VARIABLES) };
    const mapped = dig(loaded.variables, key);
    const name = typeof mapped === "string" ? mapped : (mapped as { __name?: unknown } | undefined)?.__name;
    const said = loaded.layers
      .map((layer) => dig(layer, key))
      .filter((v) => typeof v === "string" || typeof v === "number" || typeof v === "boolean");
    const fallback = said.length > 0 ? anyOf(said.map(literal)) : undefined;
    if (typeof name === "string") return env(name, fallback);
    return fallback && { t: "option", name: key, default: fallback };
  };
}

const VARIABLES = "custom-environment-variables";
const EXTENSIONS = ["json", "json5", "yaml", "yml", "toml"];

/** The defaults, and what each environment lays over them that an image may run in. */
function layersOf(texts: ReadonlyMap<string, string>): unknown[] {
  const names = [...texts.keys()].flatMap(
    (path) => /^config\/((?!local|dev|test|custom-)[\w-]+)\.\w+$/.exec(path)?.[1] ?? [],
  );
  return [...new Set(["default", ...names])].map((name) => read(texts, name));
}

function read(texts: ReadonlyMap<string, string>, name: string): unknown {
  for (const extension of EXTENSIONS) {
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
