/**
 * The output of a framework's own build, or a package's program that runs the app: nothing is bundled again. What the roots
 * reach is shipped as it is; what they cannot reach by literal names is named by `include`.
 */
import { existsSync, readFileSync, realpathSync } from "node:fs";
import { dirname, extname, join, relative } from "node:path";
import { KnbuildError } from "../base/errors.ts";
import type { AnalyzedFile } from "./analysis-cache.ts";
import { listAssets } from "./assets.ts";
import { addByName, isServed, preloadedPackages } from "./by-name.ts";
import type { FullBuild } from "./full-build.ts";
import { ownFacts } from "./full-describe.ts";
import { type JudgeInput, judge } from "./judge.ts";
import { groupOf, isOwn, type OwnCode, type PackageRequest } from "./own-code.ts";
import { globMatcher } from "./parts.ts";
import { partsOf } from "./parts-of-build.ts";
import { productionPackages } from "./production.ts";
import type { Project } from "./project.ts";
import { isBuiltinName, type RequestKind } from "./resolve.ts";
import type { BundleInput } from "./types.ts";

export function isTraced(input: BundleInput): boolean {
  return !input.enabled && (input.roots !== undefined || /(?:^|\/)node_modules\//.test(input.entry));
}

/** @throws BUNDLE_ENTRY_MISSING where the entry or a root is not there */
export async function buildTraced(project: Project): Promise<FullBuild> {
  const { input, appDir, root, facts, resolver, analyses } = project;
  const entry = findRoot(project, input.entry);
  const starts = [entry, ...(input.roots ?? []).map((name) => findRoot(project, name))];
  if (input.roots === undefined) starts.push(...(await ownCodeFiles(project)));
  const files = new Map<string, AnalyzedFile>();
  const requests: PackageRequest[] = [];
  const packageRoots = starts.filter((path) => inModules(path));
  const queue = starts.filter((path) => !inModules(path));
  const inputs = new Set<string>();
  for (let path = queue.pop(); path !== undefined; path = queue.pop()) {
    if (inputs.has(path)) continue;
    inputs.add(path);
    if (!/^\.[cm]?jsx?$/.test(extname(path))) continue;
    const moduleScope = facts.scope(dirname(path))?.json.type === "module";
    const analyzed = analyses.analyze(groupOf(project), relative(root, path), path, { moduleScope, own: true });
    files.set(path, analyzed);
    for (const request of analyzed.analysis.requests) {
      if (isBuiltinName(request.specifier)) continue;
      const kind: RequestKind = request.kind === "import" || request.kind === "dynamic" ? "import" : "require";
      const target = resolver.resolve(request.specifier, path, kind);
      if (target.type !== "file") continue;
      if (inModules(target.path))
        requests.push({ specifier: request.specifier, importer: path, kind, target: target.path });
      else if (isOwn(target.path, root)) queue.push(target.path);
    }
  }
  const own = ownCode(project, entry, files, [...inputs].sort(), requests);
  const judgeInput: JudgeInput = {
    roots: [...packageRoots, ...requests.map((r) => r.target)],
    forced: preloadedPackages(project),
    external: new Set(input.external),
    inline: new Set(input.inline),
    production: productionPackages(appDir, facts, resolver),
    facts,
    resolver,
    analyses,
  };
  if (input.roots === undefined) for (const dir of judgeInput.production) judgeInput.forced.set(dir, "bundling is off");
  let judgement = judge(judgeInput);
  const computed = [...files.values()].some(({ analysis }) =>
    analysis.findings.some((f) => f.code === "computed-require" || f.code === "computed-import"),
  );
  if (addByName(project, judgement, judgeInput, computed ? "the app" : undefined)) judgement = judge(judgeInput);
  for (const one of judgement.packages.values())
    if (one.files.length > 0) one.reason ??= "reached by the build's output";
  const parts = partsOf(project, own, judgement, undefined, {
    mode: "files",
    modeReason: input.roots === undefined ? "a package's program runs the app" : "the app's own build made the output",
    consumed: [...files.keys()],
    asIs: [...inputs].filter((path) => path !== join(appDir, "package.json")).sort(),
    assets: input.roots === undefined ? "all" : "none",
    entryOut: relative(root, entry),
  });
  return { parts, facts: ownFacts(own, root), outputs: [], own, judgement, bundle: undefined };
}

function inModules(path: string): boolean {
  return /[\\/]node_modules[\\/]/.test(path);
}

function ownCode(
  project: Project,
  entry: string,
  files: Map<string, AnalyzedFile>,
  inputs: string[],
  requests: PackageRequest[],
): OwnCode {
  const moduleScope = project.facts.scope(dirname(entry))?.json.type === "module";
  const esm =
    extname(entry) === ".mjs" ||
    (extname(entry) !== ".cjs" && (moduleScope || files.get(entry)?.analysis.syntax === "esm"));
  return {
    entries: [relative(project.root, entry)],
    format: esm ? "esm" : "cjs",
    outExtension: ".js",
    files,
    inputs,
    imported: new Set(),
    aliased: new Set(),
    requests,
    runtimeRequests: [],
    runtimeFiles: [],
    blocked: undefined,
    warnings: [],
  };
}

/** A file of the app, a program in node_modules/.bin, or a file of a package. */
function findRoot(project: Project, name: string): string {
  const { appDir, facts, resolver } = project;
  const path = join(appDir, name);
  const program = /(?:^|\/)node_modules\/\.bin\/([^/]+)$/.exec(name)?.[1];
  if (program) {
    const found = programFile(project, program);
    if (found) return found;
  } else if (facts.kind(path) === "file") return facts.realpath(path);
  else {
    for (const kind of ["import", "require"] as const) {
      const found = resolver.resolve(name, join(appDir, "package.json"), kind);
      if (found.type === "file") return found.path;
    }
  }
  throw new KnbuildError({
    code: "BUNDLE_ENTRY_MISSING",
    message: `${name} is not there`,
    where: name,
    hint: program
      ? `Install the package that has the program ${program}.`
      : "Build first, or name the file that node starts.",
  });
}

/** The script behind node_modules/.bin/NAME: a link with npm and yarn, a shell script with pnpm. */
function programFile(project: Project, program: string): string | undefined {
  for (let dir = project.appDir; ; dir = dirname(dir)) {
    const link = join(dir, "node_modules/.bin", program);
    if (existsSync(link)) {
      const real = realpathSync(link);
      if (/\.[cm]?js$/.test(real) || /^#!.*\bnode\b/.test(readFileSync(real, "latin1").slice(0, 80))) return real;
      // The first one that such a script names may be a node beside it, which is not there.
      for (const [, target = ""] of readFileSync(real, "utf8").matchAll(/"\$basedir\/([^"]+)"/g)) {
        if (target !== "node" && existsSync(join(dirname(real), target)))
          return realpathSync(join(dirname(real), target));
      }
    }
    if (dir === project.root || dirname(dir) === dir) return undefined;
  }
}

async function ownCodeFiles(project: Project): Promise<string[]> {
  const { appDir, input } = project;
  const matches = await globMatcher(appDir, input);
  const { files } = listAssets(
    {
      appDir,
      bundled: new Set(),
      policy: "all",
      typescript: false,
      include: input.include,
      exclude: input.exclude,
      ignores: input.ignores,
    },
    matches,
  );
  return files.map((f) => f.path).filter((path) => /\.[cm]?js$/.test(path) && !isServed(path, appDir));
}
