/** Every Dockerfile rule's metadata, and its examples through the whole linter. */
import { execFileSync } from "node:child_process";
import { describe, expect, it } from "vitest";
import { applyFixes } from "../../src/check/fixes.ts";
import { findingIds, ruleIds } from "../../src/check/run.ts";
import { findClause } from "../../src/contract/clauses.ts";
import { parseDockerfile } from "../../src/dockerfile/parse.ts";
import { dockerfileRules } from "../../src/generated/dockerfileRules.ts";
import { lintText } from "../../src/pipeline/lint-text.ts";

const fixedSafely = new Set<string>();

describe.each(dockerfileRules.map((rule) => [rule.id, rule] as const))("%s", (id, rule) => {
  const judge = (text: string, files?: Record<string, string>) =>
    lintText(text, { file: "Dockerfile", only: [id], dockerignore: files?.[".dockerignore"] }).findings.filter(
      (finding) => findingIds(finding).some((one) => ruleIds(rule).includes(one)),
    );

  it("has sound metadata", () => {
    expect(rule.summary.length).toBeGreaterThan(4);
    expect(rule.summary).not.toMatch(/\.$/);
    expect(rule.help.length).toBeGreaterThan(20);
    if (rule.clause) expect(findClause(rule.clause)).toBeDefined();
    expect(new Set(ruleIds(rule)).size).toBe(ruleIds(rule).length);
    expect(rule.examples.good.length).toBeGreaterThan(0);
  });

  it.each(rule.examples.good.map((example) => [example.text, example] as const))("passes %j", (text, { files }) => {
    expect(judge(text, files)).toEqual([]);
  });

  if (rule.examples.bad.length > 0) {
    it.each(rule.examples.bad.map((example) => [example.text, example] as const))("catches %j", (text, { files }) => {
      const findings = judge(text, files);
      expect(findings.length).toBeGreaterThan(0);
      for (const finding of findings) expect(ruleIds(rule)).toEqual(expect.arrayContaining(findingIds(finding)));
      const { text: fixed, applied } = applyFixes(text, findings, "Dockerfile");
      if (applied.length === 0) return;
      fixedSafely.add(id);
      // A fixed file has that finding no more, and parses as before but for what was fixed.
      expect(judge(fixed, files).length).toBeLessThan(findings.length);
      expect(parseDockerfile(fixed).problems).toEqual(parseDockerfile(text).problems.filter(() => id !== "KN000"));
    });
  }
});

it("KN009's shell puts in the variables that are meant and nothing else", () => {
  const fix = (from: string, ...words: string[]) => {
    const text = `FROM ${from}\nCMD ${JSON.stringify(words)}\n`;
    const { findings } = lintText(text, { file: "Dockerfile", only: ["KN009"] });
    const fixed = parseDockerfile(applyFixes(text, findings, "Dockerfile").text).instructions[1];
    return fixed?.args.map(({ value }) => value).slice(2);
  };
  const words = ["app", "a$$b", "cost $5", "{$PORT}", "\\$PORT", "$HOME", "`$(x)`", '"${PORT:-8080}"', "a $PORT"];
  const [line = ""] = fix("python:3.13", "printf", "%s\n", ...words) ?? [];
  const env = { PATH: process.env.PATH, PORT: "9" };
  const got = execFileSync("sh", ["-c", line], { env, encoding: "utf8" }).trimEnd().split("\n");
  expect(got).toEqual([...words.slice(0, -2), '"9"', "a 9"]);
  // Whatever else stands in a default is the shell's to judge: not safe.
  expect(fix("python:3.13", "app", "${PORT:-${OTHER}}")).toEqual([]);
});

it("at least 25 rules have a safe fix that their examples prove", () => {
  expect([...fixedSafely].length).toBeGreaterThanOrEqual(25);
});
