/**
 * From an app's directory to the files of its image: reads the app's code, judges the packages it asks for, bundles what can
 * be bundled, lists what cannot.
 */
import { readFileSync, realpathSync } from "node:fs";
import { join, relative } from "node:path";
import { throwIfAborted } from "../base/errors.ts";
import { templatePath } from "../base/package-root.ts";
import type { LayerKind } from "../plan/types.ts";
import { createAnalysisCache } from "./analysis-cache.ts";
import { listAssets } from "./assets.ts";
import { externalFiles } from "./external-files.ts";
import { handlesSigterm, loadsByName, readsWorkingDirectory } from "./facts.ts";
import { type JudgeInput, type Judgement, judge } from "./judge.ts";
import { buildOwn } from "./own-build.ts";
import { type OwnCode, readOwnCode } from "./own-code.ts";
import { planRewrites } from "./own-rewrite.ts";
import { FileFacts, packageNameOf } from "./package-scope.ts";
import { declaredPackages, productionPackages } from "./production.ts";
import { createResolver, type Resolver } from "./resolve.ts";
import { stubsDir, VENDOR_MODULE, writeRootModule, writeStub } from "./stubs.ts";
import type {
  BundleContext,
  BundleFile,
  BundleInput,
  BundleResult,
  BundleWarning,
  ExternalPackage,
  ShippedPackage,
} from "./types.ts";
import { buildVendor, type Vendor, vendorKeyOf } from "./vendor.ts";

/**
 * @throws BUNDLE_ENTRY_MISSING, BUNDLE_SYNTAX (with esbuild's code frame in `detail`), BUNDLE_UNRESOLVED, BUNDLE_FAILED,
 * BUNDLE_PACKAGE_OUTSIDE
 */
export async function bundleApp(input: BundleInput, context: BundleContext = {}): Promise<BundleResult> {
  const appDir = realpathSync(input.appDir);
  const root = realpathSync(input.modulesRoot ?? input.appDir);
  const facts = new FileFacts();
  const resolver = createResolver(facts, input.nodeTarget);
  const analyses = createAnalysisCache(input.cacheDir);
  const stubs = stubsDir(realOf(input.cacheDir));
  const own = await readOwnCode({
    root,
    appDir,
    entry: input.entry,
    facts,
    resolver,
    analyses,
    stubs,
    nodeTarget: input.nodeTarget,
    transform: undefined,
  });
  throwIfAborted(context.signal);
  const production = productionPackages(appDir, facts, resolver);
  const judgeInput: JudgeInput = {
    roots: own.requests.map((r) => r.target),
    forced: new Map(),
    external: new Set(input.external),
    production,
    facts,
    resolver,
    analyses,
  };
  for (const request of own.runtimeRequests) {
    const scope = facts.packageOf(request.target);
    if (scope) judgeInput.forced.set(scope.dir, `${relative(appDir, request.importer)} looks it up at run time`);
  }
  const { judgement, vendor } = await judgeAndBundle(input, judgeInput, own, root, appDir, resolver);
  throwIfAborted(context.signal);
  const app = await bundleOwn(input, own, judgement, root, resolver, stubs);
  analyses.save();
  return describe(input, { appDir, root, facts, resolver, own, judgement, vendor, app });
}

async function judgeAndBundle(
  input: BundleInput,
  judgeInput: JudgeInput,
  own: OwnCode,
  root: string,
  appDir: string,
  resolver: Resolver,
): Promise<{ judgement: Judgement; vendor: Vendor | undefined }> {
  for (;;) {
    let judgement = judge(judgeInput);
    if (addByName(judgement, judgeInput, appDir, resolver)) judgement = judge(judgeInput);
    const modules = [...new Set(own.requests.map((r) => r.target))].filter((path) => !judgement.isExternalFile(path));
    if (modules.length === 0) return { judgement, vendor: undefined };
    const vendor = await buildVendor({
      root,
      modules,
      judgement,
      resolver,
      nodeTarget: input.nodeTarget,
      minify: input.minify,
      sourcemap: input.sourcemap,
      cacheDir: input.cacheDir,
    });
    if ("file" in vendor) return { judgement, vendor };
    judgeInput.forced.set(vendor.refused, vendor.reason);
  }
}

