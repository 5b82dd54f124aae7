/** What an image starts, as its Dockerfile says: the final stage and the stages it builds on. */
import type { BaseImageFacts } from "./catalogue.ts";
import type { Stage } from "./interpret.ts";
import type { DockerfileSubject } from "./rule.ts";
import { isForeignShell } from "./script.ts";
import { type Command, readScript, type Script } from "./shell/commands.ts";
import type { ShellItem, ShellList } from "./shell/syntax.ts";
import type { Instruction } from "./syntax.ts";

/** Instructions that shape the image, in the order they do so: the lowest stage first. ONBUILD is not among them. */
export function finalInstructions(subject: DockerfileSubject): readonly Instruction[] {
  let found = finalOf.get(subject);
  if (!found) {
    found = [...subject.model.finalChain].reverse().flatMap((stage) => stage.instructions);
    finalOf.set(subject, found);
  }
  return found;
}

const finalOf = new WeakMap<DockerfileSubject, readonly Instruction[]>();

/** The stages of the final image, and those it copies files from, however far. */
export function contributingStages(subject: DockerfileSubject): Stage[] {
  const { model } = subject;
  const seen = new Set<Stage>();
  // Not by recursion: a chain of stages may be long.
  const waiting = [model.final];
  for (let stage = waiting.pop(); stage || waiting.length > 0; stage = waiting.pop()) {
    if (!stage || seen.has(stage)) continue;
    seen.add(stage);
    waiting.push(stage.base);
    for (const { flags } of stage.instructions) {
      for (const flag of flags) if (flag.name === "from") waiting.push(model.stageOf(flag.value));
    }
  }
  return model.stages.filter((stage) => seen.has(stage));
}

/** The image at the bottom of the final stage; undefined for scratch, variables, unknown images. */
export function bottomImage(
  subject: DockerfileSubject,
): { image: string; facts: BaseImageFacts | undefined; from: Instruction } | undefined {
  const stage = subject.model.finalChain.at(-1);
  if (!stage?.from || stage.image === undefined) return undefined;
  return { image: stage.image, facts: subject.facts(stage.image), from: stage.from };
}

export interface Start {
  /** Where it is written: ENTRYPOINT, or CMD where there is none. */
  instruction: Instruction;
  entrypoint: Instruction | undefined;
  cmd: Instruction | undefined;
  /** The process's arguments; of the shell form, the shell's. */
  argv: string[];
  /** Written in shell form (ENTRYPOINT's form decides). */
  shellForm: boolean;
  /** What a shell runs: the shell form, or the argument of `sh -c`. */
  script: Script | undefined;
  /** The programs that start, each with its words; wrappers such as tini, env, exec taken away. */
  programs: Program[];
}

export interface Program {
  /** Last part of its path. */
  name: string;
  /** Name as written and arguments. */
  words: string[];
  /** Variables set before it. */
  assignments: Record<string, string>;
}

const SHELLS = /^(?:.*\/)?(?:sh|bash|dash|ash|ksh|zsh)$/;
const WRAPPERS = new Set([
  "tini",
  "dumb-init",
  "env",
  "exec",
  "nohup",
  "gosu",
  "su-exec",
  "setpriv",
  "catchsegv",
  "time",
  "nice",
  "stdbuf",
  "command",
]);

/** What starts, undefined where the Dockerfile does not say (it is then the base's). */
export function startCommand(subject: DockerfileSubject): Start | undefined {
  let entrypoint: Instruction | undefined;
  let cmd: Instruction | undefined;
  for (const stage of [...subject.model.finalChain].reverse()) {
    let cmdHere = false;
    for (const instruction of stage.instructions) {
      if (instruction.name === "cmd") {
        cmd = instruction;
        cmdHere = true;
      } else if (instruction.name === "entrypoint") {
        entrypoint = instruction;
        // A new ENTRYPOINT makes the base's CMD void.
        if (!cmdHere) cmd = undefined;
      }
    }
  }
  if (entrypoint && entrypoint.args.length === 0) entrypoint = undefined;
  if (cmd && cmd.args.length === 0) cmd = undefined;
  const instruction = entrypoint ?? cmd;
  if (!instruction) return undefined;
  const shell = subject.model.of(instruction)?.shell;
  const shellForm = !instruction.json;
  const words = (one: Instruction | undefined): string[] => one?.args.map((arg) => arg.value) ?? [];
  if (shellForm) {
    const text = words(instruction)[0] ?? "";
    const script = isForeignShell(shell) ? undefined : readScript(text);
    return {
      instruction,
      entrypoint,
      cmd,
      argv: [...(shell ?? ["/bin/sh", "-c"]), text],
      shellForm,
      script,
      programs: script ? scriptPrograms(script) : [],
    };
  }
  const argv = [
    ...words(entrypoint),
    ...(entrypoint && cmd && !cmd.json ? ["/bin/sh", "-c"] : []),
    ...(entrypoint ? words(cmd) : words(cmd)),
  ];
  const plain = unwrap(argv);
  const inner = shellArgument(plain);
  const script = inner === undefined ? undefined : readScript(inner);
  return {
    instruction,
    entrypoint,
    cmd,
    argv,
    shellForm,
    script,
    programs: script ? scriptPrograms(script) : [program(plain, {})],
  };
}

