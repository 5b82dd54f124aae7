/** Settings of the .NET Framework: `App.config`, which the build lays beside the program. */
import { dirname } from "node:path/posix";
import type { ModuleFinder } from "../languages.ts";
import { leftOut } from "../project.ts";
import { literal, type Value } from "../values.ts";

/** `ConfigurationManager.AppSettings`, of which a key is read: `["ListenUrl"]`, `.Get("ListenUrl")`. */
const SETTINGS = /(?:^|\.)(?:Web)?ConfigurationManager\.AppSettings$/;
const ENTRY = /<add\s+key\s*=\s*"([^"]*)"\s+value\s*=\s*"([^"]*)"/g;

/** What a key of `AppSettings` is in a file; undefined where it is read of something else. */
export type AppSetting = (path: string, key: string, file: string) => Value | undefined;

export function appSettings(finder: ModuleFinder): AppSetting {
  let all: [string, Map<string, string>][] | undefined;
  return (path, key, file) => {
    if (!SETTINGS.test(path)) return undefined;
    all ??= finder.paths.flatMap((p) => (FILE.test(p) && !leftOut(p) ? [[dirname(p), entriesOf(p, finder)]] : []));
    // Each project has its own: the one in a folder around the file.
    const isAround = ([folder]: [string, unknown]): boolean => folder === "." || file.startsWith(`${folder}/`);
    const around = all.filter(isAround).sort(([a], [b]) => b.length - a.length);
    // A library's settings are those of the one project that has any.
    const only = all.length === 1 && !/client/i.test(all[0]?.[0] ?? "") ? all[0] : undefined;
    const own = (around[0] ?? only)?.[1];
    const said = own?.get(key.toLowerCase());
    return { t: "option", name: key, ...(said === undefined ? {} : { default: literal(said) }) };
  };
}

const FILE = /(^|\/)(?:app|web)\.config$/i;

function entriesOf(path: string, finder: ModuleFinder): Map<string, string> {
  const text = (finder.text(path) ?? "").replace(/<!--[\s\S]*?-->/g, "");
  return new Map([...text.matchAll(ENTRY)].map(([, key = "", value = ""]) => [key.toLowerCase(), value]));
}
