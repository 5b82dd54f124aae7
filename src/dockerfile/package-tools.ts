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

/** The first `install` comes before the first `clean`. */
export function cleansAfter(
  commands: readonly Command[],
  installs: (command: Command) => boolean,
  cleans: (command: Command) => boolean,
): boolean {
  const install = commands.findIndex(installs);
  const clean = commands.findIndex(cleans);
  return clean >= 0 && install < clean;
}
