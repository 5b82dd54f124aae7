/**
 * The app's own code: which files belong to it, what they ask for, how the output has to be formed, and whether it can be
 * bundled at all.
 */
import { existsSync, readFileSync } from "node:fs";
import { basename, dirname, extname, join, relative, resolve } from "node:path";
import { KnbuildError } from "../base/errors.ts";
import { FINDINGS, type FileAnalysis } from "./analysis.ts";
import type { AnalyzedFile } from "./analysis-cache.ts";
import { namedSources } from "./named-sources.ts";
import { type BareRequest, buildOwn, type OwnBuildHooks } from "./own-build.ts";
import type { OwnOptions } from "./own-options.ts";
import type { Project } from "./project.ts";
import { isBuiltinName, type RequestKind } from "./resolve.ts";
import type { BundleWarning } from "./types.ts";
import { caseHint, explainUnresolved } from "./unresolved.ts";

export interface PackageRequest {
  specifier: string;
  importer: string;
  kind: RequestKind;
  /** Real path of the module. */
  target: string;
}

export interface OwnCode {
  /** Relative to the root: the entry first, then workers that are named by a literal. */
  entries: string[];
  format: "esm" | "cjs";
  outExtension: ".js" | ".mjs" | ".cjs";
  /** Absolute → analysis; JavaScript and TypeScript only. */
  files: Map<string, AnalyzedFile>;
  /** All files that take part, JSON included. */
  inputs: string[];
  imported: Set<string>;
  /** Bare names that a tsconfig or a workspace turned into files of the app. */
  aliased: Set<string>;
  requests: PackageRequest[];
  /** Packages that the code looks up itself at run time: these have to be files. */
  runtimeRequests: PackageRequest[];
  /** Files of the app that the code looks up itself at run time (`createRequire`), or whose source it names. */
  runtimeFiles: string[];
  /** Why the code cannot be bundled, `file:line why: text`. */
  blocked: string | undefined;
  warnings: BundleWarning[];
}

/** The project, and what the app's files have to go through before esbuild reads them. */
export type OwnCodeInput = Pick<Project, "root" | "appDir" | "facts" | "resolver" | "analyses" | "stubs"> & {
  entry: string;
  nodeTarget: string;
  transform: OwnBuildHooks["transform"] | undefined;
};

export async function readOwnCode(input: OwnCodeInput): Promise<OwnCode> {
  const { root, facts, resolver } = input;
  const entryPath = join(input.appDir, input.entry);
  if (facts.kind(entryPath) !== "file") {
    throw new KnbuildError({
      code: "BUNDLE_ENTRY_MISSING",
      message: `the entry ${input.entry} is not there`,
      where: input.entry,
      hint: caseHint(entryPath) ?? "Name the file that node starts.",
    });
  }
  const entries = [relative(root, entryPath)];
  const files = new Map<string, AnalyzedFile>();
  // What is not there is an error in code that the program surely loads, and a warning in what it chooses at run time.
  let strict = false;
  for (;;) {
    const bare: BareRequest[] = [];
    const absent: BareRequest[] = [];
    const aliased = new Set<string>();
    const analyze = (path: string) => {
      let known = files.get(path);
      if (!known && (/\.[cm]?[jt]sx?$/.test(path) || (path === entryPath && extname(path) === ""))) {
        const scope = facts.scope(dirname(path));
        known = input.analyses.analyze(groupOf(input), relative(root, path), path, {
          moduleScope: scope?.json.type === "module",
          own: true,
        });
        files.set(path, known);
      }
      return known;
    };
    const options: OwnOptions = {
      root,
      entries,
      // Only looking: this format accepts everything that either of the two does.
      format: "esm",
      outExtension: ".js",
      nodeTarget: input.nodeTarget,
      minify: false,
      sourcemap: false,
      outdir: join(root, "out"),
    };
    const built = await buildOwn(options, input.stubs, {
      looking: true,
      mayAlias: hasAliases(input.appDir, root),
      onAlias: (specifier) => aliased.add(specifier),
      ...(input.transform ? { transform: input.transform } : {}),
      onBare(request) {
        const wanted: RequestKind =
          request.kind === "import-statement" || request.kind === "dynamic-import" ? "import" : "require";
        const either = [wanted, wanted === "import" ? "require" : "import"] as const;
        const found = either
          .map((kind) => resolver.resolve(request.specifier, request.importer, kind))
          .find((r) => r.type === "file");
        if (found?.type === "file") {
          if (!/[\\/]node_modules[\\/]/.test(found.path) && isOwn(found.path, root)) {
            aliased.add(request.specifier);
            return { to: "file", path: found.path };
          }
          bare.push(request);
          return { to: "external", specifier: request.specifier };
        }
        const asked = analyze(request.importer)?.analysis.requests.find((r) => r.specifier === request.specifier);
        const needed = asked !== undefined && !asked.guarded;
        if (needed && strict) return { to: "missing" };
        (needed ? absent : bare).push(request);
        return { to: "external", specifier: request.specifier };
      },
      explain: (error) => explainUnresolved(error, root),
    });
    if (absent.some(({ importer }) => built.reached.has(importer))) {
      strict = true; // Once more, for esbuild's own words and frame.
      continue;
    }
    for (const path of built.files) analyze(path);
    const workers = workerEntries(files, root).filter((worker) => !entries.includes(worker));
    if (workers.length > 0) {
      entries.push(...workers);
      continue;
    }
    const code = describe(input, entries, files, built.files, built.imported, bare, aliased);
    const named = await namedSources(files, input);
    code.blocked ??= named.blocked;
    code.runtimeFiles.push(...named.texts);
    for (const { specifier, importer } of absent)
      code.warnings.push({
        code: "BUNDLE_CHOSEN_MISSING",
        message: `${specifier} is not installed: ${relative(root, importer)} fails where the program chooses to load it`,
        where: relative(root, importer),
        hint: `Add ${specifier} to dependencies where that file is wanted.`,
      });
    for (const warning of built.warnings.filter((w) => w.text.includes("case-sensitive"))) {
      code.warnings.push({
        code: "BUNDLE_IMPORT_CASE",
        message: warning.text,
        ...(warning.where ? { where: warning.where } : {}),
        hint: "It works on this machine and fails where file names are case-sensitive, as in the image.",
      });
    }
    return code;
  }
}

