/** `lint`: Dockerfiles, and the source beside them, against the contract. */
import { existsSync, statSync } from "node:fs";
import { basename, dirname, resolve } from "node:path";
import { usageError } from "../base/errors.ts";
import { type Emit, silent } from "../base/events.ts";
import { makeDirectory } from "../base/make-directory.ts";
import { rewriteFile } from "../base/replace-file.ts";
import { createBaseline, filterBaseline, fingerprint, parseBaseline } from "../check/baseline.ts";
import { unifiedDiff } from "../check/diff.ts";
import { atLeast, byPlace, effectiveSetting, matchesId, readable, ruleIds } from "../check/run.ts";
import type { Finding, RuleMeta, Severity } from "../check/types.ts";
import { DEFAULT_PROFILE, type ProfileId } from "../contract/profiles.ts";
import { isImageReference } from "../dockerfile/reference-form.ts";
import type { RegistryFacts } from "../dockerfile/rule.ts";
import { dockerfileRules } from "../generated/dockerfileRules.ts";
import { findDockerfiles, isSourceName, type ReadText, readIgnoreFile, readText, shownPath } from "./lint-files.ts";
import type { LintedSources, SourceTarget } from "./lint-sources.ts";
import { type LintedText, lintText } from "./lint-text.ts";
import { mendText } from "./mend-text.ts";
import { type LintConfigs, lintConfigs } from "./nearest-lint-config.ts";

export interface LintOptions {
  /** Files, directories, globs. */
  paths: readonly string[];
  cwd: string;
  /** The directory that will be built. */
  context?: string;
  /** A Dockerfile's text instead of paths, and the name to show. */
  stdin?: { text: string; file: string };
  /** Ids, aliases, globs: only these. */
  only?: readonly string[];
  /** Configuration for all files; without one, each file's is the nearest above it that speaks of linting. */
  configFile?: string;
  /** What fails, instead of what the configuration says. */
  failOn?: Severity | "never";
  profile?: ProfileId;
  /** File with known findings; written where it is not there yet. */
  baseline?: string;
  /** Writes the baseline anew. */
  updateBaseline?: boolean;
  /** `apply` writes, `preview` gives the difference. */
  fix?: "apply" | "preview";
  /** Directories: judge the source too. */
  source?: boolean;
  buildArgs?: Readonly<Record<string, string>>;
  target?: string;
  ignorePragmas?: boolean;
  /** Asks the registry about each base image. */
  online?: (image: string) => Promise<RegistryFacts>;
  emit?: Emit;
  signal?: AbortSignal;
}

export interface LintReport {
  findings: Finding[];
  /** Files that were judged, as shown. */
  files: string[];
  rules: readonly RuleMeta[];
  profile: ProfileId;
  /** Findings at or over the threshold of their file. */
  failing: number;
  /** Silenced by comments, or known to the baseline. */
  suppressed: number;
  /** Files of source that were looked at. */
  sources: number;
  /** What was not understood, a line each. */
  notes: readonly string[];
  /** Files that fixes changed, or would. */
  fixed: { file: string; applied: number; diff: string; text: string }[];
  baselineWritten?: string;
  /** The baseline that was read: absolute. */
  baseline?: string;
  textOf(file: string): string | undefined;
}

