/** A server of Go that is only started where somebody gives what it is called for: `if *issuer != "" { serveKeys(*issuer) }`. */

import { escaped } from "../base/escaped.ts";
import { openerBefore, ownerOf } from "./brackets.ts";
import { ownCode } from "./comments.ts";
import type { Place, SourceFacts } from "./facts.ts";
import { functionSpan } from "./go/functions.ts";

/** How many functions lead from the condition to the server. */
const MAX_CALLERS = 3;
/** What more places call is called by many names, or is a method of several types. */
const MAX_SITES = 3;

/** Of a program: its code of Go without comments, and what is known of its functions. */
interface Known {
  code: Map<string, string>;
  asked: Map<string, boolean>;
}
const KNOWN = new WeakMap<SourceFacts, Known>();

/** Does every way to a place lead through such a condition on a flag that is empty by default? */
export function isAskedAtCall(place: Place, facts: SourceFacts, depth = 0): boolean {
  if (!place.file.endsWith(".go") || depth > MAX_CALLERS) return false;
  const name = functionOf(place, facts.text(place.file) ?? "");
  if (name === undefined || name === "main" || name === "init") return false;
  const known = KNOWN.get(facts) ?? { code: codeOf(facts), asked: new Map<string, boolean>() };
  KNOWN.set(facts, known);
  let asked = known.asked.get(name);
  if (asked === undefined) {
    known.asked.set(name, false);
    const sites = sitesOf(name, known.code);
    asked =
      sites.length > 0 &&
      sites.length <= MAX_SITES &&
      sites.every((s) => isUnderFlag(s, known.code) || isAskedAtCall(s, facts, depth + 1));
    known.asked.set(name, asked);
  }
  return asked;
}

/** Only of a program that asks so at all. */
function codeOf(facts: SourceFacts): Map<string, string> {
  const files = facts.judged.filter((file) => file.endsWith(".go"));
  const asks = files.some((file) => ASKS.test(facts.text(file) ?? ""));
  return new Map(asks ? files.map((file) => [file, ownCode(facts.text(file) ?? "", "go")]) : []);
}

/** A flag that is empty by default. */
const ASKS = /\bString\w*\([^()\n]*"",/;

/** Where a function is called. */
function sitesOf(name: string, codes: ReadonlyMap<string, string>): Place[] {
  const call = new RegExp(`(?<!\\bfunc (?:\\([^()\\n]*\\) )?)(?<!\\w)${name}\\(`, "g");
  const sites: Place[] = [];
  for (const [file, code] of codes) {
    if (!code.includes(`${name}(`)) continue;
    for (const { index } of code.matchAll(call)) sites.push({ file, start: index, end: index + name.length });
    if (sites.length > MAX_SITES) break;
  }
  return sites;
}

/** What the function is called in which a place stands. */
function functionOf({ start }: Place, text: string): string | undefined {
  const { from } = functionSpan(text, start);
  return /^func (?:\([^()\n]*\) )?(\w+)\(/.exec(text.slice(from, from + 200))?.[1];
}

function isUnderFlag({ file, start }: Place, codes: ReadonlyMap<string, string>): boolean {
  const code = codes.get(file) ?? "";
  const { from } = functionSpan(code, start);
  for (let at = openerBefore(code, start); at > Math.max(from, 0); at = openerBefore(code, at)) {
    const owner = code[at] === "{" ? ownerOf(code, at) : "";
    const tested = /\bif \(?\*?(?:\w+\.)*(\w+) != ""(?!\s*\|\|)/.exec(owner)?.[1];
    if (tested !== undefined && isEmptyFlag(tested, code)) return true;
  }
  return false;
}

/** `issuer := flag.String("issuer", "", "…")`, `StringVarP(&o.issuer, "issuer", "i", "", "…")` */
function isEmptyFlag(name: string, code: string): boolean {
  const own = escaped(name);
  return new RegExp(
    `\\b${own}\\s*:?=\\s*[\\w.()]*String\\w*\\(\\s*"[^"\\n]*",\\s*(?:"\\w?",\\s*)?""|Var\\w*\\(\\s*&(?:\\w+\\.)*${own},\\s*"[^"\\n]*",\\s*(?:"\\w?",\\s*)?""`,
  ).test(code);
}
