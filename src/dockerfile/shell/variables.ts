/** Variables of a script: which are set, which are used, and whether the shell splits their values. */
import type { Span } from "../text.ts";
import { walk } from "./commands.ts";
import type { ShellCommand, ShellList, ShellPart, ShellWord } from "./syntax.ts";

export interface Reference {
  name: string;
  /** Of the word it stands in. */
  span: Span;
  split: Split;
  /** `${x:-y}`, `${x:+y}`, `${x:?m}`: meant to work unset. */
  guarded: boolean;
}

export interface Substitution {
  span: Span;
  split: Split;
}

/** Split at white space and globbed; a value that `export` and its kin assign is, where the shell takes it for any argument. */
type Split = boolean | "declared";

/** POSIX has no assignments in arguments: who writes for `sh` cannot count on them (ShellCheck says so of no other shell). */
export function isSplit(split: Split, shell: string): boolean {
  return split === "declared" ? shell === "sh" : split;
}

export interface Variables {
  /** Name → all its values are texts without white space and globs. */
  assigned: Map<string, boolean>;
  references: Reference[];
  substitutions: Substitution[];
}

/** Always numbers or single words. */
const PLAIN = new Set(
  "$ ? ! # - BASHPID BASH_VERSINFO COLUMNS EPOCHSECONDS EUID HISTCMD LINENO LINES OPTIND PPID RANDOM SECONDS SHLVL UID OSTYPE HOSTTYPE MACHTYPE HOSTNAME".split(
    " ",
  ),
);
/** Set by every shell, or by the builder's environment. */
const KNOWN = new Set(
  "PATH HOME USER SHELL PWD OLDPWD HOSTNAME TERM LANG LC_ALL IFS OPTARG OPTIND PS1 PS2 PS4 REPLY RANDOM SECONDS LINENO PPID UID EUID SHLVL DEBIAN_FRONTEND BASH BASHPID BASH_SOURCE BASH_VERSION FUNCNAME PIPESTATUS OSTYPE HOSTTYPE MACHTYPE EPOCHSECONDS _".split(
    " ",
  ),
);

export function isPlainVariable(name: string): boolean {
  return PLAIN.has(name) || /^\d+$/.test(name);
}

export function isKnownVariable(name: string): boolean {
  return KNOWN.has(name) || !/^[A-Za-z_]/.test(name);
}

export function variablesOf(list: ShellList): Variables {
  const known = cache.get(list);
  if (known) return known;
  const found: Variables = { assigned: new Map(), references: [], substitutions: [] };
  const assign = (name: string, plain: boolean): void => {
    found.assigned.set(name, plain && (found.assigned.get(name) ?? true));
  };
  walk(list, {
    command(node) {
      for (const [name, plain] of assignments(node)) assign(name, plain);
    },
    word(word, role, node) {
      const declares =
        node.kind === "simple" && /^(?:export|declare|local|readonly|typeset)$/.test(node.words[0]?.literal ?? "");
      // `for x in $list` is split on purpose.
      const splits = role === "argument" && node.kind === "simple";
      collect(word.parts, word, splits && declares && /^\w+=/.test(word.raw) ? "declared" : splits, found);
    },
  });
  cache.set(list, found);
  return found;
}

/** Several rules ask about the same script. */
const cache = new WeakMap<ShellList, Variables>();

function collect(parts: readonly ShellPart[], word: ShellWord, split: Split, found: Variables): void {
  for (const part of parts) {
    if (part.kind === "double") collect(part.parts, word, false, found);
    else if (part.kind === "substitution" && !part.process) found.substitutions.push({ span: word.span, split });
    else if (part.kind === "variable") {
      const guarded = part.braced && /^[#!]?\w+(?:\[[^\]]*\])?:?[-+?=]/.test(part.content);
      const counts = part.braced && part.content.startsWith("#");
      found.references.push({
        name: part.name,
        span: word.span,
        split: !counts && !(part.braced && /^\w+:?\+/.test(part.content)) && split,
        guarded,
      });
      collect(part.inner, word, false, found);
    }
  }
}

function* assignments(node: ShellCommand): Generator<[string, boolean]> {
  if (node.kind === "compound") {
    if (node.variable !== undefined) yield [node.variable, node.words.every(plainWord)];
    return;
  }
  for (const { name, value } of node.assignments) yield [name, plainWord(value)];
  const program = node.words[0]?.literal;
  if (program === undefined) return;
  if (/^(?:export|declare|local|readonly|typeset|eval)$/.test(program)) {
    for (const word of node.words.slice(1)) {
      const name = /^(\w+)(?:=|$)/.exec(word.raw)?.[1];
      if (name) yield [name, word.raw.includes("=") && plainWord(word)];
    }
  } else if (/^(?:read|mapfile|readarray|getopts|printf|let|unset)$/.test(program)) {
    for (const word of node.words.slice(1)) if (/^\w+$/.test(word.literal ?? "")) yield [word.literal as string, false];
  } else if (program === "." || program === "source") {
    // Whatever it sets is not known.
    yield ["*", false];
  }
}

function plainWord({ literal }: ShellWord): boolean {
  return literal !== undefined && !/[\s*?[\]]/.test(literal);
}
