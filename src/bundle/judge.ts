/**
 * Which packages may go into the bundle. Starting at the modules that the app asks for, every reachable file is read; a
 * package with a file that a bundle could break stays a package of files, and so does everything that it can load, so that
 * no module exists twice.
 */
import { readFileSync } from "node:fs";
import { extname, join, relative } from "node:path";
import { KnbuildError } from "../base/errors.ts";
import { FINDINGS, type FileAnalysis } from "./analysis.ts";
import type { AnalysisCache } from "./analysis-cache.ts";
import { alwaysFiles, instrumentsModules, isHarmless, isViewEngine, loadsByName } from "./facts.ts";
import { type GoneApi, requiresInModule } from "./gone-apis.ts";
import { type FileFacts, isUseless, type PackageScope } from "./package-scope.ts";
import type { RequestKind, Resolver } from "./resolve.ts";

export interface JudgedFile {
  path: string;
  sha: string;
  analysis: FileAnalysis | undefined;
  packageDir: string;
  /** It uses what later releases of Node do not have. */
  gone?: GoneApi;
  /** Real paths of what it asks for statically (import and require, not dynamic). */
  statics: string[];
  /** Paths of scripts that it asks for beside it, and that are not there. */
  absent: string[];
}

export interface JudgedPackage {
  name: string;
  version: string;
  /** Real path. */
  dir: string;
  /** Reached files, real paths. */
  files: string[];
  /** Packages that its reached files ask for. */
  edges: Set<string>;
  /** Why it is shipped as files; undefined: it may be bundled. */
  reason: string | undefined;
}

export interface Judgement {
  files: Map<string, JudgedFile>;
  packages: Map<string, JudgedPackage>;
  isExternalFile(path: string): boolean;
}

export interface JudgeInput {
  /** Files that the app's own code asks for, real paths. */
  roots: Iterable<string>;
  /** Real paths of package folders that are shipped as files in any case, with the reason. */
  forced: Map<string, string>;
  /** Names the user wants as files. */
  external: Set<string>;
  /** Names the user wants in the bundle: only an addon, or a package of files that needs one, is stronger. */
  inline: Set<string>;
  /** Folders of the packages that production needs. */
  production: Set<string>;
  facts: FileFacts;
  resolver: Resolver;
  analyses: AnalysisCache;
}

const MODULE_KINDS = new Set([".js", ".cjs", ".mjs", ".json"]);

