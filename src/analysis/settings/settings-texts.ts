/** Settings that stand in the code as one text, which a library makes data of: the defaults under what the user says. */
import { escaped } from "../../base/escaped.ts";
import { writtenData } from "../config/shipped.ts";
import type { Evaluator } from "../evaluate/evaluator.ts";
import type { SourceModule } from "../scope/scope.ts";
import { plainName } from "./setting-owners.ts";

const LARGEST = 20_000;
/** Texts of several lines that have a name, by language. */
const TEXTS: Partial<Record<string, RegExp>> = {
  go: /\b(\w+)\s*(?:string\s*)?:?=\s*(?:\[\]byte\()?`([^`]*)`/g,
  rust: /\b(\w+)\s*(?::\s*&(?:'static\s+)?str)?\s*=\s*r?#*"((?:[^"\\]|\\.|"(?!#|;))*)"#*\s*;/g,
};
const READS = "(?:unmarshal|decode|decoder|read|reader|buffer|load|parse|from_str|string|str|provider|rawbytes|format)";

interface Setting {
  /** The names above it, the nearest first. */
  owners: string[];
  name: string;
  value: string | number;
}

const KNOWN = new WeakMap<SourceModule, Setting[]>();

/**
 * What such a text says of a setting by its name, and by the section that it stands in.
 *
 * @param owners the names that what holds it may have; none where it stands by itself
 */
export function inSettingsText(
  name: string,
  owners: readonly string[],
  near: SourceModule,
  evaluator: Evaluator,
): string | number | undefined {
  const pattern = TEXTS[near.language];
  if (!pattern) return undefined;
  const line = new RegExp(`^[ \\t]*["']?${escaped(name)}["']?[ \\t]*[:=]`, "im");
  const found = evaluator.project
    .matching(line, near)
    .flatMap((module) => settingsIn(module, pattern, evaluator))
    .filter((s) => plainName(s.name) === plainName(name));
  const own = found.filter((s) => s.owners.length === 0 || owners.includes(plainName(s.owners[0] as string)));
  const values = new Set(own.map((s) => s.value));
  return values.size === 1 ? [...values][0] : undefined;
}

function settingsIn(module: SourceModule, pattern: RegExp, evaluator: Evaluator): Setting[] {
  let known = KNOWN.get(module);
  if (known) return known;
  KNOWN.set(module, (known = []));
  for (const [, called = "", text = ""] of module.text.matchAll(pattern)) {
    if (text.length > LARGEST || !text.includes("\n")) continue;
    const data = writtenData(text);
    if (data === undefined || !isRead(called, module, evaluator)) continue;
    known.push(...flat(data, []));
  }
  return known;
}

/** `yaml.Unmarshal([]byte(defaults), &config)`: not a sample that is written to a file. */
function isRead(called: string, module: SourceModule, evaluator: Evaluator): boolean {
  const read = new RegExp(`${READS}\\w*!?(?:::<[^>\\n]*>)?\\([^;\\n]{0,80}\\b${escaped(called)}\\b`, "i");
  return evaluator.project.matching(read, module, called).length > 0;
}

function flat(data: unknown, owners: string[]): Setting[] {
  if (data === null || typeof data !== "object" || Array.isArray(data) || owners.length > 4) return [];
  return Object.entries(data).flatMap(([name, value]: [string, unknown]): Setting[] =>
    typeof value === "string" || typeof value === "number" ? [{ owners, name, value }] : flat(value, [name, ...owners]),
  );
}
