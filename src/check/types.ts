/** Rules and findings: one model for Dockerfiles, source, images and running containers. */

export type Severity = "error" | "warning" | "info";

/** 1-based lines and columns (columns in UTF-16 units, end exclusive). */
export interface Region {
  startLine: number;
  startColumn: number;
  endLine: number;
  endColumn: number;
}

export interface Location {
  /** Relative to where the check ran, with `/`. */
  file: string;
  region?: Region;
}

/** A text edit; offsets in UTF-16 units into the file's text. */
export interface TextEdit {
  file: string;
  start: number;
  end: number;
  newText: string;
}

export interface Fix {
  description: string;
  edits: TextEdit[];
  /** Applied by `--fix`; an unsafe one is only offered. */
  safe: boolean;
}

export interface Finding {
  /** Primary id of the rule. */
  rule: string;
  severity: Severity;
  message: string;
  location: Location;
  /** What was seen that proves it: the listener call, the import it resolved to, the value it followed. */
  evidence?: string[];
  related?: { message: string; location: Location }[];
  fixes?: Fix[];
  /** Variables that mend it without an edit, where the image sets them. */
  env?: Record<string, string>;
  /** Ids, the rule's aliases among them, under which other linters report the same here; `line` where theirs differs. */
  reportedAs?: { rule: string; line?: number }[];
}

export type RuleSubject = "dockerfile" | "source" | "image" | "container";

export interface RuleExample {
  /** What is judged: a Dockerfile, a source file, … */
  text: string;
  /** File name for source rules; decides the language. */
  file?: string;
  /** Other files beside it. */
  files?: Record<string, string>;
  note?: string;
}

export interface RuleExamples {
  good: readonly RuleExample[];
  bad: readonly RuleExample[];
}

/**
 * Metadata every rule has, whatever it judges. A rule is one file: id, metadata, examples (its test), check; the many
 * examples of a rule over source are files of their own, named after it.
 */
export interface RuleMeta {
  id: string;
  /** Other ids by which users know it (BuildKit's check name, hadolint's id). */
  aliases: readonly string[];
  subject: RuleSubject;
  severity: Severity;
  /** Clause of the contract, `S11`. */
  clause?: string;
  /** Off unless asked for. */
  optIn?: boolean;
  /** One line. */
  summary: string;
  /** Why it matters and what to do, Markdown. */
  help: string;
}

export interface ExplainedRule extends RuleMeta {
  examples: RuleExamples;
}

/** `K` is what the rule looks at: a parsed Dockerfile, a source file's facts, an image. */
export interface Rule<K> extends RuleMeta {
  check(subject: K): Iterable<Finding>;
}