export function judge(input: JudgeInput): Judgement {
  const { facts, resolver, analyses } = input;
  const files = new Map<string, JudgedFile>();
  const packages = new Map<string, JudgedPackage>();

  function packageAt(scope: PackageScope): JudgedPackage {
    let found = packages.get(scope.dir);
    if (!found) {
      const name = scope.json.name ?? scope.dir.split("node_modules/").at(-1) ?? scope.dir;
      found = {
        name,
        version: scope.json.version ?? "0.0.0",
        dir: scope.dir,
        files: [],
        edges: new Set(),
        reason: undefined,
      };
      if (input.external.has(name)) found.reason = "named as external in the configuration";
      else if (!input.inline.has(name))
        found.reason = alwaysFiles(name) ?? (name.startsWith(".prisma/") ? alwaysFiles(".prisma") : undefined);
      packages.set(scope.dir, found);
    }
    return found;
  }

  const queue: string[] = [...input.roots];
  for (const dir of input.forced.keys()) {
    const json = facts.packageJson(dir);
    if (json) packageAt({ dir, json });
  }
  for (let path = queue.pop(); path !== undefined; path = queue.pop()) {
    if (files.has(path)) continue;
    const scope = facts.packageOf(path);
    if (!scope) throw new KnbuildError({ code: "BUNDLE_NO_PACKAGE", message: `${path} belongs to no package` });
    const owner = packageAt(scope);
    const file: JudgedFile = { path, sha: "", analysis: undefined, packageDir: scope.dir, statics: [], absent: [] };
    files.set(path, file);
    owner.files.push(path);
    const kind = extname(path);
    const inPackage = relative(scope.dir, path);
    if (!MODULE_KINDS.has(kind)) {
      if (kind === "" && scope.json.type === "module" && requiresInModule(readFileSync(path, "utf8")))
        file.gone = {
          uses: `require in ${inPackage}, a file of a package of ES modules without an extension`,
          since: 26,
        };
      owner.reason ??= kind === ".node" ? `${inPackage} is a native addon` : `${inPackage} is not JavaScript or JSON`;
      continue;
    }
    if (kind === ".json") continue;
    const moduleScope = kind === ".js" && facts.scope(dirnameOf(path))?.json.type === "module";
    const analyzed = analyses.analyze(`${owner.name}@${owner.version}`, inPackage, path, { moduleScope, own: false });
    file.sha = analyzed.sha;
    file.analysis = analyzed.analysis;
    if (analyzed.analysis.goneApi) file.gone = analyzed.analysis.goneApi;
    for (const finding of analyzed.analysis.findings) {
      if (input.inline.has(owner.name) && finding.code !== "native") continue;
      if (owner.reason !== undefined || isHarmless(owner.name, inPackage, finding.code)) continue;
      owner.reason = `${inPackage}:${finding.line} ${FINDINGS[finding.code]}: ${finding.text}`;
    }
    for (const request of analyzed.analysis.requests) {
      const wanted: RequestKind = request.kind === "import" || request.kind === "dynamic" ? "import" : "require";
      const target = resolver.resolve(request.specifier, path, wanted);
      if (target.type === "missing" && /^\.\.?\/.*(?<!\.(?:json|node))$/.test(request.specifier))
        file.absent.push(join(dirnameOf(path), request.specifier));
      if (target.type !== "file") continue;
      const targetScope = facts.packageOf(target.path);
      if (targetScope && isOtherLibc(targetScope, scope.dir, input)) continue;
      if (targetScope && targetScope.dir !== scope.dir) owner.edges.add(targetScope.dir);
      if (request.kind === "import" || request.kind === "require") file.statics.push(target.path);
      queue.push(target.path);
    }
  }
  spread(input, files, packages, packageAt);
  return {
    files,
    packages,
    isExternalFile: (path) => packages.get(files.get(path)?.packageDir ?? "")?.reason !== undefined,
  };
}

/** The addon for musl that a loader asks for by name, beside the one for glibc: where both are installed, the image loads the latter. */
function isOtherLibc({ json }: PackageScope, from: string, { resolver }: JudgeInput): boolean {
  const name = json.name ?? "";
  return (
    /[-_]musl$/.test(name) &&
    isUseless(name, json) &&
    resolver.findPackage(name.replace(/musl$/, "gnu"), from) !== undefined
  );
}

/** From the packages with a reason of their own to everything that has to follow them. */
function spread(
  input: JudgeInput,
  files: Map<string, JudgedFile>,
  packages: Map<string, JudgedPackage>,
  packageAt: (scope: PackageScope) => JudgedPackage,
): void {
  for (const [dir, reason] of input.forced) {
    const one = packages.get(dir);
    if (one) one.reason ??= reason;
  }
  const watcher = [...packages.values()].find((p) => p.files.length > 0 && instrumentsModules(p.name));
  const byName = [...packages.values()].find((p) => p.files.length > 0 && loadsByName(p.name));
  for (const one of packages.values()) {
    if (watcher) one.reason ??= `${watcher.name} watches modules as they are loaded`;
    if (byName && isViewEngine(one.name)) one.reason ??= `${byName.name} loads it by name`;
    const loader =
      one.reason === undefined && !input.inline.has(one.name) ? loaderFor(one, input, files, packages) : undefined;
    if (loader) one.reason = `${loader.name} loads modules by name for it`;
  }
  const waiting = filesThatWait(files);
  const todo = [...packages.values()].filter((p) => p.reason !== undefined);
  const settled = new Set(todo);
  for (;;) {
    for (let one = todo.pop(); one; one = todo.pop()) {
      for (const dir of needs(one, input)) {
        const json = input.facts.packageJson(dir);
        if (!json) continue;
        const needed = packageAt({ dir, json });
        needed.reason ??= `needed by ${one.name}`;
        if (settled.has(needed)) continue;
        settled.add(needed);
        todo.push(needed);
      }
    }
    // What is bundled is CommonJS in the end: it cannot wait for a module that awaits at its top level.
    for (const file of files.values()) {
      const owner = packages.get(file.packageDir);
      const target = owner && owner.reason === undefined ? file.statics.find((path) => waiting.has(path)) : undefined;
      if (!owner || !target || file.analysis?.syntax !== "esm") continue;
      owner.reason = `imports ${packages.get(files.get(target)?.packageDir ?? "")?.name ?? "a module"}, which waits at its top level`;
      settled.add(owner);
      todo.push(owner);
    }
    if (todo.length === 0) return;
  }
}

