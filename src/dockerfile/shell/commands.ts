/**
 * What rules ask of a script: which programs it calls with which arguments. Commands come in source order, those inside
 * substitutions after the one they stand in.
 */
import type { Span } from "../text.ts";
import { readShell } from "./read.ts";
import type { ShellCommand, ShellList, ShellPart, ShellWord, SimpleCommand } from "./syntax.ts";

export interface CommandArgument {
  text: string;
  literal: string | undefined;
  span: Span;
}

/** A program called by name; calls through a variable are not here. */
export interface Command {
  name: string;
  args: CommandArgument[];
  /** Flags one by one: `-yq` gives y and q, `--name=x` gives name. `arg` is the index into `args`. */
  flags: { name: string; arg: number }[];
  node: SimpleCommand;
  span: Span;
  /** Of the name, `apt-get`. */
  nameSpan: Span;
}

export interface Script {
  text: string;
  /** undefined: not readable as a shell script. */
  tree: ShellList | undefined;
  commands: Command[];
  /** There is a `|` somewhere. */
  pipes: boolean;
}

/** Scripts that were read, by their text: files of one house repeat each other's lines, and rules only look. */
const known = new Map<string, Script>();
const KNOWN_LIMIT = 500;
const KNOWN_LENGTH = 2000;

export function readScript(text: string): Script {
  let script = known.get(text);
  if (!script) {
    script = read(text);
    if (known.size >= KNOWN_LIMIT) known.clear();
    if (text.length <= KNOWN_LENGTH) known.set(text, script);
  }
  return script;
}

function read(text: string): Script {
  const script: Script = { text, tree: readShell(text), commands: [], pipes: false };
  if (!script.tree) return script;
  walk(script.tree, {
    command(node) {
      if (node.kind !== "simple") return;
      const command = toCommand(node);
      if (command) script.commands.push(command);
    },
    pipe() {
      script.pipes = true;
    },
  });
  return script;
}

export interface Visitor {
  command?(node: ShellCommand): void;
  pipe?(): void;
  /** Every word, with whether it is split and globbed by the shell. */
  word?(word: ShellWord, role: "argument" | "assignment" | "redirect" | "other", node: ShellCommand): void;
}

/** Visits commands in source order, substitutions included. */
export function walk(list: ShellList, visitor: Visitor): void {
  for (const item of list.items) {
    if (item.pipeline.length > 1) visitor.pipe?.();
    for (const command of item.pipeline) walkCommand(command, visitor);
  }
}

function walkCommand(node: ShellCommand, visitor: Visitor): void {
  visitor.command?.(node);
  const visit = (word: ShellWord, role: "argument" | "assignment" | "redirect" | "other"): void => {
    visitor.word?.(word, role, node);
    walkParts(word.parts, visitor);
  };
  if (node.kind === "simple") {
    for (const assignment of node.assignments) visit(assignment.value, "assignment");
    for (const word of node.words) visit(word, "argument");
  } else {
    for (const word of node.words) visit(word, node.keyword === "for" ? "argument" : "other");
    for (const list of node.lists) walk(list, visitor);
  }
  for (const redirect of node.redirects) visit(redirect.target, "redirect");
}

function walkParts(parts: readonly ShellPart[], visitor: Visitor): void {
  for (const part of parts) {
    if (part.kind === "double") walkParts(part.parts, visitor);
    else if (part.kind === "variable") walkParts(part.inner, visitor);
    else if (part.kind === "substitution") walk(part.list, visitor);
  }
}

/** Words that run what follows them: the name is then the next word's. */
const WRAPPERS = new Set(["busybox", "builtin", "command", "exec"]);

function toCommand(node: SimpleCommand): Command | undefined {
  const words = timed(node.words);
  const [first, second] = words;
  if (!first || node.condition) return undefined;
  let name = first.literal;
  let nameSpan = first.span;
  if (name !== undefined && WRAPPERS.has(name) && second && !second.raw.startsWith("-")) {
    name = second.literal;
    nameSpan = second.span;
  }
  if (name === undefined) return undefined;
  const args = words.slice(1);
  const flags: Command["flags"] = [];
  for (const [i, { text }] of args.entries()) if (text.startsWith("-")) flags.push(...flagsOf(text, i));
  return { name, args, flags, node, span: node.span, nameSpan };
}

/** `time` is a word of the shell, not a program: what it measures is called. */
function timed(words: readonly ShellWord[]): readonly ShellWord[] {
  if (words[0]?.literal !== "time" || words.length < 2) return words;
  return words.slice(words[1]?.literal === "-p" ? 2 : 1);
}

function flagsOf(text: string, arg: number): { name: string; arg: number }[] {
  if (text === "--" || text === "-") return [];
  if (text.startsWith("--")) return [{ name: text.slice(2).split("=", 1)[0] as string, arg }];
  return [...text.slice(1)].map((name) => ({ name, arg }));
}

/** The command has one of the names and one of the arguments. */
export function calls(command: Command, names: string | readonly string[], args: readonly string[]): boolean {
  if (typeof names === "string" ? command.name !== names : !names.includes(command.name)) return false;
  return command.args.some((arg) => args.includes(arg.text));
}

export function hasFlag(command: Command, ...names: string[]): boolean {
  return command.flags.some((flag) => names.includes(flag.name));
}

export function countFlag(command: Command, name: string): number {
  return command.flags.filter((flag) => flag.name === name).length;
}

/** Arguments without flags; with `valued`, without the values that those flags take as a word of their own. */
export function operands(command: Command, valued: readonly string[] = []): CommandArgument[] {
  const dropped = new Set(command.flags.map((flag) => flag.arg));
  for (const { name, arg } of command.flags) {
    if (valued.includes(name) && !command.args[arg]?.text.includes("=")) dropped.add(arg + 1);
  }
  return command.args.filter((_, index) => !dropped.has(index));
}

/** The words right after a flag: `-u 1000` gives 1000. */
export function flagValues(command: Command, name: string): string[] {
  return command.flags.filter((flag) => flag.name === name).flatMap((flag) => command.args[flag.arg + 1]?.text ?? []);
}

/** Whether the arguments contain this run of words. */
export function hasRun(command: Command, run: readonly string[]): boolean {
  return command.args.some((_, start) => run.every((word, i) => command.args[start + i]?.text === word));
}
