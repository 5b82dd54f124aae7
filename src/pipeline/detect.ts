/** Which buildpacks know a source tree, best first. */
import { KnbuildError } from "../base/errors.ts";
import { buildpacks as installed } from "../generated/buildpacks.ts";
import type { PlanOptions } from "../plan/options.ts";
import type { Buildpack, Detection } from "../sdk.ts";
import { openSource, type Source } from "../source/open.ts";
import { appsBelow } from "./apps-below.ts";
import { foreignProgram } from "./foreign-program.ts";

export interface DetectCandidate extends Detection {
  buildpack: string;
}

export interface DetectReport {
  /** Id of the buildpack that a build would use; null: none, or a tie. */
  selected: string | null;
  /** Highest score first; equal scores by id. */
  candidates: DetectCandidate[];
}

/** @throws SOURCE_MISSING, and what a broken file of the source causes (JSON_INVALID, …) */
export function detect(
  source: Source | string,
  options: PlanOptions = {},
  buildpacks: readonly Buildpack[] = installed,
): DetectReport {
  const tree = typeof source === "string" ? openSource(source) : source;
  const candidates: DetectCandidate[] = [];
  for (const buildpack of buildpacks) {
    const found = buildpack.detect(tree, options);
    if (!found) continue;
    candidates.push({
      buildpack: buildpack.id,
      score: found.score,
      evidence: found.evidence,
      language: found.language,
      runtimeVersion: found.runtimeVersion,
      packageManager: found.packageManager,
      framework: found.framework,
      entrypoint: found.entrypoint,
    });
  }
  candidates.sort((a, b) => b.score - a.score || (a.buildpack < b.buildpack ? -1 : 1));
  return { selected: choose(candidates, options), candidates };
}

function choose(candidates: readonly DetectCandidate[], options: PlanOptions): string | null {
  if (options.buildpack !== undefined) return options.buildpack;
  const [first, second] = candidates;
  if (!first || first.score === second?.score) return null;
  return first.buildpack;
}

/**
 * The buildpack that builds this tree.
 * @throws NOTHING_DETECTED, DETECTION_TIE (both sets of evidence), BUILDPACK_UNKNOWN, BUILDPACK_CANNOT_BUILD
 */
export function selectBuildpack(
  report: DetectReport,
  source: Source,
  options: PlanOptions = {},
  buildpacks: readonly Buildpack[] = installed,
): Buildpack {
  const able = buildpacks.filter((buildpack) => buildpack.plan).map((buildpack) => buildpack.id);
  if (report.selected === null)
    throw report.candidates.length === 0 ? nothing(source, able, buildpacks) : tie(report.candidates, source);
  const chosen = buildpacks.find((buildpack) => buildpack.id === report.selected);
  if (!chosen) {
    throw new KnbuildError({
      code: "BUILDPACK_UNKNOWN",
      message: `there is no buildpack ${JSON.stringify(options.buildpack)}`,
      hint: `There are: ${able.join(", ")}.`,
      exitCode: 2,
    });
  }
  if (!chosen.plan) {
    const evidence = report.candidates.find((candidate) => candidate.buildpack === chosen.id)?.evidence ?? [];
    throw new KnbuildError({
      code: "BUILDPACK_CANNOT_BUILD",
      message: `this is ${chosen.what ?? `an app of the kind ${chosen.id}`}, which is built from a Dockerfile only`,
      where: source.root,
      detail: evidence.join("\n"),
      hint: "Write a Dockerfile for it, and build that.",
    });
  }
  return chosen;
}

function nothing(source: Source, able: readonly string[], buildpacks: readonly Buildpack[]): KnbuildError {
  const foreign = foreignProgram(source);
  const below = foreign?.sure ? undefined : onlyBelow(source, buildpacks);
  if (below) return below;
  if (foreign)
    return new KnbuildError({
      code: "NOTHING_DETECTED",
      message: `this is ${foreign.what}, which knbuild does not know how to build`,
      where: source.root,
      detail: foreign.file,
      hint: "Is this the app's directory?",
    });
  const names = source.names().slice(0, 12);
  return new KnbuildError({
    code: "NOTHING_DETECTED",
    message: "nothing here that knbuild knows how to build",
    where: source.root,
    detail:
      names.length === 0 ? "The directory is empty." : `Found: ${names.join(", ")}${names.length === 12 ? ", …" : ""}`,
    hint: `Expected a package.json, a server file such as server.js, or an index.html (buildpacks: ${able.join(", ")}). Is this the app's directory?`,
  });
}

/** For a directory that holds no app, but some below: NOTHING_DETECTED, which names them. */
export function onlyBelow(source: Source, buildpacks: readonly Buildpack[] = installed): KnbuildError | undefined {
  const below = appsBelow(source, buildpacks);
  if (below.length === 0) return undefined;
  return new KnbuildError({
    code: "NOTHING_DETECTED",
    message: "nothing in this directory itself that knbuild knows how to build",
    where: source.root,
    detail: `Below it:\n${below
      .slice(0, 12)
      .map(({ directory, what }) => `  ${directory} (${what})`)
      .join("\n")}`,
    hint: `Name one of these directories${below.length > 1 ? ", or build several in one call" : ""}.`,
  });
}

function tie(candidates: readonly DetectCandidate[], source: Source): KnbuildError {
  const best = candidates.filter((candidate) => candidate.score === candidates[0]?.score);
  return new KnbuildError({
    code: "DETECTION_TIE",
    message: `${best.map((candidate) => candidate.buildpack).join(" and ")} fit equally well`,
    where: source.root,
    detail: best
      .map(
        (candidate) =>
          `${candidate.buildpack} (score ${candidate.score}):\n${candidate.evidence.map((line) => `  ${line}`).join("\n")}`,
      )
      .join("\n"),
    hint: "Choose one: `buildpack` in knbuild.yaml.",
  });
}
