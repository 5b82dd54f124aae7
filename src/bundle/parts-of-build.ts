/** From what a full build found to the parts of its result: which file lies where, in which layer. */
import { dirname, join, relative, sep } from "node:path";
import type { LayerKind } from "../plan/types.ts";
import type { AnalyzedFile } from "./analysis-cache.ts";
import { externalFiles } from "./external-files.ts";
import { describePackages, seenFolders } from "./full-describe.ts";
import type { Judgement } from "./judge.ts";
import { groupOf, type OwnCode } from "./own-code.ts";
import type { BundleParts } from "./parts.ts";
import type { Project } from "./project.ts";
import { browsersOf, namesakePrograms } from "./started-programs.ts";
import { VENDOR_MODULE } from "./stubs.ts";
import type { BundleFile } from "./types.ts";
import type { Vendor } from "./vendor.ts";

export function partsOf(
  project: Project,
  own: OwnCode,
  judgement: Judgement,
  vendor: Vendor | undefined,
  code: {
    mode: "bundle" | "files";
    modeReason: string;
    consumed: string[];
    asIs: string[];
    entryOut: string;
    assets: BundleParts["assets"];
  },
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
    assets: code.assets,
    ...describePackages(
      judgement,
      vendor,
      root,
      own.requests.map(({ target }) => target),
    ),
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
    starts: startsOf(project, own, judgement),
  };
}

function startsOf(project: Project, { files, requests }: OwnCode, judgement: Judgement): BundleParts["starts"] {
  const { root, input } = project;
  const found = new Map<string, Set<string>>();
  const add = (program: string, by: string) => found.set(program, (found.get(program) ?? new Set()).add(by));
  // What another program's build wrote holds code of packages too: what of that ever runs is not certain.
  const own = input.roots === undefined ? files : new Map<string, AnalyzedFile>();
  for (const [path, { analysis }] of [...own, ...programFiles(project, judgement)])
    for (const { program, by, line } of analysis.starts ?? []) add(program, `${relative(root, path)}:${line}: ${by}`);
  const direct = new Set(requests.map(({ target }) => judgement.files.get(target)?.packageDir));
  for (const { program, by } of [...namesakePrograms(judgement, direct), ...browsersOf(judgement, direct)])
    add(program, by);
  return [...found]
    .map(([program, by]) => ({ program, by: [...by].sort() }))
    .sort((a, b) => (a.program < b.program ? -1 : 1));
}

/** Where a package's program is started, its package is what the app is: what its files start is read as the app's own. */
function programFiles(
  { appDir, root, input, facts, analyses }: Project,
  judgement: Judgement,
): [string, AnalyzedFile][] {
  const entry = facts.realpath(join(appDir, input.entry));
  if (!entry.includes(`${sep}node_modules${sep}`)) return [];
  const program = facts.packageOf(entry)?.dir;
  const files = [...judgement.files.values()].filter(({ packageDir }) => packageDir === program);
  return files.map(({ path }) => {
    const moduleScope = facts.scope(dirname(path))?.json.type === "module";
    return [path, analyses.analyze(groupOf({ root, appDir }), relative(root, path), path, { moduleScope, own: true })];
  });
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

/** The app, and the workspace members (outside of it) whose files take part. */
export function ownDirs(project: Project, own: OwnCode): string[] {
  const dirs = new Set([project.appDir]);
  for (const path of own.inputs) {
    if (path.startsWith(`${project.appDir}/`)) continue;
    const scope = project.facts.packageOf(path);
    if (scope && scope.dir !== project.root) dirs.add(scope.dir);
  }
  return [...dirs].sort();
}
