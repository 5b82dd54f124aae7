/** What BuildKit refuses in an instruction that it could read (frontend/dockerfile/instructions/parse.go). */
import { durationMs } from "../base/go-duration.ts";
import { deviceProblem } from "./device.ts";
import { isHeredocWord } from "./heredoc.ts";
import { INSTRUCTION_NAMES } from "./instruction.ts";
import { checkMount } from "./mounts.ts";
import { suggest } from "./suggest.ts";
import type { Instruction, SyntaxProblem } from "./syntax.ts";
import { trim } from "./text.ts";

type FlagKind = "text" | "boolean" | "list";

/** Flags that each instruction knows. Instructions that are missing here know none. */
export const FLAGS: Readonly<Record<string, Readonly<Record<string, FlagKind>>>> = {
  add: {
    chown: "text",
    chmod: "text",
    link: "boolean",
    "keep-git-dir": "boolean",
    checksum: "text",
    unpack: "boolean",
    exclude: "list",
  },
  copy: { from: "text", chown: "text", chmod: "text", link: "boolean", parents: "boolean", exclude: "list" },
  from: { platform: "text" },
  healthcheck: { interval: "text", timeout: "text", "start-period": "text", "start-interval": "text", retries: "text" },
  run: { mount: "list", network: "text", security: "text", device: "list" },
};

/** Instructions whose flags BuildKit does not even look at. */
const FLAGS_IGNORED = new Set(["arg", "stopsignal"]);

const STAGE_NAME = /^[a-z][a-z0-9-_.]*$/;

/** Appends what is wrong to `problems`. For instructions whose line could be read. */
export function checkInstruction(instruction: Instruction, problems: SyntaxProblem[]): void {
  const message = firstProblem(instruction);
  if (message !== undefined) problems.push({ kind: "instruction", message, span: { ...instruction.keyword.span } });
}

function firstProblem(instruction: Instruction): string | undefined {
  const { name } = instruction;
  if (name === "env" || name === "label") return pairsProblem(instruction);
  const { args } = instruction;
  const upper = name.toUpperCase();
  switch (name) {
    case "maintainer":
    case "workdir":
    case "user":
      return (args.length !== 1 ? exactlyOne(upper) : undefined) ?? flagProblem(instruction);
    case "stopsignal":
      return args.length !== 1 ? exactlyOne(upper) : undefined;
    case "add":
    case "copy":
      if (args.length < 2) {
        return `${upper} requires at least two arguments, but only one was provided. Destination could not be determined`;
      }
      return (
        flagProblem(instruction) ??
        (isHeredocWord(args.at(-1)?.value ?? "") ? `${upper} cannot accept a heredoc as a destination` : undefined)
      );
    case "from":
      return fromProblem(instruction) ?? flagProblem(instruction);
    case "onbuild":
      return onbuildProblem(instruction);
    case "run":
      return flagProblem(instruction) ?? runProblem(instruction);
    case "cmd":
    case "entrypoint":
      return flagProblem(instruction);
    case "healthcheck":
      return healthcheckProblem(instruction);
    case "expose":
      return args.length === 0 ? atLeastOne(upper) : flagProblem(instruction);
    case "volume":
      if (args.length === 0) return atLeastOne(upper);
      return (
        flagProblem(instruction) ??
        (args.some((arg) => trim(arg.value) === "") ? "VOLUME specified can not be an empty string" : undefined)
      );
    case "arg":
      if (args.length === 0) return atLeastOne(upper);
      return args.some((arg) => arg.value.startsWith("=")) ? "ARG names can not be blank" : undefined;
    case "shell":
      return (
        flagProblem(instruction) ??
        (args.length === 0 ? atLeastOne(upper) : undefined) ??
        (instruction.json ? undefined : "SHELL requires the arguments to be in JSON form")
      );
    default: {
      const near = upper.length > 20 ? undefined : nearestInstruction(upper);
      const { value } = instruction.keyword;
      if (value.length > LONGEST_WORD) return `unknown instruction: ${value.slice(0, LONGEST_WORD)}…`;
      const shown = value === upper ? near : near?.toLowerCase();
      return `unknown instruction: ${value}${shown ? ` (did you mean ${shown}?)` : ""}`;
    }
  }
}

/** More is no word, and is shown in part. */
const LONGEST_WORD = 40;

function pairsProblem(instruction: Instruction): string | undefined {
  const { name, pairs } = instruction;
  const flags = flagProblem(instruction);
  if (flags !== undefined) return flags;
  if (pairs.length === 0) return atLeastOne(name.toUpperCase());
  return pairs.some((pair) => pair.key === "") ? `${name.toUpperCase()} names can not be blank` : undefined;
}

