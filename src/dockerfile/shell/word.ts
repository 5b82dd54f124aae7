/** Words of a shell script: quotes, variables, substitutions, globs, braces. The list reader builds on it. */
import type { ShellList, ShellPart, ShellWord } from "./syntax.ts";

export class ShellSyntaxError extends Error {}

export function isMeta(c: string): boolean {
  return (
    c === " " ||
    c === "\t" ||
    c === "\n" ||
    c === ";" ||
    c === "&" ||
    c === "|" ||
    c === "<" ||
    c === ">" ||
    c === "(" ||
    c === ")"
  );
}

/** By ASCII code: 1 where a character ends a word or begins something in it. */
const NOT_PLAIN = new Uint8Array(128);
for (const c of " \t\n;&|<>()\\'\"`${*?") NOT_PLAIN[c.charCodeAt(0)] = 1;

const NAME_START = /[A-Za-z_]/;
const NAME = /^[A-Za-z_][A-Za-z0-9_]*/;

export abstract class WordReader {
  protected readonly text: string;
  protected at = 0;
  protected depth: number;
  /** Looking for the end of `{…}` stops after so many characters of the whole text: keeps reading linear. */
  private braceBudget: number;

  constructor(text: string, depth: number) {
    this.text = text;
    this.depth = depth;
    this.braceBudget = 4 * text.length + 1000;
  }

  /** Reads a list up to `)`, a closing word or the end. */
  protected abstract list(): ShellList;
  /** Reads another text as a script of its own (backticks). */
  protected abstract nested(text: string, depth: number): ShellList;

  protected fail(message: string): never {
    throw new ShellSyntaxError(`${message} at ${this.at}`);
  }

  /** Blanks, escaped newlines and a comment, which only begins where a word could. */
  protected blanks(): void {
    const { text } = this;
    for (;;) {
      const c = text[this.at];
      if (c === " " || c === "\t" || c === "\r") this.at++;
      else if (c === "\\" && text[this.at + 1] === "\n") this.at += 2;
      else if (c === "#" && (this.at === 0 || isMeta(text[this.at - 1] as string))) {
        const newline = text.indexOf("\n", this.at);
        this.at = newline < 0 ? text.length : newline;
      } else return;
    }
  }

  protected startsProcessSubstitution(): boolean {
    const c = this.text[this.at];
    return (c === "<" || c === ">") && this.text[this.at + 1] === "(";
  }

  /** End of the characters from here on that mean nothing but themselves. */
  private plainEnd(): number {
    let end = this.at;
    for (; end < this.text.length; end++) {
      const code = this.text.charCodeAt(end);
      if (code < 128 && NOT_PLAIN[code] === 1) break;
    }
    return end;
  }

  /** Whether a word of plain characters is over here: `<(…)` goes on with it, `+(…)` after its last character too. */
  private endsWord(end: number): boolean {
    const c = this.text[end];
    if (c === undefined || c === " " || c === "\n" || c === ";" || c === "&" || c === "|" || c === "\t" || c === ")")
      return true;
    return (c === "<" || c === ">") && this.text[end + 1] !== "(";
  }

