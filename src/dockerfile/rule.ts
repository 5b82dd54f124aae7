/** What a Dockerfile rule looks at, and how it says what it found. */
import type { ExplainedRule, Finding, Rule, RuleExample, RuleMeta, TextEdit } from "../check/types.ts";
import type { ProfileId } from "../contract/profiles.ts";
import type { BaseImageFacts } from "./catalogue.ts";
import type { IgnorePatterns } from "./ignore-patterns.ts";
import type { Interpretation } from "./interpret.ts";
import { type InstructionScript, isForeignShell, scriptOf, scriptSpan } from "./script.ts";
import type { Script } from "./shell/commands.ts";
import type { Document, Instruction } from "./syntax.ts";
import type { Span } from "./text.ts";

/** Kinds of values that labels may be asked to have. */
export type LabelKind = "text" | "url" | "rfc3339" | "spdx" | "hash" | "semver" | "email";

export interface DockerfileSettings {
  /** Registries, or image patterns (`gcr.io/distroless/*`), that FROM may use; empty: all. */
  allowedRegistries: readonly string[];
  labelSchema: Readonly<Record<string, LabelKind>>;
  /** Only labels of the schema. */
  strictLabels: boolean;
  profile: ProfileId;
  /** Date against which ends of life are judged, `2026-11-22`. */
  today: string;
}

/** What a registry says about an image: only where it was asked. */
export type RegistryFacts =
  | { state: "there"; digest: string; amd64: boolean; platforms: string[] }
  | { state: "missing" }
  | { state: "unknown"; reason: string };

export interface DockerfileSubject {
  file: string;
  document: Document;
  model: Interpretation;
  settings: DockerfileSettings;
  /** Patterns of the .dockerignore in force. */
  ignore?: IgnorePatterns;
  /** What is known about a base image, by its reference. */
  facts(image: string): BaseImageFacts | undefined;
  /** By reference; undefined: nobody was asked. */
  registry?: ReadonlyMap<string, RegistryFacts>;
}

export type DockerfileRule = Rule<DockerfileSubject> & ExplainedRule;

/** An edit in the file at hand. */
export type Edit = Omit<TextEdit, "file">;

export interface Hit {
  at: Span | Instruction;
  message: string;
  fix?: { description: string; edits: Edit[]; safe: boolean };
  related?: { at: Span | Instruction; message: string }[];
  evidence?: string[];
  /**
   * Under which of the rule's ids its sources report this, most specific first; absent: the primary id and all aliases.
   * `line`: where that source puts it.
   */
  ids?: { rule: string; line?: number }[];
  severity?: Finding["severity"];
}

export interface DockerfileRuleDefinition extends Omit<RuleMeta, "subject" | "aliases"> {
  aliases?: readonly string[];
  examples: { good: readonly (string | RuleExample)[]; bad: readonly (string | RuleExample)[] };
  check(subject: DockerfileSubject): Iterable<Hit>;
}

export function defineDockerfileRule(definition: DockerfileRuleDefinition): DockerfileRule {
  const aliases = definition.aliases ?? [];
  const example = (one: string | RuleExample): RuleExample => (typeof one === "string" ? { text: one } : one);
  return {
    ...definition,
    aliases,
    subject: "dockerfile",
    examples: { good: definition.examples.good.map(example), bad: definition.examples.bad.map(example) },
    *check(subject) {
      const own = [definition.id, ...aliases].map((id) => ({ rule: id }));
      for (const hit of definition.check(subject)) yield toFinding(hit, subject, definition.severity, own);
    },
  };
}

/** Field by field: of a large file there are a hundred thousand, and copies of objects would cost more than the rules. */
function toFinding(
  hit: Hit,
  { file, document }: DockerfileSubject,
  severity: Finding["severity"],
  own: readonly { rule: string }[],
): Finding {
  const location = (at: Span | Instruction) => ({ file, region: document.lines.region(spanOf(at)) });
  const ids = hit.ids ?? own;
  const finding: Finding = {
    rule: (ids[0] ?? (own[0] as { rule: string })).rule,
    severity: hit.severity ?? severity,
    message: hit.message,
    location: location(hit.at),
  };
  if (hit.evidence) finding.evidence = hit.evidence;
  if (hit.related) finding.related = hit.related.map(({ at, message }) => ({ message, location: location(at) }));
  if (hit.fix) {
    const { description, safe, edits } = hit.fix;
    const placed = edits.map(({ start, end, newText }) => ({ file, start, end, newText }));
    finding.fixes = [{ description, safe, edits: placed }];
  }
  if (ids.length > 1) finding.reportedAs = ids.slice(1);
  return finding;
}

