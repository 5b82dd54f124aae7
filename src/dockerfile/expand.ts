/**
 * Word expansion: quotes, escapes, `$name`, `${name}` with every operator, and splitting into words, as BuildKit does it
 * (frontend/dockerfile/shell/lex.go). It resembles a shell's and differs in places; what counts is what the builder does.
 */
import { replacementCost, replacePattern, trimPrefix, trimSuffix } from "./pattern.ts";
import { isBlank, isSpace } from "./text.ts";

export interface Environment {
  get(name: string): string | undefined;
}

export interface ExpandOptions {
  escape?: string;
  /** Keep quotes, or escapes, in the result. */
  rawQuotes?: boolean;
  rawEscapes?: boolean;
  /** Quotes are ordinary characters (heredoc bodies). */
  ignoreQuotes?: boolean;
  /** `$x` stays as it stands where x is unset. */
  keepUnset?: boolean;
  /** UTF-16 units that the result may have: values that double twenty times are nobody's intent. */
  limit?: number;
  /** What many expansions may cost together, about one a character that is put in or compared. */
  budget?: { left: number };
}

export interface Expansion {
  text: string;
  words: string[];
  /** Names that were looked up and found, and not found. */
  matched: ReadonlySet<string>;
  unmatched: ReadonlySet<string>;
}

/** The text cannot be expanded: an open quote, a bad substitution, `${x?message}` of an unset x. */
export class ExpandError extends Error {
  constructor(message: string) {
    // Nobody reads where it was thrown, and a file may have a hundred thousand of these words.
    const { stackTraceLimit } = Error;
    Error.stackTraceLimit = 0;
    super(message);
    Error.stackTraceLimit = stackTraceLimit;
  }
}

export const EMPTY_ENVIRONMENT: Environment = { get: () => undefined };

export function environmentOf(values: Readonly<Record<string, string>> | ReadonlyMap<string, string>): Environment {
  if (values instanceof Map) return { get: (name) => values.get(name) };
  return { get: (name) => (Object.hasOwn(values, name) ? (values as Record<string, string>)[name] : undefined) };
}

const DOLLAR = 0x24;
const SINGLE = 0x27;
const DOUBLE = 0x22;
const LETTER = /\p{L}/u;
const DIGIT = /\p{Nd}/u;
const SPECIAL = "@*#?-$!0";
/** Deeper nesting of `${a:-${b:-…}}` than anybody writes. */
const MAX_DEPTH = 200;

/** Whether there is anything to expand; most words have nothing. */
export function needsExpansion(text: string, escapeChar: string): boolean {
  const escapeCode = escapeChar.charCodeAt(0);
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === DOLLAR || code === SINGLE || code === DOUBLE || code === escapeCode) return true;
  }
  return false;
}

/** @throws ExpandError */
export function expand(source: string, env: Environment, options: ExpandOptions = {}): Expansion {
  const lexer = new Lexer(source, env, options);
  const { text, words } = lexer.run();
  return { text, words, matched: lexer.matched, unmatched: lexer.unmatched };
}

/** The word that is being collected. */
interface Pending {
  text: string;
}

/**
 * Collects words while characters pass; white space splits unless it was quoted. One buffer serves all depths, as in
 * BuildKit: the operand of `${x:-y}` begins it anew, so of `80${x:-80}` the words are `80`, not `8080`.
 */
class Words {
  readonly list: string[] = [];
  private readonly pending: Pending;
  private inWord = false;

  constructor(pending: Pending) {
    this.pending = pending;
    pending.text = "";
  }

  raw(text: string): void {
    this.pending.text += text;
    this.inWord = true;
  }

  split(text: string): void {
    let from = 0;
    for (let at = 0; at < text.length; at++) {
      if (!isSpace(text.charCodeAt(at))) continue;
      if (at > from) this.raw(text.slice(from, at));
      if (this.inWord && this.pending.text !== "") this.flush();
      from = at + 1;
    }
    if (from < text.length) this.raw(from === 0 ? text : text.slice(from));
  }

  flush(): void {
    if (this.pending.text !== "") this.list.push(this.pending.text);
    this.pending.text = "";
    this.inWord = false;
  }
}

class Lexer {
  readonly matched = new Set<string>();
  readonly unmatched = new Set<string>();
  private readonly characters: string[];
  private readonly escape: string;
  private readonly env: Environment;
  private readonly options: ExpandOptions;
  private readonly pending: Pending = { text: "" };
  private at = 0;
  private depth = 0;
  private length = 0;

