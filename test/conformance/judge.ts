/** One case of the shared sets: what is expected, what this code says. */
import { judgeBuildkit, judgeRule } from "./lint.ts";
import { judgeParser, judgeWords } from "./parser.ts";

export interface Case {
  id: string;
  kind?: string;
  rule?: string;
  dockerfile: string;
  [key: string]: unknown;
}

export type Failure = { expected: string; got: string } | undefined;

/** Share of cases that must pass, by file; 1 where none is named. */
export const RATES: Readonly<Record<string, number>> = { "buildkit-lint": 0.98, hadolint: 0.98 };

export async function judge(set: string, one: Case): Promise<Failure> {
  if (set === "buildkit-words") return judgeWords(one);
  if (set === "buildkit-parser") return judgeParser(one);
  if (set === "buildkit-lint") return judgeBuildkit(one);
  if (set === "hadolint" || set === "kn") return judgeRule(one);
  return { expected: "a known set of cases", got: set };
}
