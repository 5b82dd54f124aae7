import { dirname, join, posix, relative } from "node:path";
import { mapConcurrent } from "../../base/concurrency.ts";
import { step as progressStep } from "../../base/events.ts";
import { templatePath } from "../../base/package-root.ts";
import type { BundleFile, BundleResult } from "../../bundle/types.ts";
import { PLATFORM_VARIABLES } from "../../contract/platform-variables.ts";
import { siteDirectory } from "../../install/index.ts";
import { materialize } from "../../layer/materialize.ts";
import { composeImage } from "../../oci/compose.ts";
import type { TarEntry } from "../../oci/layer-source.ts";
import type { RuntimeConfig } from "../../oci/manifest.ts";
import { type BundleStep, type CopyStep, LAYER_ORDER, type LayerKind, type Plan } from "../../plan/types.ts";
import { openStatCache } from "../../source/stat-cache.ts";
import { bundleInput } from "../bundle-input.ts";
import { type CompileCache, compileCache } from "../compile-cache.ts";
import { copyFilter } from "../copy-filter.ts";
import { editBasis } from "../edit-basis.ts";
import { diskEntry, type FileDigest, linkEntry, listFiles, textEntry } from "../files.ts";
import { ownDirectories } from "../own-directories.ts";
import {
  type BuiltLayer,
  type BundleSummary,
  defineEngine,
  type EngineBase,
  type EngineContext,
  type EngineResult,
} from "../types.ts";
import { prepareWorkspace, type Workspace } from "../workspace.ts";

/** In this process: installs, bundles and packs; no daemon, no root, no container. */
export default defineEngine({
  id: "native",
  summary: "in this process: no daemon, no root",
  rank: 0,
  capabilities: ["install", "host-command", "bundle", "copy", "runtime-file", "dockerfile"],
  probe: async () => ({ ok: true }),
  build,
  dockerfile: {
    offers: ["git"],
    build: async (step, context) =>
      (await import("../dockerfile/build-native.ts")).buildDockerfileNatively(step, context),
  },
});

async function build(plan: Plan, context: EngineContext): Promise<EngineResult> {
  const timingsMs: Record<string, number> = {};
  const timed = async <T>(name: string, task: () => Promise<T>): Promise<T> => {
    const begin = performance.now();
    try {
      return await task();
    } finally {
      timingsMs[name] = Math.round((timingsMs[name] ?? 0) + performance.now() - begin);
    }
  };
  // The base is being made meanwhile; its failure is reported where it is awaited.
  context.base.catch(() => {});
  const statCache = openStatCache(join(context.cacheDir, "stat-cache"));
  const groups = new Map<LayerKind, TarEntry[]>();
  const add = (kind: LayerKind, entry: TarEntry) => {
    const group = groups.get(kind);
    if (group) group.push(entry);
    else groups.set(kind, [entry]);
  };

  const workspace = await prepareWorkspace(plan, context, statCache, timed);
  let bundle: BundleResult | undefined;
  for (const step of plan.steps) {
    if (step.type === "bundle") {
      bundle = await timed("bundle", () => runBundle(step, workspace, context));
      for (const [kind, files] of Object.entries(bundle.files)) {
        for (const file of files) add(kind as LayerKind, bundleEntry(file, statCache.digestOf));
      }
      const beside = bundle.files.vendor ? "vendor" : "dependencies";
      if (context.composition && groups.has(beside))
        add(beside, await context.composition({ ...workspace, packages: bundle.packages }));
    } else if (step.type === "copy") {
      for (const entry of copyEntries(step, workspace, statCache.digestOf)) add(step.layer, entry);
    } else if (step.type === "runtime-file") {
      const file = templatePath(...step.template.split("/"));
      add(step.layer, diskEntry(step.to.replace(/^\/+/, ""), file, statCache.digestOf, 0o644));
    }
  }
  if (bundle) await context.checkPrograms?.(bundle.starts);
  await context.checkNative?.([...groups.values()].flat().filter(isNative));
  const { user, workdir } = plan.config;
  const base = await timed("base", () => context.base);
  // Made by the base's node, before there are buffers of half-made layers: two nodes at once are the peak of a build's memory.
  const cache =
    context.compileCache && bundle
      ? await timed("compileCache", () => cacheOf(plan, bundle, base, context, statCache.digestOf))
      : undefined;
  for (const [kind, cached] of Object.entries(cache?.entries ?? {}))
    for (const entry of cached) add(kind as LayerKind, entry);
  const entries = new Map([...groups].map(([kind, group]) => [kind, ownDirectories(kind, group, workdir, user)]));
  const made = await timed("layers", () =>
    progressStep(
      context.emit,
      "layers",
      "layers",
      () =>
        mapConcurrent(
          LAYER_ORDER.filter((kind) => entries.has(kind)),
          2,
          async (kind) => ({
            kind,
            layer: await materialize(
              { kind, comment: `knbuild ${kind}`, entries: () => entries.get(kind) ?? [] },
              context.layering,
            ),
          }),
        ),
      (layers) => ({ cached: layers.every(({ layer }) => layer.cached) }),
    ),
  );
  statCache.save();
  const config = runtimeConfig(plan, base, bundle, context, cache?.nodeArgs ?? []);
  const image = composeImage({
    layers: [...base.layers, ...made.map(({ kind, layer }) => ({ layer, history: { created_by: `knbuild ${kind}` } }))],
    config,
    annotations: { ...base.annotations, ...context.annotations },
    created: new Date((context.layering.mtime ?? 0) * 1000).toISOString().replace(".000Z", "Z"),
  });
  const layers: BuiltLayer[] = [
    ...base.layers.map(({ layer, kind, cached }) => ({ layer, kind, cached })),
    ...made.map(({ kind, layer }) => ({ layer, kind, cached: layer.cached })),
  ];
  const basis = bundle && editBasis(plan, bundle, entries, context.compileCache);
  return {
    image,
    ...(basis && { editBasis: basis }),
    entrypoint: config.Entrypoint ?? [],
    baseDigest: base.digest,
    layers,
    ...(bundle && { bundle: summary(bundle, workspace.appDir, plan.member) }),
    ...(bundle?.modulesBytes !== undefined && { modulesBytes: bundle.modulesBytes }),
    inputs: watchedInputs(plan, bundle, context),
    timingsMs,
  };
}

