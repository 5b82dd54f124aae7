/** The tree of a Dockerfile. Every node has its place in the source; nodes follow one another without gaps. */
import type { LineIndex, Span } from "./text.ts";

export type Node = TriviaNode | Instruction;

/** Comments, directives and empty lines: kept so that printing gives the same bytes. */
export interface TriviaNode {
  kind: "comment" | "directive" | "blank" | "bom";
  span: Span;
  line: number;
  /** comment: the text after `#`, not trimmed. */
  text: string;
  /** directive: `syntax`, `escape`, `check`. */
  name?: string;
  value?: string;
}

/** A word of an instruction: its value as BuildKit's parser has it (quotes and escapes still in), and where it stands. */
export interface Word {
  value: string;
  span: Span;
}

/** `--name=value`; quotes and escapes are taken away. */
export interface Flag {
  /** `--name=value` */
  text: string;
  /** Without `--`. */
  name: string;
  value: string;
  hasValue: boolean;
  span: Span;
}

/** A `key=value` (delimiter `=`) or `key value` (delimiter empty) of ENV and LABEL. */
export interface Pair {
  key: string;
  value: string;
  delimiter: "=" | "";
  span: Span;
  keySpan: Span;
  valueSpan: Span;
}

export interface Heredoc {
  name: string;
  /** The word was not quoted: `$x` in the body is expanded. */
  expand: boolean;
  /** `<<-`: leading tabs go. */
  chomp: boolean;
  fileDescriptor: number;
  /** As it stands, tabs still in. */
  content: string;
  contentSpan: Span;
}

export type InstructionName =
  | "add"
  | "arg"
  | "cmd"
  | "copy"
  | "entrypoint"
  | "env"
  | "expose"
  | "from"
  | "healthcheck"
  | "label"
  | "maintainer"
  | "onbuild"
  | "run"
  | "shell"
  | "stopsignal"
  | "user"
  | "volume"
  | "workdir";

export interface Instruction {
  kind: "instruction";
  /** In lower case; may be unknown. */
  name: InstructionName | (string & {});
  /** As written. */
  keyword: Word;
  /** Whole, heredocs included, without the last newline. */
  span: Span;
  /** Place among the document's instructions; of what stands under ONBUILD -1. */
  index: number;
  /** 1-based, inclusive; heredocs included (BuildKit's location). */
  startLine: number;
  endLine: number;
  flags: Flag[];
  /** What follows keyword and flags, joined and trimmed. */
  rest: Word;
  /** Arguments: of a JSON form its strings; of a list its words; of a shell or string form the one value. */
  args: Word[];
  /** The arguments were a JSON array. */
  json: boolean;
  /** ENV, LABEL. */
  pairs: Pair[];
  heredocs: Heredoc[];
  /** ONBUILD. */
  trigger?: Instruction;
  /** HEALTHCHECK: `NONE` or `CMD` as written. */
  healthcheckType?: Word;
  /** Comments above it, as BuildKit attaches them: trimmed; an empty one cuts them off. */
  comments: string[];
  emptyContinuations: Span[];
  /** The joined line, and the way back to the source. */
  line: string;
  toSource(index: number, side?: "after" | "before"): number;
}

/**
 * `syntax`: the file is not read further by the builder. `instruction`: read, and refused. `structure`: an instruction
 * outside a stage, no stage at all.
 */
export interface SyntaxProblem {
  kind: "syntax" | "instruction" | "structure";
  message: string;
  span: Span;
}

export interface Document {
  text: string;
  lines: LineIndex;
  nodes: Node[];
  instructions: Instruction[];
  escape: string;
  directives: { name: string; value: string; span: Span; line: number }[];
  problems: SyntaxProblem[];
}

export function isInstruction(node: Node): node is Instruction {
  return node.kind === "instruction";
}
