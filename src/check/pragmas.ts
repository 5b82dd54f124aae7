/** Comments that silence findings, and what they did. */
import { findingIds, matchesId } from "./run.ts";
import type { Finding } from "./types.ts";

export interface Suppression {
  /** Ids, aliases; `*`: all that `covers` allows. */
  ids: readonly string[];
  /** 1-based, inclusive. */
  fromLine: number;
  toLine: number;
  /** `*` of this suppression means only ids for which this holds. */
  covers?(id: string): boolean;
}

/** Findings that stay, and for each suppression the ids that silenced something. */
export function suppress(
  findings: readonly Finding[],
  suppressions: readonly Suppression[],
): { kept: Finding[]; suppressed: Finding[]; used: Set<string>[] } {
  const kept: Finding[] = [];
  const suppressed: Finding[] = [];
  const used = suppressions.map(() => new Set<string>());
  for (const finding of findings) {
    let current: Finding | undefined = finding;
    for (const [i, suppression] of suppressions.entries()) {
      if (!current) break;
      if (!inRange(current, suppression)) continue;
      const silenced = silencer(current, suppression);
      if (silenced === undefined) continue;
      used[i]?.add(silenced);
      current = silenced === "*" && suppression.covers ? without(current, suppression.covers) : undefined;
    }
    if (current) kept.push(current);
    else suppressed.push(finding);
  }
  return { kept, suppressed, used };
}

function inRange(finding: Finding, { fromLine, toLine }: Suppression): boolean {
  const lines = [finding.location.region?.startLine ?? 1, ...(finding.reportedAs ?? []).flatMap((as) => as.line ?? [])];
  return lines.some((line) => line >= fromLine && line <= toLine);
}

function silencer(finding: Finding, { ids, covers }: Suppression): string | undefined {
  const own = findingIds(finding);
  for (const id of ids) {
    if (id === "*" ? own.some((one) => covers?.(one) ?? true) : own.some((one) => matchesId(id, one))) return id;
  }
  return undefined;
}

/** The finding without the ids that were silenced; undefined where none is left. */
function without(finding: Finding, covers: (id: string) => boolean): Finding | undefined {
  const all = [{ rule: finding.rule }, ...(finding.reportedAs ?? [])].filter(({ rule }) => !covers(rule));
  const [first, ...rest] = all;
  if (!first) return undefined;
  const { reportedAs: _, ...plain } = finding;
  return { ...plain, rule: first.rule, ...(rest.length > 0 && { reportedAs: rest }) };
}