async function runBundle(step: BundleStep, workspace: Workspace, context: EngineContext): Promise<BundleResult> {
  const { bundleApp } = await import("../../bundle/bundle.ts");
  const label = step.enabled ? `bundle ${step.entry}` : `pack ${step.entry}`;
  const result = await progressStep(
    context.emit,
    "bundle",
    label,
    () =>
      bundleApp(bundleInput(step, workspace, context), {
        signal: context.signal,
        session: context.session,
        anew: context.fresh,
      }),
    ({ bundled, external }) => ({ note: `${bundled.length} packages bundled, ${external.length} as files` }),
  );
  for (const warning of result.warnings) context.emit({ type: "warning", ...warning });
  return result;
}

/** By these node_modules tells what is in it; there or not. */
const MANAGERS_NOTES = [".package-lock.json", ".modules.yaml", ".yarn-state.yml", ".yarn-integrity"];

/** What the state of the source tree does not show: packages used in place, and files of a monorepo above the app. */
function watchedInputs(plan: Plan, bundle: BundleResult | undefined, context: EngineContext): string[] {
  const watched = (bundle?.inputs ?? []).filter(
    // What lies in the cache is named by its content; the source tree is watched as a whole, node_modules apart.
    (path) =>
      !path.startsWith(`${context.cacheDir}/`) &&
      (!path.startsWith(`${context.sourceDir}/`) || path.includes("/node_modules/")),
  );
  for (const step of plan.steps) {
    if (step.type !== "install" || step.workspaceRoot === undefined) continue;
    const root = join(context.sourceDir, plan.member ?? ".", step.workspaceRoot);
    watched.push(...step.inputs.map((path) => join(root, path)));
  }
  if (plan.steps.some(({ type }) => type === "host-command")) watched.push(...builtFrom(plan, context));
  watched.push(...MANAGERS_NOTES.map((name) => join(context.sourceDir, "node_modules", name)));
  return [...new Set(watched)].sort();
}

/** A build command may read anything of a monorepo: all its files and folders outside of the source tree. */
function builtFrom(plan: Plan, context: EngineContext): string[] {
  const above = plan.steps.find((step) => step.type === "install")?.workspaceRoot ?? ".";
  const root = context.source.at(join(plan.member ?? ".", above));
  const files = root.list().map(({ path }) => join(root.root, path));
  return [...files, ...files.map((path) => dirname(path))].filter(
    (path) => path !== context.sourceDir && !path.startsWith(`${context.sourceDir}/`),
  );
}

/** `.node` addons, shared libraries, and what may be a program. */
function isNative(entry: TarEntry): boolean {
  if (entry.type === "directory") return false;
  // A link in the middle of a path may be the way to a library: pnpm's packages find one another by such alone.
  if (entry.type === "symlink") return true;
  return (entry.type === "file" && (entry.mode & 0o111) !== 0) || /\.node$|\.so(?:\.\d+)*$/.test(entry.path);
}