  constructor(source: string, env: Environment, options: ExpandOptions) {
    this.characters = [...source];
    this.env = env;
    this.options = options;
    this.escape = options.escape ?? "\\";
  }

  run(): { text: string; words: string[] } {
    return this.until(undefined, this.options.rawEscapes ?? false);
  }

  private peek(): string | undefined {
    return this.characters[this.at];
  }

  private next(): string | undefined {
    return this.characters[this.at++];
  }

  private until(stop: string | undefined, rawEscapes: boolean): { text: string; words: string[] } {
    if (++this.depth > MAX_DEPTH) throw new ExpandError("substitutions nested too deep");
    const parts: string[] = [];
    const words = new Words(this.pending);
    for (let c = this.peek(); c !== undefined; c = this.peek()) {
      if (c === stop) {
        this.at++;
        words.flush();
        this.depth--;
        return { text: parts.join(""), words: words.list };
      }
      if (c === "$") {
        const value = this.dollar();
        this.length += value.length;
        this.spend(value.length);
        parts.push(value);
        words.split(value);
      } else if (c === "<" || (!this.options.ignoreQuotes && (c === "'" || c === '"'))) {
        const value = c === "<" ? this.angle() : c === "'" ? this.single() : this.double(rawEscapes);
        parts.push(value);
        words.raw(value);
      } else {
        if (c !== this.escape) {
          const text = this.ordinary(stop);
          parts.push(text);
          words.split(text);
          continue;
        }
        this.at++;
        if (rawEscapes) {
          parts.push(c);
          words.raw(c);
        }
        const escaped = this.next();
        if (escaped === undefined) break;
        parts.push(escaped);
        words.raw(escaped);
      }
    }
    if (stop !== undefined) throw new ExpandError(`unexpected end of statement while looking for matching ${stop}`);
    words.flush();
    this.depth--;
    return { text: parts.join(""), words: words.list };
  }

  /** Characters that mean themselves: the one at hand, and those that follow it. */
  private ordinary(stop: string | undefined): string {
    const start = this.at++;
    for (let c = this.peek(); c !== undefined; c = this.peek()) {
      if (c === stop || c === "$" || c === "<" || c === "'" || c === '"' || c === this.escape) break;
      this.at++;
    }
    return this.at === start + 1 ? (this.characters[start] as string) : this.characters.slice(start, this.at).join("");
  }

  private single(): string {
    const start = this.at++;
    for (let c = this.next(); c !== undefined; c = this.next()) {
      if (c === "'") {
        const raw = this.options.rawQuotes;
        return this.characters.slice(raw ? start : start + 1, raw ? this.at : this.at - 1).join("");
      }
    }
    throw new ExpandError("unexpected end of statement while looking for matching single-quote");
  }

  private double(rawEscapes: boolean): string {
    const parts: string[] = [];
    const quote = this.next() as string;
    if (this.options.rawQuotes) parts.push(quote);
    for (let c = this.peek(); c !== undefined; c = this.peek()) {
      if (c === '"') {
        this.at++;
        if (this.options.rawQuotes) parts.push(c);
        return parts.join("");
      }
      if (c === "$") {
        parts.push(this.dollar());
        continue;
      }
      this.at++;
      if (c !== this.escape) {
        parts.push(c);
        continue;
      }
      if (rawEscapes) parts.push(c);
      const after = this.peek();
      if (after === undefined) continue;
      if (after === '"' || after === "$" || after === this.escape) {
        this.at++;
        parts.push(after);
      } else parts.push(c);
    }
    throw new ExpandError("unexpected end of statement while looking for matching double-quote");
  }

  /** `<<` and `<<-` take the blanks after them along, so that `<< EOF` is one word. */
  private angle(): string {
    this.at++;
    if (this.peek() !== "<") return "<";
    this.at++;
    let out = "<<";
    if (this.peek() === "-" && isBlank(this.characters[this.at + 1]?.charCodeAt(0) ?? 0)) {
      this.at++;
      out += "-";
    }
    for (let c = this.peek(); c === " " || c === "\t" || c === "\r"; c = this.peek()) {
      out += c;
      this.at++;
    }
    return out;
  }

  private lookup(name: string): string | undefined {
    const value = this.env.get(name);
    (value === undefined ? this.unmatched : this.matched).add(name);
    return value;
  }

