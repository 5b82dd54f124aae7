/**
 * A bundle without the app's own output: what stays the same from one edit to the next. Plain JSON, so that it can be kept;
 * `assemble` adds the rest.
 */
import { join, relative } from "node:path";
import { templatePath } from "../base/package-root.ts";
import type { LayerKind } from "../plan/types.ts";
import { listAssets } from "./assets.ts";
import type { OwnOutput } from "./own-output.ts";
import type { BundleFile, BundleInput, BundleResult, BundleWarning, ExternalPackage, ShippedPackage } from "./types.ts";

export interface BundleParts {
  /** Real paths. */
  root: string;
  appDir: string;
  /** Folders whose data files belong to the app: itself, and members of its workspace that it uses. */
  ownDirs: string[];
  /** Path of the file that node starts, relative to the root. */
  entryOut: string;
  format: "esm" | "cjs";
  mode: BundleResult["mode"];
  modeReason: string;
  /** Everything that is not the app's own output and not an asset; sources are files and links. */
  files: Partial<Record<LayerKind, BundleFile[]>>;
  /** The app's code that is in the bundle or compiled: not shipped again as assets. */
  consumed: string[];
  /** Data files the code asks for through `createRequire`. */
  runtimeFiles: string[];
  packagesReadFiles: boolean;
  /** Which data files are shipped; auto: all where something reads files. */
  assets: "auto" | "all" | "none";
  packageSigterm: string[];
  bundled: string[];
  external: ExternalPackage[];
  packages: ShippedPackage[];
  modulesBytes?: number;
  lacking?: BundleResult["lacking"];
  inputs: string[];
  warnings: BundleWarning[];
  starts: BundleResult["starts"];
}

/** What the app's own files say, summed up. */
export interface OwnFacts {
  readsFiles: boolean;
  sigterm: string[];
}

export async function assemble(
  input: BundleInput,
  parts: BundleParts,
  own: OwnFacts,
  outputs: OwnOutput[],
): Promise<BundleResult> {
  const { root } = parts;
  const imageRoot = input.imageAppDir.replace(/^\/+/, "");
  const files: Partial<Record<LayerKind, BundleFile[]>> = {};
  for (const [kind, list] of Object.entries(parts.files)) files[kind as LayerKind] = [...list];
  const add = (kind: LayerKind, file: BundleFile) => (files[kind] ??= []).push(file);

  for (const output of outputs) {
    add("app", { path: join(imageRoot, output.path), source: { bytes: output.code }, mode: 0o644 });
    if (output.map)
      add("sourcemaps", { path: join(imageRoot, `${output.path}.map`), source: { bytes: output.map }, mode: 0o644 });
  }
  const taken = new Set(Object.values(files).flatMap((list) => list.map((f) => f.path)));
  const warnings = [...parts.warnings];
  const assetInputs: string[] = [];
  const addAsset = (path: string, mode: number) => {
    const at = join(imageRoot, relative(root, path));
    if (taken.has(at)) return;
    taken.add(at);
    assetInputs.push(path);
    add("assets", { path: at, source: { file: path }, mode });
  };
  const policy = parts.assets === "auto" ? (own.readsFiles || parts.packagesReadFiles ? "all" : "none") : parts.assets;
  const consumed = new Set(parts.consumed);
  for (const dir of parts.ownDirs) {
    const matches = dir === parts.appDir ? await globMatcher(dir, input) : () => false;
    const include = dir === parts.appDir ? input.include : [];
    const exclude = dir === parts.appDir ? input.exclude : [];
    const { ignores } = input;
    const assets = listAssets(
      { appDir: dir, bundled: consumed, policy, typescript: false, include, exclude, ignores },
      matches,
    );
    warnings.push(...assets.warnings);
    for (const asset of assets.files) addAsset(asset.path, asset.mode);
  }
  for (const path of parts.runtimeFiles) addAsset(path, 0o644);

  const sigtermEvidence = [...own.sigterm, ...parts.packageSigterm];
  const nodeArgs = files.sourcemaps || files["vendor-sourcemaps"] ? ["--enable-source-maps"] : [];
  const preload = (name: string) => {
    const at = join(imageRoot, "node_modules/@knbuild", name);
    add("runtime", { path: at, source: { file: templatePath("runtime", name) }, mode: 0o644 });
    nodeArgs.push("--require", `/${at}`);
  };
  if (input.gracefulShutdown && sigtermEvidence.length === 0) preload("graceful-shutdown.cjs");
  // A package's script, or the system's program by its name.
  const opensPages = [...taken].some((path) => path.endsWith("/xdg-open"));
  if (opensPages || parts.starts.some(({ program }) => program === "xdg-open")) preload("no-browser.cjs");
  for (const list of Object.values(files)) list.sort((a, b) => (a.path < b.path ? -1 : 1));
  return {
    files,
    bundled: parts.bundled,
    external: parts.external,
    packages: parts.packages,
    ...(parts.mode === "bundle" && { sources: parts.consumed }),
    ...(parts.modulesBytes !== undefined && { modulesBytes: parts.modulesBytes }),
    ...(parts.lacking && { lacking: parts.lacking }),
    handlesSigterm: sigtermEvidence.length > 0,
    sigtermEvidence,
    entry: join(input.imageAppDir, parts.entryOut),
    format: parts.format,
    workdir: join(input.imageAppDir, relative(root, parts.appDir)),
    nodeArgs,
    mode: parts.mode,
    modeReason: parts.modeReason,
    inputs: [...new Set([...parts.inputs, ...assetInputs])].sort(),
    warnings,
    starts: parts.starts,
    incremental: false,
  };
}

/** Whether a path relative to the app matches one of the globs; nothing is loaded where none is given. */
export async function globMatcher(
  dir: string,
  input: Pick<BundleInput, "include" | "exclude">,
): Promise<(path: string, globs: string[]) => boolean> {
  const globs = [...input.include, ...input.exclude];
  if (globs.length === 0) return () => false;
  const { globSync } = await import("tinyglobby");
  const found = new Map<string, Set<string>>();
  for (const glob of globs)
    found.set(glob, new Set(globSync(glob, { cwd: dir, dot: true, ignore: ["**/node_modules/**", "**/.git/**"] })));
  return (path, wanted) => wanted.some((glob) => found.get(glob)?.has(path));
}
