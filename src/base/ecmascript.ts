/** JavaScript and TypeScript. All that parse it import the parser from here. */
import { type ParseResult, type ParserOptions, parseSync } from "oxc-parser";

/** Brackets in one another, and operators whose right side holds the rest, that the parser's stack has room for in any thread. */
const MAX_DEPTH = 700;
const MAX_CHAIN = 2_000;

/** `parseScript`, and undefined for what is nested too deeply. */
export function tryParseScript(path: string, text: string): ParseResult | undefined {
  return isTooDeep(text) ? undefined : parseSync(path, text);
}

/**
 * The tree of a text.
 *
 * @throws RangeError where it is nested more deeply than the parser can follow: it would end the whole process
 */
export function parseScript(path: string, text: string, options?: ParserOptions): ParseResult {
  if (isTooDeep(text)) throw new RangeError("nested too deeply");
  return parseSync(path, text, options);
}

const [NEWLINE, QUOTE, APOSTROPHE, STAR, SLASH, BACKSLASH] = [10, 34, 39, 42, 47, 92] as const;

/** By brackets and operators alone: what stands in a pattern counts as well, texts and comments do not. */
function isTooDeep(text: string): boolean {
  let depth = 0;
  let chain = 0;
  // The last thing that is no white space.
  let last = 0;
  for (let i = 0; i < text.length; i++) {
    const c = text.charCodeAt(i);
    switch (c) {
      case QUOTE:
      case APOSTROPHE:
        i = endOfText(text, i, c);
        break;
      case SLASH: {
        const next = text.charCodeAt(i + 1);
        const end = next === SLASH ? text.indexOf("\n", i) : next === STAR ? text.indexOf("*/", i + 2) : i;
        if (end === i) break;
        if (end < 0) return false;
        i = next === SLASH ? end - 1 : end + 1;
        continue;
      }
      case 40: // (
      case 91: // [
      case 123: // {
        chain = c === 123 ? 0 : chain;
        if (++depth > MAX_DEPTH) return true;
        break;
      case 41:
      case 93:
      case 125:
        if (c === 125) chain = 0;
        if (depth > 0) depth--;
        break;
      case 44: // ,
      case 59: // ;
        chain = 0;
        break;
      case 58: // :
      case 61: // =
      case 63: // ?
        if (++chain > MAX_CHAIN) return true;
        break;
      case NEWLINE:
        if (!isChained(last) && !isChained(nextCode(text, i))) chain = 0;
        continue;
      default:
        if (c <= 32) continue;
    }
    last = c;
  }
  return false;
}

function isChained(c: number): boolean {
  return c === 58 || c === 61 || c === 63;
}

function nextCode(text: string, from: number): number {
  for (let i = from; i < text.length; i++) if (text.charCodeAt(i) > 32) return text.charCodeAt(i);
  return 0;
}

/** A text in quotes ends in its line. */
function endOfText(text: string, from: number, quote: number): number {
  for (let i = from + 1; i < text.length; i++) {
    const c = text.charCodeAt(i);
    if (c === quote) return i;
    if (c === NEWLINE) return i - 1;
    if (c === BACKSLASH) i++;
  }
  return text.length;
}