  /** @param mayBeEmpty the value of an assignment may */
  protected word(mayBeEmpty = false): ShellWord {
    const start = this.at;
    const plain = this.plainEnd();
    if (plain > start && this.endsWord(plain)) {
      const raw = this.text.slice(start, plain);
      this.at = plain;
      return { parts: [{ kind: "literal", text: raw }], text: raw, literal: raw, raw, span: { start, end: plain } };
    }
    const parts: ShellPart[] = [];
    let run = this.text.slice(start, plain);
    this.at = plain;
    const flush = (): void => {
      if (run !== "") parts.push({ kind: "literal", text: run });
      run = "";
    };
    const add = (part: ShellPart): void => {
      flush();
      parts.push(part);
    };
    const { text } = this;
    while (this.at < text.length) {
      const c = text[this.at] as string;
      if (isMeta(c)) {
        if (c === "(" && run !== "" && "?*+@!".includes(run.at(-1) as string)) {
          const open = this.at;
          this.skipParentheses();
          const mark = run.at(-1) as string;
          run = run.slice(0, -1);
          add({ kind: "brace", text: mark + text.slice(open, this.at) });
          continue;
        }
        if (!this.startsProcessSubstitution()) break;
        this.at += 2;
        add({ kind: "substitution", list: this.untilParenthesis(), backticks: false, process: true });
      } else if (c === "\\") {
        const next = text[this.at + 1];
        this.at += 2;
        if (next === undefined) this.at = text.length;
        else if (next !== "\n") run += next;
      } else if (c === "'") {
        add({ kind: "single", text: this.singleQuoted() });
      } else if (c === '"') add(this.doubleQuoted(false));
      else if (c === "`") add(this.backticks());
      else if (c === "$") {
        const part = this.dollar(false);
        if (part.kind === "literal") run += part.text;
        else add(part);
      } else if (c === "{") {
        const brace = this.braceExpansion();
        if (brace === undefined) {
          run += c;
          this.at++;
        } else add({ kind: "brace", text: brace });
      } else if (c === "*" || c === "?") {
        if (text[this.at + 1] === "(") run += c;
        else add({ kind: "glob", text: c });
        this.at++;
      } else {
        run += c;
        this.at++;
      }
    }
    flush();
    if (this.at === start && !mayBeEmpty) this.fail("a word is missing");
    return {
      parts,
      text: parts.map(shown).join(""),
      literal: literalOf(parts),
      raw: text.slice(start, this.at),
      span: { start, end: this.at },
    };
  }

  private singleQuoted(): string {
    const close = this.text.indexOf("'", this.at + 1);
    if (close < 0) this.fail("a quote that does not end");
    const inner = this.text.slice(this.at + 1, close);
    this.at = close + 1;
    return inner;
  }

  private doubleQuoted(translated: boolean): ShellPart {
    this.at++;
    const parts: ShellPart[] = [];
    let run = "";
    const flush = (): void => {
      if (run !== "") parts.push({ kind: "literal", text: run });
      run = "";
    };
    for (;;) {
      const c = this.text[this.at];
      if (c === undefined) this.fail("a quote that does not end");
      if (c === '"') break;
      if (c === "\\") {
        const next = this.text[this.at + 1];
        if (next === undefined) this.fail("a quote that does not end");
        if (next === '"' || next === "$" || next === "`" || next === "\\") run += next;
        else if (next !== "\n") run += `\\${next}`;
        this.at += 2;
      } else if (c === "$") {
        const part = this.dollar(true);
        if (part.kind === "literal") run += part.text;
        else {
          flush();
          parts.push(part);
        }
      } else if (c === "`") {
        flush();
        parts.push(this.backticks());
      } else {
        run += c;
        this.at++;
      }
    }
    this.at++;
    flush();
    return { kind: "double", parts, translated };
  }

  private backticks(): ShellPart {
    let inner = "";
    for (this.at++; ; this.at++) {
      const c = this.text[this.at];
      if (c === undefined) this.fail("a backtick that does not end");
      if (c === "`") break;
      const next = this.text[this.at + 1];
      if (c === "\\" && (next === "`" || next === "\\" || next === "$")) {
        inner += next;
        this.at++;
      } else inner += c;
    }
    this.at++;
    return { kind: "substitution", list: this.nested(inner, this.depth + 1), backticks: true, process: false };
  }

  private untilParenthesis(): ShellList {
    const list = this.list();
    if (this.text[this.at] !== ")") this.fail("( without )");
    this.at++;
    return list;
  }

  private skipParentheses(): void {
    let depth = 0;
    for (; this.at < this.text.length; this.at++) {
      const c = this.text[this.at];
      if (c === "\\") this.at++;
      else if (c === "(") depth++;
      else if (c === ")" && --depth === 0) {
        this.at++;
        return;
      }
    }
    this.fail("( without )");
  }

