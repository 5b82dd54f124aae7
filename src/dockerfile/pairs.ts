/** Keys and values of ENV, LABEL and ARG as people mean them: quotes away, variables not expanded. */
import type { Instruction } from "./syntax.ts";

export interface PlainPair {
  key: string;
  value: string;
}

export function plainPairs(instruction: Instruction, escapeChar: string): PlainPair[] {
  return instruction.pairs.map((pair) => ({
    key: unquote(pair.key, escapeChar),
    value: pair.delimiter === "=" ? unquote(pair.value, escapeChar) : pair.value,
  }));
}

/** Names that an ARG declares. */
export function argNames(instruction: Instruction): string[] {
  return instruction.args.map((arg) => keyValue(arg.value).key);
}

/** Takes quotes away; an escape before a quote or a blank goes with it, other escapes stay. */
export function unquote(text: string, escapeChar: string): string {
  let out = "";
  let quote = "";
  for (let i = 0; i < text.length; i++) {
    const c = text[i] as string;
    const next = text[i + 1];
    if (c === escapeChar && next !== undefined && (quote === "" ? next === " " || next === "\t" : next === quote)) {
      out += next;
      i++;
    } else if (quote === "" && (c === '"' || c === "'")) quote = c;
    else if (c === quote) quote = "";
    else out += c;
  }
  return out;
}

/** `KEY=value`; of a name alone the value is undefined. */
export function keyValue(text: string): { key: string; value: string | undefined } {
  const equals = text.indexOf("=");
  return equals < 0 ? { key: text, value: undefined } : { key: text.slice(0, equals), value: text.slice(equals + 1) };
}
