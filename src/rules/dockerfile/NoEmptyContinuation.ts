import { defineDockerfileRule, type Edit } from "../../dockerfile/rule.ts";
import type { Span } from "../../dockerfile/text.ts";

/** Enough to find the place. */
const MAX_RELATED = 20;

export default defineDockerfileRule({
  id: "NoEmptyContinuation",
  severity: "warning",
  summary: "No empty lines inside an instruction",
  help: "An empty line between continued lines is read over today, and will be an error in a later release of the builder.",
  examples: { good: ["FROM debian:13\nRUN a && \\\n  b\n"], bad: ["FROM debian:13\nRUN a && \\\n\n  b\n"] },
  *check({ document }) {
    for (const { emptyContinuations, span, startLine, heredocs } of document.instructions) {
      const [first] = emptyContinuations;
      if (!first) continue;
      const end = heredocs[0] ? heredocs[0].contentSpan.start - 1 : span.end;
      const last = document.lines.lineOf(Math.max(end, (emptyContinuations.at(-1) as typeof first).end));
      yield {
        // Where the builder puts it: at the last line of what was joined.
        at: { start: document.lines.startOf(last), end: lineEnd(document.text, document.lines.startOf(last)) },
        message: `an empty line in the instruction that begins at line ${startLine}`,
        related: emptyContinuations.slice(0, MAX_RELATED).map((line) => ({ at: line, message: "empty" })),
        fix: {
          description: "remove the empty lines",
          safe: true,
          edits: withoutLines(document.text, emptyContinuations),
        },
      };
    }
  },
});

/** Takes the lines away; neighbours in one edit. */
function withoutLines(text: string, lines: readonly Span[]): Edit[] {
  const edits: Edit[] = [];
  for (const line of lines) {
    const end = nextLine(text, line.end);
    const last = edits.at(-1);
    if (last?.end === line.start) last.end = end;
    else edits.push({ start: line.start, end, newText: "" });
  }
  return edits;
}

function nextLine(text: string, from: number): number {
  const newline = text.indexOf("\n", from);
  return newline < 0 ? text.length : newline + 1;
}

function lineEnd(text: string, from: number): number {
  const newline = text.indexOf("\n", from);
  return newline < 0 ? text.length : newline;
}
