/** Packages that the commands of a RUN install, whatever the package manager. */
import { type Command, calls, operands } from "./shell/commands.ts";

const INSTALLERS: Readonly<Record<string, readonly string[]>> = {
  "apt-get": ["install"],
  apt: ["install"],
  aptitude: ["install"],
  apk: ["add"],
  yum: ["install", "localinstall"],
  dnf: ["install"],
  microdnf: ["install"],
  zypper: ["install", "in"],
  pacman: ["-S", "-Sy", "-Syu"],
  pip: ["install"],
  pip3: ["install"],
};

/**
 * Names without versions.
 * @param known puts values into the text of a word
 */
export function installedPackages(command: Command, known = (text: string): string => text): string[] {
  const name = command.name.slice(command.name.lastIndexOf("/") + 1);
  // `sudo apt-get install x` installs too.
  const inner = name === "sudo" ? command.args[0]?.text : undefined;
  const program = inner ?? name;
  const verbs = INSTALLERS[program];
  if (!verbs || (inner === undefined && !calls(command, command.name, verbs))) return [];
  return operands(command)
    .flatMap((arg) => known(arg.text).split(" "))
    .filter((text) => text !== inner && !verbs.includes(text))
    .map((text) => text.split(/[=<>~]/, 1)[0] as string);
}
