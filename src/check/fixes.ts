/** Applies fixes to a text. */
import type { Finding, Fix, TextEdit } from "./types.ts";

export interface Fixed {
  text: string;
  /** Findings whose fix was applied. */
  applied: Finding[];
}

/**
 * Applies the first safe fix of each finding, in order but removals first, leaving out those that would touch what another one changes: run
 * again for these. Edits that several fixes share are made once.
 */
export function applyFixes(text: string, findings: readonly Finding[], file: string): Fixed {
  /** By place; none overlaps another. */
  const edits: TextEdit[] = [];
  const applied: Finding[] = [];
  const mendable = findings.flatMap((finding) => {
    const fix = finding.fixes?.find((one) => one.safe && one.edits.every((edit) => edit.file === file));
    return fix && fix.edits.length > 0 ? { finding, fix } : [];
  });
  // What is taken away need not be mended before.
  const removes = ({ fix }: { fix: Fix }): boolean => fix.edits.every(({ newText }) => newText === "");
  const inOrder = [...mendable.filter(removes), ...mendable.filter((one) => !removes(one))];
  for (const { finding, fix } of inOrder) {
    const fresh = fix.edits.filter((edit) => !near(edits, edit).some((other) => same(edit, other)));
    if (fresh.some((edit) => near(edits, edit).some((other) => overlaps(edit, other)))) continue;
    for (const edit of fresh) edits.splice(placeOf(edits, edit), 0, edit);
    applied.push(finding);
  }
  const parts: string[] = [];
  let at = 0;
  for (const edit of edits) {
    parts.push(text.slice(at, edit.start), edit.newText);
    at = edit.end;
  }
  parts.push(text.slice(at));
  return { text: parts.join(""), applied };
}

/** Index of the first edit that comes after this one. */
function placeOf(edits: readonly TextEdit[], { start, end }: TextEdit): number {
  let low = 0;
  let high = edits.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const other = edits[middle] as TextEdit;
    if (other.start - start || other.end - end) {
      if (other.start < start || (other.start === start && other.end < end)) low = middle + 1;
      else high = middle;
    } else low = middle + 1;
  }
  return low;
}

/** Those that it may touch: two begin at one place at most, an insertion and a replacement. */
function near(edits: readonly TextEdit[], edit: TextEdit): readonly TextEdit[] {
  const at = placeOf(edits, edit);
  return edits.slice(Math.max(0, at - 2), at + 2);
}

function same(a: TextEdit, b: TextEdit): boolean {
  return a.start === b.start && a.end === b.end && a.newText === b.newText;
}

/** Insertions at the same place overlap too: their order would be chance. */
function overlaps(a: TextEdit, b: TextEdit): boolean {
  if (a.start === a.end && b.start === b.end) return a.start === b.start;
  return a.start < b.end && b.start < a.end;
}
