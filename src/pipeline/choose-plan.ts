/** What a directory is built by: its Dockerfile where there is one, else the buildpack that knows the app. */

import { basename } from "node:path";
import { isKnbuildError, KnbuildError } from "../base/errors.ts";
import { readBaseRequest } from "../bases/catalogue.ts";
import type { Config } from "../config/schema.ts";
import { PLATFORM_VARIABLES } from "../contract/platform-variables.ts";
import type { Engine } from "../engines/types.ts";
import type { Plan } from "../plan/types.ts";
import type { Source } from "../source/open.ts";
import { chooseEngine } from "./choose-engine.ts";
import { DOCKERFILE, findDockerfile } from "./find-dockerfile.ts";
import type { ImageRun } from "./make-image.ts";
import { nodeBases } from "./node-bases.ts";
import { plan as planSource } from "./plan.ts";

export interface ChosenPlan {
  plan: Plan;
  engine: Engine;
  /** The same sources will give the same image: nothing here depends on what a tag or a URL means today. */
  lasting: boolean;
}

/** @param belowNode only Nodes older than this major are there to choose from */
export async function choosePlan(
  run: ImageRun,
  source: Source,
  config: Config,
  belowNode?: number,
): Promise<ChosenPlan> {
  const file = belowNode === undefined ? findDockerfile(run.dir, config, run.cwd) : undefined;
  if (file === undefined) {
    tellUnused(run, config);
    return bySource(run, source, config, belowNode);
  }
  try {
    return await byDockerfile(run, file, config);
  } catch (error) {
    // Asked for by name, or a mistake in the file itself: then it is that file or nothing.
    if (config.buildpack === DOCKERFILE || config.dockerfile?.file !== undefined || !isUnreachable(error)) throw error;
    const app = await bySource(run, source, { ...config, buildpack: undefined }).catch((without: unknown) => {
      throw withoutDockerfile(error, file, without);
    });
    run.emit({
      type: "warning",
      code: "DOCKERFILE_SKIPPED",
      message: `the ${file} cannot be built here (${(error as Error).message}); the app is built by the buildpack ${app.plan.buildpack} instead`,
      hint: `--buildpack ${app.plan.buildpack} says so outright, --buildpack ${DOCKERFILE} takes the ${file} or nothing`,
    });
    return { ...app, lasting: false };
  }
}

/** Wishes for a Dockerfile where none is built. */
function tellUnused(run: ImageRun, { buildpack, dockerfile }: Config): void {
  const unused = Object.entries(dockerfile ?? {}).filter(
    ([, value]) => value !== undefined && (typeof value !== "object" || Object.keys(value).length > 0),
  );
  if (buildpack !== undefined || unused.length === 0) return;
  const names = unused.map(([name]) => name).join(", ");
  run.emit({
    type: "warning",
    code: "DOCKERFILE_NONE",
    message: `there is no Dockerfile here that could use ${names}`,
  });
}

async function bySource(run: ImageRun, source: Source, config: Config, belowNode?: number): Promise<ChosenPlan> {
  const bases = nodeBases().filter(({ major }) => belowNode === undefined || major < belowNode);
  const plan = planSource({ source, options: config, nodeBases: bases });
  // Before any work, which would fail of something else: is there such a base?
  await readBaseRequest(plan.base.ref, run.dir);
  const reserved = Object.keys(config.env).filter((name) => PLATFORM_VARIABLES.has(name));
  if (reserved.length > 0)
    run.emit({
      type: "warning",
      code: "VARIABLE_RESERVED",
      message: `${reserved.join(", ")}: set by the platform when it starts the image, which is made without (S15)`,
    });
  return { plan, engine: await chooseEngine(plan, run.options.engine), lasting: true };
}

async function byDockerfile(run: ImageRun, file: string, config: Config): Promise<ChosenPlan> {
  const [{ planDockerfile }, { openDockerfileImage }] = await Promise.all([
    import("./dockerfile-plan.ts"),
    import("./dockerfile-image.ts"),
  ]);
  const name = config.name ?? imageName(run.dir);
  const { plan, step, lasting } = planDockerfile(run.dir, file, name, config.dockerfile);
  const engine = await chooseEngine(plan, run.options.engine);
  // Before any work: are the images that it begins with there?
  for (const ref of step.images) {
    if (Object.hasOwn(step.contexts, ref) || (await engine.dockerfile?.holds?.(ref))) continue;
    try {
      await (await openDockerfileImage(ref, run)).manifest();
    } catch (error) {
      if (error instanceof KnbuildError && error.code !== "INTERRUPTED") unreachable.add(error);
      throw error;
    }
  }
  return { plan, engine, lasting };
}

/** Neither way is open: both causes, the app's own first where a buildpack knows it, since a file beside it mends neither. */
function withoutDockerfile(error: unknown, file: string, without: unknown): unknown {
  if (!isKnbuildError(without) || !isKnbuildError(error)) return error;
  if (/^(?:NOTHING_DETECTED|DETECTION_TIE|BUILDPACK_)/.test(without.code)) return error;
  const { code, message, where, hint, exitCode, detail } = without;
  const also = `The ${file} cannot be built here either: ${error.code}: ${error.message}`;
  return new KnbuildError({
    code,
    message,
    where,
    hint,
    exitCode,
    detail: [detail, also].filter(Boolean).join("\n"),
    cause: error,
  });
}

/** Errors of base images that could not be had, whatever the registry's or the network's reason. */
const unreachable = new WeakSet<KnbuildError>();

/** No engine for it, or its base images cannot be had. */
function isUnreachable(error: unknown): boolean {
  return isKnbuildError(error, "ENGINE_UNAVAILABLE") || (error instanceof KnbuildError && unreachable.has(error));
}

/** A directory's name as an image's. */
function imageName(dir: string): string {
  return (
    basename(dir)
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, "-")
      .replace(/^-+|-+$/g, "") || "app"
  );
}
