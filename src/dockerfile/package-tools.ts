/** What several rules ask about package managers. */

import { type Command, hasRun } from "./shell/commands.ts";

/** What may turn out to install with pip. */
export function isPip(program: string): boolean {
  return program.startsWith("pip") || program.startsWith("python");
}

export function isPipInstall(command: Command): boolean {
  const { name } = command;
  if (name.startsWith("pip")) return !name.startsWith("pipenv") && command.args.some(({ text }) => text === "install");
  return name.startsWith("python") && hasRun(command, ["-m", "pip", "install"]);
}

/** A `clean` comes after the first `install`, whether or not another one came before: else no fix could end the finding. */
export function cleansAfter(
  commands: readonly Command[],
  installs: (command: Command) => boolean,
  cleans: (command: Command) => boolean,
): boolean {
  return commands.slice(commands.findIndex(installs) + 1).some(cleans);
}
