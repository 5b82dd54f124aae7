/** Heredoc words: `<<EOF`, `<<-"EOF"`, `3<< EOF` (parser.go, heredocFromMatch). */
import { EMPTY_ENVIRONMENT, ExpandError, expand } from "./expand.ts";

export interface HeredocWord {
  name: string;
  expand: boolean;
  chomp: boolean;
  fileDescriptor: number;
}

const FORM = /^(\d*)<<(-?)[\t\n\f\r ]*([^<]*)$/;

/**
 * Reads one word of a line.
 * @returns null where the word is no heredoc
 * @throws ExpandError where its quotes do not close
 */
export function readHeredocWord(word: string): HeredocWord | null {
  if (!word.includes("<<")) return null;
  const found = FORM.exec(word);
  const rest = found?.[3];
  if (!found || !rest) return null;
  const plain = expand(rest, EMPTY_ENVIRONMENT, { keepUnset: true });
  if (plain.words.length !== 1) return null;
  const raw = expand(rest, EMPTY_ENVIRONMENT, { keepUnset: true, rawQuotes: true });
  if (raw.words.length !== 1) throw new ExpandError(`inconsistent heredoc word: ${rest}`);
  const name = plain.words[0] as string;
  return {
    name,
    // A quote that vanished was a quote: then the body is literal.
    expand: quotes(name) === quotes(raw.words[0] as string),
    chomp: found[2] === "-",
    fileDescriptor: Number(found[1] || 0),
  };
}

/** Whether a word of COPY or ADD stands for a heredoc; one whose quotes do not close does not. */
export function isHeredocWord(word: string): boolean {
  if (!word.includes("<<")) return false;
  try {
    return readHeredocWord(word) !== null;
  } catch {
    return false;
  }
}

/** The heredocs that a joined line opens, in order. @throws ExpandError */
export function heredocWords(line: string): HeredocWord[] {
  const found: HeredocWord[] = [];
  for (const word of lineWords(line)) {
    const heredoc = readHeredocWord(word);
    if (heredoc) found.push(heredoc);
  }
  return found;
}

function lineWords(line: string): string[] {
  try {
    return expand(line, EMPTY_ENVIRONMENT, { keepUnset: true, rawQuotes: true, rawEscapes: true }).words;
  } catch {
    return [];
  }
}

function quotes(text: string): number {
  let count = 0;
  for (const c of text) if (c === "'" || c === '"') count++;
  return count;
}

/** Takes the leading tabs of each line away (`<<-`). */
export function chompTabs(content: string): string {
  return content.replace(/^\t+/gm, "");
}
