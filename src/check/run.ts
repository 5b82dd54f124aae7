/** Runs rules over one subject: which rules, with which severity. */
import type { Finding, Rule, RuleMeta, Severity } from "./types.ts";

/** How a configuration sets a rule; `on` takes the rule's own severity. */
export type RuleSetting = Severity | "on" | "off";

export interface Selection {
  /** Ids, aliases or globs (`KN0*`): only these, and they are on whatever the settings say. */
  only?: readonly string[];
  /** Ids, aliases or globs → setting; a later entry wins. */
  settings?: readonly (readonly [string, RuleSetting])[];
  /** Every finding that can be mended safely, not only as many as anybody reads. */
  allMendable?: boolean;
}

/** Whether an id is meant by a pattern: equal in any casing, or a glob with `*`. */
export function matchesId(pattern: string, id: string): boolean {
  if (!pattern.includes("*")) return pattern.toLowerCase() === id.toLowerCase();
  const parts = pattern.toLowerCase().split("*");
  let at = 0;
  const text = id.toLowerCase();
  for (const [i, part] of parts.entries()) {
    if (i === 0) {
      if (!text.startsWith(part)) return false;
      at = part.length;
    } else if (i === parts.length - 1) return text.length - part.length >= at && text.endsWith(part);
    else {
      const found = text.indexOf(part, at);
      if (found < 0) return false;
      at = found + part.length;
    }
  }
  return true;
}

export function ruleIds(rule: Pick<RuleMeta, "id" | "aliases">): string[] {
  return [rule.id, ...rule.aliases];
}

/** Ids under which a finding is known: the rule's, and the sources' that report the same. */
export function findingIds(finding: Finding): string[] {
  return [finding.rule, ...(finding.reportedAs ?? []).map((as) => as.rule)];
}

/** The severity a rule runs with, or off. */
export function effectiveSetting(rule: RuleMeta, selection: Selection): Severity | "off" {
  const ids = ruleIds(rule);
  let setting: RuleSetting = rule.optIn ? "off" : "on";
  for (const [pattern, value] of selection.settings ?? []) {
    if (ids.some((id) => matchesId(pattern, id))) setting = value;
  }
  if (selection.only) {
    if (!selection.only.some((pattern) => ids.some((id) => matchesId(pattern, id)))) return "off";
    if (setting === "off") setting = "on";
  }
  return setting === "on" ? rule.severity : setting;
}

/** Nobody reads more of one rule in one file; the rest shows when these are mended. */
export const MAX_FINDINGS = 1000;

/** As many of each rule as anybody reads. */
export function readable(findings: readonly Finding[]): Finding[] {
  const counts = new Map<string, number>();
  return findings.filter(({ rule }) => {
    const count = (counts.get(rule) ?? 0) + 1;
    counts.set(rule, count);
    return count <= MAX_FINDINGS;
  });
}

/** Findings of all selected rules, by place. */
export function runRules<K>(rules: readonly Rule<K>[], subject: K, selection: Selection = {}): Finding[] {
  const findings: Finding[] = [];
  for (const rule of rules) {
    const severity = effectiveSetting(rule, selection);
    if (severity === "off") continue;
    let count = 0;
    let mends = false;
    for (const finding of rule.check(subject)) {
      const mendable = selection.allMendable && finding.fixes?.some((fix) => fix.safe);
      mends ||= mendable === true;
      if (!mendable && ++count > MAX_FINDINGS) {
        if (!mends) break;
        continue;
      }
      if (selection.only && !isAsked(finding, selection.only)) continue;
      findings.push(severity === rule.severity ? finding : { ...finding, severity });
    }
  }
  return findings.sort(byPlace);
}

/** Its rule was asked for, or one of the sources that report the same. */
export function isAsked(finding: Finding, only: readonly string[]): boolean {
  return findingIds(finding).some((id) => only.some((pattern) => matchesId(pattern, id)));
}

/** Asked for under a source's own name, a finding is where that source puts it. */
export function placedAsAsked(finding: Finding, only: readonly string[]): Finding {
  const asked = (id: string): boolean => only.some((pattern) => matchesId(pattern, id));
  if (asked(finding.rule)) return finding;
  const line = finding.reportedAs?.find(({ rule }) => asked(rule))?.line;
  if (line === undefined) return finding;
  const region = { startLine: line, startColumn: 1, endLine: line, endColumn: 1 };
  return { ...finding, location: { ...finding.location, region } };
}

export function byPlace(a: Finding, b: Finding): number {
  const file = a.location.file < b.location.file ? -1 : a.location.file > b.location.file ? 1 : 0;
  return (
    file ||
    (a.location.region?.startLine ?? 0) - (b.location.region?.startLine ?? 0) ||
    (a.location.region?.startColumn ?? 0) - (b.location.region?.startColumn ?? 0) ||
    (a.rule < b.rule ? -1 : a.rule > b.rule ? 1 : 0)
  );
}

const RANK: Readonly<Record<Severity, number>> = { info: 0, warning: 1, error: 2 };

/** Whether a severity is at or over a threshold; nothing is over `never`. */
export function atLeast(severity: Severity, threshold: Severity | "never"): boolean {
  return threshold !== "never" && RANK[severity] >= RANK[threshold];
}
