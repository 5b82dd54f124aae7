/** The settings files of a Kotlin program: what keys of theirs say. */
import { readHocon } from "../config/hocon.ts";
import { readProperties, readYaml } from "../config/properties.ts";
import { leftOut } from "../project.ts";

/** The keys of the program's own `application.conf`, `reference.conf` and `application.yaml`, and of the files that its code names. */
export function settingsOf(texts: ReadonlyMap<string, string>): Map<string, string[]> {
  const out = new Map<string, string[]>();
  const code = [...texts]
    .filter(([path]) => path.endsWith(".kt") && leftOut(path) === undefined)
    .map(([, text]) => text);
  const isNamed = (path: string): boolean => {
    const name = path.slice(path.lastIndexOf("/") + 1);
    return code.some((text) => text.includes(`${name}"`));
  };
  for (const [path, text] of texts) {
    if (leftOut(path) !== undefined || !/\.(?:conf|ya?ml|properties)$/.test(path)) continue;
    if (!USUAL.test(path) && !isNamed(path)) continue;
    const found: Iterable<readonly [string, string[]]> = path.endsWith(".conf")
      ? readHocon(text)
      : [...((path.endsWith(".properties") ? readProperties(path, text) : readYaml(path, text)[0]) ?? [])].map(
          ([key, { value }]) => [key, [value]] as const,
        );
    // A later file of HOCON goes over one before, others stand beside them.
    for (const [key, values] of found) if (path.endsWith(".conf") || !out.has(key)) out.set(key, values);
  }
  return out;
}

/** Files of settings that frameworks read by themselves. */
const USUAL = /(^|\/)(?:(?:application|reference)\.conf|application\.ya?ml)$|(^|\/)src\/main\/resources\/config\.yml$/;

/** What fills classes with settings by the names of their members. */
export const FILLS = /\b(?:hoplite|ConfigLoader|loadConfig\w*|decodeFrom(?:String|Stream)|readValue|loadAs)\b/;
