/**
 * A command of the CLI: one file in `commands/`, default export made by `defineCommand`. The list of commands is generated
 * from the folder (`scripts/generate.mjs`) and a command's code is loaded only when it runs.
 */
import type { Command } from "commander";
import type { Emit } from "../base/events.ts";

export interface CliContext {
  /** The whole command line behind the program's name. */
  readonly argv: readonly string[];
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  /** Aborted by Ctrl-C or SIGTERM. */
  readonly signal: AbortSignal;
  /** The command was called with `--json`: stdout carries one JSON document and nothing else. */
  readonly json: boolean;
  readonly debug: boolean;
  /** Progress, warnings and logs: drawn on stderr. */
  readonly emit: Emit;
  /** A line of the answer, on stdout. */
  print(line: string): void;
  /** The answer itself, on stdout, with `--json`. */
  printJson(value: unknown): void;
  /** A remark for people, on stderr; silent with --quiet. */
  note(line: string): void;
  /** Says which way this run went, where a command has several; what they compile is kept apart. */
  kindOfRun(detail: string): void;
  /** Styled text where stdout is a terminal and NO_COLOR is unset. */
  readonly style: (format: "bold" | "dim" | "red" | "green" | "yellow" | "cyan", text: string) => string;
}

export interface CommandDefinition {
  /** commander's form: `copy <source> <destination>`. The file is named like the first word. */
  usage: string;
  aliases?: string[];
  /** One line, shown by `knbuild --help`. A literal: the generated list reads it from the source. */
  summary: string;
  /** Shown under the help of the command. */
  examples: string[];
  /** Ctrl-C is this command's ordinary end: its own exit code counts, not 130. */
  ownsInterrupt?: boolean;
  /** Exit code of a failure where 1 says that something was found. */
  failureCode?: number;
  /** Adds options and subcommands. `--json`, `--debug`, `--quiet` are there already. */
  configure?(command: Command): void;
  /** The words behind the command as commander can read them, where people may write what it cannot. */
  rewrite?(argv: readonly string[]): string[];
  /**
   * Does the work. Positional arguments as commander parsed them, options by their long names.
   * @returns the exit code: 0, or 1 for findings. Failures are thrown as KnbuildError.
   */
  run?(args: (string | string[] | undefined)[], options: Record<string, unknown>, context: CliContext): Promise<number>;
  /** For a command with subcommands (`cache info|prune`): each is a definition of its own. */
  subcommands?: CommandDefinition[];
}

export function defineCommand(definition: CommandDefinition): CommandDefinition {
  return definition;
}
