/** The data of a settings file that the program ships, by the path under which its code loads it. */
import { dirname } from "node:path/posix";
import { parse as parseToml } from "../../base/toml.ts";
import { parse as parseYaml } from "../../base/yaml.ts";
import { joinPath, parseLooseJson } from "../javascript/resolve.ts";
import { leftOut } from "../project.ts";

export const SETTINGS_FILE = /\.(json5?|ya?ml|toml|ini|cfg|conf)$/i;
const LARGEST = 200_000;

const READ = new WeakMap<ReadonlyMap<string, string>, Map<string, unknown>>();

/**
 * @param path as the code says it: below the folder of the file that loads it, below one around it, or the end of a path
 * @param from the file that loads it
 * @returns what it holds; undefined where it is not there, is one of several, or is not understood
 */
export function shippedData(texts: ReadonlyMap<string, string>, path: string, from: string): unknown {
  const found = find(texts, path, from);
  if (found === undefined) return undefined;
  const known = READ.get(texts) ?? new Map<string, unknown>();
  READ.set(texts, known);
  if (!known.has(found)) known.set(found, read(found, texts.get(found) ?? ""));
  return known.get(found);
}

function find(texts: ReadonlyMap<string, string>, path: string, from: string): string | undefined {
  // In the folder of the file that loads it, or in one around that: each program of several has its own.
  for (let folder = dirname(from); ; folder = dirname(folder)) {
    const direct = joinPath(folder, path);
    if (texts.has(direct)) return direct;
    if (folder === "." || folder === "/") break;
  }
  const end = path.replace(/^(?:\.{0,2}\/)+/, "");
  const all = [...texts.keys()].filter((p) => (p === end || p.endsWith(`/${end}`)) && !leftOut(p));
  return all.length === 1 ? all[0] : undefined;
}

function read(path: string, text: string): unknown {
  if (text.length > LARGEST) return undefined;
  try {
    if (/\.json5?$/i.test(path)) return parseLooseJson(text);
    if (/\.ya?ml$/i.test(path)) return parseYaml(text, { logLevel: "silent" });
    if (/\.toml$/i.test(path)) return parseToml(text);
    return parseLooseJson(text) ?? sections(text);
  } catch {
    return undefined;
  }
}

/** What a text of settings in the program's own code holds, in whichever form: `DEFAULTS = """[server]\nhost = …"""`. */
export function writtenData(text: string): unknown {
  if (text.length > LARGEST || !/^\s*["']?[\w.-]+["']?\s*[=:]/m.test(text) || !text.includes("\n")) return undefined;
  const assigns = /^\s*[\w.-]+\s*=/m.test(text);
  const forms: ((text: string) => unknown)[] = [
    parseLooseJson,
    ...(assigns ? [parseToml, sections] : [(t: string) => parseYaml(t, { logLevel: "silent" })]),
  ];
  for (const form of forms) {
    try {
      const data: unknown = form(text);
      if (data !== null && typeof data === "object") return data;
    } catch {
      // Another form.
    }
  }
  return undefined;
}

/** INI: keys by section, those before the first at the top. */
function sections(text: string): Record<string, unknown> {
  const whole: Record<string, unknown> = {};
  let section = whole;
  for (const line of text.split("\n")) {
    const head = /^\s*\[([^\]]+)\]\s*$/.exec(line)?.[1];
    const [, key, value] = /^\s*([\w.-]+)\s*[=:]\s*(.*?)\s*$/.exec(line) ?? [];
    if (head !== undefined) whole[head] = section = {};
    else if (key !== undefined && value !== undefined)
      section[key] = value.replace(/^(["'])(.*)\1$/, "$2").replace(/\s+[;#].*$/, "");
  }
  return whole;
}
