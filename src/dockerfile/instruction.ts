/** One joined line → one instruction: keyword, flags, arguments by the instruction's own syntax (line_parsers.go). */
import { readJsonForm } from "./json-form.ts";
import type { LogicalLine } from "./lines.ts";
import type { Flag, Heredoc, Instruction, Pair, SyntaxProblem, Word } from "./syntax.ts";
import { ASCII_SPACE, isBlank, type Span, skipSpace, trimSpan } from "./text.ts";
import { type RawFlag, type RawWord, readFlags, splitBlanks, splitQuoted } from "./words.ts";

/** How the arguments of an instruction are written. */
type Form = "list" | "maybe-json" | "maybe-json-list" | "string" | "names" | "pairs" | "trigger" | "healthcheck";

const FORMS: Readonly<Record<string, Form>> = {
  add: "maybe-json-list",
  arg: "names",
  cmd: "maybe-json",
  copy: "maybe-json-list",
  entrypoint: "maybe-json",
  env: "pairs",
  expose: "list",
  from: "list",
  healthcheck: "healthcheck",
  label: "pairs",
  maintainer: "string",
  onbuild: "trigger",
  run: "maybe-json",
  shell: "maybe-json",
  stopsignal: "string",
  user: "string",
  volume: "maybe-json-list",
  workdir: "string",
};

export const INSTRUCTION_NAMES: readonly string[] = Object.keys(FORMS);

/** The builder refuses them under ONBUILD. */
export const NOT_TRIGGERS: ReadonlySet<string> = new Set(["from", "onbuild", "maintainer"]);

type Source = Pick<LogicalLine, "text" | "span" | "emptyContinuations" | "toSource">;

/** Nothing is ever put into them: most instructions have no flags, no pairs, no heredocs. */
const NO_FLAGS: Flag[] = [];
const NO_WORDS: Word[] = [];
const NO_PAIRS: Pair[] = [];
const NO_HEREDOCS: Heredoc[] = [];

class ParsedInstruction implements Instruction {
  readonly kind = "instruction";
  readonly name: string;
  readonly keyword: Word;
  readonly span: Span;
  index = -1;
  readonly startLine: number;
  endLine: number;
  flags = NO_FLAGS;
  readonly rest: Word;
  json = false;
  pairs = NO_PAIRS;
  heredocs = NO_HEREDOCS;
  trigger?: Instruction;
  healthcheckType?: Word;
  readonly comments: string[];
  readonly #source: Source;
  #args: Word[] | undefined;

  constructor(source: Source, keyword: Word, rest: Word, startLine: number, comments: string[]) {
    this.#source = source;
    this.keyword = keyword;
    this.name = keyword.value.toLowerCase();
    this.span = { start: keyword.span.start, end: source.span.end };
    this.startLine = startLine;
    this.endLine = startLine;
    this.rest = rest;
    this.comments = comments;
  }

  get line(): string {
    return this.#source.text;
  }

  get emptyContinuations(): Span[] {
    return this.#source.emptyContinuations;
  }

  /** Of ENV and LABEL three words a pair. */
  get args(): Word[] {
    if (this.#args) return this.#args;
    if (this.pairs.length === 0) return NO_WORDS;
    this.#args = this.pairs.flatMap((pair) => [
      { value: pair.key, span: pair.keySpan },
      { value: pair.value, span: pair.valueSpan },
      { value: pair.delimiter, span: pair.span },
    ]);
    return this.#args;
  }

  set args(words: Word[]) {
    this.#args = words;
  }

  toSource(index: number, side?: "after" | "before"): number {
    return this.#source.toSource(index, side);
  }
}

export function parseInstructionLine(
  source: Source,
  escapeChar: string,
  startLine: number,
  comments: string[],
  problems: SyntaxProblem[],
): Instruction {
  return parsePart(source, 0, source.text.length, escapeChar, startLine, comments, problems, 0);
}

function place(source: Source, start: number, end: number): Span {
  const from = source.toSource(start);
  return { start: from, end: end > start ? source.toSource(end, "before") : from };
}

/** A word of the joined line becomes one of the source. */
function placed(source: Source, raw: RawWord): Word {
  const { start, end } = raw.span;
  raw.span.start = source.toSource(start);
  raw.span.end = end > start ? source.toSource(end, "before") : raw.span.start;
  return raw;
}

function allPlaced(source: Source, words: RawWord[]): Word[] {
  for (const raw of words) placed(source, raw);
  return words;
}

function wordAt(source: Source, start: number, end: number): Word {
  return { value: source.text.slice(start, end), span: place(source, start, end) };
}