function describe(
  input: OwnCodeInput,
  entries: string[],
  files: Map<string, AnalyzedFile>,
  inputs: string[],
  imported: Set<string>,
  bare: BareRequest[],
  aliased: Set<string>,
): OwnCode {
  const { root, facts, resolver } = input;
  const entryPath = join(root, entries[0] as string);
  const warnings: BundleWarning[] = [];
  for (const path of files.keys()) if (!inputs.includes(path)) files.delete(path);
  const moduleScope = facts.scope(dirname(entryPath))?.json.type === "module";
  const format = outputFormat(entryPath, moduleScope, files);
  const outExtension = format === "esm" ? (moduleScope ? ".js" : ".mjs") : moduleScope ? ".cjs" : ".js";
  const requests: PackageRequest[] = [];
  for (const request of bare) {
    const statement = request.kind === "import-statement";
    const importerIsModule =
      /\.m[jt]s$/.test(request.importer) || facts.scope(dirname(request.importer))?.json.type === "module";
    // TypeScript's `import` in a CommonJS package becomes `require` when tsc compiles it: the same module has to be found.
    const first: RequestKind = statement
      ? format === "esm" || importerIsModule
        ? "import"
        : "require"
      : request.kind === "dynamic-import"
        ? "import"
        : "require";
    const target = [first, first === "import" ? "require" : "import"]
      .map((kind) => ({
        kind: kind as RequestKind,
        found: resolver.resolve(request.specifier, request.importer, kind as RequestKind),
      }))
      .find((one) => one.found.type === "file");
    if (target?.found.type === "file") {
      requests.push({
        specifier: request.specifier,
        importer: request.importer,
        kind: target.kind,
        target: target.found.path,
      });
    } else {
      warnings.push({
        code: "BUNDLE_OPTIONAL_MISSING",
        message: `${request.specifier} is not installed; ${relative(root, request.importer)} copes with that`,
        where: relative(root, request.importer),
      });
    }
  }
  const runtimeRequests: PackageRequest[] = [];
  const runtimeFiles: string[] = [];
  for (const [path, { analysis }] of files) {
    for (const request of analysis.requests) {
      if ((request.kind !== "own-require" && request.kind !== "resolve") || isBuiltinName(request.specifier)) continue;
      const found = resolver.resolve(request.specifier, path, "require");
      if (found.type !== "file") continue;
      if (/[\\/]node_modules[\\/]/.test(found.path))
        runtimeRequests.push({ specifier: request.specifier, importer: path, kind: "require", target: found.path });
      else runtimeFiles.push(found.path);
    }
  }
  const addon = inputs.find((path) => path.endsWith(".node"));
  const blocked =
    blocker(files, runtimeFiles, format, root, entries[0] as string, imported) ??
    (addon && `${relative(root, addon)} is a native addon`);
  return {
    entries,
    format,
    outExtension,
    files,
    inputs,
    imported,
    aliased,
    requests,
    runtimeRequests,
    runtimeFiles,
    blocked,
    warnings,
  };
}