/** Real folders of all packages that a package can load: what its files ask for, and what it declares. */
function needs(one: JudgedPackage, input: JudgeInput): Set<string> {
  const dirs = new Set(one.edges);
  const json = input.facts.packageJson(one.dir) ?? {};
  const optionalPeers = new Set([
    ...Object.keys(json.peerDependenciesMeta ?? {}).filter((name) => json.peerDependenciesMeta?.[name]?.optional),
  ]);
  const names = {
    ...json.dependencies,
    ...json.optionalDependencies,
    ...json.peerDependencies,
    ...json.peerDependenciesMeta,
  };
  for (const name of Object.keys(names)) {
    const found = input.resolver.findPackage(name, one.dir);
    if (!found || isUseless(name, input.facts.packageJson(found))) continue;
    const dir = input.facts.realpath(found);
    // An optional peer counts only where the app's production dependencies bring it (not typescript, not a test runner).
    if (optionalPeers.has(name) && !input.production.has(dir)) continue;
    dirs.add(dir);
  }
  return dirs;
}

/** Whether a package loads modules by names that no text shows. */
export function computesNames(one: JudgedPackage, files: Map<string, JudgedFile>): boolean {
  return one.files.some((path) =>
    files
      .get(path)
      ?.analysis?.findings.some(
        ({ code }) =>
          (code === "computed-require" || code === "computed-import") &&
          !isHarmless(one.name, relative(one.dir, path), code),
      ),
  );
}

/** A package that this one asks to load modules by name (protobufjs has `long` loaded so): what it declares has to be found. */
function loaderFor(
  one: JudgedPackage,
  input: JudgeInput,
  files: Map<string, JudgedFile>,
  packages: Map<string, JudgedPackage>,
): JudgedPackage | undefined {
  const loader = [...one.edges].map((dir) => packages.get(dir)).find((other) => other && computesNames(other, files));
  if (!loader) return undefined;
  const json = input.facts.packageJson(one.dir) ?? {};
  const unreached = Object.keys({ ...json.dependencies, ...json.optionalDependencies }).some((name) => {
    const found = input.resolver.findPackage(name, one.dir);
    if (found === undefined || isUseless(name, input.facts.packageJson(found))) return false;
    return !one.edges.has(input.facts.realpath(found));
  });
  return unreached ? loader : undefined;
}

/** Files with a top-level await, and those that import them statically. */
function filesThatWait(files: Map<string, JudgedFile>): Set<string> {
  const waiting = new Set<string>();
  for (const file of files.values()) if (file.analysis?.topLevelAwait) waiting.add(file.path);
  for (let before = -1; before !== waiting.size; ) {
    before = waiting.size;
    for (const file of files.values()) {
      if (file.analysis?.syntax === "esm" && file.statics.some((path) => waiting.has(path))) waiting.add(file.path);
    }
  }
  return waiting;
}

function dirnameOf(path: string): string {
  return path.slice(0, path.lastIndexOf("/"));
}
