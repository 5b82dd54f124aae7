/** The report for people: what a fix would change is shown with the lines around it, wherever in a long file. */
import { expect, it } from "vitest";
import { unifiedDiff } from "../../src/check/diff.ts";
import type { Finding } from "../../src/check/types.ts";
import tty from "../../src/reporters/tty.ts";

const LINES = Array.from({ length: 500 }, (_, i) => `RUN echo ${i + 1}`);

function reported(text: string, edits: { start: number; end: number; newText: string }[]): string[] {
  const file = "Dockerfile";
  const finding: Finding = {
    rule: "X",
    severity: "warning",
    message: "no",
    location: { file, region: { startLine: 1, startColumn: 1, endLine: 1, endColumn: 4 } },
    fixes: [{ description: "do it", safe: false, edits: edits.map((edit) => ({ file, ...edit })) }],
  };
  return tty
    .report({
      findings: [finding],
      files: [file],
      rules: [],
      textOf: () => text,
      style: (_format: unknown, shown: string) => shown,
    } as unknown as Parameters<typeof tty.report>[0])
    .split("\n")
    .filter((line) => /^ {4}[-+ @\\]/.test(line))
    .map((line) => line.slice(4));
}

it.each([
  ["in the middle", [[250, 250]]],
  ["in the first line", [[1, 1]]],
  ["in the last line", [[500, 500]]],
  ["over some lines", [[100, 103]]],
  [
    "in two places",
    [
      [20, 20],
      [40, 41],
    ],
  ],
] as [string, [number, number][]][])("a change %s", (_where, places) => {
  for (const end of ["\n", ""]) {
    const text = LINES.join("\n") + end;
    const offset = (line: number) => LINES.slice(0, line - 1).join("\n").length + (line > 1 ? 1 : 0);
    const edits = places.map(([from, to]) => ({
      start: offset(from),
      end: offset(to) + (LINES[to - 1] as string).length,
      newText: `RUN new ${from}\nRUN more`,
    }));
    let after = text;
    for (const { start, end: stop, newText } of edits.toReversed())
      after = after.slice(0, start) + newText + after.slice(stop);
    expect(reported(text, edits)).toEqual(unifiedDiff(text, after, "Dockerfile", 1).trimEnd().split("\n").slice(2));
  }
});

it("a difference of thousands of lines is told line by line, and makes the one text of the other", () => {
  const lines = Array.from({ length: 6_000 }, (_, i) => `RUN echo ${i % 7}`);
  const before = `${lines.join("\n")}\n`;
  const after = `${lines.flatMap((line, i) => (i % 11 === 3 ? [] : i % 2 ? [line, `# ${i % 5}`] : [line.toLowerCase()])).join("\n")}\n`;
  const rows = unifiedDiff(before, after, "Dockerfile").trimEnd().split("\n").slice(2);
  const side = (kind: string) => rows.filter((row) => row[0] === kind || row[0] === " ").map((row) => row.slice(1));
  expect(`${side("-").join("\n")}\n`).toBe(before);
  expect(`${side("+").join("\n")}\n`).toBe(after);
  expect(rows.filter((row) => row[0] === " ").length).toBeGreaterThan(1_000);
});

it("of a fix in very many places the first are shown", () => {
  const text = `${LINES.join("\n")}\n`;
  const edits = Array.from({ length: 50 }, (_, i) => ({ start: text.indexOf(LINES[i * 9] as string), newText: "X" }));
  const rows = reported(
    text,
    edits.map((edit) => ({ ...edit, end: edit.start })),
  );
  expect(rows.filter((row) => row.startsWith("+"))).toHaveLength(20);
});

it("what steers a terminal is shown, not spoken", () => {
  const text = "FROM x\nRUN echo \u001b[2J\u0007 \u009b8m\rFROM y\r\n";
  const finding: Finding = {
    rule: "X",
    severity: "error",
    message: "\u001b]0;title\u0007",
    location: { file: "a\u001b[8m", region: { startLine: 2, startColumn: 10, endLine: 2, endColumn: 13 } },
  };
  const report = tty.report({
    findings: [finding],
    files: [finding.location.file],
    rules: [],
    textOf: () => text,
    style: (_format: unknown, shown: string) => shown,
  } as unknown as Parameters<typeof tty.report>[0]);
  expect(report.split("\n").slice(0, 3)).toEqual([
    "a␛[8m:2:10 error X: ␛]0;title␇",
    "  2 | RUN echo ␛[2J␇ �8m␍FROM y",
    "    |          ^^^",
  ]);
});

it.each([
  ["what the line above shows is not said again", "app.listen(port);", ["app.listen(port);"], undefined],
  ["nor what is cut off", "app.listen(port);", ["app.listen(po…"], undefined],
  [
    "of a call of many lines a little more is said",
    "app.listen(port, () => {",
    [`app.listen(port, () => { ${"x".repeat(80)}`],
    `app.listen(port, () => { ${"x".repeat(39)}…`,
  ],
  [
    "what stands elsewhere is said",
    "app.listen(port);",
    ["app.listen is express().listen"],
    "app.listen is express().listen",
  ],
] as const)("%s", (_what, line, evidence, seen) => {
  const finding: Finding = {
    rule: "X",
    severity: "warning",
    message: "no",
    location: { file: "a.js", region: { startLine: 1, startColumn: 1, endLine: 1, endColumn: 4 } },
    evidence: [...evidence],
  };
  const input = {
    findings: [finding],
    files: ["a.js"],
    rules: [{ id: "X", aliases: [], help: "It fails at\nthe start. It does." }],
    textOf: () => `${line}\n`,
    style: (_format: unknown, shown: string) => shown,
  } as unknown as Parameters<typeof tty.report>[0];
  const lines = tty.report(input).split("\n");
  expect(lines.find((one) => one.startsWith("  seen: "))).toBe(seen && `  seen: ${seen}`);
  expect(lines).toContain("  why: It fails at the start.");
});
