/** A Dockerfile without RUN, in this process: stages over trees, layers of what changes in them. */
import { readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { errnoCode, KnbuildError } from "../../base/errors.ts";
import { step as progressStep } from "../../base/events.ts";
import { type Interpretation, interpret, type Stage, stageInstructions } from "../../dockerfile/interpret.ts";
import { parseDockerfile } from "../../dockerfile/parse.ts";
import type { Document } from "../../dockerfile/syntax.ts";
import { composeImage } from "../../oci/compose.ts";
import { Annotation } from "../../oci/descriptor.ts";
import type { Image } from "../../oci/image.ts";
import type { ImageConfig } from "../../oci/manifest.ts";
import type { DockerfileStep } from "../../plan/types.ts";
import { openStatCache } from "../../source/stat-cache.ts";
import type { DockerfileContext, EngineResult } from "../types.ts";
import { type BuiltStage, buildStage } from "./build-stage.ts";
import { contextTree } from "./context-tree.ts";
import { cloneTree, type DirectoryNode, emptyRoot } from "./file-tree.ts";
import { ignoreFileOf } from "./ignore-file.ts";
import { imageTree } from "./image-tree.ts";
import { contextSources, copySource, parseTriggers, type StageGraph, stageGraph } from "./stage-graph.ts";
import { imageOfConfig, imageOfStage, scratchImage } from "./stage-image.ts";
import { createTarSpool } from "./tar-spool.ts";

/** A base image as far as it was read. */
interface OpenedImage {
  image: Image;
  config: ImageConfig;
}

/** @throws DOCKERFILE_FAILED, COPY_SOURCE_MISSING, ENGINE_CANNOT (a trigger of a base runs something), BASE_REFERENCE_UNKNOWN, … */
export async function buildDockerfileNatively(step: DockerfileStep, context: DockerfileContext): Promise<EngineResult> {
  const begin = performance.now();
  const document = parseDockerfile(readDockerfile(context.sourceDir, step.file));
  const opened = new Map<string, OpenedImage>();
  const graph = await readGraph(document, step, context, opened);
  const basesMs = Math.round(performance.now() - begin);
  const statCache = openStatCache(join(context.cacheDir, "stat-cache"));
  const spool = createTarSpool(context.layering.store, tmpdir());
  let scratch: Promise<string> | undefined;
  const built = new Map<Stage, BuiltStage>();
  const inside = new Set<Stage>();
  for (let stage: Stage | undefined = graph.target; stage; stage = stage.base) inside.add(stage);
  // A secret in a stage that is only copied from is in no image: BuildKit's users put it there for that very reason.
  const { inspect: _guard, ...unguarded } = context.layering;
  const trees = new Map<string, Promise<DirectoryNode>>();
  let buildContext: DirectoryNode | undefined;

  const treeOf = (ref: string): Promise<DirectoryNode> => {
    let tree = trees.get(ref);
    if (!tree) {
      tree = namedTree(ref, step, context, statCache.digestOf) ?? layersOf(ref);
      trees.set(ref, tree);
    }
    return tree;
  };
  const layersOf = async (ref: string): Promise<DirectoryNode> => {
    const { image } = opened.get(ref) ?? { image: await context.openImage(ref) };
    return imageTree(await image.layers(), spool, context.fetchLayer);
  };

  try {
    for (const stage of graph.stages) {
      const label = stage.name ?? `stage ${stage.index}`;
      await progressStep(
        context.emit,
        `stage-${stage.index}`,
        label,
        async () => {
          const begun = await beginStage(stage, built, opened, treeOf, stage !== graph.target || touchesFiles(stage));
          built.set(stage, begun);
          await buildStage({
            stage,
            model: graph.model,
            context: inside.has(stage) ? context : { ...context, layering: unguarded },
            spool,
            built: begun,
            file: step.file,
            lineOf: ({ startLine }) => startLine,
            buildContext: () => {
              const { sourceDir } = context;
              buildContext ??= contextTree(sourceDir, ignoreFileOf(sourceDir, step.file), statCache.digestOf);
              return buildContext;
            },
            contextSources: () => contextSources(graph),
            scratch: () => (scratch ??= mkdtemp(join(tmpdir(), "knbuild-add-"))),
            source: async (from, seenFrom) => {
              const source = copySource(graph.model, from, seenFrom);
              return "stage" in source ? (built.get(source.stage) as BuiltStage).root : treeOf(source.image);
            },
          });
          return begun;
        },
        ({ layers }) => ({ cached: layers.every(({ cached }) => cached) }),
      );
    }
    statCache.save();
    const layersMs = Math.round(performance.now() - begin) - basesMs;
    return await result(graph, built.get(graph.target) as BuiltStage, opened, context, {
      bases: basesMs,
      layers: layersMs,
    });
  } finally {
    await spool.close();
    if (scratch) await rm(await scratch, { recursive: true, force: true });
  }
}

function readDockerfile(sourceDir: string, file: string): string {
  try {
    return readFileSync(resolve(sourceDir, file), "utf8");
  } catch (error) {
    throw new KnbuildError({
      code: "DOCKERFILE_MISSING",
      message: `cannot read ${file} (${errnoCode(error)})`,
      where: sourceDir,
      exitCode: 2,
      cause: error,
    });
  }
}

/** Base images are read first: their variables and triggers are part of what the Dockerfile says. */
async function readGraph(
  document: Document,
  step: DockerfileStep,
  context: DockerfileContext,
  opened: Map<string, OpenedImage>,
): Promise<StageGraph> {
  const options = { buildArgs: step.buildArgs, ...(step.target !== undefined && { target: step.target }) };
  const open = async (ref: string, stage?: Stage): Promise<void> => {
    if (opened.has(ref) || (Object.hasOwn(step.contexts, ref) && isDirectory(step.contexts[ref] as string))) return;
    const image = await context.openImage(step.contexts[ref] ?? ref, stage?.platform);
    opened.set(ref, { image, config: await image.config() });
  };
  const read = (): StageGraph => {
    const model: Interpretation = interpret(document, {
      ...options,
      baseEnv: (image) => envOf(opened.get(image)?.config),
      triggers: (stage) =>
        stage.base
          ? stage.base.triggers
          : parseTriggers(stage.image === undefined ? [] : opened.get(stage.image)?.config.config?.OnBuild),
    });
    return stageGraph(model, step.target);
  };
  // A trigger may copy from an image that nothing else names: read until nothing new turns up.
  for (let known = -1; known !== opened.size; ) {
    known = opened.size;
    const graph = read();
    for (const stage of graph.stages) {
      if (stage.base || stage.image === undefined || stage.image === "scratch") continue;
      await open(stage.image, stage);
    }
  }
  const graph = read();
  if (graph.needs.includes("run")) {
    throw new KnbuildError({
      code: "ENGINE_CANNOT",
      message: "a trigger of a base image runs a command, which the native engine does not do",
      where: step.file,
      hint: "Use --engine docker, buildah or podman.",
    });
  }
  return graph;
}

function isDirectory(place: string): boolean {
  return !/^[a-z-]+:\/\//.test(place);
}

function namedTree(
  ref: string,
  { contexts }: DockerfileStep,
  { sourceDir }: DockerfileContext,
  digest: Parameters<typeof contextTree>[2],
): Promise<DirectoryNode> | undefined {
  const place = Object.hasOwn(contexts, ref) ? contexts[ref] : undefined;
  if (place === undefined || !isDirectory(place)) return undefined;
  const directory = resolve(sourceDir, place);
  // It has no Dockerfile that could have one of its own.
  return Promise.resolve(contextTree(directory, ignoreFileOf(directory), digest));
}

function envOf(config: ImageConfig | undefined): Record<string, string> | undefined {
  if (!config) return undefined;
  return Object.fromEntries(
    (config.config?.Env ?? []).map((pair) => {
      const equals = pair.indexOf("=");
      return equals < 0 ? [pair, ""] : [pair.slice(0, equals), pair.slice(equals + 1)];
    }),
  );
}

/** Does a stage look at or change files? Where the last one does not, its base's layers need not be read. */
function touchesFiles(stage: Stage): boolean {
  return stageInstructions(stage).some(({ name }) => ["copy", "add", "workdir"].includes(name));
}

async function beginStage(
  stage: Stage,
  built: ReadonlyMap<Stage, BuiltStage>,
  opened: ReadonlyMap<string, OpenedImage>,
  treeOf: (ref: string) => Promise<DirectoryNode>,
  needsTree: boolean,
): Promise<BuiltStage> {
  if (stage.base) {
    const base = built.get(stage.base) as BuiltStage;
    return { root: cloneTree(base.root), image: imageOfStage(base.image), layers: [...base.layers] };
  }
  const base = stage.image === undefined ? undefined : opened.get(stage.image);
  if (!base) return { root: emptyRoot(), image: scratchImage(), layers: [] };
  const layers = (await base.image.layers()).map((layer) => ({ layer, kind: "base" as const, cached: true }));
  const root = needsTree ? cloneTree(await treeOf(stage.image as string)) : emptyRoot();
  const image = imageOfConfig(base.config);
  // Some builders leave the history out: then it must not be shorter than the layers.
  const missing = layers.length - image.history.filter(({ empty_layer }) => !empty_layer).length;
  for (let i = 0; i < missing; i++) image.history.unshift({ created_by: stage.image as string });
  return { root, image, layers };
}

async function result(
  graph: StageGraph,
  { image: stageImage, layers }: BuiltStage,
  opened: ReadonlyMap<string, OpenedImage>,
  context: DockerfileContext,
  timingsMs: Record<string, number>,
): Promise<EngineResult> {
  const { config, history, author } = stageImage;
  if (Object.keys(context.labels).length > 0) config.Labels = { ...config.Labels, ...context.labels };
  let bottom: Stage = graph.target;
  while (bottom.base) bottom = bottom.base;
  const base = bottom.image === undefined ? undefined : opened.get(bottom.image);
  const created = new Date((context.layering.mtime ?? 0) * 1000).toISOString().replace(".000Z", "Z");
  const image = composeImage({
    layers: layers.map(({ layer }) => ({ layer, history: {} })),
    config,
    history: history.map((entry) => ({ created, ...entry })),
    author,
    annotations: {
      ...(base && {
        [Annotation.baseName]: bottom.image as string,
        [Annotation.baseDigest]: base.image.descriptor.digest,
      }),
      ...context.annotations,
    },
    created,
  });
  return {
    image,
    entrypoint: [...(config.Entrypoint ?? []), ...(config.Cmd ?? [])],
    baseDigest: base?.image.descriptor.digest ?? "",
    layers,
    inputs: [],
    timingsMs,
  };
}
