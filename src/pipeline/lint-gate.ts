/** The contract, asked before an image leaves: errors of the source stop the build, everything else is told. */
import { posix } from "node:path";
import type { SourceFiles } from "../analysis/project.ts";
import { KnbuildError } from "../base/errors.ts";
import type { Emit } from "../base/events.ts";
import { effectiveSetting, type RuleSetting } from "../check/run.ts";
import type { Finding, RuleMeta } from "../check/types.ts";
import type { Source } from "../source/open.ts";
import { sourceFilesOf } from "./source-files.ts";
import type { SourceLintOptions, SourceReport } from "./source-lint.ts";

export interface LintGateOptions {
  profile: "gke" | "knative" | "cloudrun";
  /** File that starts the program, relative to the source, or to `member`. */
  entry?: string | undefined;
  /**
   * A workspace's member that is built from its own directory, relative to the source, which is the workspace's root: entry,
   * bundled scripts and findings are relative to the member.
   */
  member?: string | undefined;
  /** `lint` of the configuration: severities, rules that are off. */
  lint?: unknown;
  /** Variables that the image sets: some servers take their host from one. */
  env?: Readonly<Record<string, string>>;
  /** knbuild puts its own SIGTERM handler in. */
  handlesSigterm: boolean;
  /** knbuild puts its own listener on PORT in: whatever port or host the server knows, requests reach it. */
  reachedOnPort?: boolean;
  /** It can be put in: the one listener that knows a port of its own is no warning, see {@link ownPort}. */
  canBeReached?: boolean;
  /**
   * The scripts that went into the bundle, relative to the source: the only ones that the image holds. Absent where nothing
   * is bundled; undefined where the bundle does not say.
   */
  bundled?: Promise<readonly string[] | undefined>;
  emit: Emit;
  signal: AbortSignal;
}

/**
 * Rules whose errors do not stop a build: a port that is written out still runs where the service names it as its
 * containerPort, and a variable that must be there can be set on the service. Both are told.
 */
const TOLD_ONLY = new Set(["KS001", "KS110"]);

/** Where a server listens: its port, its host. */
const PLACES = new Set(["KS001", "KS002"]);

/**
 * @param files of the source, where they are known already
 * @throws CONTRACT_BROKEN with every finding that stops the build
 */
export async function lintGate(
  source: Source,
  options: LintGateOptions,
  files: SourceFiles = sourceFilesOf(source),
): Promise<Finding[]> {
  const [{ lintSourceReport }, { sourceRules }] = await Promise.all([
    import("./source-lint.ts"),
    import("../generated/sourceRules.ts"),
  ]);
  const heed = await heeding(options.lint, sourceRules);
  const how: SourceLintOptions = {
    profile: options.profile === "knative" ? "knative" : "gke",
    ...(options.entry !== undefined && { entry: posix.join(options.member ?? ".", options.entry) }),
    ...(options.env && { env: options.env }),
    signal: options.signal,
  };
  const heeded = (report: SourceReport): Finding[] =>
    report.findings
      .filter((finding) => !(finding.rule === "KS020" && options.handlesSigterm))
      .filter((finding) => !(PLACES.has(finding.rule) && options.reachedOnPort))
      .map((finding) => seenFrom(options.member, finding))
      .flatMap(heed);
  const stops = (finding: Finding): boolean => finding.severity === "error" && !TOLD_ONLY.has(finding.rule);
  const guessed = await lintSourceReport(files, how);
  let findings = heeded(guessed);
  // What stands in the entry is in the bundle for certain: its errors stop the engine at once.
  if (options.bundled && !findings.some((finding) => stops(finding) && finding.location.file === options.entry)) {
    const held = await heldScripts(guessed, source, options);
    if (held) findings = heeded(await lintSourceReport(files, { ...how, reachable: held }));
  }
  const stopping = findings.filter(stops);
  const mended = options.canBeReached && stopping.length === 0 ? ownPort(findings) : undefined;
  for (const finding of findings) {
    if (stopping.includes(finding) || finding.severity === "info" || finding === mended) continue;
    options.emit({ type: "warning", code: finding.rule, message: finding.message, where: place(finding) });
  }
  const first = stopping[0];
  if (!first) return findings;
  const broken = new KnbuildError({
    code: "CONTRACT_BROKEN",
    message:
      stopping.length === 1
        ? `${first.rule}: ${first.message}`
        : `the source breaks the contract in ${stopping.length} places`,
    where: place(first),
    detail:
      stopping.length === 1
        ? first.evidence?.join("\n")
        : stopping.map((finding) => `${finding.rule} ${place(finding)}: ${finding.message}`).join("\n"),
  });
  if (stopping.every(({ env }) => env)) mending.set(broken, Object.assign({}, ...stopping.map(({ env }) => env)));
  throw broken;
}

