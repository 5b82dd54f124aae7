/** The tree of a POSIX or bash script, as far as rules ask for it. Spans are indices into the script's text. */
import type { Span } from "../text.ts";

export interface ShellList {
  items: ShellItem[];
  span: Span;
}

export interface ShellItem {
  pipeline: ShellCommand[];
  /** What ends it: `&` sends it to the background. */
  operator: ";" | "&" | "&&" | "||" | "\n" | "";
  negated: boolean;
}

export type ShellCommand = SimpleCommand | CompoundCommand;

export interface SimpleCommand {
  kind: "simple";
  assignments: ShellAssignment[];
  /** The command's name and arguments; empty where there are only assignments. */
  words: ShellWord[];
  redirects: ShellRedirect[];
  /** `[ … ]`: a test, not a program. */
  condition: boolean;
  span: Span;
}

export interface CompoundCommand {
  kind: "compound";
  keyword: "if" | "for" | "select" | "while" | "until" | "case" | "(" | "{" | "[[" | "((" | "function";
  /** Conditions and bodies, in order. */
  lists: ShellList[];
  words: ShellWord[];
  redirects: ShellRedirect[];
  /** Variable of for and select. */
  variable?: string;
  span: Span;
}

export interface ShellAssignment {
  name: string;
  value: ShellWord;
  span: Span;
}

export interface ShellRedirect {
  operator: string;
  target: ShellWord;
}

export interface ShellWord {
  parts: ShellPart[];
  /** Quotes taken away, variables kept as `${NAME}`, whatever cannot be known without running left out. */
  text: string;
  /** The value, where it is the same whenever it runs. */
  literal: string | undefined;
  /** As written. */
  raw: string;
  span: Span;
}

export type ShellPart =
  | { kind: "literal"; text: string }
  | { kind: "single"; text: string }
  | { kind: "ansi"; text: string }
  | { kind: "double"; parts: ShellPart[]; translated: boolean }
  | { kind: "variable"; name: string; content: string; braced: boolean; span: Span; inner: ShellPart[] }
  | { kind: "substitution"; list: ShellList; backticks: boolean; process: boolean }
  | { kind: "arithmetic"; text: string }
  | { kind: "glob"; text: string }
  | { kind: "brace"; text: string };
