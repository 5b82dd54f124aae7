/** A clause of the contract for people: why, what covers it, and what to do in each language. */
import { languageOf } from "../analysis/project.ts";
import type { ExplainedRule, RuleExample, RuleMeta } from "../check/types.ts";
import type { Clause } from "../contract/clauses.ts";
import { RELATED } from "../contract/related.ts";

const LANGUAGES: readonly [string, string][] = [
  ["javascript", "JavaScript, TypeScript"],
  ["python", "Python"],
  ["go", "Go"],
  ["java", "Java"],
  ["kotlin", "Kotlin"],
  ["ruby", "Ruby"],
  ["php", "PHP"],
  ["rust", "Rust"],
  ["csharp", "C#"],
  ["config", "Configuration"],
  ["dockerfile", "Dockerfile"],
];

export interface LanguageAdvice {
  language: string;
  rule: string;
  bad?: RuleExample;
  good?: RuleExample;
}

export type ClauseCoverage<R extends RuleMeta = ExplainedRule> = Record<RuleMeta["subject"], R[]>;

export function coverageOf<R extends RuleMeta>(clause: Clause, rules: readonly R[]): ClauseCoverage<R> {
  const ids = [clause.id, ...(RELATED[clause.id] ?? [])];
  const own = rules.filter((rule) => rule.clause !== undefined && ids.includes(rule.clause));
  const of = (subject: RuleMeta["subject"]) => own.filter((rule) => rule.subject === subject);
  return { dockerfile: of("dockerfile"), source: of("source"), image: of("image"), container: of("container") };
}

/** The first bad and good example of each language that is short enough to read, of the first rule that has both. */
export function adviceOf({ dockerfile, source }: ClauseCoverage): LanguageAdvice[] {
  const out: LanguageAdvice[] = [];
  for (const [id, language] of LANGUAGES) {
    for (const rule of id === "dockerfile" ? dockerfile : source) {
      const first = (list: readonly RuleExample[]): RuleExample | undefined => {
        const own = list.filter((one) => (rule.subject === "dockerfile" ? "dockerfile" : kindOf(one)) === id);
        return own.find((one) => size(one) < 900) ?? own[0];
      };
      const bad = first(rule.examples.bad);
      const good = first(rule.examples.good.filter(showsHow));
      if (!bad) continue;
      out.push({ language, rule: rule.id, bad, ...(good && { good }) });
      break;
    }
  }
  return out;
}

function kindOf({ file = "", files }: RuleExample): string {
  return (
    languageOf(file) ??
    Object.keys(files ?? {})
      .map((path) => languageOf(path))
      .find(Boolean) ??
    "config"
  );
}

/** A good example that is only a comment, or nothing at all, shows nobody how. */
function showsHow({ text }: RuleExample): boolean {
  return text.trim() !== "" && !/^\s*(\/\/|#)[^\n]*\n?[^\n]*$/.test(text);
}

function size({ text, files }: RuleExample): number {
  return text.length + Object.values(files ?? {}).join("").length * 2;
}

export function clausePage(clause: Clause, rules: readonly ExplainedRule[], bold: (text: string) => string): string[] {
  const covered = coverageOf(clause, rules);
  const own = [...covered.source, ...covered.dockerfile, ...covered.image, ...covered.container];
  const lines = [`${bold(clause.id)} (${clause.level}): ${clause.text}`];
  const said = new Set<string>();
  const explained = [...own].sort((a, b) => Number(b.clause === clause.id) - Number(a.clause === clause.id));
  for (const rule of explained.filter(({ subject }) => subject !== "dockerfile" || covered.source.length === 0)) {
    const [why, ...todo] = rule.help.split("\n\n");
    if (!why || said.has(why)) continue;
    said.add(why);
    lines.push("", `${bold("why")} (${rule.id})`, why);
    if (todo.length > 0) lines.push("", bold("what to do"), ...todo.join("\n\n").split("\n"));
    if (said.size === 2) break;
  }
  lines.push("", bold("covered by"));
  const row = (title: string, list: readonly ExplainedRule[], text: string | undefined): void => {
    if (list.length === 0 && !text) return;
    lines.push(`  ${title}: ${text ?? ""}`.trimEnd());
    for (const rule of list) lines.push(`    ${rule.id} ${rule.severity}: ${rule.summary}`);
  };
  row("Dockerfile rules", covered.dockerfile, clause.dockerfile);
  row("source rules", covered.source, clause.source);
  row("image checks", covered.image, clause.image);
  row("experiments", covered.container, clause.experiment);
  row("local emulation", [], clause.emulation);
  for (const { language, rule, bad, good } of adviceOf(covered)) {
    lines.push("", `${bold(language)} (${rule})`);
    if (bad) lines.push(...shown("✗", bad));
    if (good) lines.push(...shown("✓", good));
  }
  return lines;
}

/** An example with the files beside it. */
export function shown(mark: string, { text, file, files }: RuleExample): string[] {
  const block = (name: string | undefined, content: string, sign: string): string[] => [
    `${sign}${name ? ` ${name}` : ""}`,
    ...content
      .trimEnd()
      .split("\n")
      .map((line) => `    ${line}`.trimEnd()),
  ];
  return [
    ...block(file, text, `  ${mark}`),
    ...Object.entries(files ?? {}).flatMap(([name, content]) => (content ? block(name, content, "   ") : [])),
  ];
}