function parsePart(
  source: Source,
  from: number,
  to: number,
  escapeChar: string,
  startLine: number,
  comments: string[],
  problems: SyntaxProblem[],
  depth: number,
): Instruction {
  const text = source.text;
  const whole = trimSpan(text, from, to);
  let keywordEnd = whole.start;
  while (keywordEnd < whole.end && !isBlank(text.charCodeAt(keywordEnd))) keywordEnd++;
  const keyword = wordAt(source, whole.start, keywordEnd);
  const { flags, rest: afterFlags } = readFlags(text, keywordEnd, whole.end, escapeChar);
  const rest = trimSpan(text, afterFlags, whole.end);
  const restWord = wordAt(source, rest.start, rest.end);
  const instruction = new ParsedInstruction(source, keyword, restWord, startLine, comments);
  const { name } = instruction;
  if (flags.length > 0) instruction.flags = flags.map((raw) => toFlag(source, raw));

  switch (FORMS[name]) {
    case "maybe-json":
      if (rest.end > rest.start && !readJson(instruction, source, rest, problems)) instruction.args = [restWord];
      break;
    case "maybe-json-list":
      if (!readJson(instruction, source, rest, problems) && rest.end > rest.start) {
        instruction.args = allPlaced(source, splitBlanks(text, rest.start, rest.end));
      }
      break;
    case "list":
      if (rest.end > rest.start) instruction.args = allPlaced(source, splitBlanks(text, rest.start, rest.end));
      break;
    case "string":
      if (rest.end > rest.start) instruction.args = [restWord];
      break;
    case "names":
      instruction.args = allPlaced(source, splitQuoted(text, rest.start, rest.end, escapeChar));
      break;
    case "pairs":
      instruction.pairs = readPairs(source, rest, escapeChar, keyword, problems);
      break;
    case "healthcheck": {
      let end = rest.start;
      while (end < rest.end && !ASCII_SPACE.test(text[end] as string)) end++;
      if (end === rest.start) break;
      instruction.healthcheckType = wordAt(source, rest.start, end);
      const start = skipSpace(text, end, rest.end);
      if (start < rest.end && !readJson(instruction, source, { start, end: rest.end }, problems)) {
        instruction.args = [wordAt(source, start, rest.end)];
      }
      break;
    }
    case "trigger":
      // `ONBUILD ONBUILD …` is refused anyway; only the first levels are worth a node.
      if (rest.end > rest.start && depth < 3) {
        instruction.trigger = parsePart(source, rest.start, rest.end, escapeChar, startLine, [], problems, depth + 1);
      }
      break;
    default:
      break;
  }
  return instruction;
}

function problemOf(keyword: Word, message: string): SyntaxProblem {
  return { kind: "syntax", message, span: { ...keyword.span } };
}

function toFlag(source: Source, raw: RawFlag): Flag {
  const equals = raw.text.indexOf("=");
  return {
    text: raw.text,
    name: (equals < 0 ? raw.text : raw.text.slice(0, equals)).replace(/^--/, ""),
    value: equals < 0 ? "" : raw.text.slice(equals + 1),
    hasValue: equals >= 0,
    span: place(source, raw.span.start, raw.span.end),
  };
}

/** @returns whether the arguments were a JSON array */
function readJson(instruction: ParsedInstruction, source: Source, at: Span, problems: SyntaxProblem[]): boolean {
  const form = readJsonForm(source.text, at.start, at.end);
  if (form.kind === "not-json") return false;
  if (form.kind === "not-strings") {
    problems.push(problemOf(instruction.keyword, "only string type is allowed in JSON format arrays"));
    return true;
  }
  instruction.json = true;
  instruction.args = allPlaced(source, form.strings);
  return true;
}

function readPairs(source: Source, at: Span, escapeChar: string, keyword: Word, problems: SyntaxProblem[]): Pair[] {
  const { text } = source;
  const { start: from, end: to } = at;
  const words = splitQuoted(text, from, to, escapeChar);
  const first = words[0];
  if (!first) return NO_PAIRS;
  if (!first.value.includes("=")) {
    let keyEnd = from;
    while (keyEnd < to && !isBlank(text.charCodeAt(keyEnd))) keyEnd++;
    let valueStart = keyEnd;
    while (valueStart < to && isBlank(text.charCodeAt(valueStart))) valueStart++;
    if (keyEnd === to) {
      problems.push(problemOf(keyword, `${keyword.value.toUpperCase()} must have two arguments`));
      return NO_PAIRS;
    }
    return [
      {
        key: text.slice(from, keyEnd),
        value: text.slice(valueStart, to),
        delimiter: "",
        span: place(source, from, to),
        keySpan: place(source, from, keyEnd),
        valueSpan: place(source, valueStart, to),
      },
    ];
  }
  const pairs: Pair[] = [];
  for (const { value, span } of words) {
    const equals = value.indexOf("=");
    if (equals < 0) {
      const message = `can't find = in ${JSON.stringify(value)}. Must be of the form: name=value`;
      problems.push(problemOf(keyword, message));
      continue;
    }
    pairs.push({
      key: value.slice(0, equals),
      value: value.slice(equals + 1),
      delimiter: "=",
      span: place(source, span.start, span.end),
      keySpan: place(source, span.start, span.start + equals),
      valueSpan: place(source, span.start + equals + 1, span.end),
    });
  }
  return pairs;
}
