/** `lint` over source code: reads the program, gathers its facts, asks the rules. */
import { analyzeProject } from "../analysis/analyze.ts";
import type { SourceFacts, SourceRule } from "../analysis/facts.ts";
import { loadProject, type SourceFiles } from "../analysis/project.ts";
import type { Finding } from "../check/types.ts";
import { sourceRules } from "../generated/sourceRules.ts";

export interface SourceLintOptions {
  /** Whose contract is held against the source; `gke` unless told. */
  profile?: "gke" | "knative";
  /** The file that starts the program, relative to the root. */
  entry?: string;
  /** Files that the image will hold (a bundle's inputs), relative to the root; others are not judged. */
  reachable?: Iterable<string>;
  rules?: readonly SourceRule[];
  signal?: AbortSignal;
}

/** Findings of the source rules, by file and place. Never throws for what a file holds. */
export async function lintSource(source: SourceFiles, options: SourceLintOptions = {}): Promise<Finding[]> {
  const loaded = await loadProject(source, options.signal);
  const facts = await analyzeProject(loaded, {
    ...(options.profile ? { profile: options.profile } : {}),
    ...(options.entry ? { entry: options.entry } : {}),
    ...(options.reachable ? { reachable: new Set(options.reachable) } : {}),
  });
  return judgeSource(facts, options.rules ?? sourceRules);
}

/** Runs the rules over facts. */
export function judgeSource(facts: SourceFacts, rules: readonly SourceRule[]): Finding[] {
  const findings = rules.flatMap((rule) => [...rule.check(facts)]);
  const line = (f: Finding): number => f.location.region?.startLine ?? 0;
  return findings.sort((a, b) =>
    a.location.file < b.location.file
      ? -1
      : a.location.file > b.location.file
        ? 1
        : line(a) - line(b) || (a.rule < b.rule ? -1 : 1),
  );
}
