/** Packages that the RUN instructions of the final image install, whatever the package manager. */
import { knownVariables } from "./known-variables.ts";
import { isPip } from "./package-tools.ts";
import type { DockerfileSubject, Run } from "./rule.ts";
import { type Command, calls, operands } from "./shell/commands.ts";
import { baseName, finalRuns } from "./start.ts";

const INSTALLERS: ReadonlyMap<string, readonly string[]> = new Map([
  ["apt-get", ["install"]],
  ["apt", ["install"]],
  ["aptitude", ["install"]],
  ["apk", ["add"]],
  ["yum", ["install", "localinstall"]],
  ["dnf", ["install"]],
  ["microdnf", ["install"]],
  ["zypper", ["install", "in"]],
  ["pacman", ["-S", "-Sy", "-Syu"]],
  ["pip", ["install"]],
  ["pip3", ["install"]],
  ["npm", ["install", "i", "add"]],
  ["yarn", ["add"]],
  ["pnpm", ["add", "install", "i"]],
  ["gem", ["install"]],
]);
/** Packages of a language: their names say nothing about the system's packages of that name. */
const LANGUAGES = new Set(["pip", "pip3", "npm", "yarn", "pnpm", "gem"]);

export interface Installation {
  run: Run;
  command: Command;
  /** Names without versions, variables of ARG and ENV put in. */
  packages: string[];
  /** Whose they are: `postgresql` of apt is a server, of npm a client. */
  from: "system" | "language";
}

export function installations(subject: DockerfileSubject): readonly Installation[] {
  let found = installationsOf.get(subject);
  if (!found) {
    found = finalRuns(subject, (name) => INSTALLERS.has(name) || name === "sudo" || isPip(name)).flatMap((run) =>
      run.script.commands.flatMap((command) => {
        const packages = installedPackages(command, run, subject);
        const from = LANGUAGES.has(installer(command)) ? "language" : "system";
        return packages.length === 0 ? [] : { run, command, packages, from };
      }),
    );
    installationsOf.set(subject, found);
  }
  return found;
}

const installationsOf = new WeakMap<DockerfileSubject, readonly Installation[]>();

function installedPackages(command: Command, run: Run, subject: DockerfileSubject): string[] {
  const inner = wrapped(command);
  const verbs = INSTALLERS.get(installer(command));
  if (!verbs || !calls(command, command.name, verbs)) return [];
  const known = knownVariables(run.script, (key) => subject.model.of(run.outer)?.stage.env.get(key));
  return operands(command)
    .filter(({ text }) => text !== inner && !verbs.includes(text))
    .flatMap(({ text }) => known(text).split(" "))
    .map((text) => text.split(/(?!^)[=<>~@]/, 1)[0] as string);
}

/** `sudo apt-get install x` installs too, and `python -m pip install x`. */
function wrapped({ name, args: [first, second] }: Command): string | undefined {
  if (baseName(name) === "sudo") return first?.text;
  return /^python[\d.]*$/.test(baseName(name)) && first?.text === "-m" ? second?.text : undefined;
}

function installer(command: Command): string {
  return wrapped(command) ?? baseName(command.name);
}
