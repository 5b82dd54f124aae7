/** `lint` over source code: reads the program, gathers its facts, asks the rules, heeds the comments that silence them. */
import type { SourceFacts, SourceRule } from "../analysis/facts.ts";
import { readSourcePragmas } from "../analysis/pragmas.ts";
import { filesToLoad, type LoadedProject, loadProject, type SourceFiles } from "../analysis/project.ts";
import { suppress } from "../check/pragmas.ts";
import { byPlace, matchesId, ruleIds } from "../check/run.ts";
import type { Finding } from "../check/types.ts";
import { sourceRules } from "../generated/sourceRules.ts";
import { isSilentBeside, pathsOfMember, programsApart, readManifests } from "./members.ts";
import { answersFor } from "./source-answers.ts";

export interface SourceLintOptions {
  /** Whose contract is held against the source; `gke` unless told. */
  profile?: "gke" | "knative";
  /** The file that starts the program, relative to the root. */
  entry?: string;
  /** Files that the image will hold (a bundle's inputs), relative to the root; others are not judged. */
  reachable?: Iterable<string>;
  /** Variables that the image sets, beside a Dockerfile's. */
  env?: Readonly<Record<string, string>>;
  rules?: readonly SourceRule[];
  /** Each program of a monorepo is judged by itself too: what one reads from PORT says nothing of its neighbour. */
  members?: boolean;
  /** Findings are shown although a comment silences them. */
  ignorePragmas?: boolean;
  signal?: AbortSignal;
}

export interface SourceReport {
  findings: Finding[];
  /** Silenced by comments. */
  suppressed: Finding[];
  /** Files that were judged, relative to the root. */
  judged: readonly string[];
}

/** The rule under which a comment that silences nothing is reported, for Dockerfiles and for source. */
const UNUSED = "KN101";

/** Findings of the source rules, by file and place. Never throws for what a file holds. */
export async function lintSource(source: SourceFiles, options: SourceLintOptions = {}): Promise<Finding[]> {
  return (await lintSourceReport(source, options)).findings;
}

export async function lintSourceReport(source: SourceFiles, options: SourceLintOptions = {}): Promise<SourceReport> {
  const paths = await filesToLoad(source);
  const rules = options.rules ?? sourceRules;
  const how = {
    ...(options.profile ? { profile: options.profile } : {}),
    ...(options.entry ? { entry: options.entry } : {}),
    ...(options.env ? { env: options.env } : {}),
  };
  const reachable = options.reachable && [...options.reachable].sort();
  const ids = rules.map(({ id }) => id);
  const answers = answersFor<SourceReport>(source, paths, [
    how,
    reachable,
    ids,
    options.members === true,
    options.ignorePragmas === true,
  ]);
  const known = answers?.read();
  if (known) return known;
  const loaded = await loadProject(source, options.signal, paths);
  const { analyzeProject } = await import("../analysis/analyze.ts");
  const facts = await analyzeProject(loaded, { ...how, ...(reachable ? { reachable: new Set(reachable) } : {}) });
  const all = judgeSource(facts, rules);
  if (options.members) await judgeMembers(facts, loaded, (own) => analyzeProject(own, how), rules, all);
  const report = {
    ...(options.ignorePragmas ? { findings: all, suppressed: [] } : silenced(all, facts, rules)),
    judged: facts.judged,
  };
  answers?.write(report);
  return report;
}

/** Adds what is true of a program of a monorepo where its neighbours are not there. */
async function judgeMembers(
  facts: SourceFacts,
  { texts }: LoadedProject,
  analyze: (program: LoadedProject) => Promise<SourceFacts>,
  rules: readonly SourceRule[],
  findings: Finding[],
): Promise<void> {
  const paths = [...texts.keys()];
  const packages = await readManifests(paths, (path) => texts.get(path));
  const members = packages.size > 1 ? programsApart(facts, packages) : [];
  const key = ({ rule, location }: Finding): string =>
    `${rule} ${location.file}:${location.region?.startLine}:${location.region?.startColumn}`;
  const known = new Set(findings.map(key));
  for (const member of members) {
    const own = new Map(pathsOfMember(paths, packages, member).map((path) => [path, texts.get(path) as string]));
    if (isSilentBeside(own, texts, facts)) continue;
    for (const finding of judgeSource(await analyze({ texts: own, skipped: [] }), rules)) {
      // What is no worse than a word beside the whole is said once.
      if (known.has(key(finding)) || finding.severity === "info") continue;
      known.add(key(finding));
      findings.push(finding);
    }
  }
  findings.sort(byPlace);
}

/** Runs the rules over facts. */
export function judgeSource(facts: SourceFacts, rules: readonly SourceRule[]): Finding[] {
  return rules.flatMap((rule) => [...rule.check(facts)]).sort(byPlace);
}

/** What comments silence is taken out; a comment that silences nothing is a finding. */
function silenced(
  findings: readonly Finding[],
  facts: SourceFacts,
  rules: readonly SourceRule[],
): { findings: Finding[]; suppressed: Finding[] } {
  const kept: Finding[] = [];
  const suppressed: Finding[] = [];
  const files = new Set([...facts.judged, ...findings.map((f) => f.location.file)]);
  for (const file of files) {
    const here = findings.filter((f) => f.location.file === file);
    const pragmas = readSourcePragmas(file, facts.text(file) ?? "");
    if (pragmas.length === 0) {
      kept.push(...here);
      continue;
    }
    const done = suppress(here.map(named), pragmas);
    kept.push(...done.kept.map(plain));
    suppressed.push(...done.suppressed.map(plain));
    for (const [i, pragma] of pragmas.entries()) {
      const idle = pragma.ids.filter((id) => !done.used[i]?.has(id) && isOurs(id, file, rules));
      if (idle.length > 0)
        kept.push({
          rule: UNUSED,
          severity: "info",
          message: `${idle.join(", ")}: nothing to silence here`,
          location: facts.locate({ file, start: pragma.start, end: pragma.end }),
        });
    }
  }
  return { findings: kept.sort(byPlace), suppressed };
}

/** Rules that ran; in code also ids that nobody knows. A Dockerfile's other ids belong to its own linter. */
function isOurs(id: string, file: string, rules: readonly SourceRule[]): boolean {
  if (id.includes("*")) return false;
  if (rules.some((rule) => ruleIds(rule).some((one) => matchesId(id, one)))) return true;
  const known = sourceRules.some((rule) => ruleIds(rule).some((one) => matchesId(id, one)));
  return !known && !/Dockerfile|Containerfile/i.test(file);
}

/** With the aliases by which a comment may call it. */
function named(finding: Finding): Finding {
  const aliases = sourceRules.find(({ id }) => id === finding.rule)?.aliases ?? [];
  return { ...finding, reportedAs: aliases.map((rule) => ({ rule })) };
}

function plain({ reportedAs: _, ...finding }: Finding): Finding {
  return finding;
}
