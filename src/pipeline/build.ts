/** The main job: a source directory becomes an image, the image goes where it was asked to. */
import { statSync } from "node:fs";
import { resolve } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { cacheDir as defaultCacheDir } from "../base/dirs.ts";
import { throwIfAborted, usageError } from "../base/errors.ts";
import { type Emit, silent, step, type Warning, warningLine } from "../base/events.ts";
import { LOCK_FILE } from "../config/files.ts";
import type { Config } from "../config/schema.ts";
import type { EngineResult } from "../engines/types.ts";
import { outputs as outputKinds } from "../generated/outputs.ts";
import type { Reference } from "../oci/reference.ts";
import type { OutputReport, OutputRequest } from "../outputs/types.ts";
import { planKey } from "../plan/canonical.ts";
import { createRegistryClient, type RegistryClient } from "../registry/client.ts";
import { storeTag } from "../store/names.ts";
import { openStore } from "../store/store.ts";
import { attestOutputs, attestWish, checkAttestPlaces, checkSigner } from "./build-attest.ts";
import { buildWish, recordKey } from "./build-key.ts";
import { type BuildRecord, beginRecord, recall, remember } from "./build-record.ts";
import type { BuildOptions, BuildReport, KeptBuild } from "./build-types.ts";
import { bundleReport, type LastImage, lastImageKey } from "./last-image.ts";
import type { ImageRun, MadeImage } from "./make-image.ts";
import { outputContext, outputLabel } from "./output-context.ts";
import { rememberedConfig } from "./remembered-config.ts";
import { callKey, rememberCall, unchangedReport } from "./same-call.ts";

/** What one build carries through its phases. */
interface Run extends ImageRun {
  warnings: Warning[];
}

/**
 * Builds a directory.
 * @throws SOURCE_MISSING, NOTHING_DETECTED, ENTRYPOINT_NOT_FOUND, LOCKFILE_OUT_OF_SYNC, BUNDLE_FAILED, …
 */
export async function build(options: BuildOptions): Promise<BuildReport> {
  const beganMs = Date.now();
  const begin = performance.now();
  const run = prepare(options);
  try {
    const wish = buildWish(run);
    const key = recordKey(wish, options.tags);
    const record = options.fresh
      ? undefined
      : (run.store.readRecord("builds", key) as BuildRecord<KeptBuild> | undefined);
    const earlier = record && recall(record, run.dir);
    if (earlier && (await outputsStand(earlier, run))) {
      rememberCallOf(run, key, earlier);
      return unchangedReport(earlier.report, Math.round(performance.now() - begin));
    }
    const beginning = beginRecord(run.dir, beganMs, LOCK_FILE);
    const { report, names, requests, inputs, made } = await buildAnew(run, begin, key);
    if (options.session) options.session.inputs = inputs;
    const kept = { report, names, requests };
    const next = made.lasting && remember(run.dir, beginning, made.lockChanged, inputs, kept);
    if (next) {
      run.store.writeRecord("builds", key, next);
      rememberCallOf(run, key, next.result);
      if (options.call && !options.fresh && made.result.editBasis) {
        const { keepEdit } = await import("./keep-edit.ts");
        await keepEdit({ ...run, wish, record: next, made, report });
      }
    }
    return report;
  } finally {
    await closeRegistry(run);
  }
}

function rememberCallOf({ options, store, dir, cwd, env }: Run, build: string, kept: KeptBuild): void {
  const { call, fresh, registry } = options;
  const plainHttp = (typeof registry === "object" && registry.plainHttp) || [];
  if (call === undefined || fresh) return;
  rememberCall(store, { call: callKey({ argv: call, cwd, env }), dir, build, env, kept, plainHttp });
}

const clients = new WeakMap<Run, RegistryClient>();

function prepare(options: BuildOptions): Run {
  const cwd = options.cwd ?? process.cwd();
  const env = options.env ?? process.env;
  const dir = resolve(cwd, options.dir);
  const stats = statSync(dir, { throwIfNoEntry: false });
  if (!stats)
    throw usageError(
      "SOURCE_MISSING",
      `no such directory: ${options.dir}`,
      "Check the path; knbuild . builds the directory you are in.",
      dir,
    );
  if (!stats.isDirectory())
    throw usageError(
      "SOURCE_NOT_DIRECTORY",
      `not a directory: ${options.dir}`,
      "Name the directory that holds the app.",
      dir,
    );
  const cacheDir = options.cacheDir ?? defaultCacheDir(env);
  const signal = options.signal ?? new AbortController().signal;
  const warnings: Warning[] = [];
  const told = options.emit ?? silent;
  const emit: Emit = (event) => {
    // What is tried again with an older Node says it all again.
    if (event.type === "warning" && !warnings.some((known) => isDeepStrictEqual(known, event))) warnings.push(event);
    told(event);
  };
  const run: Run = {
    options,
    dir,
    cwd,
    env,
    cacheDir,
    store: openStore(cacheDir),
    registry: () => client(run),
    emit,
    signal,
    warnings,
  };
  return run;
}

function client(run: Run): RegistryClient {
  const { registry } = run.options;
  let made = clients.get(run);
  if (!made) {
    made =
      typeof registry === "function"
        ? registry()
        : createRegistryClient({
            env: run.env,
            cacheDir: run.cacheDir,
            emit: run.emit,
            signal: run.signal,
            mirrors: async () => (await configOf(run)).config.mirrors,
            trustedRealms: async () => (await configOf(run)).config.trustedRealms,
            ...registry,
          });
    clients.set(run, made);
  }
  return made;
}

function configOf({ dir, cwd, env, options, store }: Run) {
  return rememberedConfig({ dir, cwd, env, file: options.configFile, flags: options.overrides ?? {} }, store);
}

