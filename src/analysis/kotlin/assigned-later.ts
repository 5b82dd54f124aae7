/** What a `var` of a function is given after its declaration, whatever happens in between. */
import { openerBefore } from "../brackets.ts";
import { expressionAt } from "./expressions.ts";

/**
 * `var host = "127.0.0.1"; …; host = "0.0.0.0"`: the last expression that takes its place in the same block. One under a
 * condition is left out: it only stands where the condition holds.
 */
export function assignedLater(name: string, text: string): string | undefined {
  const from = new RegExp(`\\bvar\\s+${name}\\b`).exec(text)?.index;
  if (from === undefined) return undefined;
  const gives = new RegExp(`(?<![.\\w@])${name}\\s*=(?!=)\\s*`, "g");
  gives.lastIndex = from + 4 + name.length;
  let found: string | undefined;
  let depth = 0;
  let at = from;
  for (let m = gives.exec(text); m; m = gives.exec(text)) {
    for (; at < m.index && depth >= 0; at++) depth += DEPTH[text[at] as string] ?? 0;
    // The block of the declaration has ended, or something else of that name is declared.
    if (depth < 0) break;
    const before = text.slice(Math.max(0, m.index - 300), m.index).trimEnd();
    if (/\bva[lr]$/.test(before)) break;
    if (depth === 0 && !isGuarded(before)) found = expressionAt(text, m.index + m[0].length);
  }
  return found;
}

/** What stands before the brace of a block that does not run in any case, or that declares something. */
const NO_LAMBDA =
  /\b(?:if|else|when|for|while|do|try|catch|finally|fun|init|class|object|interface|get|set|connector)\b[^{}\n]*$|->\s*$|=\s*$/;

/**
 * `serve { host = "0.0.0.0" }`: what a block that is handed to the program's own function gives a property. Under a
 * condition it is left out.
 */
export function givenInBlocks(name: string, text: string): string[] {
  if (!text.includes(name)) return [];
  const out: string[] = [];
  for (const m of text.matchAll(new RegExp(`(?<![.\\w@])(?:this\\.|it\\.)?${name}\\s*=(?!=)\\s*(?=["'A-Z])`, "g"))) {
    const before = text.slice(0, m.index).trimEnd();
    if (/\bva[lr]$/.test(before) || isGuarded(before)) continue;
    const open = openerBefore(text, m.index);
    if (text[open] !== "{") continue;
    const head = text.slice(text.lastIndexOf("\n", open) + 1, open);
    if (/[\w)>]\s*$/.test(head) && !NO_LAMBDA.test(head)) out.push(expressionAt(text, m.index + m[0].length));
  }
  return out;
}

const DEPTH: Record<string, number> = { "{": 1, "(": 1, "[": 1, "}": -1, ")": -1, "]": -1 };

/** Does an `if (…)`, an `else` or a `->` stand right before it, or is it an argument? */
function isGuarded(before: string): boolean {
  if (/(?:[(,]|->|\belse)$/.test(before)) return true;
  if (!before.endsWith(")")) return false;
  const open = openerBefore(before, before.length - 1);
  return before[open] !== "(" || /\b(?:if|while|for)\s*$/.test(before.slice(0, open));
}
