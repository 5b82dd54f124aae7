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
  /** Lines of both texts above row `counted`. */
  const above = { "-": firstLine - 1, "+": firstLine - 1 };
  let counted = 0;
  const countTo = (end: number): void => {
    for (; counted < end; counted++) {
      const { kind } = rows[counted] as Row;
      if (kind !== "+") above["-"]++;
      if (kind !== "-") above["+"]++;
    }
  };
  for (let i = 0; i < rows.length; ) {
    while (i < rows.length && rows[i]?.kind === " ") i++;
    if (i >= rows.length) break;
    const start = Math.max(0, i - context);
    let end = i;
    for (let quiet = 0; end < rows.length && quiet <= 2 * context; end++)
      quiet = rows[end]?.kind === " " ? quiet + 1 : 0;
    while (end > i && rows[end - 1]?.kind === " " && trailing(rows, end) > context) end--;
    countTo(start);
    const first = { ...above };
    countTo(end);
    const range = (kind: "-" | "+"): string => {
      const length = above[kind] - first[kind];
      const line = first[kind] + (length === 0 ? 0 : 1);
      return length === 1 ? String(line) : `${line},${length}`;
    };
    out.push(`@@ -${range("-")} +${range("+")} @@`);
    for (const { kind, text } of rows.slice(start, end)) out.push(kind + text);
    i = end;
  }
  return `${out.join("\n")}\n`;
}

function trailing(rows: readonly Row[], end: number): number {
  let count = 0;
  while (rows[end - 1 - count]?.kind === " ") count++;
  return count;
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

/**
 * Where there are more edits the shortest way is looked for piece by piece, in ever smaller ones: time and memory grow with the
 * square of these.
 */
const MAX_EDITS = 1024;
const LEAST_EDITS = 64;

function shortestEdit(a: readonly string[], b: readonly string[]): Row[] {
  const pieces: Row[][] = [];
  let edits = MAX_EDITS;
  for (let x = 0, y = 0; x < a.length || y < b.length; edits = Math.max(LEAST_EDITS, edits / 2)) {
    const piece = goOn(a, b, x, y, edits);
    pieces.push(piece.rows);
    ({ x, y } = piece);
  }
  return pieces.flat();
}

/** From `a[fromX]`, `b[fromY]` to the end, or as far as so many edits lead. */
function goOn(a: readonly string[], b: readonly string[], fromX: number, fromY: number, edits: number) {
  const limit = Math.min(a.length - fromX + b.length - fromY, edits);
  /** Diagonal `k` at index `k + limit + 1`: how far down `a` it has come. */
  const furthest = new Int32Array(2 * limit + 3).fill(fromX);
  const diagonal = (k: number): number => k + limit + 1;
  const trace: Int32Array[] = [];
  let best = { x: fromX, y: fromY, k: 0 };
  for (let d = 0; d <= limit; d++) {
    trace.push(furthest.slice());
    for (let k = -d; k <= d; k += 2) {
      const down = k === -d || (k !== d && at(furthest, diagonal(k - 1)) < at(furthest, diagonal(k + 1)));
      let x = down ? at(furthest, diagonal(k + 1)) : at(furthest, diagonal(k - 1)) + 1;
      let y = x - fromX - k + fromY;
      while (x < a.length && y < b.length && a[x] === b[y]) {
        x++;
        y++;
      }
      furthest[diagonal(k)] = x;
      if (x >= a.length && y >= b.length)
        return { x, y, rows: backtrack(trace, diagonal, a, b, { x, y, d, fromX, fromY }) };
      if (d === limit && x <= a.length && y <= b.length && x + y > best.x + best.y) best = { x, y, k };
    }
  }
  const { x, y } = best;
  return { x, y, rows: backtrack(trace, diagonal, a, b, { x, y, d: limit, fromX, fromY }) };
}

function at(numbers: Int32Array, index: number): number {
  return numbers[index] as number;
}

function backtrack(
  trace: readonly Int32Array[],
  diagonal: (k: number) => number,
  a: readonly string[],
  b: readonly string[],
  end: { x: number; y: number; d: number; fromX: number; fromY: number },
): Row[] {
  const rows: Row[] = [];
  const { fromX, fromY } = end;
  let { x, y } = end;
  for (let { d } = end; d >= 0; d--) {
    const reached = trace[d] as Int32Array;
    const k = x - fromX - (y - fromY);
    const down = k === -d || (k !== d && at(reached, diagonal(k - 1)) < at(reached, diagonal(k + 1)));
    const previousK = down ? k + 1 : k - 1;
    const previousX = d === 0 ? fromX : at(reached, diagonal(previousK));
    const previousY = d === 0 ? fromY : previousX - fromX - previousK + fromY;
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