/** @throws LINT_PATH_MISSING, LINT_UNREADABLE, LINT_CONFIG_INVALID, LINT_RULE_UNKNOWN, BASELINE_INVALID (all exit 2) */
export async function lint(options: LintOptions): Promise<LintReport> {
  const { cwd, only } = options;
  const configs = lintConfigs(cwd, options.configFile);
  await assertKnown(only ?? []);
  const found = options.stdin
    ? { files: [], directories: [] }
    : await findDockerfiles(options.paths.length > 0 ? options.paths : ["."], cwd, configs.excludes);
  const profileAt = async (directory: string): Promise<ProfileId> =>
    options.profile ?? (await configs.at(directory)).config.profile ?? DEFAULT_PROFILE;
  const profile = await profileAt(firstDirectory(options));

  const texts = new Map<string, ReadText>();
  const findings: Finding[] = [];
  const fixed: LintReport["fixed"] = [];
  const ignoreFiles = new Map<string, string | undefined>();
  let suppressed = 0;

  const judge = async (
    shown: string,
    read: ReadText,
    dockerignore: string | undefined,
    write: (text: string) => void,
  ): Promise<void> => {
    const judging = await configs.judging(resolve(cwd, shown), options.profile);
    const registry = options.online && (await askRegistry(read.text, options, options.online));
    const fixes = options.fix !== undefined && !read.lossy;
    const run = (text: string) =>
      lintText(text, {
        allMendable: fixes,
        file: shown,
        ...judging,
        only,
        dockerignore,
        ...(options.buildArgs && { buildArgs: options.buildArgs }),
        target: options.target,
        registry,
        ...(options.ignorePragmas && { ignorePragmas: true }),
      });
    let current: LintedText;
    if (fixes) {
      const { text, applied, linted } = mendText(read.text, shown, run);
      current = { ...linted, findings: readable(linted.findings) };
      if (text !== read.text) {
        fixed.push({ file: shown, applied, diff: unifiedDiff(read.text, text, shown), text });
        if (options.fix === "apply") write(text);
        texts.set(shown, { text, lossy: false });
      }
    } else current = run(read.text);
    if (!texts.has(shown)) texts.set(shown, read);
    findings.push(...current.findings);
    suppressed += current.suppressed.length;
  };

  const files: string[] = [];
  const targets: SourceTarget[] = [];
  const { stdin } = options;
  if (stdin && isSourceName(stdin.file)) {
    const path = resolve(cwd, stdin.file);
    files.push(shownPath(path, cwd));
    texts.set(shownPath(path, cwd), { text: stdin.text, lossy: false });
    targets.push({ directory: dirname(path), files: [basename(path)], text: stdin.text });
  } else if (stdin) {
    files.push(stdin.file);
    const beside = resolve(cwd, stdin.file);
    await judge(stdin.file, { text: stdin.text, lossy: false }, readIgnoreFile(beside, ignoreFiles), () => {});
  }
  for (const file of found.files) {
    const shown = shownPath(file, cwd);
    files.push(shown);
    if (isSourceName(file)) {
      // What a named directory holds is judged with it.
      const within = options.source !== false && found.directories.some((path) => file.startsWith(`${path}/`));
      if (!within) targets.push({ directory: dirname(file), files: [basename(file)] });
      continue;
    }
    await judge(shown, readText(file, shown), readIgnoreFile(file, ignoreFiles, options.context), (text) =>
      rewriteFile(file, text),
    );
  }
  if (options.source !== false) targets.push(...found.directories.map((directory) => ({ directory })));
  const source = targets.length > 0 ? await judgeSources(targets, options, configs, profileAt) : undefined;
  if (source) {
    for (const finding of source.findings) {
      const rule = [...source.rules, ...dockerfileRules].find(({ id }) => id === finding.rule);
      const settings = await configs.rulesFor(resolve(cwd, finding.location.file));
      const setting = rule ? effectiveSetting(rule, { ...(only && { only }), settings }) : "off";
      // A rule's own severity depends on the finding; a configured one does not.
      if (setting !== "off")
        findings.push(rule && setting !== rule.severity ? { ...finding, severity: setting } : finding);
    }
    for (const one of source.fixed) {
      fixed.push(one);
      texts.set(one.file, { text: one.text, lossy: false });
    }
    suppressed += source.suppressed;
    files.push(...source.files.filter((file) => !files.includes(file)));
  }

  const textOf = (file: string): string | undefined => {
    if (!texts.has(file)) {
      const path = resolve(cwd, file);
      if (!existsSync(path)) return undefined;
      texts.set(file, readText(path, file));
    }
    return texts.get(file)?.text;
  };
  const report: LintReport = {
    findings: findings.sort(byPlace),
    files,
    rules: [...dockerfileRules, ...(source?.rules ?? [])],
    profile,
    failing: 0,
    suppressed,
    sources: source?.looked ?? 0,
    notes: source?.notes ?? [],
    fixed,
    textOf,
  };
  const baseline = options.baseline ? resolve(cwd, options.baseline) : await configuredBaseline(configs, options);
  const counted = baseline === undefined ? report : { ...withBaseline(report, baseline, options), baseline };
  for (const { severity, location } of counted.findings) {
    const { config } = await configs.at(dirname(resolve(cwd, location.file)));
    if (atLeast(severity, options.failOn ?? config.failOn ?? "warning")) counted.failing++;
  }
  return counted;
}

