/** JSON forms (`CMD ["a", "b"]`): strict JSON, strings only; anything else that is not JSON is the shell form. */
import { isSpace, type Span, skipSpace } from "./text.ts";

export interface JsonString {
  value: string;
  span: Span;
}

export type JsonForm = { kind: "strings"; strings: JsonString[] } | { kind: "not-strings" } | { kind: "not-json" };

/** What else a JSON array's first item may begin with; or its end. */
const JSON_BEGINS = /[[\]{\dtfn-]/;
const LONE_SURROGATE = /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;

/** Reads `text[from, to)`; spans are indices into `text`. */
export function readJsonForm(text: string, from: number, to: number): JsonForm {
  const start = skipSpace(text, from, to);
  let end = to;
  while (end > start && isSpace(text.charCodeAt(end - 1))) end--;
  // A test of the shell, `[ -f a ]` or the beginning of one: an exception for each would cost more than all the rest.
  const inner = text[skipSpace(text, start + 1, end)];
  if (
    start >= to ||
    text[start] !== "[" ||
    text[end - 1] !== "]" ||
    (inner !== '"' && !JSON_BEGINS.test(inner ?? ""))
  ) {
    return { kind: "not-json" };
  }
  let value: unknown;
  try {
    value = JSON.parse(text.slice(start, to));
  } catch {
    return { kind: "not-json" };
  }
  if (!Array.isArray(value)) return { kind: "not-json" };
  if (!value.every((item) => typeof item === "string")) return { kind: "not-strings" };
  const strings: JsonString[] = [];
  let at = start + 1;
  for (const item of value as string[]) {
    while (text[at] !== '"') at++;
    const open = at++;
    while (text[at] !== '"') at += text[at] === "\\" ? 2 : 1;
    at++;
    // Go puts U+FFFD for half a surrogate pair.
    strings.push({ value: item.replace(LONE_SURROGATE, "\ufffd"), span: { start: open, end: at } });
  }
  return { kind: "strings", strings };
}
