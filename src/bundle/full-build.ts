/** A build from nothing but the caches: read the app, judge the packages, bundle what may be, list the rest. */
import { join, relative } from "node:path";
import { throwIfAborted } from "../base/errors.ts";
import type { LayerKind } from "../plan/types.ts";
import { listAssets } from "./assets.ts";
import { decoratorCompiler } from "./decorators.ts";
import { externalFiles } from "./external-files.ts";
import { isHarmless, loadsByName, mayLoadAppCode } from "./facts.ts";
import { describePackages, ownFacts, seenFolders } from "./full-describe.ts";
import { type JudgedPackage, type JudgeInput, type Judgement, judge } from "./judge.ts";
import { bundleOwn, type OwnBundle } from "./own-bundle.ts";
import { groupOf, type OwnCode, readOwnCode } from "./own-code.ts";
import { compileOwnFiles } from "./own-files.ts";
import type { OwnOutput } from "./own-output.ts";
import { type BundleParts, globMatcher, type OwnFacts } from "./parts.ts";
import { declaredPackages, productionPackages } from "./production.ts";
import type { Project } from "./project.ts";
import { isBuiltinName } from "./resolve.ts";
import { VENDOR_MODULE } from "./stubs.ts";
import type { BundleFile } from "./types.ts";
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

export async function buildFully(project: Project, signal: AbortSignal | undefined): Promise<FullBuild> {
  const { input, appDir, facts, resolver, analyses } = project;
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
    forced: new Map(),
    external: new Set(input.external),
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
  return built;
}

async function asBundle(
  project: Project,
  own: OwnCode,
  judgeInput: JudgeInput,
  decorators: Awaited<ReturnType<typeof decoratorCompiler>>,
  signal: AbortSignal | undefined,
): Promise<FullBuild> {
  for (const request of own.runtimeRequests) {
    const scope = project.facts.packageOf(request.target);
    if (scope)
      judgeInput.forced.set(scope.dir, `${relative(project.appDir, request.importer)} looks it up at run time`);
  }
  const { judgement, vendor } = await judgeAndBundle(project, judgeInput, own);
  throwIfAborted(signal);
  const loose = await looseCode(project, own, judgement);
  if (loose) return await asFiles(project, own, judgeInput, loose, decorators);
  const bundle = await bundleOwn(project, own, judgement, decorators);
  const parts = describe(project, own, judgement, vendor, {
    mode: "bundle",
    modeReason: "",
    consumed: [...own.files.keys()],
    asIs: [],
    entryOut: (own.entries[0] as string).replace(/\.[^.]+$/, own.outExtension),
  });
  return { parts, facts: ownFacts(own, project.root), outputs: bundle.outputs, own, judgement, bundle };
}

async function judgeAndBundle(
  project: Project,
  judgeInput: JudgeInput,
  own: OwnCode,
): Promise<{ judgement: Judgement; vendor: Vendor | undefined }> {
  const { input, root, resolver, cacheDir } = project;
  for (;;) {
    let judgement = judge(judgeInput);
    if (addByName(project, judgement, judgeInput)) judgement = judge(judgeInput);
    const modules = [...new Set(own.requests.map((r) => r.target))].filter((path) => !judgement.isExternalFile(path));
    if (modules.length === 0) return { judgement, vendor: undefined };
    const { nodeTarget, minify, sourcemap } = input;
    const vendor = await buildVendor({ root, modules, judgement, resolver, nodeTarget, minify, sourcemap, cacheDir });
    if ("file" in vendor) return { judgement, vendor };
    judgeInput.forced.set(vendor.refused, vendor.reason);
  }
}

/** Where something loads modules by a computed name, the app's declared packages that nobody asks for literally are shipped too. */
function addByName(project: Project, judgement: Judgement, judgeInput: JudgeInput): boolean {
  let by: string | undefined;
  for (const one of judgement.packages.values()) {
    const computed = computesNames(one, judgement);
    if (computed || (one.files.length > 0 && loadsByName(one.name))) by ??= one.name;
  }
  if (!by) return false;
  let added = false;
  for (const declared of declaredPackages(project.appDir, project.facts, project.resolver)) {
    if (
      judgement.packages.get(declared.dir)?.files.length ||
      judgeInput.forced.has(declared.dir) ||
      isToolOnly(declared.name)
    )
      continue;
    judgeInput.forced.set(declared.dir, `no file asks for it, and ${by} loads modules by name`);
    added = true;
  }
  return added;
}

