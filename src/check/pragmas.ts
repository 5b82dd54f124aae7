/** Comments that silence findings, and what they did. */
import { findingIds, matchesId } from "./run.ts";
import type { Finding } from "./types.ts";

export interface Suppression {
  /** Ids, aliases; `*`: all that `covers` allows. */
  ids: readonly string[];
  /** 1-based, inclusive. */
  fromLine: number;
  toLine: number;
  /** Ids that it cannot silence. */
  except?: ReadonlySet<string>;
  /** It counts where the finding stands; not where other sources put it. */
  here?: boolean;
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
  const index = indexByLine(suppressions);
  for (const finding of findings) {
    let current: Finding | undefined = finding;
    for (const i of candidates(finding, index)) {
      const suppression = suppressions[i] as Suppression;
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

interface LineIndex {
  /** Those that span many lines. */
  wide: number[];
  byLine: Map<number, number[]>;
}

const WIDE = 200;

/** Most pragmas are about a few lines: each finding is held against those of its own lines only. */
function indexByLine(suppressions: readonly Suppression[]): LineIndex {
  const index: LineIndex = { wide: [], byLine: new Map() };
  for (const [i, { fromLine, toLine }] of suppressions.entries()) {
    if (toLine - fromLine > WIDE) index.wide.push(i);
    else {
      for (let line = fromLine; line <= toLine; line++) {
        const there = index.byLine.get(line);
        if (there) there.push(i);
        else index.byLine.set(line, [i]);
      }
    }
  }
  return index;
}

function candidates(finding: Finding, { wide, byLine }: LineIndex): Iterable<number> {
  if (byLine.size === 0) return wide;
  return new Set([...wide, ...linesOf(finding).flatMap((line) => byLine.get(line) ?? [])]);
}

function linesOf(finding: Finding): number[] {
  return [finding.location.region?.startLine ?? 1, ...(finding.reportedAs ?? []).flatMap((as) => as.line ?? [])];
}

function inRange(finding: Finding, { fromLine, toLine, here }: Suppression): boolean {
  const lines = linesOf(finding);
  return (here ? lines.slice(0, 1) : lines).some((line) => line >= fromLine && line <= toLine);
}

function silencer(finding: Finding, { ids, covers, except }: Suppression): string | undefined {
  const own = findingIds(finding).filter((id) => !except?.has(id));
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
