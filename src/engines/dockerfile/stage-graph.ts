/** Which stages a target needs, which images these begin with or copy from, and what an engine must be able to do. */
import { type Interpretation, type Stage, stageInstructions } from "../../dockerfile/interpret.ts";
import { readMount } from "../../dockerfile/mounts.ts";
import { parseDockerfile } from "../../dockerfile/parse.ts";
import type { Instruction } from "../../dockerfile/syntax.ts";
import type { DockerfileNeed } from "../../plan/types.ts";
import { isGitSource } from "./git-tree.ts";

export interface StageGraph {
  model: Interpretation;
  target: Stage;
  /** In the order of the file. */
  stages: Stage[];
  /** References of images that lie elsewhere: bases, and sources of COPY. */
  images: string[];
  needs: DockerfileNeed[];
}

/** Where COPY --from or a mount takes from: a stage, or an image's reference. */
export type CopySource = { stage: Stage } | { image: string };

/** The stage or image that a `--from` means, seen from a stage. @throws Error for itself or a later one */
export function copySource(model: Interpretation, from: string, stage: Stage): CopySource {
  const named = model.stages.findLast(
    (other) => other.from && other.index < stage.index && other.name === from.toLowerCase(),
  );
  if (named) return { stage: named };
  if (/^\d+$/.test(from)) {
    const other = model.stages[Number(from)];
    if (!other || other.index >= stage.index)
      throw new Error(`invalid from flag value ${from}: invalid stage index ${from}`);
    return { stage: other };
  }
  const later = model.stages.find((other) => other.from && other.name === from.toLowerCase());
  if (later) {
    throw new Error(
      later === stage
        ? `circular dependency detected on stage: ${from}`
        : `cannot copy from stage "${from}", it needs to be defined before current stage`,
    );
  }
  return { image: from };
}

/** @throws Error when there is no such target */
export function stageGraph(model: Interpretation, target: string | undefined): StageGraph {
  const final = target === undefined ? model.stages.at(-1) : model.stageOf(target);
  if (!final) throw new Error(`target stage "${target}" could not be found`);
  const needed = new Set<Stage>();
  const images = new Set<string>();
  const needs = new Set<DockerfileNeed>();
  visit(final);
  const stages = model.stages.filter((stage) => needed.has(stage));
  return { model, target: final, stages, images: [...images], needs: [...needs].sort() };

  function visit(stage: Stage): void {
    if (needed.has(stage)) return;
    needed.add(stage);
    if (stage.base) visit(stage.base);
    else if (stage.image !== undefined && stage.image !== "scratch") images.add(stage.image);
    for (const instruction of stageInstructions(stage)) {
      for (const from of sources(instruction)) {
        const source = copySource(model, from, stage);
        if ("stage" in source) visit(source.stage);
        else if (source.image !== "scratch") images.add(source.image);
      }
      if (instruction.name === "run") needs.add("run");
      if (instruction.name === "add" && model.of(instruction)?.args.slice(0, -1).some(isGitSource)) needs.add("git");
    }
  }
}

/** What COPY and ADD of these stages take from the build context, as it is written, variables put in. */
export function contextSources({ model, stages }: Pick<StageGraph, "model" | "stages">): string[] {
  return stages.flatMap((stage) =>
    stageInstructions(stage).flatMap((instruction) => {
      const expanded = model.of(instruction);
      const local = instruction.name === "add" || (instruction.name === "copy" && !expanded?.flags.has("from"));
      return local
        ? (expanded?.args.slice(0, -1) ?? []).filter((word) => !/<<|^https?:\/\//.test(word) && !isGitSource(word))
        : [];
    }),
  );
}

function* sources(instruction: Instruction): Generator<string> {
  for (const { name, value } of instruction.flags) {
    if (instruction.name === "copy" && name === "from") yield value;
    else if (instruction.name === "run" && name === "mount") {
      const { from } = readMount(value);
      if (from) yield from;
    }
  }
}

/** Triggers of a base image's configuration. */
export function parseTriggers(texts: readonly string[] | undefined): Instruction[] {
  return (texts ?? []).flatMap((text) => parseDockerfile(text).instructions.slice(0, 1));
}
