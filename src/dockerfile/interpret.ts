/**
 * What the builder would see: stages and what they build on, and every instruction with its variables expanded, in the
 * order and with the scopes of BuildKit (frontend/dockerfile/dockerfile2llb, Dockerfile2LLB). Nothing is run or fetched.
 */

import {
  type Environment,
  ExpandError,
  type ExpandOptions,
  type Expansion,
  environmentOf,
  expand,
  needsExpansion,
} from "./expand.ts";
import { chompTabs, isHeredocWord } from "./heredoc.ts";
import { stageName } from "./image-name.ts";
import { LayeredMap, LayeredSet } from "./layered.ts";
import { MAX_SUGGESTIONS, type Missing, NOT_ENV, NOTHING_UNDEFINED, noteMissing } from "./missing-names.ts";
import { checkMount, mountProblem } from "./mounts.ts";
import { keyValue } from "./pairs.ts";
import { platformArgs } from "./platform-args.ts";
import { startEnv } from "./start-env.ts";
import { suggest } from "./suggest.ts";
import type { Document, Instruction, Word } from "./syntax.ts";
import type { Span } from "./text.ts";

export interface Stage {
  index: number;
  /** Absent: instructions before any FROM (a fragment). */
  from?: Instruction;
  /** In lower case. */
  name?: string;
  nameWord?: Word;
  /** As written, and with default arguments put in (undefined where that fails). */
  imageText: string;
  image: string | undefined;
  /** The image with the defaults of all arguments, whatever was given. */
  defaultImage: string | undefined;
  /** The stage it builds on. */
  base?: Stage;
  platformText?: string;
  platform?: string;
  /** Without FROM. */
  instructions: Instruction[];
  /** ONBUILD of what it builds on; they come before its own. */
  triggered: Instruction[];
  /** What ONBUILD holds for the stages that build on it. */
  triggers: Instruction[];
  /** At the end of the stage: variables of ENV and ARG; those that reach the image are in `imageEnv`. */
  env: LayeredMap<string>;
  imageEnv: LayeredMap<string>;
  /** Names declared with ARG here or in the base. */
  declared: LayeredSet;
  shell: string[] | undefined;
  workdirSet: boolean;
  /** The base image's variables are known: an unset name is surely unset. */
  envKnown: boolean;
}

/** What shapes a stage, in that order: what its base has fire in it, and its own. */
export function stageInstructions({ triggered, instructions }: Stage): readonly Instruction[] {
  return triggered.length === 0 ? instructions : [...triggered, ...instructions];
}

export interface Expanded {
  stage: Stage;
  /** `args` (or the ports of EXPOSE), expanded; the text as it stands where that fails. ENV, LABEL: none. */
  args: string[];
  /** Flags by name, expanded where the builder does; the last one wins. */
  flags: Map<string, string>;
  /** ENV, LABEL: keys and values; ARG: value undefined where none is known. */
  pairs: { key: string; value: string | undefined }[];
  /** COPY, ADD: bodies of the heredocs as files get them. */
  contents: string[];
  /** Names that are used and not defined, once for each word that uses them, and the defined name nearest to each. */
  undefined: { name: string; suggestion: string | undefined; at: Span }[];
  /** Why it cannot be expanded. */
  error?: string;
  /** SHELL in force, undefined for the default. */
  shell: string[] | undefined;
}

export interface Interpretation {
  stages: Stage[];
  /** The stage that becomes the image, and those it builds on (by FROM), nearest first. */
  final: Stage | undefined;
  finalChain: Stage[];
  /** ARG before the first FROM, and platform arguments, with default values. */
  globalArgs: Map<string, string>;
  globalDeclared: Set<string>;
  globals: Instruction[];
  of(instruction: Instruction): Expanded | undefined;
  /** FROM: names that no ARG declares. */
  fromUndefined: Map<Instruction, { name: string; suggestion: string | undefined }[]>;
  stageOf(name: string): Stage | undefined;
}

