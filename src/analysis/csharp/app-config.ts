/** Settings of the .NET Framework: `App.config`, which the build lays beside the program. */
import type { ModuleFinder } from "../languages.ts";
import { leftOut } from "../project.ts";
import { literal, type Value } from "../values.ts";

/** `ConfigurationManager.AppSettings`, of which a key is read: `["ListenUrl"]`, `.Get("ListenUrl")`. */
const SETTINGS = /(?:^|\.)(?:Web)?ConfigurationManager\.AppSettings$/;
const ENTRY = /<add\s+key\s*=\s*"([^"]*)"\s+value\s*=\s*"([^"]*)"/g;

/** What a key of `AppSettings` is; undefined where it is read of something else, or stands in no file. */
export type AppSetting = (path: string, key: string) => Value | undefined;

export function appSettings(finder: ModuleFinder): AppSetting {
  let all: Map<string, string> | undefined;
  return (path, key) => {
    if (!SETTINGS.test(path)) return undefined;
    all ??= new Map(finder.paths.flatMap((p) => [...entriesOf(p, finder)]));
    const said = all.get(key.toLowerCase());
    return { t: "option", name: key, ...(said === undefined ? {} : { default: literal(said) }) };
  };
}

function* entriesOf(path: string, finder: ModuleFinder): Generator<[string, string]> {
  if (!/(^|\/)(?:app|web)\.config$/i.test(path) || leftOut(path)) return;
  const text = (finder.text(path) ?? "").replace(/<!--[\s\S]*?-->/g, "");
  for (const [, key = "", value = ""] of text.matchAll(ENTRY)) yield [key.toLowerCase(), value];
}
