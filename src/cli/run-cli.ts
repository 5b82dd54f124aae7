/** argv → command → exit code. */
import { existsSync } from "node:fs";
import { Command, CommanderError, Help, Option } from "commander";
import { usageError } from "../base/errors.ts";
import { nearest } from "../base/nearest.ts";
import type { ListedCommand } from "../generated/commands.ts";
import type { CommandDefinition } from "./command.ts";
import { inContext } from "./context.ts";
import { countLeading, type GlobalFlags, globalFlags, isNoCommand } from "./global-flags.ts";
import { reportError } from "./report-error.ts";

const DEFAULT_COMMAND = "build";

/**
 * Runs the command line and gives the exit code; nothing is thrown.
 * @param keepCode called at the end of a good run with what kind of run it was
 */
export async function runCli(
  argv: string[],
  commands: readonly ListedCommand[],
  version: string,
  keepCode: (kind: string) => void = () => {},
): Promise<number> {
  const flags = globalFlags(argv);
  let failureCode = 1;
  try {
    const before = argv.slice(0, countLeading(argv));
    const [word, ...words] = argv.slice(before.length);
    if (argv.length === 0 || word === "--help" || word === "-h" || (word === "help" && words.length === 0)) {
      process.stdout.write(overview(commands, version));
      return 0;
    }
    if (word === "help") return await runCli([...before, ...words, "--help"], commands, version, keepCode);
    const [listed, rest] = chooseCommand(argv, commands);
    const definition = await listed.load();
    failureCode = definition.failureCode ?? failureCode;
    let kind = listed.name;
    const exitCode = await parseAndRun(definition, rest, argv, flags, (detail) => (kind = `${listed.name} ${detail}`));
    // 1 is an answer too: what was found.
    if (exitCode <= 1) keepCode(kind);
    return exitCode;
  } catch (error) {
    if (error instanceof CommanderError) {
      if (error.exitCode === 0) return 0;
      return reportError(
        usageError("USAGE", error.message.replace(/^error: /, ""), "--help shows how the command is used."),
        flags,
      );
    }
    const exitCode = reportError(error, flags);
    return exitCode === 1 ? failureCode : exitCode;
  }
}

/** `knbuild .` and `knbuild --push .` are `knbuild build …`; global flags may stand before the command. */
function chooseCommand(argv: string[], commands: readonly ListedCommand[]): [ListedCommand, string[]] {
  const at = countLeading(argv);
  const word = argv[at] ?? "--";
  const named = commands.find((c) => c.name === word || c.aliases.includes(word));
  if (named) return [named, argv.toSpliced(at, 1)];
  const fallback = commands.find((c) => c.name === DEFAULT_COMMAND);
  if (fallback && (isNoCommand(word) || existsSync(word))) return [fallback, argv];
  const close = nearest(
    word,
    commands.map((c) => c.name),
  );
  throw usageError(
    "UNKNOWN_COMMAND",
    `no such command or directory: ${word}`,
    close ? `Did you mean "${close}"?` : "knbuild --help lists the commands.",
  );
}

function parseAndRun(
  definition: CommandDefinition,
  argv: string[],
  whole: readonly string[],
  flags: GlobalFlags,
  kindOfRun: (detail: string) => void,
): Promise<number> {
  const { ownsInterrupt } = definition;
  return inContext({ argv: whole, flags, ownsInterrupt, kindOfRun }, async (context) => {
    let exitCode = 0;
    const command = toCommander(definition, async (chosen, args, options) => {
      exitCode = (await chosen.run?.(args, options, context)) ?? 0;
    });
    await command.parseAsync(definition.rewrite?.(argv) ?? argv, { from: "user" });
    return exitCode;
  });
}

type Action = (
  chosen: CommandDefinition,
  args: (string | string[] | undefined)[],
  options: Record<string, unknown>,
) => Promise<void>;

/** The command as commander knows it. */
export function toCommander(definition: CommandDefinition, action: Action, parent = "knbuild"): Command {
  const [name = "", ...positionals] = definition.usage.split(" ");
  const command = new Command(name);
  for (const positional of positionals) command.argument(positional);
  command
    .summary(definition.summary)
    .description(definition.summary)
    .exitOverride()
    .configureHelp({ optionDescription: describeOption })
    .configureOutput({ writeErr: () => {}, outputError: () => {} })
    .showHelpAfterError(false)
    .allowExcessArguments(false)
    .addOption(new Option("--json", "print the result as JSON on stdout"))
    .addOption(new Option("--debug", "show stack traces and causes"))
    .addOption(new Option("-q, --quiet", "no progress, only the result"));
  if (definition.aliases) command.aliases(definition.aliases);
  definition.configure?.(command);
  if (definition.examples.length > 0)
    command.addHelpText("after", `\nExamples:\n${definition.examples.map((e) => `  ${e}`).join("\n")}`);
  for (const sub of definition.subcommands ?? []) command.addCommand(toCommander(sub, action, `${parent} ${name}`));
  if (definition.run)
    command.action((...values: unknown[]) =>
      action(definition, values.slice(0, positionals.length) as string[], command.opts()),
    );
  else
    command.allowExcessArguments().action(() => {
      const names = (definition.subcommands ?? []).map((s) => s.usage.split(" ")[0]).join(", ");
      const [given] = command.args;
      throw given === undefined
        ? usageError("USAGE", `${parent} ${name} needs one of: ${names}`)
        : usageError("USAGE", `${parent} ${name} has no ${given}`, `It has ${names}.`);
    });
  // commander prefixes the usage line with the names of the parents only when these are commands themselves.
  command.usage(`[options] ${positionals.join(" ")}`.trim());
  if (parent === "knbuild") command.name(`knbuild ${name}`);
  return command;
}

/** commander would say that a list is empty by default. */
function describeOption(this: Help, option: Option): string {
  const { defaultValue, description } = option;
  if (Array.isArray(defaultValue) && defaultValue.length === 0) return description;
  return Help.prototype.optionDescription.call(this, option);
}

function overview(commands: readonly ListedCommand[], version: string): string {
  const width = Math.max(...commands.map((c) => c.name.length)) + 2;
  return [
    `knbuild ${version}: builds images that provably honour the Knative container contract.`,
    "",
    "Usage: knbuild [command] [options]      knbuild . = knbuild build .",
    "",
    "Commands:",
    ...commands.map((c) => `  ${c.name.padEnd(width)}${c.summary}`),
    "",
    "knbuild <command> --help shows options and examples.",
    "",
  ].join("\n");
}
