/** The line parsers' word splitting: quotes and escapes stay in the words (parser/line_parsers.go, split_command.go). */
import { ASCII_SPACE, isBlank, isSpace, type Span } from "./text.ts";

export interface RawWord {
  value: string;
  span: Span;
}

/** parseWords: words of ENV, LABEL and ARG; quotes protect white space, the escape character protects one character. */
export function splitQuoted(text: string, from: number, to: number, escapeChar: string): RawWord[] {
  const words: RawWord[] = [];
  let at = from;
  while (at < to) {
    while (at < to && isSpace(text.charCodeAt(at))) at++;
    if (at >= to) break;
    const start = at;
    let quote = "";
    // Slices between dropped escape characters (one at the very end of the text is skipped).
    let value = "";
    let sliceStart = at;
    for (; at < to; at++) {
      const c = text[at] as string;
      if (quote === "") {
        if (isSpace(text.charCodeAt(at))) break;
        if (c === "'" || c === '"') quote = c;
        else if (c === escapeChar) {
          if (at + 1 === to) {
            value += text.slice(sliceStart, at);
            sliceStart = to;
          } else at++;
        }
        continue;
      }
      if (c === quote) quote = "";
      else if (c === escapeChar && quote !== "'") {
        if (at + 1 === to) {
          value += text.slice(sliceStart, at);
          sliceStart = to;
        } else at++;
      }
    }
    const end = Math.min(at, to);
    value += text.slice(sliceStart, end);
    at = end;
    if (value !== "") words.push({ value, span: { start, end } });
  }
  return words;
}

/** regexp.Split on `[\t\v\f\r ]+`: an empty text gives one empty word. */
export function splitBlanks(text: string, from: number, to: number): RawWord[] {
  const words: RawWord[] = [];
  let start = from;
  for (let at = from; ; at++) {
    if (at < to && !isBlank(text.charCodeAt(at))) continue;
    words.push({ value: text.slice(start, at), span: { start, end: at } });
    if (at >= to) return words;
    while (at + 1 < to && isBlank(text.charCodeAt(at + 1))) at++;
    start = at + 1;
  }
}

export interface RawFlag {
  text: string;
  span: Span;
}

/**
 * extractBuilderFlags: leading words that begin with `--`. `rest` is where the arguments begin. BuildKit takes each byte
 * for a character here: no other white space ends a flag, but a letter with a byte that is white space (`à`: C3 A0) does.
 */
export function readFlags(
  text: string,
  from: number,
  to: number,
  escapeChar: string,
): { flags: RawFlag[]; rest: number } {
  const flags: RawFlag[] = [];
  let at = from;
  for (;;) {
    while (at < to && ASCII_SPACE.test(text[at] as string)) at++;
    if (at >= to) return { flags, rest: to };
    if (text[at] !== "-" || text[at + 1] !== "-" || at + 1 >= to) return { flags, rest: at };
    const start = at;
    let quote = "";
    let word = "";
    let quoted = false;
    let ended = false;
    for (; at < to && !ended; at++) {
      let c = text[at] as string;
      if (quote === "" && ASCII_SPACE.test(c)) break;
      if (quote === "" && (c === "'" || c === '"')) {
        quote = c;
        quoted = true;
        continue;
      }
      if (quote !== "" && c === quote) {
        quote = "";
        continue;
      }
      if (c === escapeChar) {
        if (at + 1 === to) continue;
        at++;
        c = text[at] as string;
      }
      if (c >= "\x80") {
        c = Buffer.from(String.fromCodePoint(text.codePointAt(at) as number)).toString("latin1");
        // Four bytes are two units of the text.
        if (c.length > 3) at++;
        const space = quote === "" ? c.search(/[\x85\xa0]/) : -1;
        ended = space >= 0;
        if (ended) c = c.slice(0, space);
      }
      word += c;
    }
    if (word === "--") return { flags, rest: at };
    if (quoted || word !== "") flags.push({ text: word, span: { start, end: at } });
  }
}
