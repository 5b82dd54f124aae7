/** What yum's and dnf's rules ask alike: packages that are installed without a version. */
import { fromView } from "./image-name.ts";
import { LayeredSet } from "./layered.ts";
import { runsCalling } from "./lookup.ts";
import { argNames, plainPairs } from "./pairs.ts";
import { type DockerfileSubject, type Hit, inSource, passes, runOf } from "./rule.ts";
import { type Command, calls, operands } from "./shell/commands.ts";
import type { Instruction } from "./syntax.ts";

/** One hit a RUN. `groups`: subcommands whose names have no versions (`dnf group install`). */
export function* unpinnedRpms(
  subject: DockerfileSubject,
  programs: readonly string[],
  groups: readonly string[] = [],
): Generator<Hit> {
  // Most files have none: their variables need not be read.
  const some = runsCalling(subject, programs).some(({ script }) =>
    script.commands.some((one) => calls(one, programs, ["install"])),
  );
  if (!some) return;
  for (const pass of passes(subject.document)) {
    const variables = createVersionVariables(subject.document.escape);
    for (const { outer, inner } of pass) {
      variables.see(inner);
      const run = inner.name === "run" ? runOf(subject, outer) : undefined;
      for (const command of run?.script.commands ?? []) {
        const names = unpinned(command, programs, variables, groups);
        if (!run || names.length === 0) continue;
        yield { at: inSource(run, command.span), message: `pin the versions of ${names.slice(0, 5).join(", ")}` };
        break;
      }
    }
  }
}

/** Names of variables that ARG and ENV have set so far: rpm versions may stand in them. */
interface VersionVariables {
  see(instruction: Instruction): void;
  has(text: string): boolean;
}

function createVersionVariables(escapeChar: string): VersionVariables {
  const args = new Set<string>();
  const stages = new Map<string, LayeredSet>();
  let env = new LayeredSet();
  return {
    see(instruction) {
      if (instruction.name === "arg") for (const name of argNames(instruction)) args.add(name);
      else if (instruction.name === "env") for (const { key } of plainPairs(instruction, escapeChar)) env.add(key);
      else if (instruction.name === "from") {
        const { name, alias } = fromView(instruction);
        env = new LayeredSet(stages.get(name));
        if (alias) stages.set(alias, env);
      }
    },
    has: (text) =>
      [...text.matchAll(/\$\{([^{}$]*)\}/g)].some(([, name]) => args.has(name as string) || env.has(name as string)),
  };
}

/** Packages of `yum install`, `dnf install` that name no version; of `module install`, no stream. */
function unpinned(
  command: Command,
  programs: readonly string[],
  variables: VersionVariables,
  groups: readonly string[],
): string[] {
  if (!calls(command, programs, ["install"])) return [];
  const names = operands(command)
    .map((arg) => arg.text)
    .filter((text) => text !== "install" && text !== "module");
  if (calls(command, programs, ["module"])) return names.filter((name) => !name.includes(":"));
  if (calls(command, programs, groups)) return [];
  return names.filter((name) => {
    const parts = name.split("-");
    if (parts.length < 2) return true;
    if (name.endsWith(".rpm")) return false;
    if (name.includes("$")) return !variables.has(name);
    const rest = parts.slice(1);
    return !(rest.every((part) => /^[\w.~^:+]*$/.test(part)) && rest.some((part) => /^\d/.test(part)));
  });
}
