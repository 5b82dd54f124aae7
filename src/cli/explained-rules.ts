/** All rules with their examples, as pages show them. */
import type { ExplainedRule } from "../check/types.ts";
import { dockerfileRules } from "../generated/dockerfileRules.ts";

/** The examples of the rules over source are files of their own, by rule and language, loaded for nothing but to be shown. */
export async function explainedRules(): Promise<ExplainedRule[]> {
  const [{ sourceRules }, { sourceExamples }] = await Promise.all([
    import("../generated/sourceRules.ts"),
    import("../generated/sourceExamples.ts"),
  ]);
  const explained = sourceRules.map((rule) => {
    const languages = sourceExamples[rule.id] ?? [];
    return {
      ...rule,
      examples: { good: languages.flatMap(({ good }) => good), bad: languages.flatMap(({ bad }) => bad) },
    };
  });
  return [...dockerfileRules, ...explained];
}