function cacheOf(
  plan: Plan,
  bundle: BundleResult,
  base: EngineBase,
  context: EngineContext,
  digest: FileDigest,
): Promise<CompileCache | undefined> {
  const step = plan.steps.find(({ type }) => type === "bundle") as BundleStep;
  const { cacheDir, emit, signal } = context;
  return compileCache({ bundle, base, imageAppDir: step.appDir, cacheDir, digest, emit, signal });
}

function bundleEntry(file: BundleFile, digest: FileDigest): TarEntry {
  if ("bytes" in file.source) return textEntry(file.path, file.source.bytes, file.mode);
  if ("link" in file.source) return linkEntry(file.path, file.source.link);
  return diskEntry(file.path, file.source.file, digest, file.mode);
}

function* copyEntries(step: CopyStep, workspace: Workspace, digest: FileDigest): Generator<TarEntry> {
  const from = step.instead ? siteDirectory(workspace.appDir, [step.from, ...step.instead]) : undefined;
  const root = join(workspace.appDir, from ?? step.from);
  const { wanted, prunes } = copyFilter(step.include, step.exclude);
  for (const path of listFiles(root, wanted, prunes)) {
    if (workspace.ignores(join(root, path))) continue;
    yield diskEntry(posix.join(step.to, path).replace(/^\/+/, ""), join(root, path), digest);
  }
}

function runtimeConfig(
  plan: Plan,
  base: EngineBase,
  bundle: BundleResult | undefined,
  context: EngineContext,
  firstArgs: readonly string[],
): RuntimeConfig {
  const env = new Map<string, string>();
  for (const pair of base.config.Env ?? [])
    env.set(pair.slice(0, pair.indexOf("=")), pair.slice(pair.indexOf("=") + 1));
  for (const [name, value] of Object.entries(plan.config.env)) env.set(name, value);
  // They belong to the platform: a base that sets them would only mislead.
  for (const name of PLATFORM_VARIABLES) env.delete(name);
  const { config } = plan;
  return {
    User: config.user,
    ExposedPorts: Object.fromEntries(config.exposedPorts.map((port) => [port, {}])),
    Env: [...env].map(([name, value]) => `${name}=${value}`),
    Entrypoint: startCommand(plan, base, bundle, context, firstArgs),
    WorkingDir: posix.join(bundle?.workdir ?? config.workdir, plan.entrypoint.directory ?? "."),
    Labels: config.labels,
    StopSignal: "SIGTERM",
  };
}

const SOURCE_MAPS = "--enable-source-maps";

/** node itself as PID 1 (S23), by its absolute path; the app's file where the bundle put it. */
function startCommand(
  plan: Plan,
  base: EngineBase,
  bundle: BundleResult | undefined,
  context: EngineContext,
  firstArgs: readonly string[],
): string[] {
  const [program = "node", ...rest] = plan.entrypoint.argv;
  const { file } = plan.entrypoint;
  // What the app's own command says already is not said twice.
  const bundleArgs = (bundle?.nodeArgs ?? []).filter((arg) => arg !== SOURCE_MAPS || !rest.includes(SOURCE_MAPS));
  const nodeArgs = [...firstArgs, ...bundleArgs, ...context.nodeOptions];
  const args = rest.map((argument) => (bundle && file !== undefined && argument === file ? bundle.entry : argument));
  if (bundle && program.startsWith("node_modules/.bin/")) {
    // A package's own command: the bundle found the script behind the shim, which wants a shell.
    return [nodePath(base), ...nodeArgs, bundle.entry, ...args, ...context.args];
  }
  if (program !== "node") return [program, ...args, ...context.args];
  return [nodePath(base), ...nodeArgs, ...args, ...context.args];
}

/** A base by reference starts node itself, as distroless does, or has it on its PATH. */
function nodePath(base: EngineBase): string {
  if (base.nodePath) return base.nodePath;
  const first = base.config.Entrypoint?.[0];
  return first && /(^|\/)node$/.test(first) ? first : "node";
}

function summary(bundle: BundleResult, appDir: string, member = "."): BundleSummary {
  // A copy of the tree lies as the tree does.
  const sources = bundle.sources?.map((path) => join(member, relative(appDir, path))).sort();
  return {
    ...(sources && { sources }),
    ...(bundle.lacking && { lacking: bundle.lacking }),
    bundled: bundle.bundled,
    external: bundle.external,
    packages: bundle.packages,
    handlesSigterm: bundle.handlesSigterm,
    mode: bundle.mode,
  };
}
