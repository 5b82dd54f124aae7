/**
 * What the builder would see: stages and what they build on, and every instruction with its variables expanded, in the
 * order and with the scopes of BuildKit (frontend/dockerfile/dockerfile2llb, Dockerfile2LLB). Nothing is run or fetched.
 */

import { type Environment, ExpandError, type Expansion, environmentOf, expand, needsExpansion } from "./expand.ts";
import { chompTabs } from "./heredoc.ts";
import { stageName } from "./image-name.ts";
import { LayeredMap, LayeredSet } from "./layered.ts";
import { checkMount, mountProblem } from "./mounts.ts";
import { keyValue } from "./pairs.ts";
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
  /** ONBUILD of what it builds on, where they were asked for; they come before its own. */
  triggered: Instruction[];
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

export interface Expanded {
  stage: Stage;
  /** `args` (or the ports of EXPOSE), expanded; the text as it stands where that fails. */
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
  /** Triggers that fire when a stage begins; undefined: none. */
  triggers?(stage: Stage): readonly Instruction[];
  target?: string;
  platform?: string;
}

/** Arguments that are never variables of a stage. */
const NOT_ENV = new Set(["BUILDKIT_SBOM_SCAN_CONTEXT", "BUILDKIT_SBOM_SCAN_STAGE"]);
/** Most instructions have none; nothing is ever put in. */
const NO_FLAGS = new Map<string, string>();
/** Far more than a process gets for one variable (128 KiB on Linux). */
const MAX_VALUE = 1024 * 1024;
const NO_NAMES: ReadonlySet<string> = new Set();

export function platformArgs(platform: string, target: string): Record<string, string> {
  const [os = "linux", architecture = "amd64", variant = ""] = platform.split("/");
  return {
    BUILDPLATFORM: "linux/amd64",
    BUILDOS: "linux",
    BUILDOSVERSION: "",
    BUILDARCH: "amd64",
    BUILDVARIANT: "",
    TARGETPLATFORM: platform,
    TARGETOS: os,
    TARGETOSVERSION: "",
    TARGETARCH: architecture,
    TARGETVARIANT: variant,
    TARGETSTAGE: target || "default",
  };
}

