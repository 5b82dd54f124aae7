/** Cases of linters: hadolint's, BuildKit's checks, our own. */
import { findingIds, matchesId } from "../../src/check/run.ts";
import type { Finding } from "../../src/check/types.ts";
import { readConfig } from "../../src/pipeline/lint-config.ts";
import { lintText } from "../../src/pipeline/lint-text.ts";
import type { Case, Failure } from "./judge.ts";

/** `rule` with `expect` catches or passes; `count` where it is told. `*`: any of hadolint's rules. */
export function judgeRule(one: Case): Failure {
  const rule = one.rule as string;
  const config = readConfig(one["config"] ?? {}, one.id);
  const findings = lintText(one.dockerfile, {
    file: "Dockerfile",
    settings: config.settings,
    rules: config.rules,
    ...(one["fragment"] || !rule.includes("*") ? { only: [rule] } : {}),
  }).findings;
  const found = findings.filter((finding) =>
    rule === "*" ? /^(?:DL|SC)\d/.test(finding.rule) : findingIds(finding).some((id) => matchesId(rule, id)),
  );
  const shown = found.map(show).join("; ") || "nothing";
  if (one["expect"] === "passes") return found.length === 0 ? undefined : { expected: "nothing", got: shown };
  if (found.length === 0) return { expected: `catches ${rule}`, got: shown };
  const severity = one["severity"] as string | undefined;
  if (severity && found.some((finding) => finding.severity !== severity)) return { expected: severity, got: shown };
  const count = one["count"] as number | undefined;
  return count === undefined || count === found.length ? undefined : { expected: `${count} findings`, got: shown };
}

/** Warnings of BuildKit: rule and line of each. */
export function judgeBuildkit(one: Case): Failure {
  const buildArgs = { ...(one["build_args"] as Record<string, string> | undefined) };
  const check = buildArgs["BUILDKIT_DOCKERFILE_CHECK"];
  const { findings, subject } = lintText(one.dockerfile, {
    file: "Dockerfile",
    buildArgs,
    dockerignore: one["dockerignore"] as string | undefined,
    ...(check !== undefined && { checkOptions: check }),
  });
  const got = findings
    .flatMap((finding) => {
      const place = finding.location.region?.startLine ?? 0;
      const instruction = subject.document.instructions.find((i) => i.startLine <= place && i.endLine >= place);
      const line = finding.rule === "NoEmptyContinuation" ? place : (instruction?.startLine ?? place);
      return [{ rule: finding.rule }, ...(finding.reportedAs ?? [])].map((as) => ({
        rule: as.rule,
        line: ("line" in as ? as.line : undefined) ?? line,
      }));
    })
    .filter(({ rule }) => /^[A-Z][a-z]/.test(rule) || rule === "JSONArgsRecommended")
    .map(({ rule, line }) => `${rule}:${line}`)
    .sort();
  const expected = (one["warnings"] as { rule: string; line: number }[])
    .map(({ rule, line }) => `${rule}:${line}`)
    .sort();
  // BuildKit's own test does not look at the lines of stages that are not built.
  const shown = (list: string[]): string =>
    (one["lines_unsure"] ? list.map((place) => place.replace(/:\d+$/, "")) : list).join(" ");
  const a = shown(expected);
  const b = shown(got);
  return a === b ? undefined : { expected: a || "nothing", got: b || "nothing" };
}

function show(finding: Finding): string {
  return `${finding.rule}@${finding.location.region?.startLine} ${finding.severity} ${finding.message}`;
}
