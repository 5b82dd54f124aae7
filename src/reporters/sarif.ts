/** SARIF 2.1.0 (OASIS): regions, fixes, fingerprints, related locations. Code scanning of GitHub and Azure reads it. */
import { fingerprint } from "../check/baseline.ts";
import { defineReporter, type ReportInput } from "../check/reporter.ts";
import type { Finding, Fix, Location, Region, RuleMeta, Severity } from "../check/types.ts";
import { findClause } from "../contract/clauses.ts";
import { createLineIndex, type LineIndex } from "../dockerfile/text.ts";

const LEVELS: Readonly<Record<Severity, "error" | "warning" | "note">> = {
  error: "error",
  warning: "warning",
  info: "note",
};

export default defineReporter({
  id: "sarif",
  summary: "SARIF 2.1.0 for code scanning",
  report(input) {
    const used = [...new Set(input.findings.map((finding) => finding.rule))];
    const rules = used.map((id) => describe(id, input.rules));
    const indexes = new Map<string, LineIndex | undefined>();
    const linesOf = (file: string): LineIndex | undefined => {
      if (!indexes.has(file)) {
        const text = input.textOf(file);
        indexes.set(file, text === undefined ? undefined : createLineIndex(text));
      }
      return indexes.get(file);
    };
    const seen = new Map<string, number>();
    return JSON.stringify(
      {
        $schema: "https://json.schemastore.org/sarif-2.1.0.json",
        version: "2.1.0",
        runs: [
          {
            tool: {
              driver: { name: "knbuild", version: input.version, semanticVersion: input.version, rules },
            },
            columnKind: "utf16CodeUnits",
            artifacts: input.files.map((file) => ({ location: { uri: uri(file) } })),
            results: input.findings.map((finding) => result(finding, used.indexOf(finding.rule), input, linesOf, seen)),
            properties: { profile: input.profile },
          },
        ],
      },
      null,
      2,
    );
  },
});

function describe(id: string, metas: readonly RuleMeta[]) {
  const meta = metas.find((one) => one.id === id) ?? metas.find((one) => one.aliases.includes(id));
  if (!meta) return { id };
  const clause = meta.clause ? findClause(meta.clause) : undefined;
  return {
    id,
    shortDescription: { text: meta.summary },
    fullDescription: { text: clause ? `${meta.summary}. Clause ${clause.id}: ${clause.text}.` : `${meta.summary}.` },
    help: { text: plain(meta.help), markdown: meta.help },
    defaultConfiguration: { level: LEVELS[meta.severity], enabled: !meta.optIn },
    properties: {
      aliases: [meta.id, ...meta.aliases].filter((one) => one !== id),
      tags: [meta.subject, ...(meta.clause ? [meta.clause] : [])],
    },
  };
}

function result(
  finding: Finding,
  ruleIndex: number,
  input: ReportInput,
  linesOf: (file: string) => LineIndex | undefined,
  seen: Map<string, number>,
) {
  const line = lineText(input.textOf(finding.location.file), linesOf(finding.location.file), finding.location.region);
  const print = fingerprint(finding, line);
  const repetition = seen.get(print) ?? 0;
  seen.set(print, repetition + 1);
  const aliases = [...new Set((finding.reportedAs ?? []).map((as) => as.rule))];
  return {
    ruleId: finding.rule,
    ruleIndex,
    level: LEVELS[finding.severity],
    message: {
      text: finding.evidence?.length ? `${finding.message} (${finding.evidence.join("; ")})` : finding.message,
    },
    locations: [{ physicalLocation: physical(finding.location, line) }],
    ...(finding.related?.length && {
      relatedLocations: finding.related.map(({ message, location }, id) => ({
        id,
        message: { text: message },
        physicalLocation: physical(location),
      })),
    }),
    partialFingerprints: { "knbuildLine/v1": `${print}:${repetition}` },
    ...(finding.fixes?.length && { fixes: finding.fixes.map((fix) => fixOf(fix, linesOf)) }),
    properties: { aliases, ...(finding.reportedAs?.length && { reportedAs: finding.reportedAs }) },
  };
}

function physical(location: Location, snippet?: string) {
  return {
    artifactLocation: { uri: uri(location.file) },
    ...(location.region && {
      region: { ...sound(location.region), ...(snippet && { snippet: { text: snippet } }) },
    }),
  };
}

/** SARIF wants an end that is not before the start. */
function sound({ startLine, startColumn, endLine, endColumn }: Region): Region {
  return {
    startLine,
    startColumn,
    endLine,
    endColumn: endLine === startLine ? Math.max(startColumn, endColumn) : Math.max(1, endColumn),
  };
}

function fixOf(fix: Fix, linesOf: (file: string) => LineIndex | undefined) {
  const files = [...new Set(fix.edits.map((edit) => edit.file))];
  return {
    description: { text: fix.safe ? fix.description : `${fix.description} (look at it first)` },
    artifactChanges: files.map((file) => ({
      artifactLocation: { uri: uri(file) },
      replacements: fix.edits
        .filter((edit) => edit.file === file)
        .map((edit) => ({
          deletedRegion: linesOf(file)?.region(edit) ?? { charOffset: edit.start, charLength: edit.end - edit.start },
          insertedContent: { text: edit.newText },
        })),
    })),
  };
}

function lineText(text: string | undefined, lines: LineIndex | undefined, region: Region | undefined): string {
  if (text === undefined || !lines || !region) return "";
  const start = lines.startOf(region.startLine);
  const newline = text.indexOf("\n", start);
  return text.slice(start, newline < 0 ? text.length : newline).slice(0, 400);
}

function uri(file: string): string {
  return file.split("/").map(encodeURIComponent).join("/");
}

function plain(markdown: string): string {
  return markdown.replaceAll("`", "");
}
