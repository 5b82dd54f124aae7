/** Flow's types, as far as they are not written as TypeScript's: blanked, so that every other place stays where it was. */
import type { parseScript } from "../../base/ecmascript.ts";

type ParseResult = ReturnType<typeof parseScript>;

/** What only Flow has, and what stands in its place; each keeps its length. */
const REWRITTEN: readonly [RegExp, (whole: string, before: string) => string][] = [
  [/\b(import\s+(?:\{\s*)?)typeof\b/g, (_, before) => `${before}type  `],
  // `?string`, `Array<?string>`, `() => ?string`
  [/([:<|&,=(>]\s{0,40})\?(?=[\w$({'"[])/g, (_, before) => `${before} `],
  // `{| exact: boolean |}`, and `{ exact: boolean, ... }`, which is not
  [/\{\|/g, () => "{ "],
  [/\|\}/g, () => " }"],
  [/\.{3}(?=\s{0,40},?\s{0,40}\})/g, () => "   "],
  // `+readOnly: string`
  [/([{,;(]\s{0,40}|\n[ \t]{0,40}(?:static\s)?)[+-](?=[\w$]+\??\s{0,9}:)/g, (_, before) => `${before} `],
  [/\bopaque(?= type\b)/g, () => "      "],
  [/(\bimport) type(?=\s+[\w$]+\s*,)/g, (_, before) => `${before}     `],
  // `type Props = Base & interface { … }`
  [/([=&|:(,?]\s{0,40}|\n[ \t]{0,40})interface(?=\s{0,9}\{)/g, (_, before) => `${before}         `],
  [/([\w$])<>/g, (_, before) => `${before}  `],
  [/%checks\b/g, () => "       "],
];

/** Where the parser stops: what may stand there in Flow alone. */
const TRIES = 40;

/** The tree of a file with Flow's types. @returns undefined where it was not understood even so */
export function parseFlow(text: string, parse: (text: string) => ParseResult): ParseResult | undefined {
  let read = text;
  for (const [pattern, write] of REWRITTEN) read = read.replace(pattern, write);
  let last = -1;
  for (let i = 0; i < TRIES; i++) {
    const parsed = parse(read);
    if (parsed.errors.length === 0 || parsed.program.body.length > 0) return parsed;
    const [error] = parsed.errors;
    const at = error?.labels[0]?.start ?? -1;
    const span = at < 0 || at === last ? undefined : typeAt(read, at, error?.message ?? "");
    if (span === undefined) return undefined;
    last = at;
    read = read.slice(0, span.start) + read.slice(span.start, span.end).replace(/\S/g, " ") + read.slice(span.end);
  }
  return undefined;
}

/** What belongs to Flow at a place: `(x: any)`, `string => void`, `{...Props, more: string}`, `<T: Base>`, `?T`, `+key`. */
function typeAt(text: string, at: number, message: string): { start: number; end: number } | undefined {
  const start = at + (/^\s*/.exec(text.slice(at, at + 200))?.[0].length ?? 0);
  const to = (end: number | undefined): { start: number; end: number } | undefined =>
    end === undefined ? undefined : { start, end };
  const rest = text.slice(start, start + 2_000);
  // `(bus: any);`
  if (/^Expected `=>`/.test(message)) return castBefore(text, at);
  if (/question mark and an initializer/.test(message)) {
    const mark = text.indexOf("?", start);
    return { start: mark, end: mark + 1 };
  }
  if (/^[?+-]/.test(rest)) return to(start + 1);
  if (rest.startsWith("=>")) return to(endOfReturned(text, start));
  // `const pidOf: Query => Program[] = find`
  if (/^Missing initializer/.test(message)) {
    const arrow = text.indexOf("=>", start);
    const end = arrow < 0 ? undefined : endOfReturned(text, arrow);
    return end === undefined ? undefined : { start: arrow, end };
  }
  if (rest.startsWith("...")) return to(closing(text, start, ",}"));
  if (rest.startsWith("<")) return to(closing(text, start + 1, ">"));
  if (!rest.startsWith(":")) return parametersAround(text, start);
  // `<T: Base>`, `opaque type Id: string = string`, else `(x: any)`
  const signs = message.includes("`>`") ? ">=," : message.startsWith("Expected `=`") ? "=" : ")";
  const end = closing(text, start, signs);
  return to(end !== undefined && signs.includes(">") && /[,>]/.test(text[end - 1] ?? "") ? end - 1 : end);
}

/** The end of `=> Promise<void>`; of `=> | A | B` only the arrow, which leaves one choice more. */
function endOfReturned(text: string, arrow: number): number | undefined {
  const end = arrow + (/^=>\s*[\w$.]+/.exec(text.slice(arrow, arrow + 200))?.[0].length ?? 2);
  return text[end] === "<" ? closing(text, end + 1, ">") : end;
}

/** What stands without a name between the brackets around a place: `(Request | Secure, Response) => void`. */
function parametersAround(text: string, at: number): { start: number; end: number } | undefined {
  let depth = 0;
  let start = at - 1;
  for (; start >= Math.max(0, at - 1_000); start--) {
    const c = text[start] as string;
    if (")]}".includes(c)) depth++;
    else if ("([{".includes(c) && --depth < 0) break;
  }
  const end = text[start] === "(" ? closing(text, start + 1, ")") : undefined;
  const isType = end !== undefined && /^\)\s*(?:=>|:)/.test(text.slice(end, end + 60));
  return isType ? { start: start + 1, end } : undefined;
}

/** The type of a cast that ends before a place. */
function castBefore(text: string, at: number): { start: number; end: number } | undefined {
  const end = text.lastIndexOf(")", at - 1);
  let depth = 0;
  let start: number | undefined;
  for (let i = end; i >= Math.max(0, end - 1_000); i--) {
    const c = text[i] as string;
    if (")]}".includes(c)) depth++;
    else if ("([{".includes(c) && --depth === 0) return start === undefined ? undefined : { start, end };
    else if (c === ":" && depth === 1) start = i;
  }
  return undefined;
}

/** Where one of the signs stands outside of brackets; a comma and a closing angle belong to what they end. */
function closing(text: string, from: number, signs: string): number | undefined {
  let depth = 0;
  for (let i = from; i < Math.min(text.length, from + 2_000); i++) {
    const c = text[i] as string;
    if (depth === 0 && signs.includes(c)) return c === "," || c === ">" ? i + 1 : i;
    if ("([{<".includes(c)) depth++;
    else if (")]}".includes(c) || (c === ">" && text[i - 1] !== "=")) depth--;
    if (depth < 0) return undefined;
  }
  return undefined;
}