/**
 * Why the app has to stay files: a package loads modules by computed names, and there is code of the app that no import
 * reaches (routes, migrations, jobs) and that asks for modules itself, which it would not find, or find twice.
 */
async function looseCode(project: Project, own: OwnCode, judgement: Judgement): Promise<string | undefined> {
  const { appDir, root, facts, analyses, input } = project;
  const loader = [...judgement.packages.values()].find(
    (one) => mayLoadAppCode(one.name) && computesNames(one, judgement),
  );
  if (!loader) return undefined;
  const typescript = [...own.files.keys()].some((path) => /\.[cm]?tsx?$/.test(path));
  const bundled = new Set(own.files.keys());
  const matches = await globMatcher(appDir, input);
  const all = listAssets({ appDir, bundled, policy: "all", typescript, include: [], exclude: input.exclude }, matches);
  for (const { path } of all.files) {
    if (!/\.(?:[cm]?[jt]s|[jt]sx)$/.test(path) || isServed(path, appDir) || bundled.has(path)) continue;
    const moduleScope = facts.scope(join(path, ".."))?.json.type === "module";
    const { analysis } = analyses.analyze(groupOf(project), relative(root, path), path, { moduleScope, own: true });
    const asks = analysis.requests.find((r) => !isBuiltinName(r.specifier));
    if (asks)
      return `${loader.name} loads modules by name, and no import reaches ${relative(appDir, path)}, which asks for ${asks.specifier}`;
  }
  return undefined;
}

function computesNames(one: JudgedPackage, judgement: Judgement): boolean {
  return one.files.some((path) =>
    judgement.files
      .get(path)
      ?.analysis?.findings.some(
        ({ code }) =>
          (code === "computed-require" || code === "computed-import") &&
          !isHarmless(one.name, relative(one.dir, path), code),
      ),
  );
}

/** Declared as a dependency by many, loaded by no server. */
function isToolOnly(name: string): boolean {
  return /^(?:@types\/.*|typescript|ts-node|tsx|nodemon|eslint.*|prettier|jest|mocha|chai|supertest|esbuild|webpack|vite|vitest|rimraf|husky|concurrently|npm-run-all|cross-env)$/.test(
    name,
  );
}

async function asFiles(
  project: Project,
  own: OwnCode,
  judgeInput: JudgeInput,
  modeReason: string,
  decorators: Awaited<ReturnType<typeof decoratorCompiler>>,
): Promise<FullBuild> {
  const { input, root, facts, resolver, analyses } = project;
  const typescript = [...own.files.keys()].some((path) => /\.(?:[cm]?ts|[jt]sx)$/.test(path));
  const code: string[] = [];
  for (const dir of ownDirs(project, own)) {
    const matches = await globMatcher(dir, input);
    const all = listAssets(
      {
        appDir: dir,
        bundled: new Set(),
        policy: "all",
        typescript,
        include: [],
        exclude: dir === project.appDir ? input.exclude : [],
      },
      matches,
    );
    // What the entry reaches comes along even from a folder that looks like tests.
    code.push(
      ...all.files.map((f) => f.path).filter((path) => /\.(?:[cm]?[jt]s|[jt]sx)$/.test(path) && !isServed(path, dir)),
    );
  }
  const files = [...new Set([...code, ...own.files.keys()])].sort();
  const compiled = await compileOwnFiles({
    root,
    files,
    format: own.format,
    nodeTarget: input.nodeTarget,
    sourcemap: input.sourcemap,
    facts,
    analyses,
    group: groupOf(project),
    stubs: project.stubs,
    transform: decorators,
  });
  const reason = input.enabled ? `the app's own code is shipped as files: ${modeReason}` : modeReason;
  judgeInput.roots = [];
  for (const dir of judgeInput.production) judgeInput.forced.set(dir, reason);
  for (const path of files) {
    const moduleScope = facts.scope(join(path, ".."))?.json.type === "module";
    const { analysis } = analyses.analyze(groupOf(project), relative(root, path), path, { moduleScope, own: true });
    for (const request of analysis.requests) {
      const found = resolver.resolve(
        request.specifier,
        path,
        request.kind === "import" || request.kind === "dynamic" ? "import" : "require",
      );
      if (found.type !== "file" || !/[\\/]node_modules[\\/]/.test(found.path)) continue;
      const scope = facts.packageOf(found.path);
      if (scope && !judgeInput.forced.has(scope.dir)) judgeInput.forced.set(scope.dir, reason);
    }
  }
  const judgement = judge(judgeInput);
  const parts = describe(project, own, judgement, undefined, {
    mode: "files",
    modeReason,
    consumed: files,
    asIs: compiled.asIs,
    entryOut: compiled.nameOf(join(root, own.entries[0] as string)),
  });
  return { parts, facts: ownFacts(own, root), outputs: compiled.compiled, own, judgement, bundle: undefined };
}

