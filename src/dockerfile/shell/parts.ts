/** What commands are made of beside words: reserved words, assignments, redirections, heredocs, newlines. */
import type { ShellAssignment, ShellRedirect, ShellWord } from "./syntax.ts";
import { isMeta, WordReader } from "./word.ts";

const RESERVED = new Set("if then else elif fi do done case esac while until for select function { } ! [[".split(" "));
const FIRST = new Set([...RESERVED, "in", "]]"].map((word) => word[0]));
const ASSIGNMENT = /^[A-Za-z_][A-Za-z0-9_]*(?:\[[^\]]*\])?\+?=/;

export abstract class PartReader extends WordReader {
  private heredocs: { word: string; chomp: boolean }[] = [];

  protected assignment(into: ShellAssignment[]): boolean {
    let end = this.at;
    while (isNameCode(this.text.charCodeAt(end))) end++;
    const next = this.text[end];
    if (end === this.at || (next !== "=" && next !== "+" && next !== "[")) return false;
    // Names are short: no need to look far.
    const found = ASSIGNMENT.exec(this.text.slice(this.at, this.at + 200));
    if (!found) return false;
    const start = this.at;
    this.at += found[0].length;
    const name = /^\w+/.exec(found[0])?.[0] ?? "";
    const value = this.text[this.at] === "(" ? this.array() : this.word(true);
    into.push({ name, value, span: { start, end: this.at } });
    return true;
  }

  private array(): ShellWord {
    const start = this.at++;
    for (;;) {
      this.newlines();
      const c = this.text[this.at];
      if (c === undefined) this.fail("an array that does not end");
      if (c === ")") break;
      if (isMeta(c as string) && !this.startsProcessSubstitution()) this.fail("unexpected token in an array");
      this.word();
    }
    this.at++;
    const raw = this.text.slice(start, this.at);
    return { parts: [], text: "", literal: undefined, raw, span: { start, end: this.at } };
  }

  protected redirect(into: ShellRedirect[]): boolean {
    let i = this.at;
    while (this.text[i] !== undefined && (this.text[i] as string) >= "0" && (this.text[i] as string) <= "9") i++;
    const c = this.text[i];
    const both = c === "&" && this.text[i + 1] === ">" && i === this.at;
    if (c !== "<" && c !== ">" && !both) return false;
    if ((c === "<" || c === ">") && this.text[i + 1] === "(" && i === this.at) return false;
    const operator = /^(?:&>>|&>|<<<|<<-|<<|<&|<>|>>|>&|>\||<|>)/.exec(this.text.slice(i, i + 3))?.[0] as string;
    this.at = i + operator.length;
    this.blanks();
    if (this.at >= this.text.length) this.fail("a redirection without target");
    const target = this.word();
    into.push({ operator, target });
    if (operator === "<<" || operator === "<<-") {
      this.heredocs.push({ word: target.literal ?? target.raw, chomp: operator === "<<-" });
    }
    return true;
  }

  protected redirects(): ShellRedirect[] {
    const found: ShellRedirect[] = [];
    for (this.blanks(); this.at < this.text.length && this.redirect(found); this.blanks());
    return found;
  }

  protected skipArithmetic(): void {
    let depth = 0;
    for (; this.at < this.text.length; this.at++) {
      if (this.text[this.at] === "(") depth++;
      else if (this.text[this.at] === ")" && --depth === 0) {
        this.at++;
        return;
      }
    }
    this.fail("(( without ))");
  }

  /** The reserved word that stands here as a command would, or "". */
  protected keyword(): string {
    const c = this.text[this.at];
    if (c === undefined || !FIRST.has(c)) return "";
    let end = this.at;
    while (end < this.text.length && end - this.at < 10 && !isMeta(this.text[end] as string)) end++;
    const word = this.text.slice(this.at, end);
    return RESERVED.has(word) || word === "in" || word === "]]" ? word : "";
  }

  /** Blanks, comments, newlines; the bodies of heredocs that a newline starts. */
  protected newlines(): void {
    for (;;) {
      this.blanks();
      if (this.text[this.at] !== "\n") return;
      this.at++;
      this.skipHeredocs();
    }
  }

  private skipHeredocs(): void {
    for (const { word, chomp } of this.heredocs) {
      for (;;) {
        if (this.at >= this.text.length) break;
        const newline = this.text.indexOf("\n", this.at);
        const end = newline < 0 ? this.text.length : newline;
        let start = this.at;
        if (chomp) while (this.text[start] === "\t") start++;
        this.at = newline < 0 ? end : end + 1;
        if (end - start === word.length && this.text.startsWith(word, start)) break;
      }
    }
    this.heredocs = [];
  }
}

/** ASCII letters, digits and `_`. */
function isNameCode(code: number): boolean {
  return (code >= 97 && code <= 122) || (code >= 65 && code <= 90) || code === 95 || (code >= 48 && code <= 57);
}