function seenFrom(member: string | undefined, finding: Finding): Finding {
  if (member === undefined) return finding;
  const { location } = finding;
  return { ...finding, location: { ...location, file: posix.relative(member, location.file) } };
}

/**
 * Of a program that listens on a port of its own and never on PORT, the finding that says so. Where several such listeners
 * are, nothing says which of them is asked.
 */
export function ownPort(findings: readonly Finding[]): Finding | undefined {
  const [own, ...others] = findings.filter(({ rule, severity }) => rule === "KS001" && severity !== "info");
  return others.length === 0 ? own : undefined;
}

const mending = new WeakMap<object, Record<string, string>>();

/** Variables of the image with which nothing of what stopped a build would have. */
export function mendingVariables(broken: unknown): Record<string, string> | undefined {
  return typeof broken === "object" && broken !== null ? mending.get(broken) : undefined;
}

/**
 * The files to judge instead of those that the text of the source led to; undefined where these were the same. A bundle
 * that was made from what another build wrote (`dist/main.js`) says nothing of the sources: they stay judged as they were.
 */
async function heldScripts(
  { judged }: SourceReport,
  source: Source,
  { bundled, entry, member = "." }: LintGateOptions,
): Promise<string[] | undefined> {
  const scriptsInside = await bundled;
  if (!scriptsInside || entry === undefined || !scriptsInside.includes(entry)) return undefined;
  const inside = scriptsInside.map((path) => posix.join(member, path));
  const own = new Set(source.list().map(({ path }) => path));
  if (!inside.every((path) => own.has(path) || path.startsWith(".."))) return undefined;
  const { languageOf } = await import("../analysis/project.ts");
  const scripts = judged.filter((path) => languageOf(path) === "javascript");
  const held = new Set(inside.filter((path) => own.has(path)));
  if (scripts.length === held.size && scripts.every((path) => held.has(path))) return undefined;
  return [...judged.filter((path) => languageOf(path) !== "javascript"), ...held];
}

/**
 * A finding with its severity as `lint` of a configuration says; of a rule that is off, none.
 * @throws LINT_CONFIG_INVALID, LINT_RULE_UNKNOWN (exit 2)
 */
export async function heeding(lint: unknown, rules: readonly RuleMeta[]): Promise<(finding: Finding) => Finding[]> {
  if (lint === undefined) return (finding) => [finding];
  const settings = await settingsOf(lint);
  return (finding) => {
    const rule = rules.find(({ id }) => id === finding.rule);
    if (!rule) return [finding];
    const setting = effectiveSetting(rule, { settings: settings.flatMap((of) => of(finding.location.file)) });
    if (setting === "off") return [];
    return [setting === rule.severity ? finding : { ...finding, severity: setting }];
  };
}

type Settings = (file: string) => (readonly [string, RuleSetting])[];

/** Severities as configured, per file. */
async function settingsOf(lint: unknown): Promise<Settings[]> {
  const [{ readConfig }, { compileGlobs }] = await Promise.all([
    import("./lint-config.ts"),
    import("../source/glob.ts"),
  ]);
  const config = readConfig({ lint }, "lint");
  const overrides = config.overrides.map(({ files, rules }) => {
    const matches = compileGlobs(files.flatMap((glob) => (glob.includes("/") ? [glob] : [glob, `**/${glob}`])));
    return (file: string) => (matches(file) ? rules : []);
  });
  return [() => config.rules, ...overrides];
}

/** `server.js:2` */
export function place({ location }: Finding): string {
  return location.region ? `${location.file}:${location.region.startLine}` : location.file;
}
