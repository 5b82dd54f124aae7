import { usageError } from "../../base/errors.ts";
import { matchesId, ruleIds } from "../../check/run.ts";
import type { ExplainedRule, RuleExample } from "../../check/types.ts";
import { CLAUSES, type Clause, findClause } from "../../contract/clauses.ts";
import { suggest } from "../../dockerfile/suggest.ts";
import { adviceOf, clausePage, coverageOf, shown } from "../clause-page.ts";
import { defineCommand } from "../command.ts";
import { explainedRules } from "../explained-rules.ts";

export default defineCommand({
  usage: "explain <id>",
  summary: "Explain a rule or a clause of the contract",
  examples: ["knbuild explain KN001", "knbuild explain JSONArgsRecommended", "knbuild explain S13"],
  async run([id], _options, context) {
    const rules = await explainedRules();
    const wanted = id as string;
    const clause = findClause(wanted);
    const matching = rules.filter((rule) => ruleIds(rule).some((one) => matchesId(wanted, one)));
    if (!clause && matching.length === 0) {
      const near = suggest(wanted.toUpperCase(), [
        ...rules.flatMap(ruleIds).map((one) => one.toUpperCase()),
        ...CLAUSES.map((one) => one.id),
      ]);
      throw usageError(
        "EXPLAIN_UNKNOWN",
        `no rule and no clause is called ${wanted}`,
        near ? `Did you mean ${near}?` : "knbuild rules and knbuild contract list them.",
      );
    }
    if (context.json) {
      context.printJson(clause ? clauseJson(clause, rules) : matching.map(describe));
      return 0;
    }
    const bold = (text: string): string => context.style("bold", text);
    if (clause) for (const line of clausePage(clause, rules, bold)) context.print(line);
    else for (const rule of matching) for (const line of ruleLines(rule, bold)) context.print(line);
    return 0;
  },
});

function clauseJson(clause: Clause, rules: readonly ExplainedRule[]) {
  const covered = coverageOf(clause, rules);
  const ids = (list: readonly ExplainedRule[]) => list.map(({ id }) => id);
  return {
    clause,
    covered: {
      dockerfile: ids(covered.dockerfile),
      source: ids(covered.source),
      image: ids(covered.image),
      container: ids(covered.container),
    },
    rules: Object.values(covered).flat().map(describe),
    languages: adviceOf(covered),
  };
}

function describe({ id, aliases, subject, severity, clause, optIn, summary, help, examples }: ExplainedRule) {
  return { id, aliases, subject, severity, clause: clause ?? null, optIn: optIn ?? false, summary, help, examples };
}

function ruleLines(rule: ExplainedRule, bold: (text: string) => string): string[] {
  const clause = rule.clause ? findClause(rule.clause) : undefined;
  return [
    `${bold(rule.id)}${rule.aliases.length > 0 ? ` (${rule.aliases.join(", ")})` : ""} ${rule.severity}${rule.optIn ? ", off unless asked for" : ""}`,
    rule.summary,
    "",
    rule.help,
    ...(clause ? ["", `clause ${clause.id} (${clause.level}): ${clause.text}`] : []),
    ...examples(rule),
    "",
  ];
}

function examples({ examples: { bad, good } }: ExplainedRule): string[] {
  const show = (mark: string, list: readonly RuleExample[]): string[] =>
    list.slice(0, 2).flatMap((one) => ["", ...shown(mark, one)]);
  return [...show("✗", bad), ...show("✓", good)];
}
