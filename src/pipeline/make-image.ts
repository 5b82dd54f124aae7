/** Source → configuration → plan → base and engine → image: everything of a build that comes before its outputs. */
import { join } from "node:path";
import type { GitState } from "../attest/provenance/git.ts";
import { usageError } from "../base/errors.ts";
import type { Emit, Warning } from "../base/events.ts";
import { firstOf } from "../base/signals.ts";
import type { ResolvedBase } from "../bases/resolve.ts";
import type { Finding } from "../check/types.ts";
import { LOCK_FILE } from "../config/files.ts";
import type { Config } from "../config/schema.ts";
import type { Engine, EngineResult } from "../engines/types.ts";
import type { MaterializeOptions } from "../layer/materialize.ts";
import { createSecretScanner } from "../layer/secrets.ts";
import { parseReference, type Reference, referenceTag } from "../oci/reference.ts";
import { isReachedOnPort, mayBeReachedOnPort, reachedOnPort } from "../plan/listen-on-port.ts";
import type { DockerfileStep, Plan } from "../plan/types.ts";
import type { RegistryClient } from "../registry/client.ts";
import { openSource, type Source } from "../source/open.ts";
import type { Store } from "../store/store.ts";
import { prepareBase } from "./base.ts";
import { baseNetwork } from "./base-network.ts";
import { chooseNames } from "./build-names.ts";
import type { BuildOptions } from "./build-types.ts";
import { choosePlan } from "./choose-plan.ts";
import { composition } from "./composition.ts";
import { type EditRecord, type GateWish, plannedFrom } from "./edit-record.ts";
import { lintGate, mendingVariables, ownPort, place } from "./lint-gate.ts";
import { checkNative } from "./native-check.ts";
import { rememberedConfig } from "./remembered-config.ts";
import { gitState, imageAnnotations, type SourceFacts, sourceFacts } from "./source-facts.ts";
import { gatePlace } from "./source-files.ts";
import { openSourcePlace, TRANSPORTS } from "./transports.ts";

export interface ImageRun {
  options: BuildOptions;
  dir: string;
  cwd: string;
  env: NodeJS.ProcessEnv;
  cacheDir: string;
  store: Store;
  registry: () => RegistryClient;
  emit: Emit;
  signal: AbortSignal;
}

/** What is decided before any work. */
export interface PlannedImage {
  names: Reference[];
  plan: Plan;
  config: Config;
  source: Source;
  facts: SourceFacts;
  engine: Engine;
  /** Files besides the source tree that decided something, absolute. */
  inputs: string[];
  planMs: number;
  /** The same sources give the same image: an unchanged tree need not be built again. */
  lasting: boolean;
  planned: EditRecord["planned"];
}

export interface MadeImage extends PlannedImage {
  result: EngineResult;
  lockChanged: boolean;
  /** What git said of the source. */
  git?: GitState | undefined;
  /** How the source was held against the contract; absent where it was not. */
  gate?: { options: GateWish; root: string; files: string[]; warnings: Warning[] };
  /** Something was said of the packages in the bundle. */
  toldOfPackages?: boolean;
}

/**
 * Reads the source and decides; nothing is run, written or fetched.
 * @param belowNode only Nodes older than this major are there to choose from
 */
export async function planImage(run: ImageRun, belowNode?: number): Promise<PlannedImage> {
  const { options, dir, cwd, env } = run;
  const begin = performance.now();
  const { config, file } = await rememberedConfig(
    { dir, cwd, env, file: options.configFile, flags: options.overrides ?? {} },
    run.store,
  );
  const source = openSource(dir);
  const { plan, engine, lasting } = await choosePlan(run, source, config, belowNode);
  const facts = sourceFacts(dir, env, plan.member);
  for (const warning of plan.warnings) run.emit({ type: "warning", ...warning });
  const names = chooseNames({
    name: config.name ?? plan.name,
    tags: options.tags?.length ? options.tags : config.tags,
    repo: env["KNBUILD_REPO"] || undefined,
    variables: { ...facts.variables, name: plan.name, version: facts.version },
  });
  const planMs = Math.round(performance.now() - begin);
  const inputs = file ? [file] : [];
  return { names, plan, config, source, facts, engine, inputs, planMs, lasting, planned: plannedFrom(source) };
}

/** What an earlier pass over the same source has told already: it is not told again. */
interface Earlier {
  steps: ReadonlySet<string>;
  /** It held the source against the contract, to the end. */
  judged: boolean;
}

