/** What an image starts, as its Dockerfile says: the final stage and the stages it builds on. */
import { PLATFORM_VARIABLES } from "../contract/platform-variables.ts";
import type { BaseImageFacts } from "./catalogue.ts";
import { type Stage, stageInstructions } from "./interpret.ts";
import { knownVariables } from "./known-variables.ts";
import { type Programs, runsCalling } from "./lookup.ts";
import { keyValue } from "./pairs.ts";
import type { DockerfileSubject, Run } from "./rule.ts";
import { isForeignShell } from "./script.ts";
import { type Command, readScript, type Script, walk } from "./shell/commands.ts";
import type { ShellItem, ShellList, SimpleCommand } from "./shell/syntax.ts";
import type { Instruction } from "./syntax.ts";
import type { Span } from "./text.ts";

/** Instructions that shape the image, in the order they do so: the lowest stage first, of a stage what fired from below first. */
export function finalInstructions(subject: DockerfileSubject): readonly Instruction[] {
  let found = finalOf.get(subject);
  if (!found) {
    found = [...subject.model.finalChain].reverse().flatMap(stageInstructions);
    finalOf.set(subject, found);
  }
  return found;
}

const finalOf = new WeakMap<DockerfileSubject, readonly Instruction[]>();

/** The RUN instructions among them that call one of these programs. */
export function finalRuns(subject: DockerfileSubject, programs: Programs): readonly Run[] {
  const calling = runsCalling(subject, programs);
  if (calling.length === 0) return calling;
  let final = finalSet.get(subject);
  if (!final) {
    final = new Set(finalInstructions(subject));
    finalSet.set(subject, final);
  }
  return calling.filter(({ outer }) => outer.name === "run" && final.has(outer));
}

const finalSet = new WeakMap<DockerfileSubject, ReadonlySet<Instruction>>();

/** The one in force of instructions that replace each other: STOPSIGNAL, HEALTHCHECK, USER. */
export function inForce(subject: DockerfileSubject, name: string): Instruction | undefined {
  return finalInstructions(subject).findLast((instruction) => instruction.name === name);
}

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
    for (const { flags } of stageInstructions(stage)) {
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
  "busybox",
  "tini",
  "dumb-init",
  "env",
  "exec",
  "nohup",
  "gosu",
  "su-exec",
  "sudo",
  "setpriv",
  "catchsegv",
  "time",
  "nice",
  "stdbuf",
  "command",
]);

/** What starts, undefined where the Dockerfile does not say (it is then the base's). */
export function startCommand(subject: DockerfileSubject): Start | undefined {
  if (!startOf.has(subject)) startOf.set(subject, readStart(subject));
  return startOf.get(subject);
}

/** A dozen rules ask for it. */
const startOf = new WeakMap<DockerfileSubject, Start | undefined>();

