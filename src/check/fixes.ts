/** Applies fixes to a text. */
import type { Finding, TextEdit } from "./types.ts";

export interface Fixed {
  text: string;
  /** Findings whose fix was applied. */
  applied: Finding[];
}

/**
 * Applies the first safe fix of each finding, in order, leaving out those that would touch what another one changes: run
 * again for these. Edits that several fixes share are made once.
 */
export function applyFixes(text: string, findings: readonly Finding[], file: string): Fixed {
  const edits: TextEdit[] = [];
  const applied: Finding[] = [];
  for (const finding of findings) {
    const fix = finding.fixes?.find((one) => one.safe && one.edits.every((edit) => edit.file === file));
    if (!fix || fix.edits.length === 0) continue;
    const fresh = fix.edits.filter((edit) => !edits.some((other) => same(edit, other)));
    if (fresh.some((edit) => edits.some((other) => overlaps(edit, other)))) continue;
    edits.push(...fresh);
    applied.push(finding);
  }
  edits.sort((a, b) => a.start - b.start || a.end - b.end);
  const parts: string[] = [];
  let at = 0;
  for (const edit of edits) {
    parts.push(text.slice(at, edit.start), edit.newText);
    at = edit.end;
  }
  parts.push(text.slice(at));
  return { text: parts.join(""), applied };
}

function same(a: TextEdit, b: TextEdit): boolean {
  return a.start === b.start && a.end === b.end && a.newText === b.newText;
}

/** Insertions at the same place overlap too: their order would be chance. */
function overlaps(a: TextEdit, b: TextEdit): boolean {
  if (a.start === a.end && b.start === b.end) return a.start === b.start;
  return a.start < b.end && b.start < a.end;
}