/** Scripts for the browser stay assets. */
function isServed(path: string, dir: string): boolean {
  return /(?:^|\/)(?:public|static|www|wwwroot|htdocs|assets|client)\//.test(relative(dir, path));
}

/** The app, and the workspace members (outside of it) whose files take part. */
function ownDirs(project: Project, own: OwnCode): string[] {
  const dirs = new Set([project.appDir]);
  for (const path of own.inputs) {
    if (path.startsWith(`${project.appDir}/`)) continue;
    const scope = project.facts.packageOf(path);
    if (scope && scope.dir !== project.root) dirs.add(scope.dir);
  }
  return [...dirs].sort();
}

function describe(
  project: Project,
  own: OwnCode,
  judgement: Judgement,
  vendor: Vendor | undefined,
  code: { mode: "bundle" | "files"; modeReason: string; consumed: string[]; asIs: string[]; entryOut: string },
): BundleParts {
  const { input, root, facts } = project;
  const imageRoot = input.imageAppDir.replace(/^\/+/, "");
  const files: Partial<Record<LayerKind, BundleFile[]>> = {};
  const add = (kind: LayerKind, file: BundleFile) => (files[kind] ??= []).push(file);
  for (const path of [...manifests(project, own), ...code.asIs]) {
    add("app", { path: join(imageRoot, relative(root, path)), source: { file: path }, mode: 0o644 });
  }
  if (vendor) {
    const at = join(imageRoot, "node_modules", VENDOR_MODULE);
    add("vendor", { path: at, source: { file: vendor.file }, mode: 0o644 });
    if (vendor.map) add("vendor-sourcemaps", { path: `${at}.map`, source: { file: vendor.map }, mode: 0o644 });
  }
  const external = [...judgement.packages.values()].filter((p) => p.reason !== undefined);
  const shipped = externalFiles({
    root,
    imageRoot,
    packages: external.map((p) => p.dir),
    seen: seenFolders(project, own, judgement),
    reached: new Set(external.flatMap((p) => p.files)),
  });
  if (shipped.length > 0) files.dependencies = shipped;
  return {
    root,
    appDir: project.appDir,
    ownDirs: ownDirs(project, own),
    entryOut: code.entryOut,
    format: own.format,
    mode: code.mode,
    modeReason: code.modeReason,
    files,
    consumed: code.consumed,
    runtimeFiles: own.runtimeFiles,
    ...describePackages(judgement, vendor, root),
    inputs: [
      ...new Set([
        ...own.inputs,
        ...code.consumed,
        ...facts.read,
        ...judgement.files.keys(),
        ...shipped.flatMap((f) => ("file" in f.source ? [f.source.file] : [])),
      ]),
    ].sort(),
    warnings: own.warnings,
  };
}

/** package.json files by which Node tells the format of the output, finds `imports`, and code reads its own version. */
function manifests(project: Project, own: OwnCode): string[] {
  const found = new Set<string>();
  for (const path of [
    join(project.appDir, "x"),
    ...own.entries.map((entry) => join(project.root, entry)),
    ...own.files.keys(),
  ]) {
    const scope = project.facts.scope(join(path, ".."));
    if (scope && (scope.dir === project.root || scope.dir.startsWith(`${project.root}/`)))
      found.add(join(scope.dir, "package.json"));
  }
  return [...found].sort();
}