/** The text that `sh -c` runs. */
export function shellArgument(argv: readonly string[]): string | undefined {
  if (!SHELLS.test(argv[0] ?? "")) return undefined;
  const at = argv.findIndex((word, i) => i > 0 && /^-[a-z]*c[a-z]*$/.test(word));
  return at < 0 ? undefined : argv[at + 1];
}

function unwrap(argv: readonly string[]): string[] {
  let words = [...argv];
  for (let guard = 0; guard < 8; guard++) {
    const name = baseName(words[0] ?? "");
    if (!WRAPPERS.has(name)) return words;
    let at = 1;
    while (at < words.length && (words[at]?.startsWith("-") || /^\w+=/.test(words[at] ?? ""))) {
      if (words[at++] === "--") break;
    }
    // gosu USER program
    if (name === "gosu" || name === "su-exec") at++;
    if (at >= words.length) return words;
    words = words.slice(at);
  }
  return words;
}

function scriptPrograms(script: Script): Program[] {
  return script.commands.map(({ node }: Command) => {
    const assignments = Object.fromEntries(node.assignments.map(({ name, value }) => [name, value.text]));
    return program(unwrap(node.words.map((word) => word.text)), assignments);
  });
}

function program(words: string[], assignments: Record<string, string>): Program {
  return { name: baseName(words[0] ?? ""), words, assignments };
}

export function baseName(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}

/** The last thing a script does, which becomes the service: undefined where it is no simple command. */
export function lastCommand(list: ShellList | undefined): ShellItem | undefined {
  return list?.items.at(-1);
}

/** The script ends in `exec program`, so that the program is process 1. */
export function endsInExec(script: Script): boolean {
  const last = lastCommand(script.tree);
  const command = last?.pipeline.at(-1);
  if (last?.operator === "&" || command?.kind !== "simple" || last?.pipeline.length !== 1) return false;
  return command.words[0]?.literal === "exec" && command.words.length > 1;
}

/** A range says enough with its first ports. */
const MAX_RANGE = 100;

/** Ports of EXPOSE in the final image, variables put in; those that stay unknown are left out. */
export function exposedPorts(
  subject: DockerfileSubject,
): { port: number; protocol: string; instruction: Instruction; at: { start: number; end: number } }[] {
  const found: ReturnType<typeof exposedPorts> = [];
  for (const instruction of finalInstructions(subject)) {
    if (instruction.name !== "expose") continue;
    const ports = subject.model.of(instruction)?.args ?? [];
    for (const [i, text] of ports.entries()) {
      const [range = "", protocol = "tcp"] = text.slice(text.lastIndexOf(":") + 1).split("/");
      const [first = "", last = first] = range.split("-", 2);
      if (!/^\d+$/.test(first)) continue;
      const word = ports.length === instruction.args.length ? instruction.args[i]?.span : undefined;
      const end = Math.min(Number(last) || 0, Number(first) + MAX_RANGE);
      for (let port = Number(first); port <= Math.max(end, Number(first)); port++) {
        found.push({ port, protocol: protocol.toLowerCase(), instruction, at: word ?? instruction.rest.span });
      }
    }
  }
  return found;
}

/** Values that the image's ENV instructions set, in order. */
export function imageVariables(subject: DockerfileSubject): { key: string; value: string; instruction: Instruction }[] {
  return finalInstructions(subject)
    .filter(({ name }) => name === "env")
    .flatMap((instruction) =>
      (subject.model.of(instruction)?.pairs ?? []).map(({ key, value = "" }) => ({ key, value, instruction })),
    );
}