async function configuredBaseline(configs: LintConfigs, options: LintOptions): Promise<string | undefined> {
  const { config, base } = await configs.at(firstDirectory(options));
  return config.baseline === undefined ? undefined : resolve(base, config.baseline);
}

/** Where the report's own settings are looked for: what is named first. */
function firstDirectory({ paths, stdin, cwd }: LintOptions): string {
  const path = resolve(cwd, stdin?.file ?? paths[0] ?? ".");
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ? path : dirname(path);
}

async function judgeSources(
  targets: readonly SourceTarget[],
  { cwd, only, fix, ignorePragmas, signal }: LintOptions,
  configs: LintConfigs,
  profileAt: (directory: string) => Promise<ProfileId>,
): Promise<LintedSources | undefined> {
  const { lintSources } = await import("./lint-sources.ts");
  return lintSources(targets, {
    cwd,
    only,
    fix,
    signal,
    async settings(directory) {
      const { config } = await configs.at(directory);
      return { profile: await profileAt(directory), ignorePragmas: ignorePragmas || config.ignorePragmas };
    },
  });
}

async function askRegistry(
  text: string,
  { buildArgs, target, emit = silent }: LintOptions,
  online: NonNullable<LintOptions["online"]>,
): Promise<Map<string, RegistryFacts>> {
  const { interpret } = await import("../dockerfile/interpret.ts");
  const { parseDockerfile } = await import("../dockerfile/parse.ts");
  const model = interpret(parseDockerfile(text), {
    ...(buildArgs && { buildArgs }),
    ...(target !== undefined && { target }),
  });
  const images = model.stages.flatMap(({ base, image }) => (base || !image || image === "scratch" ? [] : [image]));
  const facts = new Map<string, RegistryFacts>();
  for (const image of new Set(images)) {
    if (!isImageReference(image)) continue;
    const said = await online(image);
    facts.set(image, said);
    if (said.state === "unknown")
      emit({ type: "warning", code: "REGISTRY_SILENT", message: `${image} could not be looked up: ${said.reason}` });
  }
  return facts;
}

async function assertKnown(only: readonly string[]): Promise<void> {
  const unknown = only.filter(
    (pattern) => !dockerfileRules.some((rule) => ruleIds(rule).some((id) => matchesId(pattern, id))),
  );
  if (unknown.length === 0) return;
  const { sourceRules } = await import("../generated/sourceRules.ts");
  const { suggest } = await import("../dockerfile/suggest.ts");
  for (const pattern of unknown) {
    if (
      sourceRules.some((rule) => ruleIds(rule).some((id) => matchesId(pattern, id))) ||
      /^SC(?:\d+|\*)$/i.test(pattern)
    )
      continue;
    const near = suggest(pattern, [...dockerfileRules, ...sourceRules].flatMap(ruleIds));
    throw usageError(
      "LINT_RULE_UNKNOWN",
      `no such rule: ${pattern}`,
      near ? `Did you mean ${near}?` : "knbuild rules lists them.",
    );
  }
}

function withBaseline(
  report: LintReport,
  path: string,
  { cwd, updateBaseline, emit = silent }: LintOptions,
): LintReport {
  const print = (finding: Finding): string => {
    const line = finding.location.region?.startLine;
    const text = report.textOf(finding.location.file);
    return fingerprint(finding, line === undefined || text === undefined ? "" : (text.split("\n")[line - 1] ?? ""));
  };
  if (updateBaseline || !existsSync(path)) {
    makeDirectory(dirname(path));
    rewriteFile(path, `${JSON.stringify(createBaseline(report.findings.map(print)), null, 2)}\n`);
    emit({ type: "info", message: `${report.findings.length} findings are now known` });
    return { ...report, findings: [], suppressed: report.suppressed + report.findings.length, baselineWritten: path };
  }
  const kept = filterBaseline(report.findings, print, parseBaseline(readText(path, shownPath(path, cwd)).text, path));
  return { ...report, findings: kept, suppressed: report.suppressed + report.findings.length - kept.length };
}