function readStart(subject: DockerfileSubject): Start | undefined {
  let entrypoint: Instruction | undefined;
  let cmd: Instruction | undefined;
  for (const stage of [...subject.model.finalChain].reverse()) {
    let cmdHere = false;
    for (const instruction of stageInstructions(stage)) {
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
    const { imageEnv } = subject.model.final ?? {};
    return {
      instruction,
      entrypoint,
      cmd,
      argv: [...(shell ?? ["/bin/sh", "-c"]), text],
      shellForm,
      script,
      programs: script ? scriptPrograms(script, imageEnv) : [],
    };
  }
  const argv = [...words(entrypoint), ...(entrypoint && cmd && !cmd.json ? ["/bin/sh", "-c"] : []), ...words(cmd)];
  const { words: plain, assignments } = unwrap(argv);
  const inner = shellArgument(plain);
  const script = inner === undefined ? undefined : readScript(inner);
  return {
    instruction,
    entrypoint,
    cmd,
    argv,
    shellForm,
    script,
    programs: script ? scriptPrograms(script, subject.model.final?.imageEnv) : [program(plain, assignments)],
  };
}

/** The text that `sh -c` runs. */
export function shellArgument(argv: readonly string[]): string | undefined {
  if (!SHELLS.test(argv[0] ?? "")) return undefined;
  const at = argv.findIndex((word, i) => i > 0 && /^-[a-z]*c[a-z]*$/.test(word));
  return at < 0 ? undefined : argv[at + 1];
}

function unwrap(argv: readonly string[]): Pick<Program, "words" | "assignments"> {
  let words = [...argv];
  const assignments: Record<string, string> = {};
  for (let guard = 0; guard < 8; guard++) {
    const name = baseName(words[0] ?? "");
    if (!WRAPPERS.has(name)) break;
    let at = 1;
    while (at < words.length) {
      const { key, value } = keyValue(words[at] ?? "");
      if (value !== undefined && /^\w+$/.test(key)) assignments[key] = value;
      else if (!words[at]?.startsWith("-")) break;
      if (words[at++] === "--") break;
    }
    // gosu USER program
    if (name === "gosu" || name === "su-exec") at++;
    if (at >= words.length) break;
    words = words.slice(at);
  }
  return { words, assignments };
}

/** Of a script that runs with these variables; PORT and its kind are the platform's to set. */
function scriptPrograms(script: Script, variables: Stage["imageEnv"] | undefined, depth = 0): Program[] {
  const known = knownVariables(script, (name) => (PLATFORM_VARIABLES.has(name) ? undefined : variables?.get(name)));
  const assigned = ({ assignments }: SimpleCommand): Record<string, string> =>
    Object.fromEntries(assignments.map(({ name, value }) => [name, known(value.text)]));
  const programs = script.commands.flatMap(({ node }: Command) => {
    const { words, assignments } = unwrap(node.words.map((word) => known(word.text)));
    const inner = depth < 3 ? shellArgument(words) : undefined;
    const own = program(words, { ...assigned(node), ...assignments });
    return inner === undefined ? [own] : [own, ...scriptPrograms(readScript(inner), variables, depth + 1)];
  });
  // `PORT=3000; node s.js`: no program, and yet it sets what the next one gets.
  walk(script.tree ?? NOTHING, {
    command(node) {
      if (node.kind === "simple" && node.words.length === 0) programs.push(program([], assigned(node)));
    },
  });
  return programs;
}

const NOTHING: ShellList = { items: [], span: { start: 0, end: 0 } };

/** What a command of a script calls, wrappers such as sudo and env taken away; `command -v x` asks for x and calls nothing. */
export function calledBy({ node }: Command): Program {
  const plain = node.words.map(({ text }) => text);
  if (plain[0] === "command" && /^-[vV]/.test(plain[1] ?? "")) return program(plain, {});
  const { words, assignments } = unwrap(plain);
  const own = Object.fromEntries(node.assignments.map(({ name, value }) => [name, value.text]));
  return program(words, { ...own, ...assignments });
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

interface Exposed {
  range: string;
  protocol: string;
  at: Span;
}

/** What EXPOSE names in the final image, variables put in; a range that stays unknown is empty. */
export function exposed(subject: DockerfileSubject): readonly Exposed[] {
  let found = exposedOf.get(subject);
  if (!found) {
    found = readExposed(subject);
    exposedOf.set(subject, found);
  }
  return found;
}

const exposedOf = new WeakMap<DockerfileSubject, readonly Exposed[]>();

function readExposed(subject: DockerfileSubject): Exposed[] {
  return finalInstructions(subject)
    .filter(({ name }) => name === "expose")
    .flatMap((instruction) => {
      const ports = subject.model.of(instruction)?.args ?? [];
      return ports.map((text, i) => {
        const [range = "", protocol = "tcp"] = text.slice(text.lastIndexOf(":") + 1).split("/");
        const word = ports.length === instruction.args.length ? instruction.args[i]?.span : undefined;
        return { range, protocol: protocol.toLowerCase(), at: word ?? instruction.rest.span };
      });
    });
}

/** Ports of EXPOSE in the final image, first to last; those that stay unknown are left out. */
export function exposedRanges(subject: DockerfileSubject): ExposedRange[] {
  return exposed(subject).flatMap(({ range, at }) => {
    const [first = "", last = first] = range.split("-", 2);
    return /^\d+$/.test(first) ? { first: Number(first), last: Math.max(Number(first), Number(last) || 0), at } : [];
  });
}

interface ExposedRange {
  first: number;
  last: number;
  at: Span;
}

export function isExposed(port: number, { first, last }: ExposedRange): boolean {
  return first <= port && port <= last;
}

export interface ImageVariable {
  key: string;
  value: string;
  instruction: Instruction;
}

/** Values that the image's ENV instructions set, in order. */
export function imageVariables(subject: DockerfileSubject): readonly ImageVariable[] {
  return variablesOf(subject).all;
}

/** Those of them that no later one sets anew. */
export function variablesInForce(subject: DockerfileSubject): readonly ImageVariable[] {
  return variablesOf(subject).inForce;
}

const variables = new WeakMap<DockerfileSubject, { all: ImageVariable[]; inForce: ImageVariable[] }>();

function variablesOf(subject: DockerfileSubject): { all: ImageVariable[]; inForce: ImageVariable[] } {
  let found = variables.get(subject);
  if (!found) {
    const all: ImageVariable[] = [];
    const last = new Map<string, ImageVariable>();
    for (const instruction of finalInstructions(subject)) {
      if (instruction.name !== "env") continue;
      for (const { key, value = "" } of subject.model.of(instruction)?.pairs ?? []) {
        const variable = { key, value, instruction };
        all.push(variable);
        last.set(key, variable);
      }
    }
    found = { all, inForce: [...last.values()] };
    variables.set(subject, found);
  }
  return found;
}