  private name(): string {
    let name = "";
    for (let c = this.peek(); c !== undefined; c = this.peek()) {
      if (name === "" && DIGIT.test(c)) {
        while (this.peek() !== undefined && DIGIT.test(this.peek() as string)) name += this.next();
        return name;
      }
      if (name === "" && SPECIAL.includes(c)) return this.next() as string;
      if (c !== "_" && !LETTER.test(c) && !DIGIT.test(c)) break;
      name += c;
      this.at++;
    }
    return name;
  }

  private dollar(): string {
    this.at++;
    if (this.peek() !== "{") {
      const name = this.name();
      if (name === "") return "$";
      return this.lookup(name) ?? (this.options.keepUnset ? `$${name}` : "");
    }
    this.at++;
    const first = this.peek();
    if (first === undefined) throw new ExpandError("syntax error: missing '}'");
    if (first === "{" || first === "}" || first === ":") throw new ExpandError("syntax error: bad substitution");
    const name = this.name();
    let operator = this.next();
    if (operator === "}") return this.lookup(name) ?? (this.options.keepUnset ? `\${${name}}` : "");
    if (operator === "/") return this.replacement(name);
    let nullIsUnset = false;
    let shown = operator ?? "";
    if (operator === ":") {
      nullIsUnset = true;
      operator = this.next();
      shown += operator ?? "";
    }
    const trims = operator === "#" || operator === "%";
    if (!nullIsUnset && operator !== "+" && operator !== "-" && operator !== "?" && !trims) {
      throw new ExpandError(`unsupported modifier (${shown}) in substitution`);
    }
    if (nullIsUnset && trims) throw new ExpandError(`unsupported modifier (${shown}) in substitution`);
    const word = this.operand("}", trims);
    const value = this.lookup(name);
    if (this.options.keepUnset && value === undefined) return `\${${name}${shown}${word}}`;
    const missing = value === undefined || (nullIsUnset && value === "");
    switch (operator) {
      case "-":
        return missing ? word : (value as string);
      case "+":
        return missing ? "" : word;
      case "?":
        if (!missing) return value as string;
        throw new ExpandError(`${name}: ${word || `is not allowed to be ${value === undefined ? "unset" : "empty"}`}`);
      case "#":
      case "%":
        this.spend((value?.length ?? 0) * word.length);
        return this.pattern(name, () => trimmed(operator as "#" | "%", word, value ?? ""));
      default:
        throw new ExpandError(`unsupported modifier (${shown}) in substitution`);
    }
  }

  private replacement(name: string): string {
    const all = this.peek() === "/";
    if (all) this.at++;
    const pattern = this.operand("/", true);
    const replacement = this.operand("}", true);
    const value = this.lookup(name);
    if (this.options.keepUnset && value === undefined) return `\${${name}/${pattern}/${replacement}}`;
    this.spend(replacementCost(pattern, value ?? ""));
    return this.pattern(pattern, () => replacePattern(pattern, value ?? "", expandDollars(replacement, all), all));
  }

  private spend(cost: number): void {
    const { limit, budget } = this.options;
    if ((limit !== undefined && this.length > limit) || (budget && budget.left < cost))
      throw new ExpandError("the value is too long");
    if (budget) budget.left -= cost;
  }

  private operand(stop: string, rawEscapes: boolean): string {
    try {
      return this.until(stop, rawEscapes).text;
    } catch (error) {
      if (error instanceof ExpandError && this.peek() === undefined) {
        throw new ExpandError(stop === "/" ? "syntax error: missing '/' in ${}" : "syntax error: missing '}'");
      }
      throw error;
    }
  }

  private pattern(shown: string, work: () => string): string {
    try {
      return work();
    } catch (error) {
      throw new ExpandError(`invalid pattern (${shown}) in substitution: ${(error as Error).message}`);
    }
  }
}

function trimmed(operator: "#" | "%", word: string, value: string): string {
  const greedy = word.startsWith(operator);
  const pattern = greedy ? word.slice(1) : word;
  return operator === "#" ? trimPrefix(pattern, value, greedy) : trimSuffix(pattern, value, greedy);
}

/** Go's ReplaceAllString reads `$1`, `${name}` in the replacement: no groups, so they vanish; `$$` is a dollar. */
function expandDollars(replacement: string, all: boolean): string {
  if (!all || !replacement.includes("$")) return replacement;
  return replacement.replace(/\$(?:\$|\{[\p{L}\p{Nd}_]+\}|[\p{L}\p{Nd}_]+)/gu, (found) => (found === "$$" ? "$" : ""));
}