function flagProblem(instruction: Instruction): string | undefined {
  if (instruction.flags.length === 0 || FLAGS_IGNORED.has(instruction.name)) return undefined;
  const known = FLAGS[instruction.name] ?? {};
  const seen = new Set<string>();
  for (const flag of instruction.flags) {
    const shown = `--${flag.name}`;
    const kind = Object.hasOwn(known, flag.name) ? known[flag.name] : undefined;
    if (!kind) {
      const near = suggest(flag.name, Object.keys(known));
      return `unknown flag: ${shown}${near ? ` (did you mean ${near}?)` : ""}`;
    }
    if (seen.has(flag.name) && kind !== "list") return `duplicate flag specified: ${shown}`;
    seen.add(flag.name);
    if (kind === "boolean") {
      if (flag.hasValue && flag.value === "") return `missing a value on flag: ${shown}`;
      if (!["", "true", "false"].includes(flag.value.toLowerCase())) {
        return `expecting boolean value for flag ${shown}, not: ${flag.value}`;
      }
    } else if (!flag.hasValue) return `missing a value on flag: ${shown}`;
  }
  return undefined;
}

function fromProblem({ args }: Instruction): string | undefined {
  if (args.length === 3 && args[1]?.value.toLowerCase() === "as") {
    const name = args[2]?.value ?? "";
    if (STAGE_NAME.test(name.toLowerCase())) return undefined;
    return `invalid name for build stage: ${JSON.stringify(name)}, name can't start with a number or contain symbols`;
  }
  return args.length === 1 ? undefined : "FROM requires either one or three arguments";
}

function onbuildProblem(instruction: Instruction): string | undefined {
  const { trigger } = instruction;
  if (!trigger) return atLeastOne("ONBUILD");
  const flags = flagProblem(instruction);
  if (flags) return flags;
  if (trigger.name === "onbuild") return "Chaining ONBUILD via `ONBUILD ONBUILD` isn't allowed";
  if (trigger.name === "maintainer" || trigger.name === "from") {
    return `${trigger.name.toUpperCase()} isn't allowed as an ONBUILD trigger`;
  }
  return undefined;
}

function runProblem(instruction: Instruction): string | undefined {
  for (const flag of instruction.flags) {
    if (flag.name === "mount") {
      const problem = checkMount(flag.value);
      if (problem) return problem;
    } else if (flag.name === "device") {
      const problem = deviceProblem(flag.value);
      if (problem) return problem;
    } else if (flag.name === "network" && !["default", "none", "host"].includes(flag.value)) {
      return `invalid network mode "${flag.value}"`;
    } else if (flag.name === "security" && !["sandbox", "insecure"].includes(flag.value)) {
      return `security "${flag.value}" is not valid`;
    }
  }
  return undefined;
}

function healthcheckProblem(instruction: Instruction): string | undefined {
  const type = instruction.healthcheckType?.value;
  if (type === undefined) return atLeastOne("HEALTHCHECK");
  if (type.toUpperCase() === "NONE") {
    return instruction.args.length > 0 ? "HEALTHCHECK NONE takes no arguments" : undefined;
  }
  const flags = flagProblem(instruction);
  if (flags) return flags;
  if (type.toUpperCase() !== "CMD")
    return `Unknown type ${JSON.stringify(type.toUpperCase())} in HEALTHCHECK (try CMD)`;
  if (instruction.args.length === 0) return "Missing command after HEALTHCHECK CMD";
  for (const flag of instruction.flags) {
    if (flag.name === "retries") {
      if (flag.value === "") continue;
      if (!/^[+-]?\d+$/.test(flag.value))
        return `strconv.ParseInt: parsing ${JSON.stringify(flag.value)}: invalid syntax`;
      if (Number(flag.value) < 0) return `--retries cannot be negative (${Number(flag.value)})`;
      if (Number(flag.value) > 2_147_483_647) return `strconv.ParseInt: parsing "${flag.value}": value out of range`;
      continue;
    }
    if (flag.value === "") continue;
    const milliseconds = durationMs(flag.value);
    if (Number.isNaN(milliseconds)) return `time: invalid duration ${JSON.stringify(flag.value)}`;
    if (milliseconds !== 0 && milliseconds < 1) return `Interval ${JSON.stringify(flag.name)} cannot be less than 1ms`;
  }
  return undefined;
}

function atLeastOne(name: string): string {
  return `${name} requires at least one argument`;
}

function exactlyOne(name: string): string {
  return `${name} requires exactly one argument`;
}

const UPPER_NAMES = INSTRUCTION_NAMES.map((known) => known.toUpperCase());
let remembered: { word: string; near: string | undefined } | undefined;

/** @param name in lower case */
export function isInstructionName(name: string): boolean {
  return UPPER_NAMES.includes(name.toUpperCase());
}

/** The last answer is remembered: a text that is no Dockerfile asks the same again and again. */
function nearestInstruction(word: string): string | undefined {
  if (remembered?.word !== word) remembered = { word, near: suggest(word, UPPER_NAMES) };
  return remembered.near;
}
