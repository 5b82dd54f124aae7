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

/**
 * Only what is always so: properties that stand under a condition are left out.
 *
 * @param keys as a pattern without groups: `server\.ssl\.key-store`
 */
export function propertiesInCode(texts: ReadonlyMap<string, string>, keys: string): Properties {
  const out: Properties = new Map();
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
      if (value && !out.has(key) && !isConditional(code, m.index))
        out.set(key, { value, place: { file, start: m.index, end: end + value.length } });
    }
  }
  return out;
}

/** The text of the value that is set, or undefined where the key is only named. */
function valueAfter(code: string, start: number, end: number, handed: boolean): string | undefined {
  const opener = openerBefore(code, start);
  const taker = code.slice(Math.max(0, opener - 60), opener);
  const line = /^=([^"]+)"/.exec(code.slice(end, end + 200));
  if (line) return TAKES_LINES.test(taker) ? line[1] : undefined;
  const own = /\bSystem\s*\.\s*setProperty\s*$/.test(taker);
  if (!own && !handed) return undefined;
  const indexed = code[opener] === "[" && /^\s*\]\s*=(?!=)/.exec(code.slice(end, end + 20))?.[0];
  const paired = TAKES.test(taker) && /^\s*(?:,|to\b)/.exec(code.slice(end, end + 40))?.[0];
  const sign = indexed || paired;
  if (!sign) return undefined;
  const limit = indexed ? code.length : closerAfter(code, opener);
  const value = /^[^,;\n]*/.exec(code.slice(end + sign.length, Math.min(limit, end + 200)))?.[0].trim();
  return value && !/^(?:""|null)$/.test(value) ? value.replace(/^"(.*)"$/, "$1") : undefined;
}

function isConditional(code: string, at: number): boolean {
  for (let place = at; place > 0; ) {
    const opener = openerBefore(code, place);
    const before = code.slice(boundary(code, opener, place), place);
    if (/^\s*(?:else\s+)?if\b|\?\s*$/.test(before)) return true;
    if (code[opener] === "{" && /\b(?:if|else|when|switch|catch)\b/.test(ownerOf(code, opener))) return true;
    if (!"([{".includes(code[opener] ?? "")) return false;
    place = opener;
  }
  return false;
}