/** Where something loads modules by a computed name, the app's declared packages that nobody asks for literally are shipped too. */
function addByName(judgement: Judgement, judgeInput: JudgeInput, appDir: string, resolver: Resolver): boolean {
  let by: string | undefined;
  for (const one of judgement.packages.values()) {
    if (one.files.length === 0) continue;
    const computed = one.files.some((path) =>
      judgement.files
        .get(path)
        ?.analysis?.findings.some((f) => f.code === "computed-require" || f.code === "computed-import"),
    );
    if (computed || loadsByName(one.name)) by ??= one.name;
  }
  if (!by) return false;
  let added = false;
  for (const declared of declaredPackages(appDir, judgeInput.facts, resolver)) {
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

/** Declared as a dependency by many, loaded by no server. */
function isToolOnly(name: string): boolean {
  return /^(?:@types\/.*|typescript|ts-node|tsx|nodemon|eslint.*|prettier|jest|mocha|chai|supertest|esbuild|webpack|vite|vitest|rimraf|husky|concurrently|npm-run-all|cross-env)$/.test(
    name,
  );
}

async function bundleOwn(
  input: BundleInput,
  own: OwnCode,
  judgement: Judgement,
  root: string,
  resolver: Resolver,
  stubs: string,
) {
  const rewrites = planRewrites({ root, entries: own.entries, format: own.format, files: own.files });
  const outDir = join(root, own.entries[0] as string, "..");
  const targets = new Map(own.requests.map((r) => [`${r.importer}\0${r.specifier}`, r.target]));
  const cacheDir = realOf(input.cacheDir);
  return await buildOwn(
    {
      root,
      entries: own.entries,
      format: own.format,
      outExtension: own.outExtension,
      nodeTarget: input.nodeTarget,
      minify: input.minify,
      sourcemap: input.sourcemap,
      outdir: join(root, "out"),
    },
    stubs,
    {
      mayAlias: true,
      ...(rewrites.files.size > 0
        ? { transform: rewrites.apply, inject: [writeRootModule(cacheDir, own.format, rewrites.up)] }
        : {}),
      onBare(request) {
        const target =
          request.kind === "require-resolve"
            ? undefined
            : (targets.get(`${request.importer}\0${request.specifier}`) ?? undefined);
        if (target === undefined) return { to: "external", specifier: request.specifier };
        if (!judgement.isExternalFile(target)) {
          const analysis = judgement.files.get(target)?.analysis;
          return {
            to: "file",
            path: writeStub(cacheDir, vendorKeyOf(root, target), {
              esm: analysis?.syntax === "esm",
              hasDefault: analysis?.hasDefaultExport ?? false,
            }),
          };
        }
        const kind =
          request.kind === "require-call" || (request.kind === "import-statement" && own.format === "cjs")
            ? "require"
            : "import";
        const natural = resolver.resolve(request.specifier, join(outDir, "x.js"), kind);
        if (natural.type === "file" && natural.path === target) return { to: "external", specifier: request.specifier };
        const path = relative(outDir, target);
        return { to: "external", specifier: path.startsWith(".") ? path : `./${path}` };
      },
    },
  );
}

interface Described {
  appDir: string;
  root: string;
  facts: FileFacts;
  resolver: Resolver;
  own: OwnCode;
  judgement: Judgement;
  vendor: Vendor | undefined;
  app: Awaited<ReturnType<typeof buildOwn>>;
}

async function describe(input: BundleInput, made: Described): Promise<BundleResult> {
  const { appDir, root, facts, own, judgement, vendor, app } = made;
  const imageRoot = input.imageAppDir.replace(/^\//, "");
  const files: Partial<Record<LayerKind, BundleFile[]>> = {};
  const add = (kind: LayerKind, file: BundleFile) => (files[kind] ??= []).push(file);
  const warnings: BundleWarning[] = [...own.warnings];

  for (const output of app.outputs) {
    add("app", { path: join(imageRoot, output.path), source: { bytes: output.code }, mode: 0o644 });
    if (output.map)
      add("sourcemaps", { path: join(imageRoot, `${output.path}.map`), source: { bytes: output.map }, mode: 0o644 });
  }
  for (const manifest of manifests(root, appDir, own, facts)) {
    add("app", { path: join(imageRoot, relative(root, manifest)), source: { file: manifest }, mode: 0o644 });
  }
  if (vendor) {
    const at = join(imageRoot, "node_modules", VENDOR_MODULE);
    add("vendor", { path: at, source: { file: vendor.file }, mode: 0o644 });
    if (vendor.map) add("sourcemaps", { path: `${at}.map`, source: { file: vendor.map }, mode: 0o644 });
  }
  const external = [...judgement.packages.values()].filter((p) => p.reason !== undefined);
  const shipped = externalFiles({
    root,
    imageRoot,
    packages: external.map((p) => p.dir),
    seen: seenFolders(made),
    reached: new Set(external.flatMap((p) => p.files)),
  });
  if (shipped.length > 0) files.dependencies = shipped;

  const policy = wantsAssets(own, judgement) ? "all" : "none";
  const matches = await globMatcher(input);
  const assets = listAssets(
    { appDir, bundled: new Set(own.files.keys()), policy, code: true, include: input.include, exclude: input.exclude },
    matches,
  );
  const taken = new Set(Object.values(files).flatMap((list) => list.map((f) => f.path)));
  warnings.push(...assets.warnings);
  for (const asset of assets.files) {
    const path = join(imageRoot, relative(root, asset.path));
    if (!taken.has(path)) add("assets", { path, source: { file: asset.path }, mode: asset.mode });
  }
  for (const path of own.runtimeFiles) {
    const at = join(imageRoot, relative(root, path));
    if (!taken.has(at) && !assets.files.some((a) => a.path === path))
      add("assets", { path: at, source: { file: path }, mode: 0o644 });
  }

  const sigtermEvidence = sigterm(own, judgement, root);
  const nodeArgs: string[] = [];
  if (input.sourcemap) nodeArgs.push("--enable-source-maps");
  if (input.gracefulShutdown && sigtermEvidence.length === 0) {
    const at = join(imageRoot, "node_modules/@knbuild/graceful-shutdown.cjs");
    add("runtime", { path: at, source: { file: templatePath("runtime", "graceful-shutdown.cjs") }, mode: 0o644 });
    nodeArgs.push("--require", `/${at}`);
  }
  const entryOut = (own.entries[0] as string).replace(/\.[^.]+$/, own.outExtension);
  return {
    files,
    ...packageLists(judgement, vendor, root),
    handlesSigterm: sigtermEvidence.length > 0,
    sigtermEvidence,
    entry: join(input.imageAppDir, entryOut),
    format: own.format,
    workdir: join(input.imageAppDir, relative(root, appDir)),
    nodeArgs,
    mode: "bundle",
    modeReason: "",
    inputs: [
      ...new Set([
        ...own.inputs,
        ...facts.read,
        ...judgement.files.keys(),
        ...assets.files.map((a) => a.path),
        ...shipped.flatMap((f) => ("file" in f.source ? [f.source.file] : [])),
      ]),
    ].sort(),
    warnings,
    incremental: false,
  };
}

/** package.json files by which Node tells the format of the output, finds `imports`, and code reads its own version. */
function manifests(root: string, appDir: string, own: OwnCode, facts: FileFacts): string[] {
  const found = new Set<string>();
  for (const path of [join(appDir, "x"), ...own.entries.map((entry) => join(root, entry))]) {
    const scope = facts.scope(join(path, ".."));
    if (scope && (scope.dir === root || scope.dir.startsWith(`${root}/`))) found.add(join(scope.dir, "package.json"));
  }
  return [...found].sort();
}

/** Every folder under which Node will look a shipped package up. */
function seenFolders(made: Described): Set<string> {
  const { resolver, facts, judgement, own, appDir } = made;
  const seen = new Set<string>();
  const look = (name: string | undefined, from: string) => {
    const found = name && resolver.findPackage(name, from);
    if (found && judgement.packages.get(facts.realpath(found))?.reason !== undefined) seen.add(found);
  };
  for (const request of [...own.requests, ...own.runtimeRequests])
    look(packageNameOf(request.specifier), join(request.importer, ".."));
  for (const one of declaredPackages(appDir, facts, resolver)) look(one.name, appDir);
  for (const one of judgement.packages.values()) {
    const json = facts.packageJson(one.dir) ?? {};
    for (const name of Object.keys({
      ...json.dependencies,
      ...json.optionalDependencies,
      ...json.peerDependencies,
      ...json.peerDependenciesMeta,
    }))
      look(name, one.dir);
    for (const path of one.files) {
      for (const request of judgement.files.get(path)?.analysis?.requests ?? [])
        look(packageNameOf(request.specifier), join(path, ".."));
    }
  }
  return seen;
}

function wantsAssets(own: OwnCode, judgement: Judgement): boolean {
  for (const { analysis } of own.files.values())
    if (analysis.readsFiles || analysis.places.some((p) => p.what !== "main-check" && p.what !== "module-parent"))
      return true;
  return [...judgement.packages.values()].some((p) => readsWorkingDirectory(p.name));
}

function sigterm(own: OwnCode, judgement: Judgement, root: string): string[] {
  const evidence: string[] = [];
  for (const [path, { analysis }] of own.files) {
    if (analysis.sigtermLine) evidence.push(`${relative(root, path)}:${analysis.sigtermLine} adds a SIGTERM listener`);
  }
  for (const one of judgement.packages.values()) {
    if (one.files.length > 0 && handlesSigterm(one.name)) evidence.push(`${one.name} adds a SIGTERM listener`);
  }
  return evidence.sort();
}

function packageLists(
  judgement: Judgement,
  vendor: Vendor | undefined,
  root: string,
): { bundled: string[]; external: ExternalPackage[]; packages: ShippedPackage[] } {
  const inside = new Set(vendor?.files ?? []);
  const bundled = new Set<string>();
  const external: ExternalPackage[] = [];
  const packages: ShippedPackage[] = [];
  for (const one of [...judgement.packages.values()].sort((a, b) => (a.dir < b.dir ? -1 : 1))) {
    const dir = relative(root, one.dir);
    if (one.reason !== undefined) {
      external.push({ name: one.name, version: one.version, reason: one.reason });
      packages.push({ name: one.name, version: one.version, dir, how: "files", files: [] });
      continue;
    }
    const files = one.files
      .filter((path) => inside.has(path))
      .map((path) => relative(one.dir, path))
      .sort();
    if (files.length === 0) continue;
    bundled.add(`${one.name}@${one.version}`);
    packages.push({ name: one.name, version: one.version, dir, how: "bundled", files });
  }
  external.sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : a.version < b.version ? -1 : 1));
  return { bundled: [...bundled].sort(), external, packages };
}

async function globMatcher(input: BundleInput): Promise<(path: string, globs: string[]) => boolean> {
  const globs = [...input.include, ...input.exclude];
  if (globs.length === 0) return () => false;
  const { globSync } = await import("tinyglobby");
  const found = new Map<string, Set<string>>();
  for (const glob of globs)
    found.set(
      glob,
      new Set(globSync(glob, { cwd: input.appDir, dot: true, ignore: ["**/node_modules/**", "**/.git/**"] })),
    );
  return (path, wanted) => wanted.some((glob) => found.get(glob)?.has(path));
}

/** The cache may not be there yet; a link to it would show in the bundle's relative paths. */
function realOf(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}
void readFileSync;
