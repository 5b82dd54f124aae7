/** One Dockerfile's text → findings, pragmas taken into account. */
import { type Suppression, suppress } from "../check/pragmas.ts";
import { byPlace, effectiveSetting, findingIds, matchesId, ruleIds, runRules, type Selection } from "../check/run.ts";
import type { Finding } from "../check/types.ts";
import { type Pragma, readPragmas } from "../dockerfile/pragmas.ts";
import type { DockerfileRule, DockerfileSubject } from "../dockerfile/rule.ts";
import { createDockerfileSubject, type SubjectOptions } from "../dockerfile/subject.ts";
import { templateMarker } from "../dockerfile/template-marker.ts";
import { dockerfileRules } from "../generated/dockerfileRules.ts";

export interface LintTextOptions extends SubjectOptions {
  /** Ids, aliases or globs: only these. */
  only?: readonly string[] | undefined;
  /** Ids, aliases or globs → setting; a later entry wins. */
  rules?: Selection["settings"];
  /** Stands in for `# check=…`. */
  checkOptions?: string;
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

/** BuildKit's checks carry names, the others letters and a number. */
function isBuildkitId(id: string): boolean {
  return !/^[A-Z]{2}\d+$/.test(id);
}

export function lintText(text: string, options: LintTextOptions): LintedText {
  const subject = createDockerfileSubject(text, options);
  const { document } = subject;
  const read = readPragmas(document, options.checkOptions);
  const experimental = read.experimental.map((id) => (id === "*" ? "InvalidDefinitionDescription" : id));
  const selection: Selection = {
    ...(options.only && { only: options.only }),
    settings: [...experimental.map((id) => [id, "on"] as const), ...(options.rules ?? [])],
  };
  // Of a template only that is said.
  const rules = templateMarker(document) ? dockerfileRules.filter(({ id }) => id === READABLE) : dockerfileRules;
  const all = runRules(rules, subject, selection);
  const { kept, suppressed, used } = options.ignorePragmas
    ? { kept: all, suppressed: [], used: read.pragmas.map(() => new Set<string>()) }
    : suppress(all, read.pragmas.map(toSuppression));
  const unused = options.ignorePragmas ? [] : unusedPragmas(subject, read.pragmas, used, selection);
  const raised = read.errorOnWarning
    ? kept.map((f): Finding => (findingIds(f).some(isBuildkitId) ? { ...f, severity: "error" } : f))
    : kept;
  return { subject, findings: [...raised, ...unused].sort(byPlace), suppressed };
}

function toSuppression(pragma: Pragma): Suppression {
  const { ids, fromLine, toLine, source } = pragma;
  return { ids, fromLine, toLine, ...(source === "buildkit" && { covers: isBuildkitId }) };
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
    findings.push({
      rule: UNUSED,
      severity,
      message: `${idle.join(", ")}: nothing to silence here`,
      location: { file: subject.file, region: subject.document.lines.region(pragma.span) },
    });
  }
  return findings;
}
