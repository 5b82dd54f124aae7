/** For people: each finding with its place in the text, why it matters and what to do. */

import { lineAt, lineStarts } from "../base/lines.ts";
import { plural } from "../base/plural.ts";
import { visible } from "../base/visible.ts";
import { unifiedDiff } from "../check/diff.ts";
import { defineReporter, type ReportInput } from "../check/reporter.ts";
import type { Finding, Fix, Severity } from "../check/types.ts";

const COLOURS: Readonly<Record<Severity, "red" | "yellow" | "cyan">> = {
  error: "red",
  warning: "yellow",
  info: "cyan",
};

export default defineReporter({
  id: "tty",
  summary: "Code frames for people",
  report(input) {
    const { findings, files, style } = input;
    if (findings.length === 0) return `${style("green", "clean")}: ${plural(files.length, "file")}`;
    const texts = new Map<string, Text | undefined>();
    const textOf = (file: string): Text | undefined => {
      if (!texts.has(file)) {
        const read = input.textOf(file);
        const text = read === undefined ? undefined : visible(read);
        texts.set(file, text === undefined ? undefined : { text, starts: lineStarts(text) });
      }
      return texts.get(file);
    };
    const blocks = findings.map((finding) => block(finding, input, textOf));
    const counts = (["error", "warning", "info"] as const)
      .map((severity) => [severity, findings.filter((finding) => finding.severity === severity).length] as const)
      .filter(([, count]) => count > 0)
      .map(([severity, count]) =>
        style(COLOURS[severity], severity === "info" ? `${count} info` : plural(count, severity)),
      );
    return `${blocks.join("\n\n")}\n\n${counts.join(", ")} in ${plural(files.length, "file")}`;
  },
});

interface Text {
  text: string;
  /** Offsets of its lines: a file is cut once, however much is found in it. */
  starts: readonly number[];
}
type TextOf = (file: string) => Text | undefined;

function block(finding: Finding, { rules, style }: ReportInput, textOf: TextOf): string {
  const { rule, severity, location, evidence, related, fixes, reportedAs } = finding;
  const message = visible(finding.message);
  const meta = rules.find(({ id, aliases }) => id === rule || aliases.includes(rule));
  const { region } = location;
  const file = visible(location.file);
  const place = region ? `${file}:${region.startLine}:${region.startColumn}` : file;
  const others = reportedAs?.length
    ? style("dim", ` (${[...new Set(reportedAs.map((as) => as.rule))].join(", ")})`)
    : "";
  const lines = [
    `${style("bold", place)} ${style(COLOURS[severity], severity)} ${style("bold", rule)}${others}: ${message}`,
  ];
  const text = region && textOf(location.file);
  if (region && text !== undefined)
    lines.push(
      ...frame(
        text,
        region.startLine,
        region.startColumn,
        region.endLine === region.startLine ? region.endColumn : undefined,
        style,
      ),
    );
  const seen = (evidence ?? []).flatMap((one) => {
    const said = visible(one);
    return region && text !== undefined ? unseen(said, lineOf(text, region.startLine)) : said;
  });
  for (const { message: what, location: where } of related ?? []) {
    lines.push(`  ${style("dim", `${visible(`${where.file}:${where.region?.startLine ?? 1}: ${what}`)}`)}`);
  }
  if (seen.length > 0) lines.push(`  ${style("dim", `seen: ${seen.join("; ")}`)}`);
  if (meta) lines.push(`  ${style("dim", "why:")} ${firstSentence(meta.help)}`);
  for (const fix of fixes ?? [])
    lines.push(
      `  ${style("dim", "fix:")} ${visible(fix.description)}${fix.safe ? "" : " (look at it first)"}`,
      ...(fix.safe ? [] : suggestion(fix, textOf, style)),
    );
  if (meta?.clause) lines.push(`  ${style("dim", `clause: ${meta.clause}`)}`);
  return lines.join("\n");
}

const SHOWN_AROUND = 2;
/** Of one fix; nobody reads more. */
const SHOWN_EDITS = 20;

/** What a fix that is only offered would change. */
function suggestion(fix: Fix, textOf: TextOf, style: ReportInput["style"]): string[] {
  const file = fix.edits[0]?.file;
  const whole = file === undefined ? undefined : textOf(file);
  if (file === undefined || whole === undefined || fix.edits.some((edit) => edit.file !== file)) return [];
  const all = [...fix.edits].sort((a, b) => a.start - b.start);
  const edits = all.slice(0, SHOWN_EDITS);
  // The lines around: a diff of all of a long file for each of a thousand findings would take minutes.
  const first = Math.max(1, lineAt(whole.starts, edits[0]?.start ?? 0) - SHOWN_AROUND);
  const last = lineAt(whole.starts, Math.max(...edits.map(({ end }) => end))) + SHOWN_AROUND;
  const more = all.length > edits.length ? [style("dim", `    … and ${all.length - edits.length} more places`)] : [];
  const from = whole.starts[first - 1] ?? 0;
  const text = whole.text.slice(from, whole.starts[last]);
  let after = text;
  for (const edit of edits.toReversed())
    after = after.slice(0, edit.start - from) + visible(edit.newText) + after.slice(edit.end - from);
  const rows = unifiedDiff(text, after, file, 1, first).trimEnd().split("\n").slice(2);
  const colour = (row: string) => (row.startsWith("+") ? "green" : row.startsWith("-") ? "red" : "dim");
  return [...rows.map((row) => `    ${style(colour(row), row)}`), ...more];
}

function frame(
  { text, starts }: Text,
  line: number,
  column: number,
  endColumn: number | undefined,
  style: ReportInput["style"],
): string[] {
  const source = lineOf({ text, starts }, line);
  // A line of a thousand characters is shown around the place.
  const shift = column > 100 ? column - 40 : 0;
  const shown = source.slice(shift, shift + 140).replaceAll("\t", " ");
  const from = column - 1 - shift;
  const length = Math.max(1, Math.min((endColumn ?? source.length + 1) - column, shown.length - from));
  const gutter = String(line);
  return [
    `  ${style("dim", `${gutter} |`)} ${shown}`,
    `  ${style("dim", `${" ".repeat(gutter.length)} |`)} ${" ".repeat(from)}${style("red", "^".repeat(length))}`,
  ];
}

function lineOf({ text, starts }: Text, line: number): string {
  const start = starts[line - 1] ?? text.length;
  const newline = text.indexOf("\n", start);
  return text.slice(start, newline < 0 ? text.length : newline).replace(/\r$/, "");
}

/** Of a long call that the frame has begun to show. */
const GOES_ON = 40;

/** What evidence says that the line above it does not: nothing, or how a call of several lines goes on. */
function unseen(said: string, line: string): string[] {
  const shown = line.replace(/\s+/g, " ").trim();
  // Its end may be cut off.
  if (shown.includes(said.replace(/…$/, ""))) return [];
  return said.startsWith(shown) && said.length > shown.length + GOES_ON
    ? [`${said.slice(0, shown.length + GOES_ON)}…`]
    : [said];
}

function firstSentence(text: string): string {
  const sentence = /^.*?[.!?](?=\s|$)/s.exec(text)?.[0] ?? text;
  // Help is written in lines.
  return sentence.replace(/\s*\n\s*/g, " ");
}