/** ES modules stay ES modules; a TypeScript file in a CommonJS package becomes CommonJS unless something in it cannot. */
function outputFormat(entry: string, moduleScope: boolean, files: Map<string, AnalyzedFile>): "esm" | "cjs" {
  const ext = extname(entry);
  if (ext === ".mjs" || ext === ".mts") return "esm";
  if (ext === ".cjs" || ext === ".cts") return "cjs";
  if (moduleScope) return "esm";
  const analysis = files.get(entry)?.analysis;
  if (analysis?.syntax !== "esm") return "cjs";
  if (ext === ".js") return "esm";
  const needsEsm = [...files.values()].some(
    ({ analysis: one }) => one.topLevelAwait || one.places.some((p) => p.what.startsWith("meta-")),
  );
  return needsEsm ? "esm" : "cjs";
}

/** What makes a bundle of the app's own code unsafe. */
function blocker(
  files: Map<string, AnalyzedFile>,
  runtimeFiles: string[],
  format: "esm" | "cjs",
  root: string,
  entry: string,
  imported: Set<string>,
): string | undefined {
  for (const [path, { analysis }] of files) {
    for (const finding of analysis.findings) {
      if (!blocks(finding.code, finding.text, analysis, format)) continue;
      return `${relative(root, path)}:${finding.line} ${FINDINGS[finding.code]}: ${finding.text}`;
    }
  }
  const code = runtimeFiles.find((path) => /\.[cm]?[jt]sx?$/.test(path));
  if (code) return `${relative(root, code)} is required at run time through createRequire or require.resolve`;
  const main = files.get(join(root, entry))?.analysis;
  if (
    imported.has(join(root, entry)) &&
    main?.places.some((p) => p.what === "main-check" || p.what === "module-parent")
  ) {
    return `${entry} asks whether it is the main module, and another file of the app requires it`;
  }
  return undefined;
}

function blocks(code: keyof typeof FINDINGS, text: string, analysis: FileAnalysis, format: "esm" | "cjs"): boolean {
  switch (code) {
    case "computed-require":
    case "computed-import":
    case "require-value":
    case "require-cache":
    case "module-api":
    case "native":
    case "fork":
    case "worker":
    case "unparsable":
      return true;
    case "require-resolve":
      return !analysis.requests.some((r) => r.kind === "resolve") || text.startsWith("import.meta");
    case "module-object":
      return !/^(?:require\.main\.(?:filename|path)\b|module\.parent\b|import\.meta)/.test(text);
    case "eval":
      return /\b(?:require|import)\b/.test(text);
    case "top-level-await":
      return format === "cjs";
    default:
      return false;
  }
}

/** `./w.js` beside the file that starts it, also where only `./w.ts` is there. */
function workerEntries(files: Map<string, AnalyzedFile>, root: string): string[] {
  const found = new Set<string>();
  for (const [path, { analysis }] of files) {
    for (const worker of analysis.workers) {
      const at = resolve(dirname(path), worker);
      const source = [at, at.replace(/\.js$/, ".ts"), at.replace(/\.mjs$/, ".mts"), at.replace(/\.cjs$/, ".cts")].find(
        (p) => existsSync(p),
      );
      if (source) found.add(relative(root, source));
    }
  }
  return [...found].sort();
}

/** Whether esbuild may find a bare name in a tsconfig. */
function hasAliases(appDir: string, root: string): boolean {
  for (let dir = appDir; ; dir = dirname(dir)) {
    for (const name of ["tsconfig.json", "jsconfig.json"]) {
      const path = join(dir, name);
      if (existsSync(path) && /"(?:paths|baseUrl|extends)"/.test(readFileSync(path, "utf8"))) return true;
    }
    if (dir === root || dirname(dir) === dir) return false;
  }
}

/** Name of the cache file of the app's own analyses. */
export function groupOf(input: Pick<Project, "root" | "appDir">): string {
  return `app-${basename(input.root)}-${relative(input.root, input.appDir)}`;
}

export function isOwn(path: string, root: string): boolean {
  return path.startsWith(`${root}/`);
}
