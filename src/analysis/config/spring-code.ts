/** Properties that a Spring program gives itself: default properties, properties of the system, flags. */
import { boundary, closerAfter, openerBefore, ownerOf } from "../brackets.ts";
import { blankComments } from "../comments.ts";
import { leftOut } from "../project.ts";
import type { Properties } from "./properties.ts";

/** What takes a property by key and value. */
const TAKES =
  /\b(?:setProperty|put|putIfAbsent|of|entry|singletonMap|(?:mutable|hash|linked)?[mM]apOf)(?:<[^()]*>)?\s*$/;
/** What takes `key=value`. */
const TAKES_LINES = /\b(?:properties|run|of|arrayOf|listOf|asList)\s*$|\]\s*$/;
/** What hands a map to Spring. */
const HANDED = /setDefaultProperties|\.properties\(|\bdefaultProperties\b|PropertySource\(/;

/** Beans and settings that are there in some environments only. */
export const SOMETIMES = /@(?:\w+\.)*(?:Profile|Conditional\w*)\b/;
const MAIN = /\b(?:void|fun)\s+main\s*\([^{};]*$/;
const LEAVES = /\b(?:return|throw|exit|exitProcess)\b|\bSpringApplication\s*\.\s*run\s*\(/;

/**
 * What a program gives itself whenever it starts: a text, set in `main` or as its class is loaded. What may be set
 * elsewhere, to something else or under a condition is in `perhaps` by its key alone.
 *
 * @param keys as a pattern without groups: `server\.ssl\.key-store`
 */
export function propertiesInCode(
  texts: ReadonlyMap<string, string>,
  keys: string,
): { always: Properties; perhaps: Set<string> } {
  const always: Properties = new Map();
  const perhaps = new Set<string>();
  for (const [file, text] of texts) {
    if (!/\.(java|kt)$/.test(file) || leftOut(file) || !new RegExp(keys).test(text)) continue;
    const code = blankComments(text);
    const names = new Map<string, string>();
    for (const m of code.matchAll(new RegExp(`\\b(\\w+)\\s*(?::\\s*String\\s*)?=\\s*"(${keys})"`, "g")))
      names.set(m[1] as string, m[2] as string);
    const written = [`"(?:--)?${keys}(?==|")`, ...[...names.keys()].map((n) => `\\b${n}\\b`)].join("|");
    for (const m of code.matchAll(new RegExp(written, "g"))) {
      const end = m.index + m[0].length + (m[0].startsWith('"') && text[m.index + m[0].length] === '"' ? 1 : 0);
      const key = names.get(m[0]) ?? m[0].replace(/^"(?:--)?|"$/g, "");
      const value = valueAfter(code, m.index, end, HANDED.test(code));
      if (!value) continue;
      const known = textOf(code, value);
      if (known === undefined || !isAlways(code, m.index)) perhaps.add(key);
      else if (!always.has(key))
        always.set(key, { value: known, place: { file, start: m.index, end: end + value.length } });
    }
  }
  return { always, perhaps };
}

/** The code of the value that is set, or undefined where the key is only named. */
function valueAfter(code: string, start: number, end: number, handed: boolean): string | undefined {
  const opener = openerBefore(code, start);
  const taker = code.slice(Math.max(0, opener - 60), opener);
  const line = /^=([^"]+)"/.exec(code.slice(end, end + 200));
  if (line) return TAKES_LINES.test(taker) ? `"${line[1]}"` : undefined;
  const own = /\bSystem\s*\.\s*setProperty\s*$/.test(taker);
  if (!own && !handed) return undefined;
  const indexed = code[opener] === "[" && /^\s*\]\s*=(?!=)/.exec(code.slice(end, end + 20))?.[0];
  const paired = TAKES.test(taker) && /^\s*(?:,|to\b)/.exec(code.slice(end, end + 40))?.[0];
  const sign = indexed || paired;
  if (!sign) return undefined;
  const limit = indexed ? code.length : closerAfter(code, opener);
  const value = /^[^,;\n]*/.exec(code.slice(end + sign.length, Math.min(limit, end + 200)))?.[0].trim();
  return value && !/^(?:""|null)$/.test(value) ? value : undefined;
}

/** A text, true or false, or a constant of the file that is one. What has other values put into it is none. */
function textOf(code: string, value: string): string | undefined {
  const constant =
    /^\w+$/.test(value) &&
    new RegExp(`\\b(?:final\\s+String|val)\\s+${value}\\s*(?::\\s*String\\s*)?=\\s*("[^"]*")`).exec(code)?.[1];
  const text = constant || value;
  return /^"([^"$]+)"$/.exec(text)?.[1] ?? /^(?:true|false)$/.exec(text)?.[0];
}

function isAlways(code: string, at: number): boolean {
  if (SOMETIMES.test(code)) return false;
  for (let place = at; place > 0; ) {
    const opener = openerBefore(code, place);
    const from = boundary(code, opener, place);
    if (/^\s*(?:if|else|for|while)\b|\?|->|&&|\|\|/.test(code.slice(from, place)) || isBranch(code, from)) return false;
    if (code[opener] === "{") {
      const owner = ownerOf(code, opener);
      const main = MAIN.test(owner);
      if (main || (/\b(?:static|init)\s*$/.test(owner) && /\b(?:void|fun)\s+main\b/.test(code)))
        return !LEAVES.test(code.slice(opener, at));
      if (!/\brunApplication\b[^{}]*$/.test(owner)) return false;
    } else if (!"([".includes(code[opener] ?? "{")) return false;
    place = opener;
  }
  return false;
}

/** Does a statement that begins here belong to the `if (…)` or the `else` of the line before? */
function isBranch(code: string, from: number): boolean {
  const before = code.slice(0, from).trimEnd();
  if (!before.endsWith(")")) return /\belse$/.test(before);
  return /\b(?:if|for|while)\s*$/.test(before.slice(0, openerBefore(before, before.length - 1)));
}
