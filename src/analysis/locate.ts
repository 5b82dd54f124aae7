/** Where a place of a file is, in lines and columns. */
import type { Location } from "../check/types.ts";
import type { Place } from "./facts.ts";

/** @param copied the file that a copy within the tree was made of: findings name that one */
export function createLocator(
  texts: ReadonlyMap<string, string>,
  copied: ReadonlyMap<string, string>,
): (place: Place) => Location {
  const starts = new Map<string, number[]>();
  return ({ file: named, start, end }) => {
    const file = copied.get(named) ?? named;
    let lines = starts.get(file);
    if (!lines) {
      lines = [0];
      const text = texts.get(file) ?? "";
      for (let i = text.indexOf("\n"); i >= 0; i = text.indexOf("\n", i + 1)) lines.push(i + 1);
      starts.set(file, lines);
    }
    const at = (offset: number): { line: number; column: number } => {
      let low = 0;
      let high = (lines as number[]).length - 1;
      while (low < high) {
        const middle = (low + high + 1) >> 1;
        if (((lines as number[])[middle] as number) <= offset) low = middle;
        else high = middle - 1;
      }
      return { line: low + 1, column: offset - ((lines as number[])[low] as number) + 1 };
    };
    const from = at(start);
    const to = at(end);
    return { file, region: { startLine: from.line, startColumn: from.column, endLine: to.line, endColumn: to.column } };
  };
}
