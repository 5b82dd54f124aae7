/**
 * Completes a command line: commands, flags, the values of flags and arguments. The shells' scripts (templates/completion) know
 * nothing themselves; what is offered comes from the commands' own definitions.
 */
import { existsSync } from "node:fs";
import type { Argument, Command, Option } from "commander";
import type { ListedCommand } from "../generated/commands.ts";
import type { CommandDefinition } from "./command.ts";
import { valuesOf } from "./completion-values.ts";

export interface Candidate {
  value: string;
  description: string;
}

export interface Completion {
  candidates: Candidate[];
  /** What the shell itself knows better: names of files, or of directories. */
  paths?: "files" | "directories";
}

export interface CompletionContext {
  commands: readonly ListedCommand[];
  /** Builds the commander tree of a command. */
  build: (definition: CommandDefinition) => Command;
  env: NodeJS.ProcessEnv;
  cwd: string;
}

/** @param words after `knbuild`; the last one is what is being typed, maybe empty */
export async function complete(words: readonly string[], context: CompletionContext): Promise<Completion> {
  const { commands } = context;
  const current = words.at(-1) ?? "";
  const [first] = words;
  if (words.length <= 1 && !current.startsWith("-")) {
    const named = commands.map(({ name, summary }) => ({ value: name, description: summary }));
    return { candidates: matching(named, current), paths: "directories" };
  }
  const listed = commands.find(({ name, aliases }) => name === first || aliases.includes(first ?? ""));
  const fallback = commands.find(({ name }) => name === "build");
  if (!listed && !(first?.startsWith("-") || existsSync(first ?? ""))) return { candidates: [] };
  const chosen = listed ?? fallback;
  if (!chosen) return { candidates: [] };
  let command = context.build(await chosen.load());
  let rest = words.slice(listed ? 1 : 0, -1);
  while (rest.length > 0 && command.commands.length > 0) {
    const sub = command.commands.find((one) => one.name() === rest[0] || one.aliases().includes(rest[0] ?? ""));
    if (!sub) break;
    command = sub;
    rest = rest.slice(1);
  }
  return await completeIn(command, rest, current, context);
}

async function completeIn(
  command: Command,
  given: readonly string[],
  current: string,
  context: CompletionContext,
): Promise<Completion> {
  const option = (word: string | undefined): Option | undefined =>
    command.options.find(({ long, short }) => word !== undefined && (word === long || word === short));
  const takes = (found: Option | undefined) => found !== undefined && (found.required || found.optional);
  const before = option(given.at(-1));
  if (before && takes(before) && !given.includes("--") && (before.required || !current.startsWith("-")))
    return await completeValue(before, current, "", context);
  const [, flag, typed] = /^(--[\w-]+)=(.*)$/.exec(current) ?? [];
  if (flag !== undefined) return await completeValue(option(flag), typed ?? "", `${flag}=`, context);
  if (current.startsWith("-") && !given.includes("--")) {
    const used = new Set(given);
    const offered = command.options
      .filter(
        ({ long, short, variadic }) =>
          variadic || isRepeatable(command, long) || !(used.has(long ?? "") || used.has(short ?? "")),
      )
      .flatMap(({ long, short, description }) =>
        (long ?? short) ? [{ value: (long ?? short) as string, description }] : [],
      );
    return {
      candidates: matching([...offered, { value: "--help", description: "show options and examples" }], current),
    };
  }
  if (command.commands.length > 0 && given.length === 0) {
    const subs = command.commands.map((one) => ({ value: one.name(), description: one.description() }));
    return { candidates: matching(subs, current) };
  }
  const positionals = given.filter((word, i) => !word.startsWith("-") && !takes(option(given[i - 1])));
  const argument = command.registeredArguments[positionals.length] ?? command.registeredArguments.at(-1);
  if (!argument || (positionals.length >= command.registeredArguments.length && !argument.variadic))
    return { candidates: [] };
  return await completeArgument(command, argument, current, context);
}

/** `(repeatable)` in its description, as the help says it. */
function isRepeatable(command: Command, long: string | undefined | null): boolean {
  return command.options.some((option) => option.long === long && /repeatable/.test(option.description));
}

async function completeValue(
  option: Option | undefined,
  current: string,
  prefix: string,
  context: CompletionContext,
): Promise<Completion> {
  if (!option) return { candidates: [] };
  const name = /[<[]([^>\]]+)[>\]]/.exec(option.flags)?.[1] ?? "";
  const values = option.argChoices ?? (await valuesOf(option.long ?? "", context)) ?? (await valuesOf(name, context));
  if (values) {
    const offered = values.map((value) => ({ value: prefix + value, description: "" }));
    return { candidates: matching(offered, prefix + current) };
  }
  return { candidates: [], ...pathsOf(name) };
}

async function completeArgument(
  command: Command,
  argument: Argument,
  current: string,
  context: CompletionContext,
): Promise<Completion> {
  const name = argument.name();
  const values =
    argument.argChoices ??
    (await valuesOf(`${command.name().replace(/^knbuild /, "")} ${name}`, context)) ??
    (await valuesOf(name, context));
  const offered = (values ?? []).map((value) => ({ value, description: "" }));
  return { candidates: matching(offered, current), ...pathsOf(name) };
}

/** By what the help calls it. */
function pathsOf(name: string): { paths?: "files" | "directories" } {
  if (/^(?:dirs?|directory|what|image-or-directory)$/.test(name)) return { paths: "directories" };
  if (/^(?:files?|paths?)$/.test(name)) return { paths: "files" };
  return {};
}

function matching(candidates: readonly Candidate[], current: string): Candidate[] {
  return candidates.filter(({ value }) => value.startsWith(current));
}