export function interpret(document: Document, options: InterpretOptions = {}): Interpretation {
  const buildArgs = options.buildArgs ?? {};
  const expandedOf = new Map<Instruction, Expanded>();
  const globals: Instruction[] = [];
  const stages: Stage[] = [];
  const byName = new Map<string, Stage>();
  const fromUndefined: Interpretation["fromUndefined"] = new Map();
  const escapeChar = document.escape;
  const lastFrom = document.instructions.findLast((i) => i.name === "from");
  const targetName = options.target ?? (lastFrom ? (stageName(lastFrom)?.value.toLowerCase() ?? "") : "");
  const globalArgs = new Map(Object.entries(platformArgs(options.platform ?? "linux/amd64", targetName)));
  const defaultArgs = new Map(globalArgs);
  const globalDeclared = new Set<string>();
  let budget = 4 * document.text.length + 64 * MAX_VALUE;
  const limit = (): number => Math.min(MAX_VALUE, budget);
  const spend = (expansion: Expansion): Expansion => {
    budget -= expansion.text.length;
    return expansion;
  };

  let current: Stage | undefined;
  for (const instruction of document.instructions) {
    if (instruction.name === "from") current = startStage(instruction);
    else if (!current && instruction.name === "arg") globalArg(instruction);
    else {
      current ??= fragment();
      current.instructions.push(instruction);
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
    of: (instruction) => expandedOf.get(instruction),
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
      const given =
        buildArgs[key] ?? (value === undefined ? undefined : tryExpand(value, environmentOf(globalArgs))?.text);
      if (given !== undefined) globalArgs.set(key, given);
      const standard = value === undefined ? undefined : tryExpand(value, environmentOf(defaultArgs))?.text;
      if (standard !== undefined) defaultArgs.set(key, standard);
    }
  }

  function startStage(from: Instruction): Stage {
    const imageWord = from.args[0]?.value ?? "";
    const name = stageName(from);
    const missing: { name: string; suggestion: string | undefined }[] = [];
    const globalEnv = environmentOf(globalArgs);
    const few = globalDeclared.size <= MAX_SUGGESTIONS;
    const note = (expansion: Expansion | undefined): void => {
      for (const unmatched of expansion?.unmatched ?? []) {
        if (globalDeclared.has(unmatched) || globalArgs.has(unmatched)) continue;
        const suggestion = few ? suggest(unmatched, [...globalDeclared, ...globalArgs.keys()]) : undefined;
        missing.push({ name: unmatched, suggestion });
      }
    };
    const imageExpansion = tryExpand(imageWord, globalEnv);
    note(imageExpansion);
    const platformText = from.flags.find((flag) => flag.name === "platform")?.value;
    const platformExpansion = platformText === undefined ? undefined : tryExpand(platformText, globalEnv);
    note(platformExpansion);
    if (missing.length > 0) fromUndefined.set(from, missing);
    const base = imageExpansion && byName.get(imageExpansion.text);
    const image = imageExpansion?.text;
    const baseEnv = base ? undefined : image === "scratch" ? {} : image ? options.baseEnv?.(image) : undefined;
    const below = base ?? { imageEnv: startEnv(baseEnv), env: startEnv(baseEnv) };
    const stage: Stage = {
      index: stages.length,
      from,
      imageText: imageWord,
      image,
      defaultImage: tryExpand(imageWord, environmentOf(defaultArgs))?.text,
      instructions: [],
      triggered: [],
      // Two from here on: an ARG does not reach the image.
      env: new LayeredMap(below.env),
      imageEnv: new LayeredMap(below.imageEnv),
      declared: new LayeredSet(base?.declared),
      shell: base?.shell,
      workdirSet: base?.workdirSet ?? false,
      envKnown: base ? base.envKnown : baseEnv !== undefined,
      ...(base && { base }),
      ...(name && { name: name.value.toLowerCase(), nameWord: name }),
      ...(platformText !== undefined && { platformText }),
      ...(platformExpansion && { platform: platformExpansion.text }),
    };
    stages.push(stage);
    if (stage.name) byName.set(stage.name, stage);
    for (const trigger of options.triggers?.(stage) ?? []) {
      stage.triggered.push(trigger);
      dispatch(stage, trigger);
    }
    return stage;
  }

  function tryExpand(text: string, env: Environment): Expansion | undefined {
    if (!needsExpansion(text, escapeChar)) return { text, words: [], matched: NO_NAMES, unmatched: NO_NAMES };
    try {
      return spend(expand(text, env, { escape: escapeChar, limit: limit() }));
    } catch (error) {
      if (error instanceof ExpandError) return undefined;
      throw error;
    }
  }

  function dispatch(stage: Stage, instruction: Instruction): void {
    const out: Expanded = {
      stage,
      args: instruction.args.map((arg) => arg.value),
      flags:
        instruction.flags.length === 0 ? NO_FLAGS : new Map(instruction.flags.map(({ name, value }) => [name, value])),
      pairs: [],
      contents: [],
      undefined: [],
      shell: stage.shell,
    };
    expandedOf.set(instruction, out);
    const missing: Missing[] = [];
    const env: Environment = { get: (name) => stage.env.get(name) };
    const one = (text: string, at: Span): string => {
      if (!needsExpansion(text, escapeChar)) return text;
      try {
        const expansion = spend(expand(text, env, { escape: escapeChar, limit: limit() }));
        for (const name of expansion.unmatched) missing.push({ name, at });
        return expansion.text;
      } catch (error) {
        if (!(error instanceof ExpandError)) throw error;
        out.error ??= error.message;
        return text;
      }
    };
    switch (instruction.name) {
      case "env":
      case "label":
        out.pairs = instruction.pairs.map(({ key, keySpan, value, valueSpan }) => ({
          key: one(key, keySpan),
          value: one(value, valueSpan),
        }));
        break;
      case "add":
      case "copy":
        for (const { name, value, span } of instruction.flags) {
          if (name === "chown" || name === "chmod" || name === "checksum") out.flags.set(name, one(value, span));
        }
        out.args = instruction.args.map(({ value, span }) => (value.includes("<<") ? value : one(value, span)));
        out.contents = instruction.heredocs.map(({ content, contentSpan, expand, chomp }) => {
          const body = chomp ? chompTabs(content) : content;
          return expand ? rawExpand(body, env, missing, contentSpan, out) : body;
        });
        break;
      case "workdir":
      case "user":
      case "stopsignal":
      case "volume":
        out.args = instruction.args.map(({ value, span }) => one(value, span));
        break;
      case "expose":
        out.args = out.args.flatMap((arg) => exposed(arg, env, out));
        break;
      case "run":
        for (const flag of instruction.flags) {
          if (flag.name !== "mount" || checkMount(flag.value) !== undefined) continue;
          const problem = mountProblem(flag.value, (value) => one(value, flag.span));
          if (problem !== undefined) out.error ??= problem;
        }
        break;
      case "arg":
        for (const arg of instruction.args) declare(stage, out, arg, one, missing);
        break;
      default:
        break;
    }
    noteMissing(stage, out, missing);
    if (instruction.name === "env") {
      for (const { key, value } of out.pairs) {
        stage.env.set(key, value ?? "");
        stage.imageEnv.set(key, value ?? "");
      }
    } else if (instruction.name === "shell" && instruction.json) stage.shell = out.args;
    else if (instruction.name === "workdir") stage.workdirSet = true;
  }

  function declare(
    stage: Stage,
    out: Expanded,
    { value: text, span }: Word,
    one: (text: string, at: Span) => string,
    missing: Missing[],
  ): void {
    const { key, value } = keyValue(text);
    let known: string | undefined = buildArgs[key];
    if (known === undefined) known = value === undefined ? globalArgs.get(key) : one(value, span);
    // A name that is missing here is so before this argument is declared.
    noteMissing(stage, out, missing);
    missing.length = 0;
    out.pairs.push({ key, value: known });
    stage.declared.add(key);
    if (known !== undefined && !NOT_ENV.has(key)) stage.env.set(key, known);
  }

  function exposed(arg: string, env: Environment, out: Expanded): string[] {
    try {
      return spend(expand(arg, env, { escape: escapeChar, limit: limit() })).words;
    } catch (error) {
      if (!(error instanceof ExpandError)) throw error;
      out.error ??= error.message;
      return [arg];
    }
  }
}

interface Missing {
  name: string;
  at: Span;
}

function noteMissing(stage: Stage, out: Expanded, missing: readonly Missing[]): void {
  for (const { name, at } of missing) {
    if (stage.declared.has(name) || NOT_ENV.has(name)) continue;
    out.undefined.push({ name, suggestion: near(name, stage), at });
  }
}

/** Nobody has so many variables; looking through them would cost their square. */
const MAX_SUGGESTIONS = 500;

function near(name: string, stage: Stage): string | undefined {
  return stage.env.bound > MAX_SUGGESTIONS ? undefined : suggest(name, stage.env.keys());
}

/** Bodies of COPY heredocs: quotes are ordinary there, the escape is always the backslash. */
function rawExpand(content: string, env: Environment, missing: Missing[], at: Span, out: Expanded): string {
  if (!content.includes("$") && !content.includes("\\")) return content;
  try {
    const expansion = expand(content, env, { ignoreQuotes: true });
    for (const name of expansion.unmatched) missing.push({ name, at });
    return expansion.text;
  } catch (error) {
    if (!(error instanceof ExpandError)) throw error;
    out.error ??= error.message;
    return content;
  }
}
