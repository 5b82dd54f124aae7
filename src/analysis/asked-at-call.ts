/** A server of Go that is only started where somebody gives what it is called for: `if *issuer != "" { serveKeys(*issuer) }`. */

import { escaped } from "../base/escaped.ts";
import { openerBefore, ownerOf } from "./brackets.ts";
import { ownCode } from "./comments.ts";
import type { Place, SourceFacts } from "./facts.ts";

/** How many functions lead from the condition to the server. */
const MAX_CALLERS = 3;

/** Does every way to a place lead through such a condition on a flag that is empty by default? */
export function isAskedAtCall(place: Place, facts: SourceFacts, depth = 0): boolean {
  if (!place.file.endsWith(".go") || depth > MAX_CALLERS) return false;
  const name = functionOf(place, facts.text(place.file) ?? "");
  if (name === undefined || name === "main" || name === "init") return false;
  const call = new RegExp(`(?<!\\bfunc (?:\\([^()\\n]*\\) )?)(?<!\\w)${name}\\(`, "g");
  const sites: Place[] = [];
  for (const file of facts.judged) {
    const text = facts.text(file) ?? "";
    if (!file.endsWith(".go") || !text.includes(`${name}(`)) continue;
    for (const { index } of ownCode(text, "go").matchAll(call))
      sites.push({ file, start: index, end: index + name.length });
  }
  return sites.length > 0 && sites.every((s) => isUnderFlag(s, facts) || isAskedAtCall(s, facts, depth + 1));
}

/** What the function is called in which a place stands. */
function functionOf({ start }: Place, text: string): string | undefined {
  const at = text.lastIndexOf("\nfunc ", start);
  return at < 0 ? undefined : /^\nfunc (?:\([^()\n]*\) )?(\w+)\(/.exec(text.slice(at, at + 200))?.[1];
}

function isUnderFlag({ file, start }: Place, facts: SourceFacts): boolean {
  const code = ownCode(facts.text(file) ?? "", "go");
  const from = code.lastIndexOf("\nfunc ", start);
  for (let at = openerBefore(code, start); at > from; at = openerBefore(code, at)) {
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