  /** At `$`. A lone dollar is a literal. */
  private dollar(quoted: boolean): ShellPart {
    const { text } = this;
    const start = this.at++;
    const c = text[this.at];
    if (c === "(") {
      if (text[this.at + 1] === "(") {
        const from = this.at;
        const saved = this.depth;
        this.skipParentheses();
        if (text[this.at - 2] === ")") return { kind: "arithmetic", text: text.slice(from + 2, this.at - 2) };
        // `$((a); b)`: a subshell in a substitution.
        this.at = from;
        this.depth = saved;
      }
      this.at++;
      return { kind: "substitution", list: this.untilParenthesis(), backticks: false, process: false };
    }
    if (c === "{") return this.braced(start);
    if (c === "'" && !quoted) {
      for (this.at++; text[this.at] !== "'"; this.at++) {
        if (text[this.at] === undefined) this.fail("a quote that does not end");
        if (text[this.at] === "\\") this.at++;
      }
      this.at++;
      return { kind: "ansi", text: text.slice(start + 2, this.at - 1) };
    }
    if (c === '"' && !quoted) return this.doubleQuoted(true);
    let name = "";
    if (c !== undefined && NAME_START.test(c)) {
      let end = this.at;
      while (end < text.length && /\w/.test(text[end] as string)) end++;
      name = text.slice(this.at, end);
    } else if (c !== undefined && "0123456789@*#?-$!".includes(c)) name = c;
    if (name === "") return { kind: "literal", text: "$" };
    this.at += name.length;
    return { kind: "variable", name, content: name, braced: false, span: { start, end: this.at }, inner: [] };
  }

  /** At the brace of `${…}`. */
  private braced(start: number): ShellPart {
    const { text } = this;
    if (++this.depth > 120) this.fail("nested too deep");
    const open = ++this.at;
    const inner: ShellPart[] = [];
    let shownText = "";
    for (;;) {
      const c = text[this.at];
      if (c === undefined) this.fail("${ without }");
      if (c === "}") break;
      if (c === "$" || c === "`" || c === '"') {
        const part = c === "$" ? this.dollar(true) : c === "`" ? this.backticks() : this.doubleQuoted(false);
        inner.push(part);
        shownText += shown(part);
      } else if (c === "'") shownText += this.singleQuoted();
      else {
        if (c === "\\") shownText += text[++this.at] ?? "";
        else shownText += c;
        this.at++;
      }
    }
    const name =
      NAME.exec(text.slice(open, Math.min(this.at, open + 200)).replace(/^[#!]/, ""))?.[0] ?? text[open] ?? "";
    this.at++;
    this.depth--;
    return { kind: "variable", name, content: shownText, braced: true, span: { start, end: this.at }, inner };
  }

  /** `{a,b}` and `{1..3}`; undefined where the brace is an ordinary character. */
  private braceExpansion(): string | undefined {
    const { text } = this;
    let depth = 0;
    let separated = false;
    for (let i = this.at; i < text.length && this.braceBudget-- > 0; i++) {
      const c = text[i] as string;
      if (c === "\\") i++;
      else if (c === "{") depth++;
      else if (c === "}" && --depth === 0) {
        if (!separated) return undefined;
        const brace = text.slice(this.at, i + 1);
        this.at = i + 1;
        return brace;
      } else if (c === "," || (c === "." && text[i + 1] === ".")) separated = true;
      else if (isMeta(c) || c === "'" || c === '"' || c === "`") return undefined;
    }
    return undefined;
  }
}

/** A part as rules compare it: variables as `${NAME}`, what a command would print as `${…}`. */
function shown(part: ShellPart): string {
  switch (part.kind) {
    case "literal":
    case "single":
    case "glob":
    case "ansi":
      return part.text;
    case "double":
      return part.translated ? "" : part.parts.map(shown).join("");
    case "variable":
      return `\${${part.content}}`;
    case "arithmetic":
      return "${VAR}";
    case "substitution":
      if (part.process) return "";
      return part.backticks ? "${VAR}" : `\${${shownList(part.list)}}`;
    default:
      return "";
  }
}

function shownList(list: ShellList): string {
  let out = "";
  for (const { pipeline } of list.items) {
    const [only] = pipeline;
    if (pipeline.length === 1 && only?.kind === "simple") out += only.words.map((word) => word.text).join("");
  }
  return out;
}

function literalOf(parts: readonly ShellPart[]): string | undefined {
  let out = "";
  for (const part of parts) {
    if (part.kind === "literal" || part.kind === "single" || part.kind === "ansi") out += part.text;
    else if (part.kind === "double") {
      const inner = literalOf(part.parts);
      if (inner === undefined) return undefined;
      out += inner;
    } else return undefined;
  }
  return out;
}
