/** A build from nothing but the caches: read the app, judge the packages, bundle what may be, list the rest. */
import { relative } from "node:path";
import { throwIfAborted } from "../base/errors.ts";
import { expectLongRun } from "../base/long-run.ts";
import { assertAddons } from "./absent-addons.ts";
import { assertFiles } from "./absent-files.ts";
import { addByName, looseCode, preloadedPackages } from "./by-name.ts";
import { decoratorCompiler } from "./decorators.ts";
import { limitMemory } from "./esbuild.ts";
import { readsParameters } from "./facts.ts";
import { asFiles } from "./files-mode.ts";
import { ownFacts } from "./full-describe.ts";
import { type JudgeInput, type Judgement, judge } from "./judge.ts";
import { modulesBytes } from "./modules-size.ts";
import { bundleOwn, type Decorators, type OwnBundle } from "./own-bundle.ts";
import { type OwnCode, readOwnCode } from "./own-code.ts";
import type { OwnOutput } from "./own-output.ts";
import type { BundleParts, OwnFacts } from "./parts.ts";
import { partsOf } from "./parts-of-build.ts";
import { productionPackages } from "./production.ts";
import type { Project } from "./project.ts";
import { buildTraced, isTraced } from "./traced-mode.ts";
import { buildVendor, type Vendor } from "./vendor.ts";

export interface FullBuild {
  parts: BundleParts;
  facts: OwnFacts;
  outputs: OwnOutput[];
  own: OwnCode;
  judgement: Judgement;
  /** Absent where the app's files are shipped one by one. */
  bundle: OwnBundle | undefined;
}

/** Packages beyond it take seconds to analyze. */
const MANY_BYTES = 12 * 2 ** 20;

export async function buildFully(project: Project, signal: AbortSignal | undefined): Promise<FullBuild> {
  const { input, root, appDir, facts, resolver, analyses } = project;
  const modules = modulesBytes([root, appDir]);
  limitMemory(modules);
  if (modules > MANY_BYTES) expectLongRun();
  if (isTraced(input)) {
    const traced = await buildTraced(project);
    analyses.save();
    traced.parts.modulesBytes = modules;
    assertFiles(project, traced.own, traced.judgement);
    return traced;
  }
  const decorators = await decoratorCompiler(project);
  const own = await readOwnCode({
    ...project,
    entry: input.entry,
    nodeTarget: input.nodeTarget,
    transform: decorators,
  });
  throwIfAborted(signal);
  const judgeInput: JudgeInput = {
    roots: own.requests.map((r) => r.target),
    forced: preloadedPackages(project),
    external: new Set(input.external),
    inline: new Set(input.inline),
    production: productionPackages(appDir, facts, resolver),
    facts,
    resolver,
    analyses,
  };
  const modeReason = input.enabled ? own.blocked : "bundling is off";
  const built =
    modeReason === undefined
      ? await asBundle(project, own, judgeInput, decorators, signal)
      : await asFiles(project, own, judgeInput, modeReason, decorators);
  analyses.save();
  built.parts.modulesBytes = modules;
  // Where the app's code is files, nobody had to know which of a package's files are reached.
  const reached = built.bundle ? built.judgement : judge({ ...judgeInput, roots: own.requests.map((r) => r.target) });
  assertAddons(project, own, reached);
  assertFiles(project, own, reached);
  const lacking = lackingApi(project, own, reached, Number.parseInt(input.nodeTarget, 10));
  if (lacking) built.parts.lacking = lacking;
  return built;
}

/** Of several the one that only the oldest Node has. */
function lackingApi({ root }: Project, own: OwnCode, judgement: Judgement, major: number): BundleParts["lacking"] {
  const all: NonNullable<BundleParts["lacking"]>[] = [];
  for (const [path, { analysis }] of own.files)
    if (analysis.goneApi) all.push({ by: relative(root, path), own: true, ...analysis.goneApi });
  for (const { gone, packageDir } of judgement.files.values()) {
    const owner = judgement.packages.get(packageDir);
    if (gone) all.push({ by: `${owner?.name} ${owner?.version}`, ...gone });
  }
  return all.filter(({ since }) => since <= major).sort((a, b) => a.since - b.since)[0];
}

async function asBundle(
  project: Project,
  own: OwnCode,
  judgeInput: JudgeInput,
  decorators: Decorators | undefined,
  signal: AbortSignal | undefined,
): Promise<FullBuild> {
  for (const request of own.runtimeRequests) {
    const scope = project.facts.packageOf(request.target);
    if (scope)
      judgeInput.forced.set(scope.dir, `${relative(project.appDir, request.importer)} looks it up at run time`);
  }
  const { judgement, vendor, minify } = await judgeAndBundle(project, judgeInput, own);
  throwIfAborted(signal);
  const loose = await looseCode(project, own, judgement);
  if (loose) return await asFiles(project, own, judgeInput, loose, decorators);
  const as = { ...project, input: { ...project.input, minify } };
  const bundle = await bundleOwn(as, own, judgement, decorators);
  const parts = partsOf(as, own, judgement, vendor, {
    mode: "bundle",
    modeReason: "",
    consumed: [...own.files.keys()],
    asIs: [],
    assets: "auto",
    // `bin/www` has no extension to replace.
    entryOut: (own.entries[0] as string).replace(/(?<=[^/])\.[^./]+$|$/, own.outExtension),
  });
  return { parts, facts: ownFacts(own, project.root), outputs: bundle.outputs, own, judgement, bundle };
}

async function judgeAndBundle(
  project: Project,
  judgeInput: JudgeInput,
  own: OwnCode,
): Promise<{ judgement: Judgement; vendor: Vendor | undefined; minify: boolean }> {
  const { input, root, resolver, cacheDir } = project;
  for (;;) {
    let judgement = judge(judgeInput);
    if (addByName(project, judgement, judgeInput)) judgement = judge(judgeInput);
    const modules = [...new Set(own.requests.map((r) => r.target))].filter((path) => !judgement.isExternalFile(path));
    const minify = input.minify && !looksAtText(own, judgement);
    if (modules.length === 0) return { judgement, vendor: undefined, minify };
    const { nodeTarget, sourcemap } = input;
    const vendor = await buildVendor({ root, modules, judgement, resolver, nodeTarget, minify, sourcemap, cacheDir });
    if ("file" in vendor) return { judgement, vendor, minify };
    judgeInput.forced.set(vendor.refused, vendor.reason);
  }
}

/** Somebody tells classes, or parameters, by the text of functions (dependency injection does): they have to keep it. */
function looksAtText(own: OwnCode, judgement: Judgement): boolean {
  if ([...judgement.packages.values()].some(({ name, files }) => files.length > 0 && readsParameters(name)))
    return true;
  const files = [...own.files.values(), ...judgement.files.values()];
  return files.some(({ analysis }) => analysis?.readsClassText === true);
}
