/** One joined line → one instruction: keyword, flags, arguments by the instruction's own syntax (line_parsers.go). */
import { readJsonForm } from "./json-form.ts";
import type { LogicalLine } from "./lines.ts";
import type { Flag, Instruction, Pair, SyntaxProblem, Word } from "./syntax.ts";
import { isBlank, isSpace, skipSpace, trimSpan } from "./text.ts";
import { type RawWord, readFlags, splitBlanks, splitQuoted } from "./words.ts";

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

type Source = Pick<LogicalLine, "text" | "span" | "emptyContinuations" | "toSource">;

export function parseInstructionLine(
  source: Source,
  escapeChar: string,
  startLine: number,
  comments: string[],
  problems: SyntaxProblem[],
): Instruction {
  return parsePart(source, 0, source.text.length, escapeChar, startLine, comments, problems, 0);
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
  const place = (start: number, end: number) => ({
    start: source.toSource(start),
    end: end > start ? source.toSource(end, "before") : source.toSource(start),
  });
  const word = (raw: RawWord): Word => ({ value: raw.value, span: place(raw.span.start, raw.span.end) });

  const whole = trimSpan(text, from, to);
  let keywordEnd = whole.start;
  while (keywordEnd < whole.end && !isBlank(text.charCodeAt(keywordEnd))) keywordEnd++;
  const keyword = word({ value: text.slice(whole.start, keywordEnd), span: { start: whole.start, end: keywordEnd } });
  const name = keyword.value.toLowerCase();
  const { flags: rawFlags, rest: afterFlags } = readFlags(text, keywordEnd, whole.end, escapeChar);
  const rest = trimSpan(text, afterFlags, whole.end);

  const instruction: Instruction = {
    kind: "instruction",
    name,
    keyword,
    span: { start: keyword.span.start, end: source.span.end },
    startLine,
    endLine: startLine,
    flags: rawFlags.map((raw): Flag => {
      const equals = raw.text.indexOf("=");
      return {
        text: raw.text,
        name: (equals < 0 ? raw.text : raw.text.slice(0, equals)).replace(/^--/, ""),
        value: equals < 0 ? "" : raw.text.slice(equals + 1),
        hasValue: equals >= 0,
        span: place(raw.span.start, raw.span.end),
      };
    }),
    rest: word({ value: text.slice(rest.start, rest.end), span: rest }),
    args: [],
    json: false,
    pairs: [],
    heredocs: [],
    comments,
    emptyContinuations: source.emptyContinuations,
    line: text,
    toSource: source.toSource,
  };
  const problem = (message: string): void => {
    problems.push({ kind: "syntax", message, span: { ...keyword.span } });
  };
  const single = (): void => {
    if (rest.end > rest.start) instruction.args = [instruction.rest];
  };
  /** @returns whether the arguments were a JSON array */
  const jsonArguments = (start: number): boolean => {
    const form = readJsonForm(text, start, rest.end);
    if (form.kind === "not-json") return false;
    if (form.kind === "not-strings") {
      problem("only string type is allowed in JSON format arrays");
      return true;
    }
    instruction.json = true;
    instruction.args = form.strings.map(word);
    return true;
  };

  switch (FORMS[name]) {
    case "maybe-json":
      if (rest.end > rest.start && !jsonArguments(rest.start)) single();
      break;
    case "maybe-json-list":
      if (!jsonArguments(rest.start) && rest.end > rest.start) {
        instruction.args = splitBlanks(text, rest.start, rest.end).map(word);
      }
      break;
    case "list":
      if (rest.end > rest.start) instruction.args = splitBlanks(text, rest.start, rest.end).map(word);
      break;
    case "string":
      single();
      break;
    case "names":
      instruction.args = splitQuoted(text, rest.start, rest.end, escapeChar).map(word);
      break;
    case "pairs":
      instruction.pairs = readPairs(
        text,
        rest.start,
        rest.end,
        escapeChar,
        keyword.value.toUpperCase(),
        place,
        problem,
      );
      instruction.args = instruction.pairs.flatMap((pair) => [
        { value: pair.key, span: pair.keySpan },
        { value: pair.value, span: pair.valueSpan },
        { value: pair.delimiter, span: pair.span },
      ]);
      break;
    case "healthcheck": {
      let end = rest.start;
      while (end < rest.end && !isSpace(text.charCodeAt(end))) end++;
      if (end === rest.start) break;
      instruction.healthcheckType = word({ value: text.slice(rest.start, end), span: { start: rest.start, end } });
      const start = skipSpace(text, end, rest.end);
      if (start < rest.end && !jsonArguments(start)) {
        instruction.args = [word({ value: text.slice(start, rest.end), span: { start, end: rest.end } })];
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

function readPairs(
  text: string,
  from: number,
  to: number,
  escapeChar: string,
  keyword: string,
  place: (start: number, end: number) => { start: number; end: number },
  problem: (message: string) => void,
): Pair[] {
  const words = splitQuoted(text, from, to, escapeChar);
  const first = words[0];
  if (!first) return [];
  if (!first.value.includes("=")) {
    let keyEnd = from;
    while (keyEnd < to && !isBlank(text.charCodeAt(keyEnd))) keyEnd++;
    let valueStart = keyEnd;
    while (valueStart < to && isBlank(text.charCodeAt(valueStart))) valueStart++;
    if (keyEnd === to) {
      problem(`${keyword} must have two arguments`);
      return [];
    }
    return [
      {
        key: text.slice(from, keyEnd),
        value: text.slice(valueStart, to),
        delimiter: "",
        span: place(from, to),
        keySpan: place(from, keyEnd),
        valueSpan: place(valueStart, to),
      },
    ];
  }
  const pairs: Pair[] = [];
  for (const { value, span } of words) {
    const equals = value.indexOf("=");
    if (equals < 0) {
      problem(`can't find = in ${JSON.stringify(value)}. Must be of the form: name=value`);
      continue;
    }
    pairs.push({
      key: value.slice(0, equals),
      value: value.slice(equals + 1),
      delimiter: "=",
      span: place(span.start, span.end),
      keySpan: place(span.start, span.start + equals),
      valueSpan: place(span.start + equals + 1, span.end),
    });
  }
  return pairs;
}