export async function makeImage(given: ImageRun, planned: PlannedImage, earlier?: Earlier): Promise<MadeImage> {
  const ended = new Set(earlier?.steps);
  const run: ImageRun = {
    ...given,
    emit: (event) => {
      if ("id" in event && earlier?.steps.has(event.id)) return;
      if (event.type === "step-end") ended.add(event.id);
      given.emit(event);
    },
  };
  const { options, dir, env } = run;
  const { plan, config, source, engine } = planned;
  const annotating = annotationsOf(run, planned);
  annotating.catch(() => {});
  const layering: MaterializeOptions = {
    store: run.store,
    compression: config.compression,
    mtime: sourceDateEpoch(env),
    signal: run.signal,
  };
  const dockerfile = plan.steps.find((step) => step.type === "dockerfile");
  if (dockerfile) return makeFromDockerfile(run, planned, dockerfile, layering);
  // Started before the engine asks: the base and the app are made at the same time.
  const resolved = chooseBase(plan, config, run);
  resolved.catch(() => {});
  const { packages } = plan.base;
  const base = resolved.then(async (chosen) => {
    const prepared = await prepareBase(chosen, { ...layering, emit: run.emit });
    if (packages.length > 0) {
      const { checkBasePrograms } = await import("./base-programs.ts");
      await checkBasePrograms(chosen, { store: run.store, emit: run.emit, packages });
    }
    return prepared;
  });
  const allow = config.allowSecrets;
  const work = new AbortController();
  const signal = firstOf(run.signal, work.signal);
  const { annotations, git } = await annotating;
  let toldOfPackages = false;
  /** What stands in base.packages, and what was said to be missing there: one line mends all. */
  let wanted: readonly string[] = packages;
  const building = engine.build(plan, {
    sourceDir: dir,
    source,
    base,
    cacheDir: run.cacheDir,
    layering: {
      ...layering,
      inspect: { key: createSecretScanner({ allow }).cacheKey, create: () => createSecretScanner({ allow }) },
    },
    composition: async (inside) => {
      if (options.lint !== false) {
        const { lintBundle } = await import("./bundle-lint.ts");
        const emit: Emit = (event) => {
          toldOfPackages = true;
          run.emit(event);
        };
        await lintBundle(inside, { source, store: run.store, emit });
      }
      return composition(inside, run.store);
    },
    checkPrograms: async (starts) => {
      if (starts.length === 0) return;
      const { checkStartedPrograms } = await import("./started-programs.ts");
      const given = { store: run.store, emit: run.emit, packages: wanted, env: plan.config.env };
      wanted = await checkStartedPrograms(starts, await resolved, given);
    },
    checkNative: async (files) =>
      checkNative(files, await resolved, {
        store: run.store,
        emit: run.emit,
        signal,
        cacheDir: run.cacheDir,
        env,
        packages: wanted,
      }),
    gracefulShutdown: config.gracefulShutdown,
    compileCache: config.compileCache,
    fresh: options.fresh === true,
    nodeOptions: config.nodeOptions,
    args: config.args,
    annotations,
    env,
    npmConfig: async (cwd) => (await import("../bases/npm-config.ts")).readNpmConfig(cwd, env),
    signal,
    emit: run.emit,
    session: options.session?.bundle,
  });
  building.catch(() => {});
  // The contract is read while the engine works. What of it stands in files that the bundle does not hold is left out once
  // that is known; errors come before the image goes anywhere, and stop the engine.
  const bundles = plan.steps.some((step) => step.type === "bundle");
  const where = gatePlace(source, plan);
  const gateOptions: GateWish = {
    profile: config.profile,
    lint: config.lint,
    entry: where.entry,
    member: where.member,
    env: plan.config.env,
    handlesSigterm: config.gracefulShutdown && plan.entrypoint.argv[0] === "node",
    reachedOnPort: isReachedOnPort(plan),
    canBeReached: mayBeReachedOnPort(plan),
  };
  const gateWarnings: Warning[] = [];
  let seen: string[] = [];
  const gate =
    options.lint === false || earlier?.judged
      ? Promise.resolve([])
      : lintGate(
          where.source,
          {
            ...gateOptions,
            ...(bundles && {
              bundled: building.then(
                ({ bundle }) => bundle?.sources,
                () => undefined,
              ),
            }),
            emit: (event) => {
              if (event.type === "warning") gateWarnings.push(event);
              run.emit(event);
            },
            signal,
          },
          { ...where.files, files: async () => (seen = [...(await where.files.files())]) },
        );
  let own: Finding | undefined;
  try {
    const findings = await gate;
    if (gateOptions.canBeReached) own = ownPort(findings);
  } catch (error) {
    work.abort();
    await building.catch(() => {});
    const missing = mendingVariables(error);
    if (!missing) throw error;
    const lockChanged = (await resolved).lockChanged;
    return makeWithVariables(given, planned, missing, lockChanged, { steps: ended, judged: false });
  }
  const result = await building;
  if (own) return makeReached(given, planned, own, (await resolved).lockChanged, { steps: ended, judged: true });
  return {
    ...planned,
    result,
    lockChanged: (await resolved).lockChanged,
    git,
    toldOfPackages,
    ...(options.lint !== false && {
      gate: { options: gateOptions, root: where.source.root, files: seen, warnings: gateWarnings },
    }),
  };
}

/** A server that is on localhost unless a variable says otherwise is told by the image. */
function makeWithVariables(
  run: ImageRun,
  planned: PlannedImage,
  variables: Record<string, string>,
  lockChanged: boolean,
  earlier: Earlier,
): Promise<MadeImage> {
  const { plan } = planned;
  const config = { ...plan.config, env: { ...plan.config.env, ...variables } };
  const words = Object.entries(variables).map(([name, value]) => `${name}=${value}`);
  const message = `the server is on localhost unless told: the image sets ${words.join(" ")}`;
  run.emit({ type: "warning", code: "HOST_SET", message });
  return makeMended(run, planned, { ...plan, config }, lockChanged, earlier);
}

