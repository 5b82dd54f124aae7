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

const [NEWLINE, QUOTE, APOSTROPHE, STAR, SLASH, BACKSLASH, BACKTICK] = [10, 34, 39, 42, 47, 92, 96] as const;
const [OPEN, OPEN_INDEX, OPEN_BLOCK, CLOSE_BLOCK] = [40, 91, 123, 125] as const;
const [COLON, EQUALS, GREATER, QUESTION, DOT] = [58, 61, 62, 63, 46] as const;

/**
 * By brackets and operators alone. Texts, comments and patterns are told apart as well as that is possible without a parser;
 * what a mistake leaves open is closed with the statement or the block around it, so that a long script is none that is deep.
 */
function isTooDeep(text: string): boolean {
  /** Brackets around, and the operators before each. */
  const open: { bracket: number; chain: number; choices: number }[] = [];
  let chain = 0;
  /** `?` whose `:` is to come. */
  let choices = 0;
  // The last thing that is no white space, and where it is.
  let last = 0;
  let lastAt = -1;
  const close = (to: number): void => {
    ({ chain, choices } = open[to] as { chain: number; choices: number });
    open.length = to;
  };
  for (let i = 0; i < text.length; i++) {
    const c = text.charCodeAt(i);
    switch (c) {
      case QUOTE:
      case APOSTROPHE:
        // "Don't" between tags
        if (lastAt === i - 1 && isWord(last) && !isKeywordAt(text, lastAt)) break;
        i = endOfText(text, i, c);
        break;
      case SLASH: {
        const next = text.charCodeAt(i + 1);
        if (next === SLASH || next === STAR) {
          const end = next === SLASH ? text.indexOf("\n", i) : text.indexOf("*/", i + 2);
          if (end < 0) return false;
          i = next === SLASH ? end - 1 : end + 1;
          continue;
        }
        if (beginsValue(text, last, lastAt)) i = endOfPattern(text, i);
        break;
      }
      case BACKTICK:
        i = endOfTemplate(text, i);
        if (text.charCodeAt(i) !== OPEN_BLOCK) break;
        open.push({ bracket: BACKTICK, chain, choices });
        if (open.length > MAX_DEPTH) return true;
        chain = choices = 0;
        break;
      case OPEN:
      case OPEN_INDEX:
      case OPEN_BLOCK:
        open.push({ bracket: c, chain, choices });
        if (open.length > MAX_DEPTH) return true;
        if (c === OPEN_BLOCK) chain = 0;
        choices = 0;
        break;
      case 41: // )
      case 93: // ]
        if (open.at(-1)?.bracket === (c === 41 ? OPEN : OPEN_INDEX)) close(open.length - 1);
        break;
      case CLOSE_BLOCK: {
        const block = open.findLastIndex(({ bracket }) => bracket === OPEN_BLOCK || bracket === BACKTICK);
        if (block < 0) break;
        const isTemplate = open[block]?.bracket === BACKTICK;
        close(block);
        if (!isTemplate) break;
        // The text of the template goes on.
        i = endOfTemplate(text, i);
        if (text.charCodeAt(i) === OPEN_BLOCK) {
          open.push({ bracket: BACKTICK, chain, choices });
          chain = choices = 0;
        }
        break;
      }
      case 59: // ;
        // Of a `for`, or never closed.
        while (open.at(-1)?.bracket === OPEN || open.at(-1)?.bracket === OPEN_INDEX) open.pop();
        chain = choices = 0;
        break;
      case 44: // ,
        chain = choices = 0;
        break;
      case QUESTION: {
        const next = text.charCodeAt(i + 1);
        if (next === QUESTION) i++;
        else if (next !== DOT) {
          choices++;
          if (++chain > MAX_CHAIN) return true;
        }
        break;
      }
      case COLON:
        if (choices > 0) choices--;
        else if (CASE.test(text.slice(Math.max(0, i - 60), i))) chain = 0;
        else if (++chain > MAX_CHAIN) return true;
        break;
      case EQUALS: {
        const next = text.charCodeAt(i + 1);
        if (next === EQUALS) i += text.charCodeAt(i + 2) === EQUALS ? 2 : 1;
        // `<=`, `>=`, `!=` compare; what is a text, or an attribute, ends there.
        else if (last !== 33 && last !== 60 && last !== GREATER && next !== QUOTE && next !== APOSTROPHE)
          if (++chain > MAX_CHAIN) return true;
        break;
      }
      case NEWLINE:
        // As far as the next line that holds anything.
        while (text.charCodeAt(i + 1) <= 32) i++;
        if (!isChained(last) && !isChained(text.charCodeAt(i + 1))) chain = choices = 0;
        continue;
      default:
        if (c <= 32) continue;
    }
    last = c;
    lastAt = i;
  }
  return false;
}

function isChained(c: number): boolean {
  return c === COLON || c === EQUALS || c === QUESTION;
}

function isWord(c: number): boolean {
  return (c >= 97 && c <= 122) || (c >= 65 && c <= 90) || (c >= 48 && c <= 57) || c === 95 || c === 36 || c > 127;
}

/** Labels of a `switch` stand beside one another. */
const CASE = /\b(?:case\b[^:;{}]*|default\s*)$/;
const KEYWORD =
  /(?<![\w$.])(?:return|typeof|case|in|of|void|delete|throw|do|else|yield|await|from|import|export|default|new|as|instanceof)$/;

/** Does a keyword end here, behind which a value may begin? */
function isKeywordAt(text: string, at: number): boolean {
  return KEYWORD.test(text.slice(Math.max(0, at - 11), at + 1));
}

/** A slash behind it begins a pattern, and divides nothing. */
function beginsValue(text: string, last: number, lastAt: number): boolean {
  if (isWord(last)) return isKeywordAt(text, lastAt);
  // Behind a closing bracket or a text it mostly divides; `</p>` is a tag.
  return ![41, 93, CLOSE_BLOCK, QUOTE, APOSTROPHE, BACKTICK, 60].includes(last);
}

/** A pattern ends in its line; a slash in its brackets does not end it. */
function endOfPattern(text: string, from: number): number {
  let inClass = false;
  for (let i = from + 1; i < text.length; i++) {
    const c = text.charCodeAt(i);
    if (c === NEWLINE) return from;
    if (c === BACKSLASH) i++;
    else if (c === OPEN_INDEX) inClass = true;
    else if (c === 93) inClass = false;
    else if (c === SLASH && !inClass) return i;
  }
  return from;
}

/** The backtick that ends a template, or the bracket of the `${` in it. */
function endOfTemplate(text: string, from: number): number {
  for (let i = from + 1; i < text.length; i++) {
    const c = text.charCodeAt(i);
    if (c === BACKSLASH) i++;
    else if (c === BACKTICK || (c === OPEN_BLOCK && text.charCodeAt(i - 1) === 36)) return i;
  }
  return text.length;
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
