/** For people: each finding with its place in the text, why it matters and what to do. */
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
    const blocks = findings.map((finding) => block(finding, input));
    const counts = (["error", "warning", "info"] as const)
      .map((severity) => [severity, findings.filter((finding) => finding.severity === severity).length] as const)
      .filter(([, count]) => count > 0)
      .map(([severity, count]) =>
        style(COLOURS[severity], severity === "info" ? `${count} info` : plural(count, severity)),
      );
    return `${blocks.join("\n\n")}\n\n${counts.join(", ")} in ${plural(files.length, "file")}`;
  },
});

function block(finding: Finding, { rules, textOf, style }: ReportInput): string {
  const { rule, severity, message, location, evidence, related, fixes, reportedAs } = finding;
  const meta = rules.find(({ id, aliases }) => id === rule || aliases.includes(rule));
  const { region } = location;
  const place = region ? `${location.file}:${region.startLine}:${region.startColumn}` : location.file;
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
  for (const { message: what, location: where } of related ?? []) {
    lines.push(`  ${style("dim", `${where.file}:${where.region?.startLine ?? 1}: ${what}`)}`);
  }
  if (evidence?.length) lines.push(`  ${style("dim", `seen: ${evidence.join("; ")}`)}`);
  if (meta) lines.push(`  ${style("dim", "why:")} ${firstSentence(meta.help)}`);
  for (const fix of fixes ?? [])
    lines.push(
      `  ${style("dim", "fix:")} ${fix.description}${fix.safe ? "" : " (look at it first)"}`,
      ...(fix.safe ? [] : suggestion(fix, textOf, style)),
    );
  if (meta?.clause) lines.push(`  ${style("dim", `clause: ${meta.clause}`)}`);
  return lines.join("\n");
}

/** What a fix that is only offered would change. */
function suggestion(fix: Fix, textOf: ReportInput["textOf"], style: ReportInput["style"]): string[] {
  const file = fix.edits[0]?.file;
  const text = file === undefined ? undefined : textOf(file);
  if (file === undefined || text === undefined || fix.edits.some((edit) => edit.file !== file)) return [];
  let after = text;
  for (const edit of [...fix.edits].sort((a, b) => b.start - a.start))
    after = after.slice(0, edit.start) + edit.newText + after.slice(edit.end);
  return unifiedDiff(text, after, file, 1)
    .trimEnd()
    .split("\n")
    .slice(2)
    .map((line) => `    ${style(line.startsWith("+") ? "green" : line.startsWith("-") ? "red" : "dim", line)}`);
}

function frame(
  text: string,
  line: number,
  column: number,
  endColumn: number | undefined,
  style: ReportInput["style"],
): string[] {
  let start = 0;
  for (let i = 1; i < line; i++) start = text.indexOf("\n", start) + 1;
  const newline = text.indexOf("\n", start);
  const source = text.slice(start, newline < 0 ? text.length : newline).replace(/\r$/, "");
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

function firstSentence(text: string): string {
  return /^.*?[.!?](?=\s|$)/s.exec(text)?.[0] ?? text;
}

function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}
