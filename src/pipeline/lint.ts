/** `lint`: Dockerfiles, and the source beside them, against the contract. */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { basename, dirname, relative, resolve } from "node:path";
import { usageError } from "../base/errors.ts";
import { type Emit, silent } from "../base/events.ts";
import { createBaseline, filterBaseline, fingerprint, parseBaseline } from "../check/baseline.ts";
import { unifiedDiff } from "../check/diff.ts";
import { applyFixes } from "../check/fixes.ts";
import { atLeast, byPlace, effectiveSetting, matchesId, type RuleSetting, ruleIds } from "../check/run.ts";
import type { Finding, RuleMeta, Severity } from "../check/types.ts";
import { DEFAULT_PROFILE, type ProfileId } from "../contract/profiles.ts";
import { isImageReference } from "../dockerfile/reference-form.ts";
import type { RegistryFacts } from "../dockerfile/rule.ts";
import { dockerfileRules } from "../generated/dockerfileRules.ts";
import { type LintConfig, readConfig } from "./lint-config.ts";
import { findDockerfiles, isSourceName, type ReadText, readIgnoreFile, readText, shownPath } from "./lint-files.ts";
import type { SourceTarget } from "./lint-sources.ts";
import { lintText } from "./lint-text.ts";

export interface LintOptions {
  /** Files, directories, globs. */
  paths: readonly string[];
  cwd: string;
  /** A Dockerfile's text instead of paths, and the name to show. */
  stdin?: { text: string; file: string };
  /** Ids, aliases, globs: only these. */
  only?: readonly string[];
  /** Configuration file; without one, `lint` of the knbuild.yaml where the command runs. */
  configFile?: string;
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
  failOn: Severity | "never";
  /** Silenced by comments, or known to the baseline. */
  suppressed: number;
  /** Files that fixes changed, or would. */
  fixed: { file: string; applied: number; diff: string; text: string }[];
  baselineWritten?: string;
  textOf(file: string): string | undefined;
}

/** A fix may make room for another one: that often at most. */
const FIX_ROUNDS = 10;