/** A server that knows a port of its own alone is reached on PORT as well. */
function makeReached(
  run: ImageRun,
  planned: PlannedImage,
  own: Finding,
  lockChanged: boolean,
  earlier: Earlier,
): Promise<MadeImage> {
  const message = `${own.message}; the image has it reached on PORT as well`;
  run.emit({ type: "warning", code: own.rule, message, where: place(own) });
  return makeMended(run, planned, reachedOnPort(planned.plan), lockChanged, earlier);
}

/** What the source lacks, the image has. An edit of the source may do without: it is a build. */
async function makeMended(
  run: ImageRun,
  planned: PlannedImage,
  plan: Plan,
  lockChanged: boolean,
  earlier: Earlier,
): Promise<MadeImage> {
  const made = await makeImage(run, { ...planned, plan }, earlier);
  const { editBasis: _, ...result } = made.result;
  return { ...made, result, lockChanged: lockChanged || made.lockChanged };
}

async function annotationsOf(
  { dir, env, emit }: ImageRun,
  { facts, config }: PlannedImage,
): Promise<{ annotations: Record<string, string>; git: GitState | undefined }> {
  const epoch = env["SOURCE_DATE_EPOCH"] ? sourceDateEpoch(env) : undefined;
  const git = await gitState(dir, env, emit);
  return { annotations: imageAnnotations(facts, config.annotations, git, epoch), git };
}

/** Linted first: nothing is built from a Dockerfile with errors. */
async function makeFromDockerfile(
  run: ImageRun,
  planned: PlannedImage,
  step: DockerfileStep,
  layering: MaterializeOptions,
): Promise<MadeImage> {
  const { config } = planned;
  const annotating = annotationsOf(run, planned);
  annotating.catch(() => {});
  if (run.options.lint !== false) {
    const { dockerfileGate } = await import("./dockerfile-gate.ts");
    await dockerfileGate({
      dir: run.dir,
      file: step.file,
      profile: config.profile,
      configFile: run.options.configFile,
      buildArgs: step.buildArgs,
      target: step.target,
      emit: run.emit,
      signal: run.signal,
    });
  }
  const allow = config.allowSecrets;
  const inspect = { key: createSecretScanner({ allow }).cacheKey, create: () => createSecretScanner({ allow }) };
  const { annotations } = await annotating;
  const { makeDockerfileImage } = await import("./dockerfile-image.ts");
  const result = await makeDockerfileImage(run, planned, { ...layering, inspect }, annotations);
  return { ...planned, result, lockChanged: false };
}

/** Resolves the base and holds it against the signature policy; of its layers nothing is made or fetched yet. */
async function chooseBase(plan: Plan, config: Config, run: ImageRun): Promise<ResolvedBase> {
  const { resolveBase } = await import("../bases/resolve.ts");
  const resolved = await resolveBase(plan.base.ref, {
    packages: plan.base.packages,
    cacheDir: run.cacheDir,
    lockFile: join(run.dir, LOCK_FILE),
    lockMode: run.options.locked ? "frozen" : "try",
    mirror: {
      ...(config.mirror?.debian && { url: config.mirror.debian }),
      ...(config.mirror?.debianSecurity && { securityUrl: config.mirror.debianSecurity }),
    },
    cwd: run.dir,
    ...baseNetwork(run.env, run.signal),
    emit: run.emit,
    openReference: (ref) => openBaseReference(ref, run),
  });
  if (config.verify?.base && resolved.kind === "reference") {
    const { enforceBasePolicy } = await import("./base-policy.ts");
    await enforceBasePolicy(resolved, config.verify.base, run);
  }
  return resolved;
}

async function openBaseReference(ref: string, run: ImageRun) {
  if (!TRANSPORTS.some((transport) => ref.startsWith(transport)) || ref.startsWith("docker://")) {
    const reference = parseReference(ref.replace(/^docker:\/\//, ""));
    return {
      target: run.registry().repository(reference, { access: "pull" }),
      tag: referenceTag(reference),
      remote: true,
    };
  }
  const place = await openSourcePlace(ref, {
    store: () => run.store,
    registry: (reference) => run.registry().repository(reference, { access: "pull" }),
  });
  return { target: place.target, tag: place.tag, remote: false };
}

/** https://reproducible-builds.org/specs/source-date-epoch @throws CONFIG_INVALID */
export function sourceDateEpoch(env: NodeJS.ProcessEnv): number {
  const text = env["SOURCE_DATE_EPOCH"];
  if (text === undefined || text === "") return 0;
  if (!/^\d{1,10}$/.test(text))
    throw usageError("CONFIG_INVALID", `SOURCE_DATE_EPOCH must be seconds since 1970, not ${JSON.stringify(text)}`);
  return Number(text);
}
