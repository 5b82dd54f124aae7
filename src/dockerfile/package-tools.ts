/** What several rules ask about package managers. */

import { fromView } from "./image-name.ts";
import { argNames, plainPairs } from "./pairs.ts";
import { type Command, calls, hasRun, operands } from "./shell/commands.ts";
import type { Instruction } from "./syntax.ts";

export function isPipInstall(command: Command): boolean {
  const { name } = command;
  if (name.startsWith("pip")) return !name.startsWith("pipenv") && command.args.some(({ text }) => text === "install");
  return name.startsWith("python") && hasRun(command, ["-m", "pip", "install"]);
}

/** Names of variables that ARG and ENV have set so far: rpm versions may stand in them. */
export interface VersionVariables {
  see(instruction: Instruction): void;
  has(text: string): boolean;
}

export function createVersionVariables(escapeChar: string): VersionVariables {
  const args = new Set<string>();
  const stages = new Map<string, Set<string>>();
  let env = new Set<string>();
  return {
    see(instruction) {
      if (instruction.name === "arg") for (const name of argNames(instruction)) args.add(name);
      else if (instruction.name === "env") for (const { key } of plainPairs(instruction, escapeChar)) env.add(key);
      else if (instruction.name === "from") {
        const { name, alias } = fromView(instruction);
        env = new Set(stages.get(name));
        if (alias) stages.set(alias, env);
      }
    },
    has: (text) =>
      [...text.matchAll(/\$\{([^{}$]*)\}/g)].some(([, name]) => args.has(name as string) || env.has(name as string)),
  };
}

/** Packages of `yum install`, `dnf install` that name no version; of `module install`, no stream. */
export function unpinnedRpms(
  command: Command,
  programs: readonly string[],
  variables: VersionVariables,
  skip: readonly string[],
): string[] {
  if (!calls(command, programs, ["install"])) return [];
  const names = operands(command)
    .map((arg) => arg.text)
    .filter((text) => text !== "install" && text !== "module");
  if (calls(command, programs, ["module"])) return names.filter((name) => !name.includes(":"));
  if (calls(command, programs, skip)) return [];
  return names.filter((name) => {
    const parts = name.split("-");
    if (parts.length < 2) return true;
    if (name.endsWith(".rpm")) return false;
    if (name.includes("$")) return !variables.has(name);
    const rest = parts.slice(1);
    return !(rest.every((part) => /^[\w.~^:+]*$/.test(part)) && rest.some((part) => /^\d/.test(part)));
  });
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
