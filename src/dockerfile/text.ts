/** Offsets, lines and columns of a text; and white space as Go's `unicode.IsSpace` has it (BuildKit is written in Go). */
import { lineAt, lineStarts } from "../base/lines.ts";
import type { Region } from "../check/types.ts";

/** Half-open, in UTF-16 units into the whole text. */
export interface Span {
  start: number;
  end: number;
}

export interface LineIndex {
  /** 1-based line of an offset. */
  lineOf(offset: number): number;
  /** Offset at which a 1-based line starts. */
  startOf(line: number): number;
  region(span: Span): Region;
  readonly count: number;
}

export function createLineIndex(text: string): LineIndex {
  const starts = lineStarts(text);
  /** A parser asks for line after line: the last answer or the line behind it is mostly the next one. */
  let last = 0;
  const lineOf = (offset: number): number => {
    for (let line = last; line <= last + 1; line++) {
      if (offset < (starts[line] ?? Number.POSITIVE_INFINITY)) break;
      if (offset < (starts[line + 1] ?? Number.POSITIVE_INFINITY)) {
        last = line;
        return line + 1;
      }
    }
    const line = lineAt(starts, offset);
    last = line - 1;
    return line;
  };
  const startOf = (line: number): number => starts[Math.min(line, starts.length) - 1] ?? 0;
  return {
    lineOf,
    startOf,
    count: starts.length,
    region(span) {
      const startLine = lineOf(span.start);
      const endLine = lineOf(span.end);
      return {
        startLine,
        startColumn: span.start - startOf(startLine) + 1,
        endLine,
        endColumn: span.end - startOf(endLine) + 1,
      };
    },
  };
}

/** unicode.IsSpace: not JavaScript's `\s` (U+0085 is in, U+FEFF is out). */
export function isSpace(code: number): boolean {
  if (code <= 0xff) return (code >= 9 && code <= 13) || code === 0x20 || code === 0x85 || code === 0xa0;
  return (
    code === 0x1680 ||
    (code >= 0x2000 && code <= 0x200a) ||
    code === 0x2028 ||
    code === 0x2029 ||
    code === 0x202f ||
    code === 0x205f ||
    code === 0x3000
  );
}

/** unicode.IsSpace, asked for bytes instead of characters, as BuildKit does in some places. */
export const ASCII_SPACE = /[\t-\r ]/;

/** `[\t\v\f\r ]`: what separates an instruction's words (parser.go reWhitespace). */
export function isBlank(code: number): boolean {
  return code === 0x20 || code === 9 || (code >= 11 && code <= 13);
}

/** First index at or after `from` that is not white space. */
export function skipSpace(text: string, from: number, to = text.length): number {
  let i = from;
  while (i < to && isSpace(text.charCodeAt(i))) i++;
  return i;
}

/** strings.TrimSpace as a span. */
export function trimSpan(text: string, from: number, to: number): Span {
  const start = skipSpace(text, from, to);
  let end = to;
  while (end > start && isSpace(text.charCodeAt(end - 1))) end--;
  return { start, end };
}

export function trim(text: string): string {
  const { start, end } = trimSpan(text, 0, text.length);
  return text.slice(start, end);
}
