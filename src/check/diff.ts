/** Unified diffs (`diff -u`), by Myers' algorithm on lines. */

interface Row {
  kind: " " | "-" | "+";
  text: string;
}

/**
 * @param firstLine number of the texts' first line, where they are cut out of longer ones
 * @returns "" where both are equal
 */
export function unifiedDiff(before: string, after: string, name: string, context = 3, firstLine = 1): string {
  if (before === after) return "";
  const rows = compareLines(splitLines(before), splitLines(after));
  const out = [`--- a/${name}`, `+++ b/${name}`];
  for (let i = 0; i < rows.length; ) {
    while (i < rows.length && rows[i]?.kind === " ") i++;
    if (i >= rows.length) break;
    const start = Math.max(0, i - context);
    let end = i;
    for (let quiet = 0; end < rows.length && quiet <= 2 * context; end++)
      quiet = rows[end]?.kind === " " ? quiet + 1 : 0;
    while (end > i && rows[end - 1]?.kind === " " && trailing(rows, end) > context) end--;
    out.push(header(rows, start, end, firstLine), ...rows.slice(start, end).map(({ kind, text }) => kind + text));
    i = end;
  }
  return `${out.join("\n")}\n`;
}

function trailing(rows: readonly Row[], end: number): number {
  let count = 0;
  while (rows[end - 1 - count]?.kind === " ") count++;
  return count;
}

function header(rows: readonly Row[], start: number, end: number, firstLine: number): string {
  const count = (from: number, to: number, kind: "-" | "+"): number =>
    rows.slice(from, to).filter((row) => row.kind === " " || row.kind === kind).length;
  const range = (kind: "-" | "+"): string => {
    const length = count(start, end, kind);
    const first = count(0, start, kind) + (length === 0 ? 0 : 1) + firstLine - 1;
    return length === 1 ? String(first) : `${first},${length}`;
  };
  return `@@ -${range("-")} +${range("+")} @@`;
}

/** Lines without their newline; one that lacks it says so as diff does. */
function splitLines(text: string): string[] {
  if (text === "") return [];
  const lines = text.split("\n");
  if (lines.at(-1) === "") lines.pop();
  else lines.push(`${lines.pop()}\n\\ No newline at end of file`);
  return lines;
}

function compareLines(a: readonly string[], b: readonly string[]): Row[] {
  let head = 0;
  while (head < a.length && head < b.length && a[head] === b[head]) head++;
  let tail = 0;
  while (tail < a.length - head && tail < b.length - head && a[a.length - 1 - tail] === b[b.length - 1 - tail]) tail++;
  const same = (text: string): Row => ({ kind: " ", text });
  return [
    ...a.slice(0, head).map(same),
    ...shortestEdit(a.slice(head, a.length - tail), b.slice(head, b.length - tail)),
    ...a.slice(a.length - tail).map(same),
  ];
}

/** Edits larger than this are shown as one block. */
const MAX_EDITS = 2000;

function shortestEdit(a: readonly string[], b: readonly string[]): Row[] {
  const limit = Math.min(a.length + b.length, MAX_EDITS);
  const furthest = new Map<number, number>([[1, 0]]);
  const trace: Map<number, number>[] = [];
  for (let d = 0; d <= limit; d++) {
    trace.push(new Map(furthest));
    for (let k = -d; k <= d; k += 2) {
      const down = k === -d || (k !== d && (furthest.get(k - 1) ?? 0) < (furthest.get(k + 1) ?? 0));
      let x = down ? (furthest.get(k + 1) ?? 0) : (furthest.get(k - 1) ?? 0) + 1;
      let y = x - k;
      while (x < a.length && y < b.length && a[x] === b[y]) {
        x++;
        y++;
      }
      furthest.set(k, x);
      if (x >= a.length && y >= b.length) return backtrack(trace, a, b, d);
    }
  }
  return [...a.map((text): Row => ({ kind: "-", text })), ...b.map((text): Row => ({ kind: "+", text }))];
}

function backtrack(
  trace: readonly Map<number, number>[],
  a: readonly string[],
  b: readonly string[],
  steps: number,
): Row[] {
  const rows: Row[] = [];
  let x = a.length;
  let y = b.length;
  for (let d = steps; d >= 0; d--) {
    const reached = trace[d] as Map<number, number>;
    const k = x - y;
    const down = k === -d || (k !== d && (reached.get(k - 1) ?? 0) < (reached.get(k + 1) ?? 0));
    const previousK = down ? k + 1 : k - 1;
    const previousX = reached.get(previousK) ?? 0;
    const previousY = previousX - previousK;
    while (x > previousX && y > previousY) {
      x--;
      y--;
      rows.push({ kind: " ", text: a[x] as string });
    }
    if (d === 0) break;
    if (down) rows.push({ kind: "+", text: b[--y] as string });
    else rows.push({ kind: "-", text: a[--x] as string });
  }
  return rows.reverse();
}