export interface InterpretOptions {
  buildArgs?: Readonly<Record<string, string>>;
  /** Variables that a base image sets; undefined: not known. */
  baseEnv?(image: string): Readonly<Record<string, string>> | undefined;
  /** Triggers that fire when a stage begins; undefined: those of the stage it builds on. */
  triggers?(stage: Stage): readonly Instruction[];
  target?: string;
  platform?: string;
}

/** Ten thousand stages on one with ten thousand triggers are nobody's. */
const MAX_FIRINGS = 10_000;
/** Most instructions have none; nothing is ever put in. */
const NO_FLAGS = new Map<string, string>();
const NO_WORDS: Word[] = [];
const NO_ARGS: string[] = [];
const NO_PAIRS: Expanded["pairs"] = [];
/** Far more than a process gets for one variable (128 KiB on Linux). */
const MAX_VALUE = 1024 * 1024;
const NO_NAMES: ReadonlySet<string> = new Set();

export function interpret(document: Document, options: InterpretOptions = {}): Interpretation {
  const buildArgs = options.buildArgs ?? {};
  /** By place in the document: looked up by dozens of rules for each instruction. */
  const expandedAt: Expanded[] = [];
  const triggeredOf = new Map<Instruction, Expanded>();
  const globals: Instruction[] = [];
  const stages: Stage[] = [];
  const byName = new Map<string, Stage>();
  const fromUndefined: Interpretation["fromUndefined"] = new Map();
  const escapeChar = document.escape;
  const lastFrom = document.instructions.findLast((i) => i.name === "from");
  const targetName = options.target ?? (lastFrom ? (stageName(lastFrom)?.value.toLowerCase() ?? "") : "");
  const globalArgs = new Map(Object.entries(platformArgs(options.platform ?? "linux/amd64", targetName)));
  const defaultArgs = new Map(globalArgs);
  const globalEnv = environmentOf(globalArgs);
  const defaultEnv = environmentOf(defaultArgs);
  const globalDeclared = new Set<string>();
  const bounds = { limit: MAX_VALUE, budget: { left: 4 * document.text.length + 16 * MAX_VALUE } };

  let firings = MAX_FIRINGS;

  /** What is expanded at the moment, and where. */
  let scope: { stage: Stage; out: Expanded; missing: Missing[] } | undefined;
  const env: Environment = { get: (name) => scope?.stage.env.get(name) };
  let current: Stage | undefined;
  for (const instruction of document.instructions) {
    if (instruction.name === "from") current = startStage(instruction);
    else if (!current && instruction.name === "arg") globalArg(instruction);
    else {
      current ??= fragment();
      current.instructions.push(instruction);
      if (instruction.trigger) current.triggers.push(instruction.trigger);
      dispatch(current, instruction);
    }
  }
  const final = (options.target && byName.get(options.target.toLowerCase())) || stages.at(-1);
  const finalChain: Stage[] = [];
  for (let stage: Stage | undefined = final; stage; stage = stage.base) finalChain.push(stage);
  return {
    stages,
    final,
    finalChain,
    globalArgs,
    globalDeclared,
    globals,
    fromUndefined,
    of: (instruction) =>
      document.instructions[instruction.index] === instruction
        ? expandedAt[instruction.index]
        : triggeredOf.get(instruction),
    stageOf(name) {
      return (
        byName.get(name.toLowerCase()) ?? (/^\d+$/.test(name) ? stages.filter((s) => s.from)[Number(name)] : undefined)
      );
    },
  };

  function fragment(): Stage {
    const stage: Stage = {
      index: stages.length,
      imageText: "",
      image: undefined,
      defaultImage: undefined,
      instructions: [],
      triggered: [],
      triggers: [],
      env: new LayeredMap(globalArgs),
      imageEnv: new LayeredMap(),
      declared: new LayeredSet(globalDeclared),
      shell: undefined,
      workdirSet: false,
      envKnown: false,
    };
    stages.push(stage);
    return stage;
  }

  function globalArg(instruction: Instruction): void {
    globals.push(instruction);
    for (const { value: text } of instruction.args) {
      const { key, value } = keyValue(text);
      globalDeclared.add(key);
      const given = buildArgs[key] ?? (value === undefined ? undefined : tryExpand(value, globalEnv)?.text);
      if (given !== undefined) globalArgs.set(key, given);
      const standard = value === undefined ? undefined : tryExpand(value, defaultEnv)?.text;
      if (standard !== undefined) defaultArgs.set(key, standard);
    }
  }

  function startStage(from: Instruction): Stage {
    const imageWord = from.args[0]?.value ?? "";
    const name = stageName(from);
    const imageExpansion = tryExpand(imageWord, globalEnv);
    noteUndeclared(from, imageExpansion);
    const platformText = from.flags.find((flag) => flag.name === "platform")?.value;
    const platformExpansion = platformText === undefined ? undefined : tryExpand(platformText, globalEnv);
    noteUndeclared(from, platformExpansion);
    const base = imageExpansion && byName.get(imageExpansion.text);
    const image = imageExpansion?.text;
    const baseEnv = base ? undefined : image === "scratch" ? {} : image ? options.baseEnv?.(image) : undefined;
    const below = base ?? { imageEnv: startEnv(baseEnv), env: startEnv(baseEnv) };
    const stage: Stage = {
      index: stages.length,
      from,
      imageText: imageWord,
      image,
      defaultImage: tryExpand(imageWord, defaultEnv)?.text,
      instructions: [],
      triggered: [],
      triggers: [],
      // Two from here on: an ARG does not reach the image.
      env: new LayeredMap(below.env),
      imageEnv: new LayeredMap(below.imageEnv),
      declared: new LayeredSet(base?.declared),
      shell: base?.shell,
      workdirSet: base?.workdirSet ?? false,
      envKnown: base ? base.envKnown : baseEnv !== undefined,
    };
    if (base) stage.base = base;
    if (name) {
      stage.name = name.value.toLowerCase();
      stage.nameWord = name;
    }
    if (platformText !== undefined) stage.platformText = platformText;
    if (platformExpansion) stage.platform = platformExpansion.text;
    stages.push(stage);
    if (stage.name) byName.set(stage.name, stage);
    for (const trigger of options.triggers?.(stage) ?? ownTriggers(base)) {
      stage.triggered.push(trigger);
      dispatch(stage, trigger);
    }
    return stage;
  }

  function ownTriggers(base: Stage | undefined): Instruction[] {
    const fired = base?.triggers.slice(0, firings) ?? [];
    firings -= fired.length;
    return fired;
  }

  function noteUndeclared(from: Instruction, expansion: Expansion | undefined): void {
    for (const name of expansion?.unmatched ?? []) {
      if (globalDeclared.has(name) || globalArgs.has(name)) continue;
      const few = globalDeclared.size <= MAX_SUGGESTIONS;
      const suggestion = few ? suggest(name, [...globalDeclared, ...globalArgs.keys()]) : undefined;
      const known = fromUndefined.get(from);
      if (known) known.push({ name, suggestion });
      else fromUndefined.set(from, [{ name, suggestion }]);
    }
  }

  function tryExpand(text: string, env: Environment): Expansion | undefined {
    if (!needsExpansion(text, escapeChar)) return { text, words: [], matched: NO_NAMES, unmatched: NO_NAMES };
    try {
      return expand(text, env, { escape: escapeChar, ...bounds });
    } catch (error) {
      if (error instanceof ExpandError) return undefined;
      throw error;
    }
  }

  function dispatch(stage: Stage, instruction: Instruction): void {
    const { flags, name } = instruction;
    const args = name === "env" || name === "label" ? NO_WORDS : instruction.args;
    const out: Expanded = {
      stage,
      args: args === NO_WORDS ? NO_ARGS : args.map((arg) => arg.value),
      flags: flags.length === 0 ? NO_FLAGS : new Map(flags.map((flag) => [flag.name, flag.value])),
      pairs: NO_PAIRS,
      contents: NO_ARGS,
      undefined: NOTHING_UNDEFINED,
      shell: stage.shell,
    };
    if (document.instructions[instruction.index] === instruction) expandedAt[instruction.index] = out;
    else triggeredOf.set(instruction, out);
    scope = { stage, out, missing: [] };
    switch (name) {
      case "env":
      case "label":
        out.pairs = instruction.pairs.map(({ key, keySpan, value, valueSpan }) => ({
          key: expanded(key, keySpan),
          value: expanded(value, valueSpan),
        }));
        break;
      case "add":
      case "copy":
        for (const { name: flag, value, span } of flags) {
          if (flag === "chown" || flag === "chmod" || flag === "checksum") out.flags.set(flag, expanded(value, span));
        }
        out.args = args.map(({ value, span }) => (isHeredocWord(value) ? value : expanded(value, span)));
        if (instruction.heredocs.length === 0) break;
        out.contents = instruction.heredocs.map(({ content, contentSpan, expand, chomp }) => {
          const body = chomp ? chompTabs(content) : content;
          return expand ? expandedBody(body, contentSpan) : body;
        });
        break;
      case "workdir":
      case "user":
      case "stopsignal":
      case "volume":
        for (const [i, { value, span }] of args.entries()) out.args[i] = expanded(value, span);
        break;
      case "expose":
        out.args = out.args.flatMap((arg) => exposed(arg));
        break;
      case "run":
        for (const flag of flags) {
          if (flag.name !== "mount" || checkMount(flag.value) !== undefined) continue;
          const problem = mountProblem(flag.value, (value) => expanded(value, flag.span));
          if (problem !== undefined) out.error ??= problem;
        }
        break;
      case "arg":
        out.pairs = [];
        for (const arg of args) declare(stage, out, arg);
        break;
      default:
        break;
    }
    noteMissing(stage, out, scope.missing);
    if (name === "env") {
      for (const { key, value } of out.pairs) {
        stage.env.set(key, value ?? "");
        stage.imageEnv.set(key, value ?? "");
      }
    } else if (name === "shell" && instruction.json) stage.shell = out.args;
    else if (name === "workdir") stage.workdirSet = true;
  }

  /** A word of the instruction at hand. */
  function expanded(text: string, at: Span): string {
    return needsExpansion(text, escapeChar)
      ? (attempt(text, { escape: escapeChar, ...bounds }, at)?.text ?? text)
      : text;
  }

  /** Bodies of COPY heredocs: quotes are ordinary there, the escape is always the backslash. */
  function expandedBody(content: string, at: Span): string {
    if (!content.includes("$") && !content.includes("\\")) return content;
    return attempt(content, { ignoreQuotes: true, ...bounds }, at)?.text ?? content;
  }

  function exposed(arg: string): string[] {
    return attempt(arg, { escape: escapeChar, ...bounds }, undefined)?.words ?? [arg];
  }

  /** What is missing, and why it fails, is kept with the instruction. */
  function attempt(text: string, how: ExpandOptions, at: Span | undefined): Expansion | undefined {
    try {
      const expansion = expand(text, env, how);
      if (at) for (const name of expansion.unmatched) scope?.missing.push({ name, at });
      return expansion;
    } catch (error) {
      if (!(error instanceof ExpandError)) throw error;
      if (scope) scope.out.error ??= error.message;
      return undefined;
    }
  }

  function declare(stage: Stage, out: Expanded, { value: text, span }: Word): void {
    const { key, value } = keyValue(text);
    let known: string | undefined = buildArgs[key];
    if (known === undefined) known = value === undefined ? globalArgs.get(key) : expanded(value, span);
    // A name that is missing here is so before this argument is declared.
    const missing = scope?.missing ?? [];
    noteMissing(stage, out, missing);
    missing.length = 0;
    out.pairs.push({ key, value: known });
    stage.declared.add(key);
    if (known !== undefined && !NOT_ENV.has(key)) stage.env.set(key, known);
  }
}