/** @throws LINT_PATH_MISSING, LINT_UNREADABLE, LINT_CONFIG_INVALID, LINT_RULE_UNKNOWN, BASELINE_INVALID (all exit 2) */
export async function lint(options: LintOptions): Promise<LintReport> {
  const { cwd, only } = options;
  const { config, base: configDir } = await loadLintConfig(options);
  const profile = options.profile ?? config.profile ?? DEFAULT_PROFILE;
  await assertKnown(only ?? []);
  const excluded = await excluder(config);
  const found = options.stdin
    ? { files: [], directories: [] }
    : await findDockerfiles(options.paths.length > 0 ? options.paths : ["."], cwd, excluded);

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
    const rules = await rulesFor(config, configDir, resolve(cwd, shown));
    const registry = options.online && (await askRegistry(read.text, options, options.online));
    const run = (text: string) =>
      lintText(text, {
        file: shown,
        settings: { ...config.settings, profile, today: new Date().toISOString().slice(0, 10) },
        rules,
        only,
        dockerignore,
        ...(options.buildArgs && { buildArgs: options.buildArgs }),
        target: options.target,
        registry,
        ignorePragmas: options.ignorePragmas ?? config.ignorePragmas,
      });
    let current = run(read.text);
    if (options.fix && !read.lossy) {
      let text = read.text;
      let count = 0;
      for (let round = 0; round < FIX_ROUNDS; round++) {
        const { text: next, applied } = applyFixes(text, current.findings, shown);
        if (applied.length === 0 || next === text) break;
        text = next;
        count += applied.length;
        current = run(text);
      }
      if (text !== read.text) {
        fixed.push({ file: shown, applied: count, diff: unifiedDiff(read.text, text, shown), text });
        if (options.fix === "apply") write(text);
        texts.set(shown, { text, lossy: false });
      }
    }
    if (!texts.has(shown)) texts.set(shown, read);
    findings.push(...current.findings);
    suppressed += current.suppressed.length;
  };

  const judgeSources = async (targets: readonly SourceTarget[]) => {
    if (targets.length === 0) return undefined;
    const { lintSources } = await import("./lint-sources.ts");
    return lintSources(targets, {
      cwd,
      profile,
      only,
      fix: options.fix,
      ignorePragmas: options.ignorePragmas ?? config.ignorePragmas,
      signal: options.signal,
    });
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
    await judge(shown, readText(file, shown), readIgnoreFile(file, ignoreFiles), (text) => writeFileSync(file, text));
  }
  if (options.source !== false) targets.push(...found.directories.map((directory) => ({ directory })));
  const source = await judgeSources(targets);
  if (source) {
    for (const finding of source.findings) {
      const rule = [...source.rules, ...dockerfileRules].find(({ id }) => id === finding.rule);
      const settings = await rulesFor(config, configDir, resolve(cwd, finding.location.file));
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
    failOn: config.failOn ?? "warning",
    suppressed,
    fixed,
    textOf,
  };
  return options.baseline === undefined ? report : withBaseline(report, resolve(cwd, options.baseline), options);
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

/** 1 where something is at or over the threshold. */
export function lintExitCode(findings: readonly Finding[], failOn: Severity | "never"): 0 | 1 {
  return findings.some((finding) => atLeast(finding.severity, failOn)) ? 1 : 0;
}

async function loadLintConfig({ cwd, configFile }: LintOptions): Promise<{ config: LintConfig; base: string }> {
  const candidates =
    configFile === undefined
      ? ["knbuild.yaml", "knbuild.yml", "knbuild.json", ".hadolint.yaml", ".hadolint.yml"]
      : [configFile];
  for (const name of candidates) {
    const path = resolve(cwd, name);
    if (!existsSync(path)) {
      if (configFile === undefined) continue;
      throw usageError("LINT_CONFIG_INVALID", `no such file: ${configFile}`, undefined, path);
    }
    const text = readFileSync(path, "utf8");
    let value: unknown;
    if (path.endsWith(".json")) {
      try {
        value = JSON.parse(text);
      } catch (error) {
        throw usageError("LINT_CONFIG_INVALID", `not JSON: ${(error as Error).message}`, undefined, path);
      }
    } else {
      const { readYaml } = await import("./read-yaml.ts");
      try {
        value = readYaml(text);
      } catch (error) {
        throw usageError("LINT_CONFIG_INVALID", `not YAML: ${(error as Error).message}`, undefined, path);
      }
    }
    // Found by itself, knbuild.yaml speaks of linting under its keys only.
    if (configFile === undefined && name.startsWith("knbuild")) {
      const { lint: own, profile } = (value ?? {}) as { lint?: unknown; profile?: unknown };
      if (own === undefined && profile === undefined) continue;
      value = { lint: own ?? {}, profile };
    }
    return { config: readConfig(value, path), base: dirname(path) };
  }
  return { config: readConfig({}, cwd), base: cwd };
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

async function excluder(config: LintConfig): Promise<(path: string) => boolean> {
  if (config.exclude.length === 0) return () => false;
  const { compileGlobs } = await import("../source/glob.ts");
  return compileGlobs(config.exclude);
}

/** The settings for one file: the general ones, then each override whose globs match. */
async function rulesFor(config: LintConfig, base: string, file: string): Promise<(readonly [string, RuleSetting])[]> {
  if (config.overrides.length === 0) return config.rules;
  const { compileGlobs } = await import("../source/glob.ts");
  const path = relative(base, file).replaceAll("\\", "/");
  const extra = config.overrides.filter(({ files }) =>
    compileGlobs(files.flatMap((glob) => (glob.includes("/") ? [glob] : [glob, `**/${glob}`])))(path),
  );
  return [...config.rules, ...extra.flatMap(({ rules }) => rules)];
}

function withBaseline(report: LintReport, path: string, { updateBaseline, emit = silent }: LintOptions): LintReport {
  const print = (finding: Finding): string => {
    const line = finding.location.region?.startLine;
    const text = report.textOf(finding.location.file);
    return fingerprint(finding, line === undefined || text === undefined ? "" : (text.split("\n")[line - 1] ?? ""));
  };
  if (updateBaseline || !existsSync(path)) {
    writeFileSync(path, `${JSON.stringify(createBaseline(report.findings.map(print)), null, 2)}\n`);
    emit({ type: "info", message: `${report.findings.length} findings are now known` });
    return { ...report, findings: [], suppressed: report.suppressed + report.findings.length, baselineWritten: path };
  }
  const kept = filterBaseline(report.findings, print, parseBaseline(readFileSync(path, "utf8"), path));
  return { ...report, findings: kept, suppressed: report.suppressed + report.findings.length - kept.length };
}
