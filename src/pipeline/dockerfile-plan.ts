/** A directory with a Dockerfile → the plan to build that. */
import { readFileSync } from "node:fs";
import { isAbsolute, resolve } from "node:path";
import { errnoCode, KnbuildError, usageError } from "../base/errors.ts";
import type { Config } from "../config/schema.ts";
import { interpret } from "../dockerfile/interpret.ts";
import { parseDockerfile } from "../dockerfile/parse.ts";
import { isImageReference } from "../dockerfile/reference-form.ts";
import type { Document } from "../dockerfile/syntax.ts";
import { foreignInstruction } from "../dockerfile/template-marker.ts";
import { type StageGraph, stageGraph } from "../engines/dockerfile/stage-graph.ts";
import type { DockerfileStep, Plan } from "../plan/types.ts";
import { DOCKERFILE } from "./find-dockerfile.ts";

type DockerfileConfig = NonNullable<Config["dockerfile"]>;

export interface DockerfilePlan {
  plan: Plan;
  step: DockerfileStep;
  /** Nothing that it names can mean something else tomorrow: no RUN, images by digest, downloads by checksum. */
  lasting: boolean;
}

/** @throws DOCKERFILE_INVALID with every problem and its line */
export function planDockerfile(
  dir: string,
  file: string,
  name: string,
  config: DockerfileConfig | undefined,
): DockerfilePlan {
  const text = readText(dir, file);
  const document = parseDockerfile(text);
  assertReadable(document, file);
  const target = config?.target;
  const buildArgs = config?.args ?? {};
  let graph: StageGraph;
  try {
    graph = stageGraph(interpret(document, { buildArgs, ...(target !== undefined && { target }) }), target);
  } catch (error) {
    throw invalid(file, 1, (error as Error).message);
  }
  for (const stage of graph.stages) {
    const line = stage.from?.startLine ?? 1;
    const { image } = stage;
    if (image === undefined || image === "" || stage.platform === "")
      throw invalid(file, line, `base name (${stage.imageText}) should not be blank`);
    if (!stage.base && image !== "scratch" && !Object.hasOwn(config?.contexts ?? {}, image) && !isImageReference(image))
      throw invalid(file, line, `${image} is neither a stage nor an image reference`);
    for (const { name, flags, startLine } of stage.instructions) {
      const from = name === "copy" ? flags.find((flag) => flag.name === "from")?.value : undefined;
      if (from === undefined || isNamed(from, graph, config)) continue;
      const why = from.includes("$")
        ? "variables are not expanded in --from"
        : "neither a stage nor an image reference";
      throw invalid(file, startLine, `--from=${from}: ${why}`);
    }
  }
  const step: DockerfileStep = {
    type: "dockerfile",
    file,
    ...(target !== undefined && { target }),
    buildArgs,
    contexts: config?.contexts ?? {},
    secrets: config?.secrets ?? [],
    ssh: config?.ssh ?? [],
    ...(config?.network !== undefined && { network: config.network }),
    cacheFrom: config?.cacheFrom ?? [],
    cacheTo: config?.cacheTo ?? [],
    needs: graph.needs,
    images: graph.images,
  };
  const run = graph.stages
    .flatMap(({ instructions }) => instructions)
    .find((instruction) => instruction.name === "run");
  let bottom = graph.target;
  while (bottom.base) bottom = bottom.base;
  return {
    step,
    lasting: !isAbsolute(file) && isLasting(step, graph),
    plan: {
      version: 1,
      buildpack: DOCKERFILE,
      name,
      entrypoint: { argv: [], evidence: `${file} says it` },
      base: { ref: bottom.image ?? "scratch", packages: [] },
      steps: [step],
      config: { env: {}, workdir: "/", user: "0", exposedPorts: [], labels: {} },
      evidence: [
        `${file} is here`,
        ...(run ? [`${file}:${run.startLine}: RUN needs an engine that starts containers`] : []),
      ],
      warnings: [],
    },
  };
}

/** A stage, an image or a context. */
function isNamed(from: string, { images }: StageGraph, config: DockerfileConfig | undefined): boolean {
  return !images.includes(from) || isImageReference(from) || Object.hasOwn(config?.contexts ?? {}, from);
}

function isLasting({ needs, images, contexts }: DockerfileStep, { stages }: StageGraph): boolean {
  if (needs.length > 0 || Object.keys(contexts).length > 0 || !images.every((ref) => ref.includes("@sha")))
    return false;
  const downloads = stages.flatMap(({ instructions }) =>
    instructions.filter(({ name, args }) => name === "add" && args.some(({ value }) => /^https?:/.test(value))),
  );
  return downloads.every(({ flags }) => flags.some(({ name }) => name === "checksum"));
}

function readText(dir: string, file: string): string {
  try {
    return readFileSync(resolve(dir, file), "utf8");
  } catch (error) {
    const code = errnoCode(error);
    if (code === "ENOENT") throw usageError("DOCKERFILE_MISSING", `there is no ${file}`, undefined, dir);
    throw new KnbuildError({
      code: "FILE_UNREADABLE",
      message: `cannot read ${file} (${code})`,
      where: resolve(dir, file),
      hint: "Check the permissions of the file.",
      cause: error,
    });
  }
}

/** Of a file that is something else there may be hundreds. */
const SHOWN_PROBLEMS = 10;

function assertReadable(document: Document, file: string): void {
  const { problems } = document;
  const [first] = problems;
  const beforeFrom = document.instructions.find(({ name }) => name !== "arg");
  if (!first) {
    if (beforeFrom?.name === "from") return;
    throw invalid(
      file,
      beforeFrom?.startLine ?? 1,
      beforeFrom ? "no build stage in current context" : "file with no instructions",
    );
  }
  const foreign = foreignInstruction(document);
  if (foreign)
    throw new KnbuildError({
      code: "DOCKERFILE_INVALID",
      message: `${foreign.frontEnd} reads this file, and has instructions of its own: ${foreign.instruction.keyword.value}`,
      where: `${file}:${foreign.instruction.startLine}`,
      hint: "Only BuildKit runs such a front end: docker build, or buildctl build. Built here is what is written for Docker's own.",
    });
  if (document.text.includes("\0")) throw invalid(file, 1, "this is no text");
  const shown = problems
    .slice(0, SHOWN_PROBLEMS)
    .map(({ message, span }) => `${file}:${document.lines.lineOf(span.start)}: ${message}`);
  if (problems.length > shown.length) shown.push(`… and ${problems.length - shown.length} more`);
  const { message, span } = first;
  throw invalid(file, document.lines.lineOf(span.start), message, shown.length > 1 ? shown.join("\n") : undefined);
}

function invalid(file: string, line: number, message: string, detail?: string): KnbuildError {
  return new KnbuildError({
    code: "DOCKERFILE_INVALID",
    message,
    where: `${file}:${line}`,
    detail,
    hint: "knbuild lint shows the place and what else is wrong.",
  });
}
