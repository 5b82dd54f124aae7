/**
 * Logical lines: physical ones joined at the escape character, comments and empty lines between them dropped, with a map
 * back to the source (frontend/dockerfile/parser/parser.go, Parse).
 */
import { isSpace, type Span, skipSpace } from "./text.ts";

export interface PhysicalLine extends Span {
  /** End of the text, before `\r` and `\n`. */
  contentEnd: number;
}

/** The physical line that starts at an offset; `end` is after its newline. */
export function physicalLine(text: string, start: number): PhysicalLine {
  const newline = text.indexOf("\n", start);
  const end = newline < 0 ? text.length : newline + 1;
  let contentEnd = end;
  for (; contentEnd > start; contentEnd--) {
    const code = text.charCodeAt(contentEnd - 1);
    if (code !== 10 && code !== 13) break;
  }
  return { start, end, contentEnd };
}

export function isCommentLine(text: string, line: PhysicalLine): boolean {
  return text[skipSpace(text, line.start, line.contentEnd)] === "#";
}

/** A piece of a logical line: `length` units from `source`, put at `joined`. */
interface Piece {
  joined: number;
  source: number;
  length: number;
}

export interface LogicalLine {
  /** What BuildKit sees. */
  text: string;
  /** Of the source: from the first physical line's first word to the end of the last one's text. */
  span: Span;
  /** Offset after the last physical line. */
  next: number;
  /** Physical lines that are empty between continued ones. */
  emptyContinuations: Span[];
  /** Source offset of an index into `text`; at a seam, of the piece that begins there (`after`) or ends there. */
  toSource(index: number, side?: "after" | "before"): number;
}

/**
 * Joins the logical line that starts with the physical line `start`.
 * @param first offset of its first word
 * @param escapeChar the escape character in force
 */
export function joinLines(text: string, start: PhysicalLine, first: number, escapeChar: string): LogicalLine {
  if (continuationCut(text, first, start.contentEnd, escapeChar) === undefined) return new OneLine(text, first, start);
  let line = start;
  let from = first;
  const pieces: Piece[] = [];
  const parts: string[] = [];
  const emptyContinuations: Span[] = [];
  let joined = 0;
  let last = line;
  let open = true;
  for (;;) {
    const cut = continuationCut(text, from, line.contentEnd, escapeChar);
    const to = cut ?? line.contentEnd;
    if (to > from) {
      pieces.push({ joined, source: from, length: to - from });
      parts.push(text.slice(from, to));
      joined += to - from;
    }
    last = line;
    open = cut !== undefined;
    if (!open) break;
    // Comments and empty lines between continued lines are not part of it.
    for (;;) {
      if (line.end >= text.length) {
        open = false;
        break;
      }
      line = physicalLine(text, line.end);
      last = line;
      if (isCommentLine(text, line)) continue;
      if (skipSpace(text, line.start, line.contentEnd) === line.contentEnd) {
        emptyContinuations.push({ start: line.start, end: line.contentEnd });
        continue;
      }
      break;
    }
    if (!open) break;
    from = line.start;
  }
  const whole = parts.length === 1 ? (parts[0] as string) : parts.join("");
  return new JoinedLines(whole, { start: first, end: last.contentEnd }, last.end, emptyContinuations, pieces);
}

const NONE: Span[] = [];

/** As most are. */
class OneLine implements LogicalLine {
  readonly text: string;
  readonly span: Span;
  readonly next: number;
  readonly emptyContinuations = NONE;

  constructor(text: string, first: number, line: PhysicalLine) {
    this.text = text.slice(first, line.contentEnd);
    this.span = { start: first, end: line.contentEnd };
    this.next = line.end;
  }

  toSource(index: number): number {
    const { start, end } = this.span;
    return index <= 0 ? start : Math.min(start + index, end);
  }
}

class JoinedLines implements LogicalLine {
  readonly text: string;
  readonly span: Span;
  readonly next: number;
  readonly emptyContinuations: Span[];
  readonly #pieces: readonly Piece[];

  constructor(text: string, span: Span, next: number, emptyContinuations: Span[], pieces: readonly Piece[]) {
    this.text = text;
    this.span = span;
    this.next = next;
    this.emptyContinuations = emptyContinuations;
    this.#pieces = pieces;
  }

  toSource(index: number, side: "after" | "before" = "after"): number {
    const pieces = this.#pieces;
    if (pieces.length === 0) return this.span.start;
    let low = 0;
    let high = pieces.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      const at = (pieces[middle] as Piece).joined;
      if (side === "after" ? at <= index : at < index) low = middle;
      else high = middle - 1;
    }
    const piece = pieces[low] as Piece;
    return piece.source + Math.min(Math.max(index - piece.joined, 0), piece.length);
  }
}

/**
 * Where the text of a continued line ends: before an escape character that is last but for blanks and is not itself
 * escaped. Undefined: the line is not continued.
 */
function continuationCut(text: string, from: number, to: number, escapeChar: string): number | undefined {
  let i = to;
  while (i > from && (text[i - 1] === " " || text[i - 1] === "\t")) i--;
  if (i === from || text[i - 1] !== escapeChar) return undefined;
  if (i - 1 > from && text[i - 2] === escapeChar) return undefined;
  return i - 1;
}

/** Whether a line has nothing but white space. */
export function isBlankText(text: string): boolean {
  for (let i = 0; i < text.length; i++) if (!isSpace(text.charCodeAt(i))) return false;
  return true;
}