/** An instruction is shown from its keyword to the end of its line. */
function spanOf(at: Span | Instruction): Span {
  if (!("kind" in at)) return at;
  return { start: at.keyword.span.start, end: Math.max(at.rest.span.end, at.keyword.span.end) };
}

/** A RUN, also the one under ONBUILD, with its script. */
export interface Run {
  /** What stands in the file: RUN or ONBUILD. */
  outer: Instruction;
  instruction: Instruction;
  script: InstructionScript;
}

const EMPTY: Script = { text: "", tree: undefined, commands: [], pipes: false };

/** RUN instructions in order. Scripts of PowerShell and cmd are empty. */
export function runs(subject: DockerfileSubject, which: "all" | "plain" | "triggers" = "all"): readonly Run[] {
  let all = runsOf.get(subject);
  if (!all) {
    all = byPlace(subject).filter((run) => run !== undefined);
    runsOf.set(subject, all);
  }
  return which === "all" ? all : all.filter(({ outer }) => (which === "triggers") === (outer.name === "onbuild"));
}

/** Dozens of rules ask for them. */
const runsOf = new WeakMap<DockerfileSubject, readonly Run[]>();
/** By place in the document. */
const places = new WeakMap<DockerfileSubject, (Run | undefined)[]>();

/** The run that an instruction is, of the file or of a trigger; undefined: it is none. */
export function runOf(subject: DockerfileSubject, outer: Instruction): Run | undefined {
  const own = subject.document.instructions[outer.index] === outer;
  return own ? byPlace(subject)[outer.index] : readRun(subject, outer);
}

function byPlace(subject: DockerfileSubject): readonly (Run | undefined)[] {
  let found = places.get(subject);
  if (!found) {
    found = subject.document.instructions.map((outer) => readRun(subject, outer));
    places.set(subject, found);
  }
  return found;
}

function readRun(subject: DockerfileSubject, outer: Instruction): Run | undefined {
  const instruction = outer.trigger ?? outer;
  if (instruction.name !== "run") return undefined;
  const script = scriptOf(instruction);
  if (!script.exec && isForeignShell(subject.model.of(outer)?.shell)) {
    const toSource: InstructionScript["toSource"] = (index, side) => script.toSource(index, side);
    return { outer, instruction, script: { ...EMPTY, exec: false, toSource } };
  }
  return { outer, instruction, script };
}

/** Source place of a span of a run's script. */
export function inSource(run: Run, span: Span): Span {
  return scriptSpan(run.script, span);
}

/** The instructions of a file as two independent passes: those that run now, and the triggers. */
export function passes(document: Document): readonly Pass[] {
  let found = passesOf.get(document);
  if (!found) {
    const plain = document.instructions.map((outer) => ({ outer, inner: outer }));
    const triggers = document.instructions.flatMap((outer) => (outer.trigger ? { outer, inner: outer.trigger } : []));
    found = [plain, triggers];
    passesOf.set(document, found);
  }
  return found;
}

type Pass = readonly { outer: Instruction; inner: Instruction }[];

const passesOf = new WeakMap<Document, readonly Pass[]>();

export function insertion(at: number, newText: string): Edit {
  return { start: at, end: at, newText };
}

export function replacement(span: Span, newText: string): Edit {
  return { start: span.start, end: span.end, newText };
}

/** Takes whole lines away, the newline too. */
export function removal(document: Document, instruction: Instruction): Edit {
  const { start, end } = instruction.span;
  const newline = document.text.indexOf("\n", end);
  return {
    start: document.lines.startOf(document.lines.lineOf(start)),
    end: newline < 0 ? document.text.length : newline + 1,
    newText: "",
  };
}
