/** One Dockerfile's text → findings, pragmas taken into account. */
import { type Suppression, suppress } from "../check/pragmas.ts";
import {
  byPlace,
  effectiveSetting,
  findingIds,
  isAsked,
  MAX_FINDINGS,
  matchesId,
  placedAsAsked,
  ruleIds,
  runRules,
  type Selection,
} from "../check/run.ts";
import type { Finding } from "../check/types.ts";
import { type Pragma, type PragmaResult, readPragmas } from "../dockerfile/pragmas.ts";
import type { DockerfileRule, DockerfileSubject } from "../dockerfile/rule.ts";
import { createDockerfileSubject, type SubjectOptions } from "../dockerfile/subject.ts";
import { foreignInstruction, templateMarker } from "../dockerfile/template-marker.ts";
import { dockerfileRules } from "../generated/dockerfileRules.ts";

export interface LintTextOptions extends SubjectOptions {
  /** Ids, aliases or globs: only these. */
  only?: readonly string[] | undefined;
  /** Ids, aliases or globs → setting; a later entry wins. */
  rules?: Selection["settings"];
  /** Stands in for `# check=…`. */
  checkOptions?: string;
  /** Every finding that can be mended safely, not only as many as anybody reads. */
  allMendable?: boolean;
  /** Findings are shown although a comment silences them. */
  ignorePragmas?: boolean;
}

export interface LintedText {
  subject: DockerfileSubject;
  findings: Finding[];
  /** Silenced by comments. */
  suppressed: Finding[];
}

const UNUSED = "KN101";
const READABLE = "KN000";
const EXPERIMENTAL = "InvalidDefinitionDescription";

/** BuildKit's checks carry names, all others a number. */
function isBuildkitId(id: string): boolean {
  return !/\d/.test(id);
}

/** BuildKit asks for experimental checks by name; skipping does not concern them. */
function isSkippable(id: string): boolean {
  return isBuildkitId(id) && id !== EXPERIMENTAL;
}

export function lintText(text: string, options: LintTextOptions): LintedText {
  const { only } = options;
  if (!only?.some((pattern) => matchesId(pattern, UNUSED))) return judgeText(text, options);
  // What a pragma silences shows only when all rules run.
  const { only: _, ...rest } = options;
  const on = only.map((id) => [id, "on"] as const);
  const judged = judgeText(text, { ...rest, rules: [...on, ...(options.rules ?? [])] });
  const asked = (finding: Finding): boolean => isAsked(finding, only);
  return {
    ...judged,
    findings: judged.findings.filter(asked).map((finding) => placedAsAsked(finding, only)),
    suppressed: judged.suppressed.filter(asked),
  };
}

function judgeText(text: string, options: LintTextOptions): LintedText {
  const subject = createDockerfileSubject(text, options);
  const { document } = subject;
  const read = readPragmas(document, options.checkOptions);
  const below = read.experimentalAbove.flatMap(({ ids }) => ids);
  const selection = selectionOf(options, [...read.experimental, ...below]);
  // Of a template only that is said.
  const unmade = templateMarker(document) ?? foreignInstruction(document);
  const rules = unmade ? dockerfileRules.filter(({ id }) => id === READABLE) : dockerfileRules;
  const found = runRules(rules, subject, selection);
  const all = below.length === 0 ? found : withoutElsewhere(found, read, selectionOf(options, read.experimental));
  const { kept, suppressed, used } = options.ignorePragmas
    ? { kept: all, suppressed: [], used: read.pragmas.map(() => new Set<string>()) }
    : suppress(all, read.pragmas.map(toSuppression));
  const unused = options.ignorePragmas ? [] : unusedPragmas(subject, read.pragmas, used, selection);
  const raised = read.errorOnWarning
    ? kept.map((f): Finding => (findingIds(f).some(isBuildkitId) ? { ...f, severity: "error" } : f))
    : kept;
  const { only } = options;
  // A comment may have silenced the source that was asked for.
  const placed = only
    ? raised.filter((finding) => isAsked(finding, only)).map((finding) => placedAsAsked(finding, only))
    : raised;
  return { subject, findings: [...placed, ...unused].sort(byPlace), suppressed };
}

/** @param experimental names, or `*` */
function selectionOf(options: LintTextOptions, experimental: readonly string[]): Selection {
  const on = experimental.map((id) => [id === "*" ? EXPERIMENTAL : id, "on"] as const);
  return {
    ...(options.only && { only: options.only }),
    settings: [...on, ...(options.rules ?? [])],
    ...(options.allMendable && { allMendable: true }),
  };
}

/** Findings of a check that comments ask for above single instructions: only those about these. */
function withoutElsewhere(findings: readonly Finding[], read: PragmaResult, selection: Selection): Finding[] {
  const rule = dockerfileRules.find(({ id }) => id === EXPERIMENTAL);
  if (!rule || effectiveSetting(rule, selection) !== "off") return [...findings];
  const lines = new Set(read.experimentalAbove.map(({ line }) => line));
  return findings.filter((one) => one.rule !== EXPERIMENTAL || lines.has(one.location.region?.startLine ?? 0));
}

/** Checks of the whole file, which BuildKit makes before it reads the comment above an instruction. */
const WHOLE_FILE = new Set(
  "NoEmptyContinuation ReservedStageName DuplicateStageName ConsistentInstructionCasing InvalidDefaultArgInFrom".split(
    " ",
  ),
);

function toSuppression(pragma: Pragma): Suppression {
  const { ids, fromLine, toLine, source, above } = pragma;
  if (source !== "buildkit") return { ids, fromLine, toLine };
  return { ids, fromLine, toLine, covers: isSkippable, ...(above && { here: true, except: WHOLE_FILE }) };
}

/** Ids in pragmas that silenced nothing, though their rule ran. */
function unusedPragmas(
  subject: DockerfileSubject,
  pragmas: readonly Pragma[],
  used: readonly Set<string>[],
  selection: Selection,
): Finding[] {
  const own = dockerfileRules.find((rule) => rule.id === UNUSED);
  const severity = own ? effectiveSetting(own, selection) : "off";
  if (severity === "off") return [];
  const ran = (rule: DockerfileRule): boolean => effectiveSetting(rule, selection) !== "off";
  const findings: Finding[] = [];
  for (const [i, pragma] of pragmas.entries()) {
    const idle = pragma.ids.filter((id) => {
      if (id === "" || id.includes("*") || used[i]?.has(id)) return false;
      // What the source rules say of a start command is silenced there.
      if (/^KS\d+$/i.test(id)) return false;
      const rules = dockerfileRules.filter((rule) => ruleIds(rule).some((one) => matchesId(id, one)));
      // An id that nobody here knows may be another tool's, unless the pragma is our own.
      return rules.length === 0 ? pragma.source === "knbuild" : rules.some(ran);
    });
    if (idle.length === 0) continue;
    if (findings.length === MAX_FINDINGS) break;
    findings.push({
      rule: UNUSED,
      severity,
      message: `${idle.join(", ")}: nothing to silence here`,
      location: { file: subject.file, region: subject.document.lines.region(pragma.span) },
    });
  }
  return findings;
}
