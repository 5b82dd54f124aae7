/** `knbuild explain CLAUSE`: every clause has a page, and S13's tells what to do in each language. */
import { expect, it } from "vitest";
import { adviceOf, clausePage, coverageOf } from "../../src/cli/clause-page.ts";
import { explainedRules } from "../../src/cli/explained-rules.ts";
import { CLAUSES, findClause } from "../../src/contract/clauses.ts";

const rules = await explainedRules();

it("explains S13 with why, what to do, what covers it, and both kinds of example in each language", () => {
  const clause = findClause("S13");
  if (!clause) throw new Error("no S13");
  const page = clausePage(clause, rules, (text) => text).join("\n");
  for (const part of [
    "S13 (must)",
    "why (KS010)",
    "what to do",
    "covered by",
    "KS011",
    "KN020",
    "image checks:",
    "experiments:",
  ])
    expect(page).toContain(part);
  for (const { bad, good, language } of adviceOf(coverageOf(clause, rules)))
    expect([language, bad === undefined, good === undefined]).toEqual([language, false, false]);
  for (const language of ["JavaScript, TypeScript", "Python", "Go", "Java", "Configuration", "Dockerfile"])
    expect(page).toContain(`\n${language} (`);
});

it("has a page for every clause, and a rule's clause exists", () => {
  for (const clause of CLAUSES) expect(clausePage(clause, rules, (text) => text).length).toBeGreaterThan(1);
  for (const rule of rules)
    if (rule.clause) expect([rule.id, findClause(rule.clause)?.id]).toEqual([rule.id, rule.clause]);
});