async function closeRegistry(run: Run): Promise<void> {
  if (typeof run.options.registry !== "function") await clients.get(run)?.close();
}

function outputKind(id: string) {
  const kind = outputKinds.find((output) => output.id === id);
  if (!kind)
    throw usageError(
      "OUTPUT_UNKNOWN",
      `no such output: ${id}`,
      `Use one of ${outputKinds.map((output) => output.id).join(", ")}.`,
    );
  return kind;
}

async function outputsStand(kept: KeptBuild, run: Run): Promise<boolean> {
  const context = outputContext(run, kept.names);
  for (const request of kept.requests) {
    const report = kept.report.outputs.find(
      ({ type, dest }) => type === request.type && (request.dest === undefined || dest === request.dest),
    );
    if (!report || !(await outputKind(request.type).stands(report, kept.report.digest, context))) return false;
  }
  return true;
}

async function buildAnew(run: Run, begin: number, key: string) {
  const startedOn = new Date();
  const [{ planImage }, { makeWithFittingNode }] = await Promise.all([
    import("./make-image.ts"),
    import("./older-node.ts"),
  ]);
  const planned = await planImage(run);
  const { names } = planned;
  const requests = chooseOutputs(run, names, planned.config.outputs);
  const attest = attestWish(run.options.attest ?? {}, planned.config, requests, run);
  const context = outputContext(run, names);
  checkAttestPlaces(attest, requests);
  await checkSigner(attest);
  const lastKey = lastImageKey(run.dir);
  const earlier = (run.store.readRecord("latest", lastKey) as LastImage | undefined) ?? { blobs: [] };
  for (const { type } of requests) outputKind(type).expect?.(earlier, context);
  const made = await makeWithFittingNode(run, planned);
  throwIfAborted(run.signal);
  const { result } = made;
  const outputBegin = performance.now();
  const reports: OutputReport[] = [];
  for (const request of requests) {
    const kind = outputKind(request.type);
    const label = outputLabel(request, names);
    reports.push(
      ...(await step(run.emit, `output-${request.type}`, label, () => kind.write(result.image, request, context))),
    );
  }
  const latest: LastImage = {
    image: result.image.descriptor.digest,
    blobs: result.layers.map(({ layer }) => layer.descriptor),
    plan: planKey(planned.plan),
    build: key,
    bundle: bundleReport(result.bundle),
  };
  run.store.writeRecord("latest", lastKey, latest);
  const attestations = await attestOutputs(
    { attest, dir: run.dir, env: run.env, startedOn, parameters: run.options.overrides ?? {} },
    made,
    requests,
    context,
  );
  const timingsMs = {
    plan: made.planMs,
    ...result.timingsMs,
    outputs: Math.round(performance.now() - outputBegin),
    total: Math.round(performance.now() - begin),
  };
  return {
    report: {
      ...toReport(run, made, result, reports, timingsMs),
      ...(attestations.length > 0 && { attestations }),
    },
    names,
    requests,
    inputs: [...made.inputs, ...result.inputs],
    made,
  };
}

/**
 * The store, unless something else was asked for. What the call asks for takes the place of what the configuration names; that
 * is made besides the store or the registry.
 */
function chooseOutputs(run: Run, names: readonly Reference[], configured: Config["outputs"]): OutputRequest[] {
  const { outputs: asked = [], push } = run.options;
  const requests: OutputRequest[] = (asked.length > 0 ? asked : configured).map(({ type, dest }) => ({
    type,
    ...(dest !== undefined && { dest: resolve(run.cwd, dest) }),
  }));
  for (const { type, dest } of requests) {
    if (outputKind(type).dest !== "none" && dest === undefined) {
      throw usageError("OUTPUT_NEEDS_DEST", `the output ${type} needs a destination`, `Write type=${type},dest=PATH.`);
    }
  }
  const toRegistry =
    push ?? (asked.length === 0 && Boolean(run.env["KNBUILD_REPO"]) && (run.options.tags ?? []).length === 0);
  const isNamed = (id: string) => requests.some(({ type }) => type === id);
  if (toRegistry) requests.push({ type: "registry" });
  else if (asked.length === 0 && !isNamed("store") && !isNamed("registry")) requests.push({ type: "store" });
  if (
    toRegistry &&
    names.every(({ registry }) => registry === "docker.io") &&
    names.every(({ repository }) => repository.startsWith("library/"))
  ) {
    throw usageError(
      "PUSH_NEEDS_NAME",
      "there is no registry to push to",
      "Name one: -t REGISTRY/PATH:TAG, or set KNBUILD_REPO=REGISTRY/PATH.",
    );
  }
  return requests;
}

function toReport(
  run: Run,
  made: MadeImage,
  result: EngineResult,
  outputs: OutputReport[],
  timingsMs: Record<string, number>,
): BuildReport {
  const { image, layers } = result;
  return {
    name: storeTag(made.names[0] as Reference),
    digest: image.descriptor.digest,
    platform: "linux/amd64",
    buildpack: made.plan.buildpack,
    base: { ref: made.plan.base.ref, digest: result.baseDigest },
    layers: layers.map(({ layer, kind, cached }) => ({
      digest: layer.descriptor.digest,
      diffId: layer.diffId,
      size: layer.descriptor.size,
      kind,
      cached,
    })),
    bundle: bundleReport(result.bundle),
    outputs,
    timingsMs,
    warnings: run.warnings.map(warningLine),
    unchanged: false,
    entrypoint: result.entrypoint,
    ...(result.modulesBytes !== undefined && { modulesBytes: result.modulesBytes }),
  };
}
